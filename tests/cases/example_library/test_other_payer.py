"""Cards of another payer name its own policy and never that of the payer that is shipped."""

from collections.abc import Iterator
from functools import cache

import pytest
from support.cases.run import library as shipped
from support.clinical.run import Case, all_cases, answer
from support.example_library import library
from support.extent import ALL
from support.paths import ROOT

from service.advise import Advice

OTHER, OWN = "Example Health Plan", "EHP-DUP-1"
SHIPPED = ("BCBSMS", "L.5.01.513", "Mississippi")
CASES = list(all_cases())[:: 1 if ALL else 4]


@cache
def _of_other_payer(number: int) -> Advice:
    case = CASES[number]
    given = {**case.given, "coverage": OTHER, "approvals": [{"by": OTHER, "on": "120 days ago"}]}
    return answer(Case(case.file, case.says, case.as_of, given, case.expect), library())


def _texts(advice: Advice) -> Iterator[str]:
    for card in advice.cards:
        yield str({key: value for key, value in card.items() if key != "suggestions"})
        yield str(card.get("suggestions", ""))


@pytest.mark.parametrize(
    "number", range(len(CASES)), ids=lambda n: f"{CASES[n].file}: {CASES[n].says}"
)
def test_no_card_names_the_shipped_payer(number: int) -> None:
    advice = _of_other_payer(number)
    policies = {(twin["policy"] or {}).get("id") for twin in advice.twins}
    assert policies <= {"example-health-plan/EHP-DUP-1", None}
    named = [name for text in _texts(advice) for name in SHIPPED if name in text]
    assert named == []


def test_some_cards_cite_the_policy_that_judged() -> None:
    assert any(
        OWN in str(twin["notes"]) or OWN in str(twin["alternatives"])
        for number in range(len(CASES))
        for twin in _of_other_payer(number).twins
    )


def test_the_shipped_payer_is_cited_where_its_policy_judged() -> None:
    texts = [
        str((twin["notes"], twin["alternatives"]))
        for case in CASES
        for twin in answer(case, shipped()).twins
    ]
    assert any("BCBSMS L.5.01.513" in text for text in texts)
    assert not any("{policy}" in text for text in texts)


def test_what_is_beside_coverage_names_no_payer() -> None:
    for folder in ("therapies", "pathways", "notes", "regimens", "facts", "sources"):
        for path in (ROOT / "mappings" / folder).rglob("*.yaml"):
            text = path.read_text(encoding="utf-8")
            assert not [name for name in SHIPPED if name in text], path
