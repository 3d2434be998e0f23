"""Short entries as FHIR resources."""

from datetime import date

import pytest
from support.cases.words import WORDS

from service.cases import short_entries
from service.cases.case_words import CaseContext
from service.errors import CaseError

AT = CaseContext(date(2026, 11, 20), WORDS)


def test_a_claim_and_a_dispense() -> None:
    claim = short_entries.claim({"drug": "methotrexate", "days": 28, "on": "today"}, "c", AT)
    assert claim["item"][0]["servicedDate"] == "2026-11-20"
    dispense = short_entries.dispense({"drug": "methotrexate", "on": "2026-11"}, "d", AT)
    assert dispense["whenHandedOver"] == "2026-11"


def test_an_approval_is_the_usual_payer_s() -> None:
    assert short_entries.approval({}, "a", AT)["insurer"] == {"display": "BCBSMS"}


def test_yes_and_no_only() -> None:
    assert short_entries.yes("yes", "x")
    with pytest.raises(CaseError, match="yes or no"):
        short_entries.yes("maybe", "x")
