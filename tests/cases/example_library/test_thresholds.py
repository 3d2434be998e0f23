"""Move a number of the example policies by one unit: some case must flip, or it is said why none can."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest
from mutants.killing import without_alternatives
from support.cases.numbers import Number, batches, move, numbers_of
from support.cases.run import Case, wrong
from support.example_library import EXAMPLE, all_cases, lay_out

from service.library import Library
from service.library.documents.folders import read_documents
from service.library.load import build_library, check_documents

POLICIES = EXAMPLE / "mappings/policies/example-health-plan"
VERSIONS = sorted({path.parent for path in POLICIES.rglob("*.yaml")})
Moved = Callable[[Path, int, int], Library]
SURVIVORS = {("", "gap"): "no trial of these policies asks for a run that a break may interrupt"}


def _folder(version: Path) -> str:
    return version.relative_to(EXAMPLE / "mappings/policies").as_posix()


@cache
def _batches(version: Path) -> list[list[Number]]:
    files = [path.relative_to(EXAMPLE).as_posix() for path in sorted(version.glob("*.yaml"))]
    return batches([number for file in files for number in numbers_of(EXAMPLE, file)])


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Moved:
    """The example library with one batch of a version's numbers moved; only that version is read again."""
    content = tmp_path_factory.mktemp("example")
    lay_out(content)
    documents = read_documents(content)

    @cache
    def library(version: Path, index: int, by: int) -> Library:
        below = version.relative_to(EXAMPLE)
        with TemporaryDirectory() as folder:
            copytree(version, folder / below)
            move(Path(folder), [one for one in _batches(version)[index] if one.value + by > 0], by)
            changed = documents.changed(read_documents(Path(folder), below.as_posix()).read)
        return without_alternatives(build_library(check_documents(changed, None), "moved"))

    return library


def _expecting(version: Path, number: Number) -> Iterator[Case]:
    """The cases of a version that expect something of what a number belongs to."""
    own = (one for one in all_cases() if one.file.startswith(f"{_folder(version)}/"))
    return (one for one in own if any(_is_about(number, id_) for id_ in [*one.expect, *one.whole]))


def _is_about(number: Number, line: str) -> bool:
    """Whether an id, or a line that begins with it, belongs to what a number belongs to."""
    return not number.about or f"{line.split(':', maxsplit=1)[0]}.".startswith(f"{number.about}.")


MOVED = [
    pytest.param(
        version, n, number, by, id=f"{_folder(version)} {number.about}.{number.key} {by:+d}"
    )
    for version in VERSIONS
    for n, batch in enumerate(_batches(version))
    for number in batch
    for by in (-1, 1)
    if number.value + by > 0
]


@pytest.mark.parametrize(("version", "n", "number", "by"), MOVED)
def test_a_moved_number_flips_a_case(
    moved: Moved, version: Path, n: int, number: Number, by: int
) -> None:
    library = moved(version, n, by)
    lines = (line for case in _expecting(version, number) for line in wrong(case, library))
    flipped = next((line for line in lines if _is_about(number, line)), None)
    if (number.about, number.key) in SURVIVORS:
        assert flipped is None, f"listed as a survivor, but a case flips: {flipped}"
    else:
        assert flipped, f"{number.file}: {number.about}.{number.key} {by:+d}: no case flips"


def test_every_survivor_is_a_number() -> None:
    known = {(one.about, one.key) for v in VERSIONS for batch in _batches(v) for one in batch}
    assert set(SURVIVORS) <= known
