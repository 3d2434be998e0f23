"""A client's side of a token: keys, key sets, signed calls."""

import json
from dataclasses import dataclass
from functools import cache
from time import time
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import get_default_algorithms
from support.fakes import SIGN

from service.auth.key_set import Trust

ISSUER = "https://ehr.example.org"
JKU = f"{ISSUER}/jwks.json"
CLIENT = "hospital"
OURS = "http://127.0.0.1:8080"
PATH = f"/cds-services/{SIGN}"
TRUST = Trust(CLIENT, ISSUER, JKU)


@cache
def private_key(kid: str, alg: str) -> Any:  # noqa: ARG001 - a key for each name
    """A key that is made once for each name; RSA takes its time."""
    if alg == "ES384":
        return ec.generate_private_key(ec.SECP384R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Signer:
    """A key pair of a client."""

    kid: str = "first"
    alg: str = "ES384"

    def jwk(self, **changes: Any) -> dict[str, Any]:
        """The public key as its key set holds it."""
        public = private_key(self.kid, self.alg).public_key()
        made = get_default_algorithms()[self.alg].to_jwk(public, as_dict=True)
        return {**made, "kid": self.kid, "alg": self.alg, **changes}

    def token(self, headers: dict[str, Any] | None = None, **claims: Any) -> str:
        """A sound token, but for the changes; a claim or header that is None is left out."""
        head = {"kid": self.kid, "jku": JKU, **(headers or {})}
        head = {name: value for name, value in head.items() if value is not None}
        return jwt.encode(sound(**claims), private_key(self.kid, self.alg), self.alg, head)


def sound(**changes: Any) -> dict[str, Any]:
    """The claims of a sound token for the service."""
    now = int(time())
    claims = {
        "iss": ISSUER,
        "aud": f"{OURS}{PATH}",
        "iat": now,
        "exp": now + 300,
        "jti": str(uuid4()),
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def key_set(*keys: object) -> str:
    """A JWK Set; one that is to be refused may hold anything."""
    return json.dumps({"keys": keys})


def bearer(token: str) -> dict[str, str]:
    """The header of a call from elsewhere."""
    return {"Authorization": f"Bearer {token}"}
