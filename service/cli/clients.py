"""`clients check`: whether what the clients file names can be reached and used from here."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import orjson

from service.auth.document_fetch import fetch
from service.auth.key_set import Trust, read_key_set
from service.cli.exits import UNSOUND, failing_plainly
from service.cli.terminal import say
from service.errors import FetchError, KeySetError, SettingsError
from service.library import load_library
from service.library.documents.validate import validate
from service.library.documents.yaml import read_document
from service.library.shapes import ClientsShape
from service.settings import read_clients, read_settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
LARGEST_METADATA = 16 * 1024 * 1024


@click.group()
def clients() -> None:
    """Look after the clients file: `check` tries what it names."""


@clients.command()
@click.option("--clients", "file", type=FILE, help="The clients file; else that of CDS_CLIENTS.")
def check(file: Path | None) -> None:
    """Read every client's key set and ask its FHIR servers for their metadata; one line per client."""
    with failing_plainly():
        path = file or read_clients()
        if path is None:
            raise SettingsError(
                "CDS_CLIENTS: no clients file is named, and so there is none to try"
            )
        library = load_library(read_settings().content, path)
    bases = _bases(path)
    failed = False
    for id_ in library.clients:
        trials = [*_keys(library.trusts.get(id_)), *(_metadata(base) for base in bases[id_])]
        failed = failed or any(not good for good, _ in trials)
        summary = "; ".join(f"{'' if good else 'FAILED: '}{message}" for good, message in trials)
        say(f"{id_}: {summary or 'no issuer and no FHIR server, nothing to try'}")
    if failed:
        raise SystemExit(UNSOUND)


def _bases(path: Path) -> Mapping[str, tuple[str, ...]]:
    """The FHIR servers of each client, from a clients file without mistakes."""
    shape = validate(read_document(path, path.name, []), ClientsShape, [])
    return {client.id: client.fhir for client in shape.clients} if shape else {}


def _keys(trust: Trust | None) -> Iterator[tuple[bool, str]]:
    if trust is None:
        return
    name = f"keys {trust.keys}"
    try:
        key_set = read_key_set(trust)
    except KeySetError as error:
        yield False, f"{name} {error}"
        return
    usable = ", ".join(f"{key.kid!r} {key.alg}" for key in key_set.keys.values())
    useless = f", not used: {', '.join(key_set.unusable)}" if key_set.unusable else ""
    yield bool(usable), f"{name}: {usable or 'no key for ES384 or RS384'}{useless}"


def _metadata(base: str) -> tuple[bool, str]:
    name = f"FHIR {base}"
    try:
        raw = fetch(f"{base.rstrip('/')}/metadata", "application/fhir+json", LARGEST_METADATA)
        document = orjson.loads(raw)
    except FetchError as error:
        return False, f"{name} {error}"
    except orjson.JSONDecodeError:
        document = None
    kind = document.get("resourceType") if isinstance(document, dict) else None
    if kind != "CapabilityStatement":
        return False, f"{name} gave no CapabilityStatement in JSON for /metadata"
    return True, f"{name} answers as FHIR {document.get('fhirVersion', 'of no stated version')}"
