"""A case against the engine's answer."""

from datetime import date

import pytest
from support.cases.run import library
from support.cases.words import WORDS

from service.cases.case_files import Expected, WrittenCase
from service.cases.judged_cases import by_id, check_stated, differences, twin
from service.errors import CaseError

CASE = WrittenCase(
    "x.yaml",
    "six months",
    date(2026, 11, 20),
    {"age": "6 months"},
    {"ad.initial.age": Expected("not_met")},
    {},
    None,
)


def test_what_differs_is_said() -> None:
    said = twin(CASE, library(), WORDS)
    assert by_id(said)["ad.initial.age"]["truth"] == "met"
    assert differences(CASE, said)[0].startswith("ad.initial.age: expected not_met")


def test_an_order_for_another_drug_has_no_assessment() -> None:
    other = WrittenCase("x", "y", CASE.as_of, {"order": {"drug": "methotrexate"}}, {}, {}, None)
    with pytest.raises(CaseError, match="0 assessments"):
        twin(other, library(), WORDS)


def test_a_statement_of_no_criterion() -> None:
    wrong = WrittenCase("x", "y", CASE.as_of, {"statements": {"yes": "no.such"}}, {}, {}, None)
    with pytest.raises(CaseError, match="is no criterion"):
        check_stated(wrong, library(), WORDS)
