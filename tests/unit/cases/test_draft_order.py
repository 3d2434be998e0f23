"""The draft order of a case."""

from datetime import date

from support.cases.words import WORDS

from service.cases.case_words import CaseContext
from service.cases.draft_order import draft

AT = CaseContext(date(2026, 11, 20), WORDS)


def test_the_usual_order_and_what_differs() -> None:
    usual = draft({}, AT)
    assert len(usual["dosageInstruction"]) == 2
    assert usual["authoredOn"] == "2026-11-20"
    changed = draft({"loading": None, "reason": None, "refills": 2, "pharmacy": "Corner"}, AT)
    assert len(changed["dosageInstruction"]) == 1
    assert "reasonCode" not in changed
    assert changed["dispenseRequest"]["numberOfRepeatsAllowed"] == 2
