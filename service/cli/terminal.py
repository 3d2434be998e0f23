"""Prints for a terminal: what charts, documents and servers say cannot move its cursor or hide anything."""

import click

from service.escaped_text import visible


def say(text: str | bytes, *, err: bool = False, nl: bool = True) -> None:
    """Prints lines to standard output, or to standard error; `nl` adds a line break at the end."""
    whole = text.decode() if isinstance(text, bytes) else text
    click.echo("\n".join(map(visible, whole.split("\n"))), err=err, nl=nl)
