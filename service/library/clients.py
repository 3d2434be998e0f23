"""The clients file: whom we serve and what each one's sources hold (DESIGN.md section 6)."""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from service.auth.key_fetch import wrong_url
from service.auth.key_set import read_key_set
from service.auth.trust import Trust
from service.errors import KeySetError, Mistake
from service.facts.model import Client
from service.fhir.fetch.access import Access, trouble_with
from service.library.documents.folders import unknown
from service.library.documents.validate import did_you_mean, validate
from service.library.documents.yaml import Address, Wrong, read_document
from service.library.shapes import ClientShape, ClientsShape, KeysShape, ValueSetShape

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


LOCAL = "local"
OUR_CODES = "https://dupilumab-cds.github.io/fhir/CodeSystem/finding"
HELD_BY_DEFAULT: dict[str, bool | date] = {"record": True}


class Clients(NamedTuple):
    """By id, what each one's data hold, which servers may be called for it, whose tokens are its own."""

    known: dict[str, Client]
    accesses: dict[str, Access]
    trusts: dict[str, Trust]


def our_codes(sets: Mapping[str, ValueSetShape]) -> set[str]:
    """Every code of our own that some value set holds."""
    return {
        line.code
        for shape in sets.values()
        for by_system in (shape.codes, shape.questions)
        for line in by_system.get(OUR_CODES, ())
    }


def load_clients(
    path: Path | None,
    sets: Mapping[str, ValueSetShape],
    payers: Collection[str],
    mistakes: list[Mistake],
) -> Clients:
    """Every client by id; without a file only `local`, which holds its own record and no more."""
    if path is None:
        return Clients({LOCAL: Client(LOCAL, HELD_BY_DEFAULT)}, {}, {})
    document = read_document(path, path.name, mistakes)
    shape = validate(document, ClientsShape, mistakes)
    if shape is None:
        return Clients({}, {}, {})
    wrong = (*_wrong(shape, payers, our_codes(sets)), *wrong_trusts(shape, path.parent))
    mistakes += [document.mistake(at, what) for at, what in wrong]
    return Clients(
        {one.id: _client(one) for one in shape.clients},
        {one.id: _access(one) for one in shape.clients},
        {
            one.id: trust
            for one in shape.clients
            if (trust := build_trust(one, path.parent)) is not None
        },
    )


def _wrong(shape: ClientsShape, payers: Collection[str], ours: Collection[str]) -> Wrong:
    ids = [one.id for one in shape.clients]
    for index, one in enumerate(shape.clients):
        at = ("clients", index)
        if one.id in ids[:index]:
            yield at, f"client '{one.id}' stands twice"
        if one.default_payer is not None and one.default_payer not in payers:
            yield (*at, "default_payer"), unknown("payer", one.default_payer, payers)
        if one.timezone is not None and _zone(one.timezone) is None:
            yield (*at, "timezone"), _no_zone(one.timezone)
        yield from _wrong_bases(one, at)
        yield from _wrong_aliases(one, at, ours)


def _wrong_bases(client: ClientShape, at: Address) -> Wrong:
    for index, base in enumerate(client.fhir):
        if trouble := trouble_with(base, loopback=client.id == LOCAL):
            yield (*at, "fhir", index), f"fhir: {'this' if '@' in base else repr(base)} {trouble}"


def _wrong_aliases(client: ClientShape, at: Address, ours: Collection[str]) -> Wrong:
    """Our own codes are a closed list; of a standard system a client may know more than we ask for."""
    for index, alias in enumerate(client.aliases):
        if alias.means_system is None and alias.means not in ours:
            what = f"no value set holds the code '{alias.means}' of {OUR_CODES}"
            yield (*at, "aliases", index), f"{what}{did_you_mean(alias.means, ours)}"


def _client(shape: ClientShape) -> Client:
    holds = HELD_BY_DEFAULT | {str(name): held for name, held in shape.holds.items()}
    zone = _zone(shape.timezone) if shape.timezone else None
    return Client(shape.id, holds, _aliases(shape), shape.default_payer, zone=zone)


def _zone(name: str) -> ZoneInfo | None:
    """A zone by its name in the IANA database, as this machine holds it."""
    return ZoneInfo(name) if name in available_timezones() else None


def _no_zone(name: str) -> str:
    known = available_timezones()
    if not known:
        return f"timezone '{name}': this machine holds no time zones; install the package tzdata"
    near = _like_a_city(name, known) or did_you_mean(name, known)
    return f"timezone '{name}' is no name of the IANA database, like America/Chicago{near}"


def _like_a_city(name: str, known: Collection[str]) -> str:
    """The zone of a city that is named without its continent."""
    city = name.rsplit("/", 1)[-1].replace(" ", "_").lower()
    found = sorted(one for one in known if one.rsplit("/", 1)[-1].lower() == city)
    return f"; did you mean '{found[0]}'?" if found else ""


def _access(shape: ClientShape) -> Access:
    """Nobody but a caller on this machine has a server asked without a token."""
    return Access(shape.fhir, shape.deadline, without_token=shape.id == LOCAL)


def _aliases(shape: ClientShape) -> dict[tuple[str, str], tuple[str, str]]:
    """A client's own codes by the code they stand for, ours unless another system is named."""
    return {
        (one.system, one.code): (one.means_system or OUR_CODES, one.means) for one in shape.aliases
    }
