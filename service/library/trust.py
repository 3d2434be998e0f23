"""Whose tokens are taken: the part of the clients file that names issuers and their keys."""

from pathlib import Path

from service.auth.key_fetch import wrong_url
from service.auth.key_set import read_key_set
from service.auth.trust import Trust
from service.errors import KeySetError
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Wrong
from service.library.shapes import ClientShape, ClientsShape, KeysShape

EXAMPLES = "{jku: 'https://…'} or {file: name.json}"


def build_trust(client: ClientShape, folder: Path) -> Trust | None:
    """What we trust of a client that is sound; a key file is looked for beside the clients file."""
    keys = client.keys
    if client.issuer is None or keys is None:
        return None
    place = keys.jku or folder / (keys.file or "")
    return Trust(client.id, client.issuer, place, frozenset(client.audiences), client.replay)


def wrong_trusts(shape: ClientsShape, folder: Path) -> Wrong:
    """What is wrong with issuers and keys."""
    issuers: dict[str, str] = {}
    for index, one in enumerate(shape.clients):
        at = ("clients", index)
        if one.issuer is not None and one.keys is None:
            yield (*at, "issuer"), f"an issuer needs keys; add keys: {EXAMPLES}"
        if one.issuer is None and one.keys is not None:
            yield (*at, "keys"), "keys need an issuer; add issuer: with the 'iss' of the tokens"
        if one.issuer in issuers:
            other = issuers[one.issuer]
            yield (*at, "issuer"), f"client '{other}' has this issuer; write one client for each"
        if one.issuer is not None:
            issuers.setdefault(one.issuer, one.id)
        if one.keys is not None:
            yield from _wrong_keys(one, one.keys, (*at, "keys"), folder)


def _wrong_keys(client: ClientShape, keys: KeysShape, at: Address, folder: Path) -> Wrong:
    if (keys.jku is None) == (keys.file is None):
        yield at, f"keys is one of {EXAMPLES}"
    elif keys.jku is not None:
        if what := wrong_url(keys.jku):
            yield (*at, "jku"), f"jku {what}"
    elif (trust := build_trust(client, folder)) and (what := _wrong_file(trust)):
        yield (*at, "file"), f"file {what}"


def _wrong_file(trust: Trust) -> str | None:
    path = Path(trust.keys)
    try:
        found = read_key_set(trust)
    except KeySetError as error:
        near = [one.name for one in path.parent.glob("*.json")] if path.parent.is_dir() else []
        return f"{path}: {error}{'' if path.exists() else did_you_mean(path.name, near)}"
    if not found.keys:
        why = "; ".join(found.unusable) or "it is empty"
        return f"{path}: holds no key for ES384 or RS384: {why}"
    return None
