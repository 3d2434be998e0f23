"""One break ends a course everywhere: for coverage, for advice, and for what a response is told by."""

from support.cases.run import library
from support.paths import ROOT, yaml_of


def test_advice_and_coverage_end_a_course_at_the_same_break() -> None:
    longest = library().knowledge.of_kind("supply").longest_break_days
    written = {
        yaml_of(path)["course"]["longest_break"]
        for path in sorted((ROOT / "mappings/pathways").glob("*.yaml"))
    }
    assert written == {f"{longest} days"}
