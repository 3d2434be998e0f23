"""`check`: says whether all documents are sound."""

from datetime import date
from pathlib import Path

import click

from service.cli.failing import failing_plainly
from service.library import load_library
from service.settings import documents_folder, read_settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", required=False, type=FOLDER)
def check(folder: Path | None) -> None:
    """Read every document under FOLDER, which holds mappings/ and cards/, and list every mistake."""
    with failing_plainly():
        content = documents_folder(folder) if folder else read_settings().content
        library = load_library(content, None)
    for warning in library.warnings(date.today()):  # noqa: DTZ011 - the reader's own day
        click.echo(str(warning), err=True)
    click.echo("OK: " + ", ".join(f"{count} {name}" for name, count in library.counts.items()))
