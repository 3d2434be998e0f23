"""A client of the benchmark that signs every call with ES384, and the files that let it in."""

import json
from copy import deepcopy
from pathlib import Path
from time import time
from typing import Any
from uuid import uuid4

import jwt
import yaml
from cryptography.hazmat.primitives.asymmetric import ec

ISSUER = "https://bench.example.org"
KEY = ec.generate_private_key(ec.SECP384R1())


def write_clients(folder: Path, clients: Path | None) -> Path:
    """The clients of a story and one more that signs and holds the same, with its key set beside it."""
    public = jwt.get_algorithm_by_name("ES384").to_jwk(KEY.public_key(), as_dict=True)
    (folder / "keys.json").write_text(json.dumps({"keys": [{**public, "kid": "bench"}]}))
    local: dict[str, Any] = {"id": "local"}
    if clients is not None:
        (local,) = yaml.safe_load(clients.read_text(encoding="utf-8"))["clients"]
    signing = {**deepcopy(local), "id": "bench", "issuer": ISSUER, "keys": {"file": "keys.json"}}
    file = folder / "clients.yaml"
    file.write_text(yaml.safe_dump({"clients": [local, signing]}))
    return file


def signed(url: str) -> dict[str, str]:
    """The header of one call."""
    now = int(time())
    claims = {"iss": ISSUER, "aud": url, "iat": now, "exp": now + 300, "jti": str(uuid4())}
    token = jwt.encode(claims, KEY, "ES384", {"kid": "bench"})
    return {"Authorization": f"Bearer {token}"}
