"""A client of the benchmark that signs every call with ES384, and the files that let it in."""

import json
from pathlib import Path
from time import time
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

ISSUER = "https://bench.example.org"
KEY = ec.generate_private_key(ec.SECP384R1())
CLIENTS = f"""\
clients:
  - id: local
  - {{id: bench, issuer: "{ISSUER}", keys: {{file: keys.json}}}}
"""


def write_clients(folder: Path) -> Path:
    """The clients file, with its key set beside it."""
    public = jwt.get_algorithm_by_name("ES384").to_jwk(KEY.public_key(), as_dict=True)
    (folder / "keys.json").write_text(json.dumps({"keys": [{**public, "kid": "bench"}]}))
    file = folder / "clients.yaml"
    file.write_text(CLIENTS)
    return file


def signed(url: str) -> dict[str, str]:
    """The header of one call."""
    now = int(time())
    claims = {"iss": ISSUER, "aud": url, "iat": now, "exp": now + 300, "jti": str(uuid4())}
    token = jwt.encode(claims, KEY, "ES384", {"kid": "bench"})
    return {"Authorization": f"Bearer {token}"}
