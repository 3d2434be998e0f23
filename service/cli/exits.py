"""Exit codes of commands, and how errors are printed."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC, EPIPE
from typing import Any

import click

from service.cli.terminal import say
from service.errors import CdsError, DocumentsError

UNSOUND = 1
UNUSABLE = 2
INTERRUPTED = (
    130  # as shells have it: not the 1 with which some commands say that something differs
)


class Commands(click.Group):
    """Commands that end with one line where a file or folder cannot be read, made or written."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; an error of a path, and Ctrl-C, end it without traceback."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say("interrupted", err=True)
            raise SystemExit(INTERRUPTED) from None
        except OSError as error:
            named = error.filename is not None or error.errno == ENOSPC
            if not named or error.errno == EPIPE:
                raise
            place = f"{error.filename}: " if error.filename is not None else ""
            say(f"error: {place}{error.strerror}", err=True)
            raise SystemExit(UNUSABLE) from None


@contextmanager
def failing_plainly() -> Iterator[None]:
    """Prints this program's own errors without traceback, and exits with 1 (documents) or 2."""
    try:
        yield
    except DocumentsError as error:
        say(str(error), err=True)
        raise SystemExit(UNSOUND) from None
    except CdsError as error:
        say(f"error: {error}", err=True)
        raise SystemExit(UNUSABLE) from None
