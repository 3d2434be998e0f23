"""Doubled slashes of a path become one."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from service.web.http.slashes import single_slashes


@pytest.mark.parametrize(
    ("sent", "seen"),
    [("//cds-services", "/cds-services"), ("/a///b//", "/a/b/"), ("/a/b", "/a/b"), ("", "")],
)
def test_application_sees_single_slashes(sent: str, seen: str) -> None:
    paths: list[str] = []

    def application(environ: WSGIEnvironment, _: StartResponse) -> Iterable[bytes]:
        paths.append(environ["PATH_INFO"])
        return []

    def start(*_: object) -> object:
        raise AssertionError("nothing is answered here")

    single_slashes(application)({"PATH_INFO": sent}, start)  # type: ignore[arg-type]  # never called
    assert paths == [seen]
