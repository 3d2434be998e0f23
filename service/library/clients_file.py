"""The clients file: which clients are served and what data each one's record holds."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from service.auth.document_fetch import wrong_url
from service.auth.host_and_origin import origin_of, read_authority
from service.auth.key_set import Trust, read_key_set
from service.auth.smart_configuration import Registration
from service.errors import KeySetError, Mistake
from service.facts.client import Client
from service.fhir.fetch.access import Access, wrong_base
from service.library.documents.folders import unknown
from service.library.documents.validate import did_you_mean, validate
from service.library.documents.yaml import Address, Wrong, read_document
from service.library.shapes import ClientShape, ClientsShape, KeysShape, ValueSetShape

EXAMPLES = "{jku: 'https://…'} or {file: name.json}"


def build_trust(client: ClientShape, folder: Path) -> Trust | None:
    """The issuer and keys of a client, None if it has none; a key file is looked for in `folder`."""
    keys = client.keys
    if client.issuer is None or keys is None:
        return None
    place = keys.jku or folder / (keys.file or "")
    return Trust(client.id, client.issuer, place, frozenset(client.audiences), client.replay)


def wrong_trusts(shape: ClientsShape, folder: Path) -> Wrong:
    """Mistakes in issuers and keys, each with its address in the file."""
    issuers: dict[str, str] = {}
    for index, client in enumerate(shape.clients):
        address = ("clients", index)
        if client.issuer is not None and client.keys is None:
            yield (*address, "issuer"), f"an issuer needs keys; add keys: {EXAMPLES}"
        if client.issuer is None and client.keys is not None:
            yield (
                (*address, "keys"),
                "keys need an issuer; add issuer: with the 'iss' of the tokens",
            )
        if client.issuer in issuers:
            other = issuers[client.issuer]
            yield (
                (*address, "issuer"),
                f"client '{other}' has this issuer; write one client for each",
            )
        if client.issuer is not None:
            issuers.setdefault(client.issuer, client.id)
        if client.keys is not None:
            yield from _wrong_keys(client, client.keys, (*address, "keys"), folder)


def _wrong_keys(client: ClientShape, keys: KeysShape, address: Address, folder: Path) -> Wrong:
    if (keys.jku is None) == (keys.file is None):
        yield address, f"keys is one of {EXAMPLES}"
    elif keys.jku is not None:
        if message := wrong_url(keys.jku):
            yield (*address, "jku"), f"jku {message}"
    elif (trust := build_trust(client, folder)) and (message := _wrong_file(trust)):
        yield (*address, "file"), f"file {message}"


def _wrong_file(trust: Trust) -> str | None:
    path = Path(trust.keys)
    try:
        key_set = read_key_set(trust)
    except KeySetError as error:
        near = [path.name for path in path.parent.glob("*.json")] if path.parent.is_dir() else []
        return f"{path}: {error}{'' if path.exists() else did_you_mean(path.name, near)}"
    if not key_set.keys:
        why = "; ".join(key_set.unusable) or "it is empty"
        return f"{path}: holds no key for ES384 or RS384: {why}"
    return None


LOCAL = "local"
OUR_CODES = "https://dupilumab-cds.github.io/fhir/CodeSystem/finding"
HELD_BY_DEFAULT: dict[str, bool | date] = {"record": True}


class Clients(NamedTuple):
    """The clients, the FHIR servers that may be called for each, and whose tokens are theirs; by id.

    `origins` are those of each one's web pages, `hosts` the names by which `local` may call,
    `registrations` how the EHRs know us as a SMART app.
    """

    known: dict[str, Client]
    accesses: dict[str, Access]
    trusts: dict[str, Trust]
    origins: dict[str, tuple[str, ...]]
    hosts: tuple[str, ...]
    registrations: dict[str, Registration]


def our_codes(sets: Mapping[str, ValueSetShape]) -> set[str]:
    """Codes of this project's own code system that stand in a value set."""
    return {
        line.code
        for shape in sets.values()
        for by_system in (shape.codes, shape.questions)
        for line in by_system.get(OUR_CODES, ())
    }


def load_clients(
    path: Path | None, ours: Collection[str], payers: Collection[str], mistakes: list[Mistake]
) -> Clients:
    """Every client by id; without a file there is only `local`, which holds the patient's record only.

    `ours` are the codes of our own system and `payers` the ids that the file may name.
    """
    if path is None:
        local = Client(LOCAL, HELD_BY_DEFAULT, pages=True, unverified=True, system_actions=True)
        return Clients({LOCAL: local}, {}, {}, {}, (), {})
    document = read_document(path, path.name, mistakes)
    shape = validate(document, ClientsShape, mistakes)
    if shape is None:
        return Clients({}, {}, {}, {}, (), {})
    wrong = (*_wrong(shape, payers, ours, path.parent), *wrong_trusts(shape, path.parent))
    mistakes += [document.mistake(address, message) for address, message in wrong]
    return Clients(
        {client.id: _client(client) for client in shape.clients},
        {client.id: _access(client) for client in shape.clients},
        {
            client.id: trust
            for client in shape.clients
            if (trust := build_trust(client, path.parent)) is not None
        },
        {client.id: client.origins for client in shape.clients if client.origins},
        tuple(host for client in shape.clients for host in client.hosts),
        {
            client.id: registration
            for client in shape.clients
            if (registration := _registration(client, path.parent)) is not None
        },
    )


def _registration(client: ClientShape, folder: Path) -> Registration | None:
    """How the client's EHR knows us; a file with our secret is looked for in `folder`."""
    if client.smart is None:
        return None
    secret = client.smart.secret_file
    return Registration(client.smart.client_id, folder / secret if secret else None)


def _wrong(
    shape: ClientsShape, payers: Collection[str], ours: Collection[str], folder: Path
) -> Wrong:
    ids = [client.id for client in shape.clients]
    for index, client in enumerate(shape.clients):
        address = ("clients", index)
        if client.id in ids[:index]:
            yield address, f"client '{client.id}' stands twice"
        if client.default_payer is not None and client.default_payer not in payers:
            yield (*address, "default_payer"), unknown("payer", client.default_payer, payers)
        if client.timezone is not None and _zone(client.timezone) is None:
            yield (*address, "timezone"), _no_zone(client.timezone)
        yield from _wrong_bases(client, address)
        yield from _wrong_names(client, address)
        yield from _wrong_aliases(client, address, ours)
        yield from _wrong_smart(client, address, shape.clients[:index], folder)


def _wrong_smart(
    client: ClientShape, address: Address, before: Sequence[ClientShape], folder: Path
) -> Wrong:
    """A launch names its FHIR server alone, so that must belong to one client."""
    if client.smart is None:
        return
    if not client.fhir:
        yield (*address, "smart"), "smart needs fhir: the FHIR servers that may launch the page"
    if client.smart.secret_file and not (folder / client.smart.secret_file).is_file():
        place = folder / client.smart.secret_file
        yield (*address, "smart", "secret_file"), f"secret_file: there is no file {place}"
    taken = {base.rstrip("/"): other.id for other in before if other.smart for base in other.fhir}
    for index, base in enumerate(client.fhir):
        if other := taken.get(base.rstrip("/")):
            message = (
                f"fhir: client '{other}' is launched from this server too; one client for each"
            )
            yield (*address, "fhir", index), message


def _wrong_bases(client: ClientShape, address: Address) -> Wrong:
    for index, base in enumerate(client.fhir):
        if trouble := wrong_base(base, loopback=client.id == LOCAL):
            yield (
                (*address, "fhir", index),
                f"fhir: {'this' if '@' in base else repr(base)} {trouble}",
            )


def _wrong_names(client: ClientShape, address: Address) -> Wrong:
    """Origins and hosts that are not written as a browser writes them."""
    for index, origin in enumerate(client.origins):
        if (meant := origin_of(origin)) != origin:
            message = f"origins: {origin!r} is no origin such as https://ehr.example.org"
            yield (
                (*address, "origins", index),
                f"{message}{f'; write {meant!r}' if meant else ''}",
            )
    if client.hosts and client.id != LOCAL:
        message = "hosts is for 'local' only: a call with a token may use any name"
        yield (*address, "hosts"), message
    for index, host in enumerate(client.hosts):
        read = read_authority(host)
        if read is None or read.host != host:
            message = (
                f"hosts: {host!r} is no name such as cds.example.org, in lower case, without port"
            )
            yield (*address, "hosts", index), message


def _wrong_aliases(client: ClientShape, address: Address, ours: Collection[str]) -> Wrong:
    """Aliases for codes of our own system must name a code that exists; each code has one meaning."""
    seen: set[tuple[str, str]] = set()
    for index, alias in enumerate(client.aliases):
        if (alias.system, alias.code) in seen:
            message = f"the code '{alias.code}' of {alias.system} stands twice"
            yield (*address, "aliases", index), f"{message}; a code has one meaning"
        seen.add((alias.system, alias.code))
        if alias.means_system is None and alias.means not in ours:
            message = f"no value set holds the code '{alias.means}' of {OUR_CODES}"
            yield (*address, "aliases", index), f"{message}{did_you_mean(alias.means, ours)}"


def _client(shape: ClientShape) -> Client:
    holds = HELD_BY_DEFAULT | {str(name): held for name, held in shape.holds.items()}
    zone = _zone(shape.timezone) if shape.timezone else None
    is_local, unverified = shape.id == LOCAL, shape.unverified_statements
    return Client(
        shape.id,
        holds,
        _aliases(shape),
        shape.default_payer,
        zone=zone,
        replacing=shape.replacing,
        links=shape.links,
        pages=is_local if shape.pages is None else shape.pages,
        unverified=is_local if unverified is None else unverified,
        system_actions=is_local if shape.system_actions is None else shape.system_actions,
    )


def _zone(name: str) -> ZoneInfo | None:
    """A time zone by its IANA name; None if this machine does not know it."""
    return ZoneInfo(name) if name in available_timezones() else None


def _no_zone(name: str) -> str:
    zones_here = available_timezones()
    if not zones_here:
        return f"timezone '{name}': this machine holds no time zones; install the package tzdata"
    near = _like_a_city(name, zones_here) or did_you_mean(name, zones_here)
    return f"timezone '{name}' is no name of the IANA database, like America/Chicago{near}"


def _like_a_city(name: str, zone_names: Collection[str]) -> str:
    """A hint for a city that is written without its continent; empty if no zone has that city."""
    city = name.rsplit("/", 1)[-1].replace(" ", "_").lower()
    zones = sorted(zone for zone in zone_names if zone.rsplit("/", 1)[-1].lower() == city)
    return f"; did you mean '{zones[0]}'?" if zones else ""


def _access(shape: ClientShape) -> Access:
    """The FHIR servers of a client; only the client `local` may have them called without a token."""
    return Access(shape.fhir, shape.deadline, without_token=shape.id == LOCAL)


def _aliases(shape: ClientShape) -> dict[tuple[str, str], tuple[str, str]]:
    """A client's own codes and what each means: a code of our system unless another system is named."""
    return {
        (alias.system, alias.code): (alias.means_system or OUR_CODES, alias.means)
        for alias in shape.aliases
    }
