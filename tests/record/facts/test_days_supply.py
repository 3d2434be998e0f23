"""How long a fill lasts, where a claim says it more than once."""

import pytest
from support.claims import TRIAL, Json, claim, concept, truth, twin

DAY = "2026-08-05"


def days(*said: tuple[int, object]) -> list[Json]:
    """Supporting information with days' supplies by number."""
    return [
        {
            "sequence": number,
            "category": concept({"code": "dayssupply"}),
            "valueQuantity": value if isinstance(value, dict) else {"value": value},
        }
        for number, value in said
    ]


def found(said: list[Json], **item: object) -> str | None:
    return truth(twin([claim("a", DAY, None, supportingInfo=said, item=item)]), TRIAL)


@pytest.mark.parametrize("order", [1, -1])
def test_two_different_days_supplies_are_unknown(order: int) -> None:
    assert found(days((1, 28), (2, 10))[::order]) == "unknown"
    assert found(days((1, 28), (2, 10), (3, 28))[::order]) == "unknown"
    assert found(days((1, 30), (2, -30))[::order]) == "unknown"


def test_two_equal_days_supplies_count_once() -> None:
    assert found(days((1, 28), (4, 28))) == "met"
    weeks = {"value": 4, "unit": "wk", "system": "http://unitsofmeasure.org", "code": "wk"}
    assert found(days((1, 28), (2, weeks))) == "met"
    assert found(days((1, 10), (2, 10))) == "not_met"


@pytest.mark.parametrize(
    ("named", "expected"),
    [([5], "met"), ([6], "not_met"), ([1, 5], "met"), ([5, 6], "unknown"), ([9], "unknown")],
)
def test_line_counts_with_the_days_supply_that_it_names(named: list[int], expected: str) -> None:
    assert found(days((5, 28), (6, 10)), informationSequence=named) == expected


def test_each_line_has_its_own_and_takes_back_for_itself() -> None:
    def two(first: int, second: int, **more: object) -> str | None:
        one = claim("a", DAY, None, supportingInfo=days((1, first), (2, second)))
        line = one["item"][0]
        other = {**line, "sequence": 2, "productOrService": concept({"system": "x", "code": "y"})}
        one["item"] = [{**line, "informationSequence": [1]}, {**other, **more}]
        return truth(twin([one]), TRIAL)

    assert two(28, 7, informationSequence=[2]) == "met"
    assert two(7, 28, informationSequence=[2]) != "met"
    assert two(28, -7, informationSequence=[2]) == "met"
    assert two(28, 7) == "met"


@pytest.mark.parametrize("odd", ["x", None, [], {}, {"a": 1}, [None, "5", True]])
def test_days_supply_with_an_unreadable_line_number_is_for_the_whole_claim(odd: object) -> None:
    assert found(days((5, 28)), informationSequence=odd) == "met"
    assert found(days((5, 28), (6, 10)), informationSequence=odd) == "unknown"
