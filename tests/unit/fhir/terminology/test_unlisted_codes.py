"""What a code or name tells that no list holds: no drug, or a drug by certain routes."""

import re
from typing import Any

import pytest

from service.fhir.terminology.unlisted_codes import CodePart, UnlistedCodes

HCPCS, NDC, LAB = "urn:hcpcs", "urn:ndc", "urn:lab"
CODES = UnlistedCodes(
    no_drugs={LAB: [re.compile("[0-9]+-[0-9]")]},
    of_drugs=frozenset({NDC}),
    of_anything=frozenset({HCPCS}),
    parts={
        HCPCS: (
            CodePart(("J3490",), any_drug=True),
            CodePart(("J",), shape=re.compile("J[0-9]{4}")),
            CodePart(("963",), given=True),
            CodePart(("99",), drugs=False),
        )
    },
    says_nothing=frozenset({"other", "tablets"}),
    alone=frozenset({("vitamin", "d")}),
    beside_alone=frozenset({"mg"}),
    routes={"ad.biologic": frozenset({"subcutaneous"}), "unknown": frozenset()},
    intervals={"ad.biologic": 28, "asthma.biologic": 56},
)


@pytest.mark.parametrize(
    ("code", "product", "gives", "bills_any", "no_drug"),
    [
        ("J2357", True, False, False, False),
        ("j2357", True, False, False, False),
        ("J3490", True, False, True, False),
        ("96372", False, True, False, False),
        ("99213", False, False, False, True),
        ("A0000", False, False, False, False),
        (None, False, False, False, False),
    ],
)
def test_beginning_of_a_code_tells_what_it_stands_for(
    code: str | None,
    product: bool,
    gives: bool,
    bills_any: bool,
    no_drug: bool,
) -> None:
    assert (
        CODES.is_product(HCPCS, code),
        CODES.gives(HCPCS, code),
        CODES.bills_any(HCPCS, code),
        CODES.holds_no_drug(HCPCS, code),
    ) == (product, gives, bills_any, no_drug)


def test_code_that_has_not_the_shape_of_its_system_without_drugs_may_be_a_drug() -> None:
    assert not CODES.may_be_a_drug(LAB, "26449-9")
    assert CODES.may_be_a_drug(LAB, "00024591401")
    assert CODES.may_be_a_drug(NDC, "anything")
    assert not CODES.may_be_a_drug("urn:unheard", "1")
    assert not CODES.may_be_a_drug(None, None)


def mark(**given: Any) -> dict[str, Any]:
    return {"routes": (), "never": (), "only": (), **given}


@pytest.mark.parametrize(
    ("known", "value_set", "may_be"),
    [
        (mark(), "ad.biologic", True),
        (mark(routes=("oral",)), "ad.biologic", False),
        (mark(routes=("oral", "subcutaneous")), "ad.biologic", True),
        (mark(routes=("oral",)), "unknown", True),
        (mark(never=("ad.biologic",)), "ad.biologic", False),
        (mark(only=("asthma.biologic",)), "ad.biologic", False),
        (mark(only=("ad.biologic",)), "ad.biologic", True),
    ],
)
def test_unread_drug_may_be_of_a_set_by_its_routes_and_by_what_is_excluded(
    known: dict[str, Any],
    value_set: str,
    may_be: bool,
) -> None:
    assert CODES.may_be(known, [value_set]) is may_be


def test_interval_is_the_longest_of_the_sets_and_nothing_without_one() -> None:
    assert CODES.interval(["ad.biologic", "asthma.biologic"]) == 56
    assert CODES.interval(["unknown"]) == 0
    assert CODES.interval([]) == 0


def test_name_tells_alone_with_figures_and_forms_left_out() -> None:
    assert CODES.names_alone(["vitamin", "d", "1000", "mg"])
    assert not CODES.names_alone(["vitamin", "d", "dupilumab"])
    assert not CODES.names_alone(["vitamin"])


@pytest.mark.parametrize(
    ("words", "says"),
    [(["other"], False), (["ab"], False), (["j2357"], False), (["other", "omalizumab"], True)],
)
def test_word_says_what_it_is_if_it_may_be_a_name(words: list[str], says: bool) -> None:
    assert CODES.says_what(words) is says
