"""Move a number of the example policies by one unit: some case must flip, or it is said why none can."""

from pathlib import Path

import pytest
from cases.mutants import PLAIN, Mutant, flipped, mutants_of, mutated, touches
from cases.run import Case
from example_library.run import EXAMPLE, all_cases, lay_out

POLICIES = "mappings/policies/example-health-plan"
COUNTS = PLAIN | {"n", "at_least"}
FILES = sorted(
    path.relative_to(EXAMPLE).as_posix() for path in (EXAMPLE / POLICIES).rglob("*.yaml")
)
MUTANTS = [one for file in FILES for one in mutants_of(EXAMPLE, file, COUNTS)]
SURVIVORS: dict[tuple[str, str], str] = {}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example library to move numbers in."""
    folder = tmp_path_factory.mktemp("example")
    lay_out(folder)
    return folder


def _candidates(mutant: Mutant) -> list[Case]:
    version = Path(mutant.file).parent.relative_to("mappings/policies").as_posix()
    own = [one for one in all_cases() if one.file.startswith(f"{version}/")]
    return [one for one in own if mutant.about and touches(one, mutant.about)] or own


@pytest.mark.parametrize("mutant", MUTANTS, ids=[f"{one.file}: {one.name}" for one in MUTANTS])
def test_a_moved_number_flips_a_case(mutant: Mutant, content: Path) -> None:
    flip = flipped(_candidates(mutant), mutated(mutant, content))
    if (mutant.about, mutant.key) in SURVIVORS:
        assert flip is None, f"{mutant.name} is listed as a survivor, but a case flips: {flip}"
    else:
        assert flip, f"{mutant.name}: no case flips"


def test_every_survivor_is_a_mutant() -> None:
    assert set(SURVIVORS) <= {(one.about, one.key) for one in MUTANTS}
