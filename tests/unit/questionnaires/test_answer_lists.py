"""Lists to choose from: the drugs of a class, and why a therapy ended."""

import re
from datetime import date

from support.cases.run import library

from service.questionnaires.answer_lists import drugs_of, expanded, reasons_of, resource_id

ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


def test_id_is_one_of_fhir_and_long_names_keep_apart() -> None:
    long = "a_" * 50
    assert resource_id("ad.tcs_medium/x") == "ad.tcs-medium-x"
    assert ID.fullmatch(resource_id(long))
    assert resource_id(long) != resource_id(f"{long}b")


def test_drugs_of_a_class_are_its_members_by_their_codes() -> None:
    listed = drugs_of(library(), ("ad.tci",), "Calcineurin inhibitors")
    (included,) = [
        one for one in listed["compose"]["include"] if one["system"].endswith("umls/rxnorm")
    ]
    assert {"code": "321952", "display": "pimecrolimus"} in included["concept"]


def test_failure_is_the_first_reason_and_others_follow() -> None:
    listed = expanded(reasons_of(library(), "Reasons"), date(2025, 10, 1))
    codes = [one["code"] for one in listed["expansion"]["contains"]]
    assert codes[0] == "182841002"
    assert "395009001" in codes
    assert len(codes) == len({*codes}) == listed["expansion"]["total"]
