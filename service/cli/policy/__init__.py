"""`policy`: the policies as people read them, and what differs between two of them."""

import click

from service.cli.policy.diff import diff
from service.cli.policy.shadow_report import shadow
from service.cli.policy.show import list_, show


@click.group()
def policy() -> None:
    """Read policies: list them, show one, compare two, or what a candidate judged in shadow."""


policy.add_command(list_)
policy.add_command(show)
policy.add_command(diff)
policy.add_command(shadow)
