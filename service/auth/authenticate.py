"""The door: a signed token in, the id of a client out, or a refusal that says which check failed."""

import logging
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit

from service.auth.claims import LEEWAY, Claims, check_claims
from service.auth.key_ring import KeyRing
from service.auth.key_set import Key
from service.auth.refusal import refused
from service.auth.token import Token, read_any, read_token
from service.auth.trust import Trust
from service.errors import StoreError
from service.settings import is_loopback

# what becomes of a token's id, the hash of its call, its last second, and now
NoteToken = Callable[[str, str, int, int], Literal["new", "again", "otherwise"]]
START_SECONDS = 6.0
THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
log = logging.getLogger("service.auth")


class Authenticator:
    """Knows every issuer; opened once per process."""

    def __init__(
        self, trusts: Iterable[Trust], public_url: str, note: NoteToken, now: Callable[[], float]
    ) -> None:
        self._by_issuer = {trust.issuer: (trust, KeyRing(trust, now)) for trust in trusts}
        self._public_url = public_url
        self._called_as = _base_urls(public_url)
        self._note = note
        self._now = now

    def read_keys(self) -> None:
        """Reads all key sets side by side, before the first caller comes; what fails is tried again later."""
        readers = [ring.begin() for _, ring in self._by_issuer.values()]
        for reader in readers:
            if reader is not None:
                reader.join(START_SECONDS)

    @property
    def checks_tokens(self) -> bool:
        """Whether some client has an issuer: without one nobody's token can be checked."""
        return bool(self._by_issuer)

    def pass_by(self, authorization: str) -> None:
        """A token that nobody checks: refused where it has not even the form of one."""
        read_any(authorization)

    def client(self, authorization: str, path: str, body: bytes) -> str:
        """The id of the client that signed; `path` and `body` are those of the call."""
        token = read_token(authorization)
        trust, ring = self._known(token)
        if not _key(token, trust, ring).verifies(token.signed, token.signature):
            raise refused("signature", "the signature is not that of the key named by kid")
        url = f"{self._public_url}{path.rstrip('/')}"
        urls = (f"{name}{path.rstrip('/')}" for name in self._called_as)
        audiences = frozenset((*urls, *(audience.rstrip("/") for audience in trust.audiences)))
        claims = check_claims(token.claims, audiences, self._now())
        if trust.replay != "off":
            self._check_use(trust, token, claims, url.encode() + b"\0" + body)
        return trust.client

    def _known(self, token: Token) -> tuple[Trust, KeyRing]:
        issuer = token.claims.get("iss")
        if not isinstance(issuer, str) or issuer not in self._by_issuer:
            raise refused("iss", "this issuer is not configured here, letter by letter")
        return self._by_issuer[issuer]

    def _check_use(self, trust: Trust, token: Token, claims: Claims, call: bytes) -> None:
        try:
            seen = self._note(
                _hashed(f"{trust.issuer}\0{claims.jti}".encode()),
                _hashed(token.text.encode() + b"\0" + call),
                int(claims.expires_at) + LEEWAY + 1,
                int(self._now()),
            )
        except StoreError:
            # cards still come without a store; who wants no token twice is not served on trust
            log.warning("client %s: whether a token was used before is not known", trust.client)
            if trust.replay == "refuse":
                raise StoreError("whether this token was used before cannot be told now") from None
            return
        if seen == "otherwise" or (seen == "again" and trust.replay == "refuse"):
            raise refused("jti", "this jti was used before; each call needs a new token")


def _base_urls(public_url: str) -> tuple[str, ...]:
    """The base URL; on this machine whatever a caller on it may call the machine."""
    parts = urlsplit(public_url)
    if not is_loopback(parts.hostname or ""):
        return (public_url,)
    port = "" if parts.port is None else f":{parts.port}"
    return tuple(f"{parts.scheme}://{host}{port}{parts.path}" for host in THIS_MACHINE)


def _key(token: Token, trust: Trust, ring: KeyRing) -> Key:
    header = token.header
    if trust.jku is not None and header.get("jku", trust.jku) != trust.jku:
        raise refused("jku", "the header's jku is not the key set that is configured here")
    key = ring.find(header["kid"])
    if key is None and ring.failure:
        raise refused("kid", f"the key set of this issuer {ring.failure}")
    if key is None:
        raise refused("kid", "the key set of this issuer has no such key for ES384 or RS384")
    if key.alg != header["alg"]:
        raise refused("alg", "the header's alg is not that of the key named by kid")
    return key


def _hashed(value: bytes) -> str:
    return sha256(value).hexdigest()
