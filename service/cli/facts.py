"""`facts`: lists the facts that a policy may name, with kind, unit and meaning."""

from pathlib import Path

import click

from service.cli.check import FOLDER
from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.library.criteria.scope import read_facts
from service.library.shapes import FactShape
from service.settings import documents_folder, read_settings


@click.command()
@click.argument("folder", required=False, type=FOLDER)
def facts(folder: Path | None) -> None:
    """List the facts that a policy may name: those of FOLDER, which holds mappings/."""
    with failing_plainly():
        all_facts = read_facts(documents_folder(folder) if folder else read_settings().content)
    for fact in all_facts:
        say(f"{fact.fact:<32} {fact.kind:<10} {_measured(fact):<16} {fact.says}")


def _measured(fact: FactShape) -> str:
    """The unit of a fact, with the scales of a score."""
    scales = f" ({', '.join(fact.scales)})" if fact.kind == "score" else ""
    return f"{fact.unit or '-'}{scales}"
