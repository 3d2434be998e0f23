"""`facts`: which facts a policy may name, with kind, unit and what each is."""

import click

from service.cli.failing import failing_plainly
from service.errors import UnknownFactsError
from service.facts.model import Fact
from service.library import load_library
from service.settings import read_settings


@click.command()
@click.argument("group", required=False)
def facts(group: str | None) -> None:
    """List the facts that a policy may name, or those of one GROUP, the word before the point."""
    with failing_plainly():
        known = load_library(read_settings().content, None).knowledge.facts
        groups = sorted({_group(name) for name in known})
        if group is not None and group not in groups:
            raise UnknownFactsError(f"no group '{group}'; there are {', '.join(groups)}")
    for name in sorted(known):
        if group in (None, _group(name)):
            click.echo(_line(known[name]))


def _group(name: str) -> str:
    return name.partition(".")[0]


def _line(fact: Fact) -> str:
    """Name, kind, unit and sentence; a score with its scales."""
    scales = f" ({', '.join(fact.scales)})" if fact.kind == "score" else ""
    return f"{fact.name:<30} {fact.kind:<10} {fact.unit + scales:<14} {fact.says}".rstrip()
