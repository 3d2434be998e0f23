"""How a command says that it cannot go on: what, where, and an exit status a script can tell apart."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from service.errors import CdsError, DocumentsError

UNSOUND = 1
UNUSABLE = 2


@contextmanager
def failing_plainly() -> Iterator[None]:
    """Turns our own errors into a message and a status; a bug keeps its traceback."""
    try:
        yield
    except DocumentsError as error:
        click.echo(str(error), err=True)
        raise SystemExit(UNSOUND) from None
    except CdsError as error:
        click.echo(f"error: {error}", err=True)
        raise SystemExit(UNUSABLE) from None
