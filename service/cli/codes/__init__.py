"""`codes`: what official files add to the value sets, and which codes of real requests are not mapped."""

import click

from service.cli.codes.codes_import import import_
from service.cli.codes.codes_unmapped import unmapped


@click.group()
def codes() -> None:
    """Keep the value sets complete: `import` official files, find `unmapped` codes in requests."""


codes.add_command(import_)
codes.add_command(unmapped)
