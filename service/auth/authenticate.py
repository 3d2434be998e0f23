"""Authenticates a call: returns the client's id for a signed token, or refuses with the check that failed."""

import logging
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit

from service.auth.key_ring import KeyRing
from service.auth.key_set import Key, Trust
from service.auth.token_claims import (
    LEEWAY,
    Claims,
    Token,
    check_claims,
    read_any,
    read_token,
    refused,
)
from service.errors import StoreError
from service.settings import is_loopback

# notes that a token was used: id, hash of the call, last valid second, now; says whether it is new
NoteToken = Callable[[str, str, int, int], Literal["new", "again", "otherwise"]]
START_SECONDS = 6.0
THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
log = logging.getLogger("service.auth")


class Authenticator:
    """Verifies tokens of all issuers; made once per process."""

    def __init__(
        self, trusts: Iterable[Trust], public_url: str, note: NoteToken, now: Callable[[], float]
    ) -> None:
        self._by_issuer = {trust.issuer: (trust, KeyRing(trust, now)) for trust in trusts}
        self._public_url = public_url
        self._called_as = _base_urls(public_url)
        self._note = note
        self._now = now

    def read_keys(self) -> None:
        """Reads all key sets in parallel before the first call; those that fail are read again later."""
        readers = [ring.begin() for _, ring in self._by_issuer.values()]
        for reader in readers:
            if reader is not None:
                reader.join(START_SECONDS)

    def watch(self, called: Callable[[str, float], object]) -> None:
        """From now on `called` gets the result and the seconds of each call of a key server."""
        for _, ring in self._by_issuer.values():
            ring.called = called

    @property
    def checks_tokens(self) -> bool:
        """Whether any client has an issuer; without one no token can be verified."""
        return bool(self._by_issuer)

    def ignore_token(self, authorization: str) -> None:
        """Accepts a token that cannot be verified, but refuses it if it has not even the form of one."""
        read_any(authorization)

    def client(self, authorization: str, path: str, body: bytes) -> str:
        """The id of the client that signed the token; `path` and `body` are those of the call."""
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
            # with `replay: refuse` a request is rejected while the store is down; else it is answered
            log.warning("client %s: whether a token was used before is not known", trust.client)
            if trust.replay == "refuse":
                raise StoreError("whether this token was used before cannot be told now") from None
            return
        if seen == "otherwise" or (seen == "again" and trust.replay == "refuse"):
            raise refused("jti", "this jti was used before; each call needs a new token")


def _base_urls(public_url: str) -> tuple[str, ...]:
    """The base URL, or for a server on this machine its URLs under all names of the machine."""
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
