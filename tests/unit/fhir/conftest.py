"""The shipped documents, loaded once for the tests of the record."""

from collections.abc import Callable
from typing import Any

import pytest
from support.paths import ROOT

from service.fhir.record import Record
from service.library import Library, load_library


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(ROOT, None)


@pytest.fixture
def record(library: Library) -> Callable[..., Record]:
    """The record of patient p1 from a prefetch."""

    def build(server: str | None = None, **prefetch: Any) -> Record:
        built = Record("p1", server, library.terminology, {})
        built.load(prefetch, library.sources)
        return built

    return build
