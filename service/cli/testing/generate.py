"""`generate`: patients on both sides of every boundary of a policy, each with what must come out."""

from dataclasses import replace
from pathlib import Path

import click

from service.app import clock
from service.boundary.boundary_cases import boundary_cases
from service.boundary.written_cases import chosen, write_cases
from service.cli.exits import failing_plainly
from service.cli.policy.policy_version import day_given, version_named
from service.cli.terminal import say
from service.settings import read_settings


@click.command()
@click.argument("name", metavar="POLICY")
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="A new folder."
)
@click.option(
    "--count", metavar="N", type=click.IntRange(1), help="Only N of them, drawn by the seed."
)
@click.option("--seed", default=0, metavar="S", help="Which ones are drawn; 0 if left out.")
@click.option("--as-of", "day", metavar="DAY", help="YYYY-MM-DD; a day of the policy if left out.")
@click.option(
    "--content", metavar="DIR", type=click.Path(path_type=Path), help="Another folder of documents."
)
def generate(
    name: str, out: Path, count: int | None, seed: int, day: str | None, content: Path | None
) -> None:
    """Write requests on both sides of every boundary of POLICY (ID or ID@version), from the document alone.

    DIR gets requests/*.json, and cases.yaml with what must come out of each and why: `cases run DIR`
    judges them.
    """
    with failing_plainly():
        settings = read_settings()
        if content is not None:
            settings = replace(settings, content=content)
        today = day_given(day, "--as-of")
        version = version_named(settings, name, day=today or clock(settings.as_of)().day)
        cases, words = boundary_cases(version.library, version.policy, today)
        drawn = chosen(cases, count, seed)
        write_cases(out, drawn, words)
        say(f"{len(drawn)} of {len(cases)} cases of {version.name} in {out}")
