"""Move a number of the example policies by one unit: some case must flip, or it is said why none can."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support.cases.numbers import Number, batches, move, numbers_of
from support.cases.run import wrong
from support.example_library import EXAMPLE, all_cases, lay_out

from service.library import load_library

POLICIES = EXAMPLE / "mappings/policies/example-health-plan"
VERSIONS = sorted({path.parent for path in POLICIES.rglob("*.yaml")})
SURVIVORS = {("", "gap"): "no trial of these policies asks for a run that a break may interrupt"}


def _folder(version: Path) -> str:
    return version.relative_to(EXAMPLE / "mappings/policies").as_posix()


@cache
def _batches(version: Path) -> list[list[Number]]:
    files = [path.relative_to(EXAMPLE).as_posix() for path in sorted(version.glob("*.yaml"))]
    return batches([number for file in files for number in numbers_of(EXAMPLE, file)])


@cache
def _lines(version: Path, index: int, by: int) -> tuple[str, ...]:
    """What the cases of a version say of the library with one batch of its numbers moved."""
    with TemporaryDirectory() as folder:
        content = Path(folder)
        lay_out(content)
        batch = [one for one in _batches(version)[index] if one.value + by > 0]
        move(content, batch, by)
        library = load_library(content, None)
    own = [one for one in all_cases() if one.file.startswith(f"{_folder(version)}/")]
    return tuple(line for case in own for line in wrong(case, library))


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
def test_a_moved_number_flips_a_case(version: Path, n: int, number: Number, by: int) -> None:
    lines = _lines(version, n, by)
    flipped = [one for one in lines if one.startswith((f"{number.about}:", f"{number.about}."))]
    if not number.about:
        flipped = list(lines)
    if (number.about, number.key) in SURVIVORS:
        assert not flipped, f"listed as a survivor, but a case flips: {flipped}"
    else:
        assert flipped, f"{number.file}: {number.about}.{number.key} {by:+d}: no case flips"


def test_every_survivor_is_a_number() -> None:
    known = {(one.about, one.key) for v in VERSIONS for batch in _batches(v) for one in batch}
    assert set(SURVIVORS) <= known
