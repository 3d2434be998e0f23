"""The extension by version: which parts it has, and what its id depends on."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.cases.run import library
from support.crd.coverage_information_rules import faults, values_of

from service.cards.crd.coverage_information import CoverageInformation, CrdReason
from service.cards.crd.crd_document import Codes

CODES = Codes("conditional", "auth-needed", ("clinical",), ("withpa",), ("OTH",), form=True)
SAID = CoverageInformation(
    "Coverage/c",
    CODES,
    [CrdReason("why")],
    date(2026, 11, 21),
    ["case"],
    ["https://example.org/Questionnaire/q|2026-01-01"],
    until=date(2027, 11, 20),
    payer="Payer",
    contacts=(("phone", "555-0100"), ("url", "https://example.org")),
)


def extension(said: CoverageInformation, version: str, hook: str = "order-sign") -> dict[str, Any]:
    document = library().crd
    assert document is not None
    made = said.extension(document, document.versions[version], hook)
    assert faults(made, version) == []
    return values_of(made)


@pytest.mark.conforms("CI-07")
@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
def test_parts_are_those_of_the_version(version: str) -> None:
    values = extension(SAID, version)
    assert ("expiry-date" in values) == (version != "2.0")
    if version == "2.2":
        (contact,) = values["contact"]
        assert (contact["name"], len(contact["telecom"])) == ("Payer", 2)
    else:
        assert [one["system"] for one in values["contact"]] == ["phone", "url"]


def test_documents_are_not_asked_for_at_order_select() -> None:
    values = extension(SAID, "2.0", "order-select")
    assert not {"doc-needed", "doc-purpose", "questionnaire"} & set(values)


def test_info_needed_is_left_out_where_nothing_is_conditional() -> None:
    trouble = replace(SAID, codes=replace(CODES, covered="indeterminate"))
    assert "info-needed" not in extension(trouble, "2.2")


def test_number_is_sent_only_where_it_satisfies() -> None:
    assert "satisfied-pa-id" not in extension(replace(SAID, number="N"), "2.0")
    satisfied = replace(SAID, codes=Codes("covered", "satisfied"), number="N")
    assert extension(satisfied, "2.0")["satisfied-pa-id"] == ["N"]


def test_code_of_a_reason_is_of_the_version() -> None:
    said = replace(SAID, reasons=[CrdReason("why", "technical")])
    (reason,) = extension(said, "2.2")["reason"]
    assert (reason["coding"][0]["code"], reason["text"]) == ("technical", "why")


def test_id_depends_on_the_case_and_the_coverage_and_not_on_the_day() -> None:
    def id_of(said: CoverageInformation) -> str:
        found: str = extension(said, "2.0")["coverage-assertion-id"][0]
        return found

    first = id_of(SAID)
    assert id_of(replace(SAID, day=date(2026, 12, 1))) == first
    assert id_of(replace(SAID, coverage="Coverage/d")) != first
    assert id_of(replace(SAID, about=["another"])) != first
