"""A SMART EHR launch: from the EHR to its login, and from there back with the user and the patient.

SMART App Launch 2: the authorization code grant with PKCE. Each step is checked, and a state counts once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import NamedTuple

import orjson

from service.auth.id_token import User, read_user, user_of
from service.auth.smart_authorization import Granted, authorization_url, granted
from service.auth.smart_configuration import Registration, SmartConfiguration, read_configuration
from service.errors import FetchError, PageError
from service.fhir.fetch.paging import is_id
from service.fhir.resource_types import PRESCRIBERS
from service.library.library import Library
from service.web.shared_memory import MemoryFiles
from service.web.site.order_link import LAUNCH

CALLBACK = f"{LAUNCH}/callback"
SECONDS = 600  # how long a login may take
LONGEST = 4096  # characters of what the EHR hands over


class Begun(NamedTuple):
    """A launch that waits for the EHR's login: where the browser goes, its state and its secret."""

    url: str
    state: str
    secret: str


class Launched(NamedTuple):
    """A launch that the EHR has confirmed: whose, at which server, what was granted, and the user."""

    client_id: str
    server: str
    granted: Granted
    user: User
    patient: str


@dataclass(frozen=True, slots=True)
class LaunchFlow:
    """The launches of one server; `waiting` holds those whose users are logging in."""

    library: Library
    public_url: str
    waiting: MemoryFiles
    now: Callable[[], float]

    @property
    def redirect_uri(self) -> str:
        """Where the EHR sends the browser back to; registered there."""
        return f"{self.public_url}{CALLBACK}"

    def begin(self, iss: str, launch: str) -> Begun:
        """Sends the user to the login of a listed EHR; PageError for any other, and if it cannot be asked."""
        client_id, registration = self._registered(iss)
        if not 0 < len(launch) <= LONGEST:
            raise PageError(400, "launch_without_launch")
        try:
            configuration = read_configuration(iss)
        except FetchError as error:
            raise PageError(502, "ehr_failed", str(error)) from None
        state, nonce, verifier, secret = (token_urlsafe(each) for each in (24, 24, 48, 24))
        kept = {
            "client": client_id,
            "server": iss,
            "nonce": nonce,
            "verifier": verifier,
            "secret": _hash(secret),
            "configuration": configuration,
        }
        if self.waiting.write(orjson.dumps(kept), state) is None:
            raise PageError(503, "no_memory")
        asked = {"state": state, "nonce": nonce, "code_verifier": verifier, "launch": launch}
        url = authorization_url(
            configuration, registration, self.redirect_uri, {**asked, "aud": iss}
        )
        return Begun(url, state, secret)

    def complete(self, state: str, secret: str, code: str | None) -> Launched:
        """The launch of a state, which counts once; PageError names what does not hold."""
        raw = self.waiting.taken(state)
        if raw is None:
            raise PageError(400, "state_unknown")
        kept = orjson.loads(raw)
        if not compare_digest(kept["secret"], _hash(secret)):
            raise PageError(403, "other_browser")
        if not code or len(code) > 4 * LONGEST:
            raise PageError(403, "ehr_refused")
        server, configuration = kept["server"], SmartConfiguration(**kept["configuration"])
        client_id, registration = self._registered(server)
        try:
            token = granted(configuration, registration, self.redirect_uri, code, kept["verifier"])
            user = self._user(token, configuration, registration, kept["nonce"], server)
        except FetchError as error:
            raise PageError(502, "ehr_failed", str(error)) from None
        if token.patient is None or not is_id(token.patient):
            raise PageError(403, "no_patient")
        return Launched(client_id, server, token, user, token.patient)

    def _registered(self, iss: str) -> tuple[str, Registration]:
        """The client whose FHIR server launches; only exactly the listed ones."""
        for client_id, registration in self.library.registrations.items():
            if self.library.access(client_id).base(iss) is not None:
                return client_id, registration
        raise PageError(403, "foreign_issuer")

    def _user(
        self,
        token: Granted,
        configuration: SmartConfiguration,
        registration: Registration,
        nonce: str,
        server: str,
    ) -> User:
        if token.id_token is None:
            raise FetchError("sent no id token (openid, fhirUser)")
        named = user_of(token.id_token, configuration, registration.client_id, nonce, self.now)
        user = read_user(named, server)
        if user is None or user.type not in PRESCRIBERS:
            raise PageError(403, "no_prescriber")
        return user


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
