"""`population`: one assessment for each patient of a membership."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import click
import orjson

from service.app import clock
from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.library.library import Library
from service.population.optional_libraries import library_of_extra
from service.population.part_of_run import RunDocuments
from service.population.population_run import RunSettings, run
from service.population.progress import Progress
from service.population.run_folder import RunFolder
from service.population.workers import Workers
from service.settings import Settings, documents_folder, read_as_of, read_settings
from service.web.http.caller import LOCAL

PATH = click.Path(path_type=Path)
INPUT = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("place", metavar="INPUT", type=INPUT)
@click.option(
    "--out", required=True, metavar="DIR", type=PATH, help="A new folder for the results."
)
@click.option(
    "--as-of", "day", metavar="DAY", help="today, order (each order's own day) or YYYY-MM-DD."
)
@click.option("--client", default=LOCAL, metavar="ID", help="Whose settings count; else local's.")
@click.option(
    "--against", metavar="CONTENT", type=INPUT, help="Other documents: who flips, and why."
)
@click.option(
    "--order",
    metavar="FILE",
    type=FILE,
    help="One MedicationRequest for all who have its diagnosis.",
)
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes; else one for each core.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="A Dask scheduler, in place of processes here."
)
@click.option("--requests", default=0, metavar="N", help="Keep the requests of about N patients.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def population(  # noqa: PLR0913, PLR0917 - one for each option of the command
    place: Path,
    out: Path,
    day: str | None,
    client: str,
    against: Path | None,
    order: Path | None,
    workers: int | None,
    scheduler: str | None,
    requests: int,
    *,
    quiet: bool,
) -> None:
    """Judge every patient in INPUT, a FHIR Bulk Data export as NDJSON (.gz too) or Parquet.

    DIR gets one assessment for each patient and policy (assessments/*.parquet), a page (summary.html)
    and the lines that could not be used (rejects.csv). After a break the same command goes on.
    """
    with failing_plainly():
        library_of_extra("duckdb")
        settings = read_settings()
        documents, libraries = _documents(settings, against)
        libraries[0].client(client)
        asked = RunSettings(
            place,
            out,
            documents[0],
            client,
            _day(day, settings, out),
            documents[1] if against else None,
            order.read_bytes() if order else None,
            requests,
        )
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        run(asked, libraries, Workers(workers or cores or 1, scheduler), Progress(quiet))
    for what in _told(out):
        say(what, err=True)
    say(f"{out / 'summary.html'}")


def _told(out: Path) -> Iterator[str]:
    """What the summary says that a reader must know before any figure of it."""
    summary = orjson.loads((out / "summary.json").read_bytes())
    if summary["rejected"]:
        yield f"{summary['rejected']} lines were rejected: see rejects.csv"
    if summary["files_not_read"][0]:
        yield f"{summary['files_not_read'][0]} files were not read: see rejects.csv"


def _documents(
    settings: Settings, against: Path | None
) -> tuple[list[RunDocuments], list[Library]]:
    """The documents of the settings and those to compare with, each with its library."""
    contents = [settings.content, *([documents_folder(against.resolve())] if against else [])]
    documents, libraries = [], []
    for number, content in enumerate(contents):
        # the cache has room for one library: that of the settings
        cache = str(settings.cache) if settings.cache and not number else None
        clients = str(settings.clients) if settings.clients else None
        known = RunDocuments(str(content), clients, cache, "", settings.evaluation)
        library = known.read()
        documents.append(known.with_hash(library.content))
        libraries.append(library)
    return documents, libraries


def _day(day: str | None, settings: Settings, out: Path) -> tuple[Literal["day", "order"], date]:
    """The day that is asked for; without one, that with which a run in this folder began."""
    before = RunFolder(out).before() if day is None else None
    if before is not None:
        kind, written = before["as_of"]
        return kind, date.fromisoformat(written)
    as_of = clock(read_as_of(day, "--as-of") if day else settings.as_of)()
    return as_of.kind, as_of.day
