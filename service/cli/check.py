"""`check`: reads all documents and lists every mistake."""

from datetime import date
from pathlib import Path

import click

from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.errors import DocumentsError
from service.library import Library, load_library
from service.settings import documents_folder, read_clients, read_settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", required=False, type=FOLDER)
@click.option("--clients", type=FILE, help="The clients file; without it that of CDS_CLIENTS.")
def check(folder: Path | None, clients: Path | None) -> None:
    """Read every document under FOLDER, which holds mappings/ and cards/, and list every mistake."""
    with failing_plainly():
        content = documents_folder(folder) if folder else read_settings().content
        clients_file = clients or read_clients()
        library = _without_slips(content, clients_file)
    for warning in library.warnings(date.today()):  # noqa: DTZ011 - the local day of whoever runs the command
        say(str(warning), err=True)
    counts = {**library.counts, **({"clients": len(library.clients)} if clients_file else {})}
    say("OK: " + ", ".join(f"{count} {name}" for name, count in counts.items()))


def _without_slips(content: Path, clients: Path | None) -> Library:
    """The library of a folder; DocumentsError with every mistake and every slip together."""
    try:
        library = load_library(content, clients)
    except DocumentsError as error:
        raise DocumentsError([*error.mistakes, *error.slips]) from None
    if library.slips:
        raise DocumentsError(library.slips)
    return library
