"""One membership and one finished run over it, for all tests that only look at them."""

from pathlib import Path

import pytest
from support.membership import STORIES, judge_members, members, write_export

COUNT = 2 * len(STORIES)


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of two patients for each story, a type that nothing reads, and a broken line."""
    more = [{"resourceType": "Binary", "id": "b1", "data": "AAAA"}]
    place = write_export(tmp_path_factory.mktemp("export"), [*members(COUNT), *more])
    with (place / "Binary.ndjson").open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    return place


@pytest.fixture(scope="session")
def finished(export: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run that kept all requests."""
    out = tmp_path_factory.mktemp("population") / "out"
    judge_members(export, out, requests=COUNT)
    return out
