"""A copy of the shipped documents, into which codes are imported."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.pristine import CLINICAL, Pristine, copy_documents


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Pristine:
    """The documents without what is clinical, as each test finds them."""
    return Pristine(copy_documents(tmp_path_factory.mktemp("content"), *CLINICAL))


@pytest.fixture
def content(pristine: Pristine) -> Iterator[Path]:
    """The copy; what a test changes is put back after it."""
    yield pristine.content
    pristine.put_back()
