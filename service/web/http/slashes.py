"""Treats double slashes in URLs as one, since callers join a base URL that ends in a slash."""

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_DOUBLED = re.compile("/{2,}")


def single_slashes(app: WSGIApplication) -> WSGIApplication:
    """The application behind a filter that replaces double slashes in the path."""

    def with_single_slashes(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if "//" in path:
            environ["PATH_INFO"] = _DOUBLED.sub("/", path)
        return app(environ, start)

    return with_single_slashes
