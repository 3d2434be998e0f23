"""Criteria that contradict each other, decide nothing or can never be met: told at their line."""

from collections.abc import Callable
from pathlib import Path

import pytest

VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
AD, HEAD = f"{VERSION}/ad.yaml", f"{VERSION}/policy.yaml"
Mistakes = Callable[[], list[str]]

BEGIN = """\
indication: ad
renewal: {id: ad.renewal, says: Still so, cite: "121", recorded: ad.diagnosis}
initial:
  id: ad.initial
  says: All of it
  cite: "21"
"""
AGE = "fact: patient.age, at_least: 12 years"
SEVERE = "fact: ad.bsa, at_least: 10 % BSA"


def leaf(name: str, asks: str) -> str:
    """One criterion in one line."""
    return f'{{id: ad.initial.{name}, says: About {name}, cite: "22", {asks}}}'


def several(key: str, *members: str) -> str:
    """A group that stands in the indication's criterion, its first member in line 8."""
    return "\n".join([f"  {key}:", *(f"    - {one}" for one in members)])


def inner(name: str, key: str, *members: str) -> str:
    """A group in one line."""
    return leaf(name, f"{key}: [{', '.join(members)}]")


TWIN = "this asks the same as 'ad.initial.a' (line 8); strike one, or correct what should differ"
NEVER = "this can never be met here: 'ad.initial.a' (line 8) asks for the opposite"
NO_VALUE = "no value fits both this and 'ad.initial.a' (line 8)"
IDLE = (
    "whenever this is met, 'ad.initial.{}' (line {}) is met too, so it decides nothing; "
    "strike it, or correct it"
)
A = leaf("a", AGE)
CHOOSE = "choose: {{test: {}, met: {}, not_met: {}}}"

FAR = "trend: {of: ad.easi, better: lower, by: 75 %}"
HALF = "trend: {of: ad.easi, better: lower, by: 50 %}"

# the criteria, the line of the mistake, the mistake
WRONG: dict[str, tuple[str, int, str]] = {
    "a longer way beside a shorter one": (
        several("any", leaf("a", HALF), leaf("b", FAR)),
        9,
        IDLE.format("a", 8),
    ),
    "a margin beside any improvement": (
        several("any", leaf("a", "trend: {of: ad.easi, better: lower}"), leaf("b", HALF)),
        9,
        IDLE.format("a", 8),
    ),
    "the same twice in one all": (several("all", A, leaf("b", AGE)), 9, TWIN),
    "the same twice in one any": (several("any", A, leaf("b", AGE)), 9, TWIN),
    "the same group in another order": (
        several(
            "any",
            inner("a", "all", leaf("a1", AGE), leaf("a2", SEVERE)),
            inner("b", "all", leaf("b1", SEVERE), leaf("b2", AGE)),
        ),
        9,
        TWIN,
    ),
    "the same trial twice": (
        several(
            "all",
            leaf("a", "trial: {of: ad.tci, for: 42 days, ended_within: 180 days}"),
            leaf("b", "trial: {of: ad.tci, for: 42 days, ended_within: 180 days}"),
        ),
        9,
        TWIN,
    ),
    "demanded and excluded": (
        several("all", A, leaf("b", f"not: {leaf('c', AGE)}")),
        9,
        NEVER,
    ),
    "excluded among others and demanded": (
        several(
            "all",
            leaf("a", "recorded: ad.diagnosis"),
            leaf(
                "b",
                "not: "
                + inner(
                    "c", "any", leaf("d", SEVERE), leaf("e", "recorded: [ad.diagnosis, ad.grade]")
                ),
            ),
        ),
        9,
        NEVER,
    ),
    "bounds of two criteria that leave nothing": (
        several("all", leaf("a", SEVERE), leaf("b", "fact: ad.bsa, less_than: 10 % BSA")),
        9,
        NO_VALUE,
    ),
    "ages in other units that leave nothing": (
        several("all", A, leaf("b", "fact: patient.age, less_than: 52 weeks")),
        9,
        NO_VALUE,
    ),
    "an excluded bound that leaves nothing": (
        several(
            "all",
            leaf("a", "fact: ad.bsa, at_least: 5 % BSA"),
            leaf("b", "fact: ad.easi, at_least: 16 score"),
            leaf("c", f"not: {leaf('d', 'fact: ad.bsa, more_than: 4 % BSA')}"),
        ),
        10,
        NEVER,
    ),
    "a branch that cannot be met beside what all demand": (
        several(
            "all",
            A,
            inner(
                "b", "any", leaf("c", "fact: patient.age, less_than: 6 years"), leaf("d", SEVERE)
            ),
        ),
        9,
        NO_VALUE,
    ),
    "a branch that is always met beside what all demand": (
        several(
            "all",
            leaf("a", SEVERE),
            inner("b", "any", leaf("c", "fact: ad.bsa, at_least: 5 % BSA"), leaf("d", AGE)),
        ),
        9,
        (
            "this is always met here, since 'ad.initial.a' (line 8) asks for it; what stands beside it "
            "decides nothing"
        ),
    ),
    "a higher bound beside a lower": (
        several("any", leaf("a", "fact: ad.bsa, at_least: 20 % BSA"), leaf("b", SEVERE)),
        8,
        IDLE.format("b", 9),
    ),
    "a shorter window beside a longer": (
        several(
            "any", leaf("a", f"{SEVERE}, within: 30 days"), leaf("b", f"{SEVERE}, within: 3 months")
        ),
        8,
        IDLE.format("b", 9),
    ),
    "a part of a group beside the group": (
        several("any", A, inner("b", "all", leaf("c", AGE), leaf("d", SEVERE))),
        9,
        IDLE.format("a", 8),
    ),
    "a class beside all classes": (
        several(
            "any",
            leaf("a", "supply: {of: [ad.tci, ad.oral_jak], ever: true}"),
            leaf("b", "supply: {of: ad.tci, now: true}"),
        ),
        9,
        IDLE.format("a", 8),
    ),
    "more days beside fewer": (
        several(
            "any",
            leaf("a", "supply: {of: ad.tci, days: 90 days, ended_within: 180 days}"),
            leaf("b", "supply: {of: ad.tci, days: 28 days, ended_within: 365 days}"),
        ),
        8,
        IDLE.format("b", 9),
    ),
    "a test that is decided already": (
        several(
            "all",
            A,
            leaf(
                "b",
                CHOOSE.format(
                    leaf("c", "fact: patient.age, at_least: 6 years"),
                    leaf("d", SEVERE),
                    leaf("e", "recorded: ad.diagnosis"),
                ),
            ),
        ),
        9,
        (
            "the test is always met here, since 'ad.initial.a' (line 8) asks for it; 'not_met' is never "
            "reached"
        ),
    ),
    "a test that nobody can meet": (
        several(
            "all",
            A,
            leaf(
                "b",
                CHOOSE.format(
                    leaf("c", "fact: patient.age, less_than: 6 years"),
                    leaf("d", SEVERE),
                    leaf("e", "recorded: ad.diagnosis"),
                ),
            ),
        ),
        9,
        NO_VALUE,
    ),
    "two branches that ask the same": (
        several(
            "all", leaf("b", CHOOSE.format(leaf("c", AGE), leaf("d", SEVERE), leaf("e", SEVERE)))
        ),
        8,
        (
            "both branches of 'choose' ask the same ('ad.initial.d' (line 8)); the test decides "
            "nothing"
        ),
    ),
    "a branch that asks for what its test denies": (
        several(
            "all",
            leaf("a", CHOOSE.format(leaf("c", AGE), leaf("d", SEVERE), leaf("e", AGE))),
        ),
        8,
        "this can never be met here: 'ad.initial.c' (line 8) asks for the opposite",
    ),
    "a demand that the common criteria exclude": (
        several("all", leaf("a", "recorded: safety.hypersensitivity")),
        8,
        (
            "this can never be met here: 'common.initial.no_contraindication.hypersensitivity' "
            "(common.yaml, line 26) asks for the opposite"
        ),
    ),
    "the same twice among several": (
        several("at_least_of", "").replace("    - ", f"    n: 1\n    of: [{A}, {leaf('b', AGE)}]"),
        9,
        "this asks the same as 'ad.initial.a' (line 9); strike one, or correct what should differ",
    ),
    "a contradiction in what explains": (
        "  fact: ad.bsa\n  at_least: 10 % BSA\n  notice:\n    - when: "
        + inner("w", "all", A, leaf("b", f"not: {leaf('c', AGE)}"))
        + "\n      says: x",
        10,
        NEVER.replace("line 8", "line 10"),
    ),
    "a covered time that does not fit": (
        several(
            "all",
            leaf("a", "supply: {of: ad.tci, covered: {at_least: 120 days, in_last: 90 days}}"),
        ),
        8,
        "120 days do not fit into the last 90 days",
    ),
    "a trial that is longer than the look-back": (
        several("all", leaf("a", "trial: {of: ad.tci, for: 400 days, ended_within: 180 days}")),
        8,
        "400 days are longer than the 12 months that are looked back over",
    ),
    "a window that is longer than the look-back": (
        several("all", leaf("a", "trial: {of: ad.tci, for: 42 days, ended_within: 2 years}")),
        8,
        "24 months are longer than the 12 months that are looked back over",
    ),
    "sessions from before the look-back": (
        several(
            "all",
            leaf(
                "a",
                "sessions: {of: ad.phototherapy, first_to_last: 90 days, ended_within: 2 years}",
            ),
        ),
        8,
        "24 months are longer than the 12 months that are looked back over",
    ),
    "a gap longer than the run": (
        several(
            "all", leaf("a", "supply: {of: ad.tci, current_for: {at_least: 30 days, gap: 60 days}}")
        ),
        8,
        "a gap of 60 days is longer than the 30 days that are asked for",
    ),
    "a bound that every value passes": (
        several("all", leaf("a", "fact: ad.bsa, at_least: 0 % BSA")),
        8,
        "0 % BSA lets every value pass of 'ad.bsa', which goes from 0 to 100 % BSA",
    ),
    "a bound that no value passes": (
        several("all", leaf("a", "fact: ad.bsa, more_than: 100 % BSA")),
        8,
        "100 % BSA lets no value pass of 'ad.bsa', which goes from 0 to 100 % BSA",
    ),
}


@pytest.mark.parametrize(("criteria", "line", "says"), WRONG.values(), ids=WRONG)
def test_it_is_told_with_its_place_and_alone(
    content: Path, mistakes: Mistakes, criteria: str, line: int, says: str
) -> None:
    (content / AD).write_text(f"{BEGIN}{criteria}\n", encoding="utf-8")
    assert mistakes() == [f"{AD}:{line}: {says}"]


SOUND = {
    "a share and an amount": several(
        "any", leaf("a", HALF), leaf("b", "trend: {of: ad.easi, better: lower, by: 8 score}")
    ),
    "a longer way of a newer value": several(
        "any",
        leaf("a", "trend: {of: ad.easi, better: lower, by: 50 %, within: 30 days}"),
        leaf("b", FAR),
    ),
    "bounds that overlap": several(
        "all", leaf("a", SEVERE), leaf("b", "fact: ad.bsa, less_than: 50 % BSA")
    ),
    "bounds that touch": several(
        "all", leaf("a", SEVERE), leaf("b", "fact: ad.bsa, at_most: 10 % BSA")
    ),
    "values of other days": several(
        "all",
        leaf("a", SEVERE),
        leaf("b", "fact: ad.bsa, less_than: 10 % BSA, pick: baseline_if_treated"),
    ),
    "a higher bound and a longer window": several(
        "any",
        leaf("a", "fact: ad.bsa, at_least: 10 % BSA, within: 6 weeks"),
        leaf("b", "fact: ad.bsa, at_least: 30 % BSA, within: 12 months"),
    ),
    "the same class with other evidence": several(
        "any",
        leaf("a", "supply: {of: ad.tci, ever: true, accepts: pharmacy}"),
        leaf("b", "supply: {of: ad.tci, ever: true, elsewhere: review}"),
    ),
    "a stop that a statement may settle": several(
        "all",
        leaf("a", "supply: {of: ad.tci, now: true}"),
        leaf(
            "b",
            f"statement: overrides, asks: x, not: {leaf('c', 'supply: {of: ad.tci, now: true}')}",
        ),
    ),
    "half a year and 26 weeks": several(
        "all",
        leaf("a", "fact: patient.age, at_least: 6 months"),
        leaf("b", "fact: patient.age, less_than: 26 weeks"),
    ),
    "branches by age": several(
        "all",
        leaf("a", "fact: patient.age, at_least: 6 months"),
        leaf(
            "b",
            CHOOSE.format(
                leaf("c", AGE), leaf("d", SEVERE), leaf("e", "fact: ad.bsa, at_least: 5 % BSA")
            ),
        ),
    ),
}


@pytest.mark.parametrize("criteria", SOUND.values(), ids=SOUND)
def test_what_a_patient_can_meet_and_miss_is_sound(
    content: Path, mistakes: Mistakes, criteria: str
) -> None:
    (content / AD).write_text(f"{BEGIN}{criteria}\n", encoding="utf-8")
    assert mistakes() == []


def test_a_default_that_is_longer_than_the_look_back_is_told_once(
    content: Path, mistakes: Mistakes
) -> None:
    head = (content / HEAD).read_text(encoding="utf-8")
    (content / HEAD).write_text(head.replace("for: 90 days", "for: 500 days"), encoding="utf-8")
    line = head.splitlines().index("  for: 90 days") + 1
    says = "500 days are longer than the 12 months that are looked back over"
    assert mistakes() == [f"{HEAD}:{line}: {says}"]
