"""Issuers and keys of the clients file, and how their mistakes are told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.paths import ROOT
from support.signing import Signer, key_set

from service.auth.key_set import Trust
from service.library import load_library

Mistakes = Callable[[Path], list[str]]
EXAMPLES = "{jku: 'https://…'} or {file: name.json}"


def written(folder: Path, *clients: str) -> Path:
    """A clients file; each client is one line."""
    file = folder / "clients.yaml"
    file.write_text("clients:\n" + "".join(f"  - {{{one}}}\n" for one in clients))
    return file


BROKEN: dict[str, tuple[tuple[str, ...], str]] = {
    "two clients of one issuer": (
        (
            "id: a, issuer: 'https://e.org', keys: {jku: 'https://e.org/k'}",
            "id: b, issuer: 'https://e.org', keys: {jku: 'https://e.org/k'}",
        ),
        "3: client 'a' has this issuer; write one client for each",
    ),
    "an issuer without keys": (
        ("id: a, issuer: 'https://e.org'",),
        f"2: an issuer needs keys; add keys: {EXAMPLES}",
    ),
    "keys without an issuer": (
        ("id: a, keys: {jku: 'https://e.org/k'}",),
        "2: keys need an issuer; add issuer: with the 'iss' of the tokens",
    ),
    "keys that are text": (
        ("id: a, issuer: 'https://e.org', keys: 'https://e.org/k'",),
        "2: keys has keys of its own, each with a colon",
    ),
    "a misspelt place": (
        ("id: a, issuer: 'https://e.org', keys: {jkw: 'https://e.org/k'}",),
        "2: unknown key 'jkw'; did you mean 'jku'?",
    ),
    "no place": (
        ("id: a, issuer: 'https://e.org', keys: {}",),
        f"2: keys is one of {EXAMPLES}",
    ),
    "two places": (
        ("id: a, issuer: 'https://e.org', keys: {jku: 'https://e.org/k', file: k.json}",),
        f"2: keys is one of {EXAMPLES}",
    ),
    "http from elsewhere": (
        ("id: a, issuer: 'https://e.org', keys: {jku: 'http://e.org/k'}",),
        "2: jku is http, which is for this machine only; write https://",
    ),
    "no URL": (
        ("id: a, issuer: 'https://e.org', keys: {jku: 'e.org/k'}",),
        "2: jku is no URL like https://ehr.example.org/jwks.json",
    ),
    "a URL with a password": (
        ("id: a, issuer: 'https://e.org', keys: {jku: 'https://me:word@e.org/k'}",),
        "2: jku holds a user name or a fragment; leave it out",
    ),
    "an empty issuer": (
        ("id: a, issuer: '', keys: {jku: 'https://e.org/k'}",),
        "2: issuer says nothing",
    ),
}


@pytest.mark.parametrize(("clients", "says"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, mistakes: Mistakes, clients: tuple[str, ...], says: str
) -> None:
    assert mistakes(written(tmp_path, *clients)) == [f"clients.yaml:{says}"]


KEY = Signer()
FILES = {
    "is not there": (None, "cannot be read: No such file or directory; did you mean 'keys.json'?"),
    "is not JSON": ("keys", "is not JSON"),
    "is a single key": (str(KEY.jwk()).replace("'", '"'), "is no JWK Set"),
    "is empty": (key_set(), "holds no key for ES384 or RS384: it is empty"),
    "holds a private key": (
        key_set(KEY.jwk(d="AA")),
        "holds no key for ES384 or RS384: key 1 is private ('d'): a key set holds the public part only",
    ),
}


@pytest.mark.parametrize(("text", "says"), FILES.values(), ids=FILES)
def test_a_key_file_is_told_that(
    tmp_path: Path, mistakes: Mistakes, text: str | None, says: str
) -> None:
    (tmp_path / "keys.json").write_text(key_set(KEY.jwk()))
    if text is not None:
        (tmp_path / "key.json").write_text(text)
    clients = written(tmp_path, "id: a, issuer: 'https://e.org', keys: {file: key.json}")
    (told,) = mistakes(clients)
    assert told.startswith(f"clients.yaml:2: file {tmp_path / 'key.json'}: {says}")


def test_what_is_trusted_is_read(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text(key_set(KEY.jwk()))
    file = written(
        tmp_path,
        "id: local",
        "id: a, issuer: 'https://a.org', keys: {jku: 'https://a.org/k'}, audiences: ['https://x.org']",
        "id: b, issuer: 'https://b.org', keys: {file: keys.json}, replay: refuse",
        "id: c, issuer: 'https://c.org', keys: {jku: 'http://localhost:3000/k'}",
    )
    assert load_library(ROOT, file).trusts == {
        "a": Trust("a", "https://a.org", "https://a.org/k", frozenset({"https://x.org"})),
        "b": Trust("b", "https://b.org", tmp_path / "keys.json", replay="refuse"),
        "c": Trust("c", "https://c.org", "http://localhost:3000/k"),
    }
