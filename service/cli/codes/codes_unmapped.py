"""`codes unmapped`: codes of recorded requests that are in no list, or almost match a value set."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import orjson

from service.cds.strict_json import parse_body
from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.codes.near_misses import (
    IN_NO_LIST,
    NearMiss,
    certainty_needed,
    concepts,
    may_be_drug,
    near_miss_tables,
)
from service.errors import RequestError
from service.fhir.terminology.terminology import Aliases
from service.library import Library, load_library
from service.settings import read_settings
from service.web.http.caller import LOCAL

PATHS = click.Path(exists=True, path_type=Path)


class Seen(NamedTuple):
    """Where a code was seen, and what it almost matches."""

    file: str
    key: str
    path: str
    near: NearMiss


@click.command()
@click.argument("paths", metavar="REQUEST...", nargs=-1, required=True, type=PATHS)
@click.option("--client", default=LOCAL, metavar="ID", help="Whose aliases count; else local's.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def unmapped(paths: tuple[Path, ...], client: str, *, as_json: bool) -> None:
    """List codes of recorded hook requests that are in no value set and almost match one.

    Codes of drugs and allergies are listed too where no list holds them. REQUEST is a file or a folder
    of .json files. Prints counts, places and totals, and nothing of a patient.
    """
    with failing_plainly():
        settings = read_settings()
        library = load_library(settings.content, settings.clients)
        aliases = library.client(client).aliases
        counted, broken = _counted(_files(paths), library, aliases)
    for file in broken:
        say(f"{file}: not read, it is no recorded request", err=True)
    if as_json:
        rows = [_row(seen, count) for seen, count in counted]
        say(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
    else:
        say("\n".join([*_lines(counted), *_totals(counted)]))


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.json")) if path.is_dir() else (path,)


def _counted(
    files: Iterator[Path], library: Library, aliases: Aliases
) -> tuple[list[tuple[Seen, int]], list[str]]:
    near = near_miss_tables(library.terminology, library.knowledge.members)
    counts: Counter[Seen] = Counter()
    broken: list[str] = []
    for file in files:
        try:
            parts = list(_parts(parse_body(file.read_bytes())))
        except RequestError:
            parts = []
        if not parts:
            broken.append(str(file))
        for key, value in parts:
            for path, concept in concepts(value):
                seen = near.of_concept(
                    concept, aliases, drug=may_be_drug(path), enough=certainty_needed(path)
                )
                counts.update(Seen(str(file), key, path, near_match) for near_match in seen)
    return sorted(counts.items()), broken


def _parts(body: object) -> Iterator[tuple[str, object]]:
    """The prefetched values by key, and the draft orders."""
    if not isinstance(body, dict):
        return
    prefetch, context = body.get("prefetch"), body.get("context")
    if isinstance(context, dict) and "draftOrders" in context:
        yield "draftOrders", context["draftOrders"]
    if isinstance(prefetch, dict):
        yield from prefetch.items()


def _row(seen: Seen, count: int) -> dict[str, object]:
    near = seen.near
    return {
        "file": seen.file,
        "key": seen.key,
        "path": seen.path,
        "system": near.system or None,
        "code": near.code or None,
        "how": near.how,
        "value_sets": near.value_sets,
        "count": count,
    }


def _lines(counted: list[tuple[Seen, int]]) -> Iterator[str]:
    place = None
    for seen, count in counted:
        if place != (place := (seen.file, seen.key)):
            yield f"{seen.file}: {seen.key}"
        near = seen.near
        code = " ".join(part for part in (near.system, near.code) if part) or "a name without code"
        sets = f": {', '.join(near.value_sets)}" if near.value_sets else ""
        yield f"  {count} x {seen.path}: {code}: {near.how}{sets}"


def _totals(counted: list[tuple[Seen, int]]) -> Iterator[str]:
    """How many codes are in no list, and how many almost match, with how often they occur."""
    nowhere = [(seen, count) for seen, count in counted if seen.near.how == IN_NO_LIST]
    near = [(seen, count) for seen, count in counted if seen.near.how != IN_NO_LIST]
    for some, title in ((nowhere, "in no list"), (near, "almost in a value set")):
        codes = {(seen.near.system, seen.near.code) for seen, _ in some}
        yield f"{title}: {len(codes)} codes, {sum(count for _, count in some)} times"
