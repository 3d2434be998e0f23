"""Base URLs end in a slash and paths begin with one: a doubled slash is one slash."""

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_DOUBLED = re.compile("/{2,}")


def single_slashes(app: WSGIApplication) -> WSGIApplication:
    """The same application, which never sees a doubled slash."""

    def with_single_slashes(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if "//" in path:
            environ["PATH_INFO"] = _DOUBLED.sub("/", path)
        return app(environ, start)

    return with_single_slashes
