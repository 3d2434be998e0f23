"""The head of a policy version: what is wrong in it, and what stands in for what is wrong."""

from pathlib import PurePosixPath
from typing import Any

import pytest
from support.paths import yaml_of
from support.shipped import FOLDER

from service.library.criteria.scope import Names
from service.library.documents.yaml import Document
from service.library.policies.policy_head import head_for, head_with_defaults, wrong_head
from service.library.shapes import PolicyShape, ValueSetShape


def value_set(name: str, kind: str) -> ValueSetShape:
    codes = {"urn:x": [{"code": "1", "display": "x"}]}
    given = {"value_set": name, "kind": kind, "says": name, "source": {}, "codes": codes}
    return ValueSetShape.model_validate(given)


SETS = {"drug": value_set("drug", "drug"), "ad": value_set("ad", "condition")}
NAMES = Names({}, SETS, {}, frozenset({"payer"}), frozenset({"drug"}), frozenset())


def told(folder: str = "2026-01-01", **changes: Any) -> list[str]:
    written = yaml_of(FOLDER / "policy.yaml")
    base = {
        "payer": "payer",
        "drug": "drug",
        "effective": "2026-01-01",
        "until": None,
        "indications": {"ad": {"title": "AD", "conditions": "ad"}},
    }
    data = {**written, **base, **changes}
    shape = PolicyShape.model_validate(data)
    head = Document("policy.yaml", data)
    return [message for _, message in wrong_head(head, shape, PurePosixPath(folder), NAMES)]


def test_sound_head_has_no_mistake() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"until": "2025-12-31"}, "until lies before effective"),
        ({"review_by": "2020-01-01"}, "review_by lies before last_checked"),
        ({"payer": "payr"}, "no payer 'payr'; did you mean 'payer'?"),
        ({"drug": "drgu"}, "no value set 'drgu'; did you mean 'drug'?"),
        ({"drug": "ad"}, "'ad' is of the kind condition; drug is needed here"),
        (
            {"indications": {"ad": {"title": "AD", "conditions": []}}},
            "an indication has conditions",
        ),
        ({"groups": {"initials": "1"}}, "no group 'initials'; did you mean 'initial'?"),
    ],
)
def test_mistake_of_a_head_is_told(changes: dict[str, Any], says: str) -> None:
    assert says in told(**changes)


def test_first_day_is_the_name_of_the_folder() -> None:
    assert told("2026-02-01") == ["effective 2026-01-01 is not the folder's name '2026-02-01'"]


def test_head_of_criteria_without_a_policy_asks_for_its_drug() -> None:
    assert head_for("tralokinumab").drug == "tralokinumab"


def test_wrong_and_missing_keys_are_replaced_and_the_others_kept() -> None:
    head = Document("policy.yaml", {"policy": "payer/1", "effective": "soon"})
    shape, unsound = head_with_defaults(head, ["policy.yaml", "common.yaml", "ad.yaml"])
    assert shape.policy == "payer/1"
    assert {"effective", "payer", "indications"} <= unsound
    assert "policy" not in unsound
    assert [*shape.indications] == ["ad"]


def test_names_that_could_not_be_read_all_count_as_known() -> None:
    shape, unsound = head_with_defaults(Document("policy.yaml"), [])
    assert "anything" in shape.readings
    assert shape.accepts["anything"] == ()
    assert "define" in unsound
