"""Exit codes of commands, and how errors are printed."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.cli.terminal import say
from service.errors import CdsError, DocumentsError

UNSOUND = 1
UNUSABLE = 2


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
