"""Questionnaires and lists are found by id and by address."""

from datetime import date

from support.cases.run import library
from support.questionnaires import DAY, form

from service.questionnaires.published import (
    package,
    published,
    questionnaire_of_id,
    questionnaires_of_url,
    searched,
    value_set_of_id,
)

NAME = "bcbsms-L.5.01.513-ad-initial"
URL = f"https://dupilumab-cds.github.io/fhir/Questionnaire/{NAME}"


def test_id_has_the_day_of_the_version_and_without_it_is_the_one_in_force() -> None:
    by_id = questionnaire_of_id(library(), f"{NAME}-2025-10-01", DAY)
    assert by_id is not None
    assert by_id == questionnaire_of_id(library(), NAME, DAY)
    assert questionnaire_of_id(library(), NAME, date(2020, 1, 1)) is None
    assert questionnaire_of_id(library(), f"{NAME}-2025-10-02", DAY) is None


def test_address_finds_all_versions_and_with_a_version_one() -> None:
    assert questionnaires_of_url(library(), URL) == [form().questionnaire()]
    assert questionnaires_of_url(library(), f"{URL}|2025-10-01", "2025-10-01")
    for other in (f"{URL}|2024-01-01", f"{URL}x", NAME, ""):
        assert questionnaires_of_url(library(), other) == []
    assert questionnaires_of_url(library(), f"{URL}|2025-10-01", "2024-01-01") == []


def test_search_without_a_hit_is_an_empty_bundle() -> None:
    assert searched([]) == {"resourceType": "Bundle", "type": "searchset", "total": 0}


def test_package_holds_the_questionnaire_and_each_list_that_it_uses() -> None:
    questionnaire, *lists = [
        entry["resource"] for entry in package(library(), form().questionnaire())["entry"]
    ]
    assert questionnaire["resourceType"] == "Questionnaire"
    assert [one["url"] for one in lists] == [one["url"] for one in questionnaire["contained"]]
    for one in lists:
        assert value_set_of_id(library(), one["id"]) == published(one)
