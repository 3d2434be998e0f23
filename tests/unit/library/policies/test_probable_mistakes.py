"""A policy version as a whole: what contradicts, and what is valid but probably not meant."""

from typing import Any

import pytest
from support.criterion_reader import FACTS, messages, reader
from support.policies import indication, policy

from service.library.criteria.tree import parse_criterion
from service.library.documents.yaml import Document
from service.library.policies.policy_head import head_for
from service.library.policies.probable_mistakes import (
    ALONE,
    check_phase,
    slips_of_tree,
    slips_of_version,
)
from service.policy.amount import Span
from service.policy.model import Criterion


def read(*raw: dict[str, Any]) -> tuple[list[Criterion], Any, Any]:
    """Criteria as a file has them, with their places and names."""
    read_with = reader()
    heading = {"says": "x", "cite": "1"}
    criteria = [
        parse_criterion(read_with, {**heading, **one}, ("initial", n)) for n, one in enumerate(raw)
    ]
    assert messages(read_with) == []
    return [one for one in criteria if one is not None], read_with.places, read_with.names


def bound(id_: str, says: str = "x", **bounds: str) -> dict[str, Any]:
    return {"id": f"ad.{id_}", "says": says, "fact": "easi", **bounds}


@pytest.mark.parametrize(
    ("second", "wrong"),
    [
        ({"less_than": "16 points"}, "no value fits both this and"),
        ({"at_least": "16 points"}, "this asks the same as"),
        ({"less_than": "21 points"}, None),
    ],
)
def test_criteria_of_a_phase_may_not_contradict_each_other(
    second: dict[str, str], wrong: str | None
) -> None:
    trees, places, names = read(bound("a", at_least="16 points"), bound("b", **second))
    found = [one.what for one in check_phase((), (*trees[:1],), places, head_for("drug"), names)]
    assert found == []
    both = check_phase(tuple(trees), (), places, head_for("drug"), names)
    assert [wrong is not None and wrong in one.what for one in both] == [True] * bool(wrong)


def test_bound_that_every_value_meets_is_a_mistake() -> None:
    trees, places, names = read(bound("a", at_least="0 points"))
    (mistake,) = check_phase((), tuple(trees), places, head_for("drug"), names)
    assert mistake.what.startswith("0 points lets every value pass of 'easi'")
    assert "easi" in FACTS


def test_number_in_words_that_is_not_asked_is_a_slip() -> None:
    for says, slips in (("EASI of 16 points", 0), ("EASI of 21 points", 1)):
        trees, places, _ = read(bound("a", says, at_least="16 points"))
        assert len(list(slips_of_tree(trees[0], places))) == slips


def test_group_of_one_is_a_slip_below_another_criterion_only() -> None:
    one = {"says": "x", "cite": "1", **bound("b", at_least="16 points")}
    (tree,), places, _ = read({"id": "ad.a", "any": [one]})
    assert [slip.what for slip in slips_of_tree(tree, places)] == [ALONE]


@pytest.mark.parametrize(
    ("after", "slips"), [(Span(months=12), 0), (Span(months=13), 1), (None, 0)]
)
def test_renewal_later_than_the_first_approval_lasts_is_a_slip(
    after: Span | None, slips: int
) -> None:
    about = {"ad": {"title": "AD", "conditions": ["disease"]}}
    shape = type(head_for("drug")).model_validate(
        {**head_for("drug").model_dump(by_alias=True), "indications": about}
    )
    shape = shape.model_copy(update={"renewal_after": after})
    version = policy(indication("ad"))
    found = slips_of_version(Document("policy.yaml"), shape, version, {}, whole=False)
    assert len([slip for slip in found if "a renewal is asked for" in slip.what]) == slips
