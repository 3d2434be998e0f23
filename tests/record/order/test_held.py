"""Problems that have ended, patients who died, records not in use, ages that are none."""

from datetime import date
from typing import Any

import pytest
from support.changed import Json, again, answer, entries, first, order, request, twin

from service.cds.request import AsOf

ABATED: dict[str, tuple[Json, bool]] = {
    "a day": ({"abatementDateTime": "2015-06-01"}, True),
    "a year": ({"abatementDateTime": "2015"}, True),
    "this month, perhaps later": ({"abatementDateTime": "2026-11"}, True),
    "an age": ({"abatementAge": {"value": 12, "unit": "years"}}, True),
    "a period": ({"abatementPeriod": {"start": "2014", "end": "2015"}}, True),
    "an open period": ({"abatementPeriod": {"start": "2014"}}, True),
    "a range": ({"abatementRange": {"low": {"value": 10}}}, True),
    "words": ({"abatementString": "in childhood"}, True),
    "a truth": ({"abatementBoolean": True}, True),
    "a truth in words": ({"abatementBoolean": "true"}, True),
    "what cannot be read": ({"abatementDateTime": "06/01/2015"}, True),
    "the future": ({"abatementDateTime": "2027-06-01"}, False),
    "a period in the future": ({"abatementPeriod": {"start": "2027"}}, False),
    "not at all": ({"abatementBoolean": False}, False),
    "not at all, in words": ({"abatementBoolean": "false"}, False),
    "nothing": ({"abatementDateTime": None, "abatementString": ""}, False),
}


@pytest.mark.parametrize(("abated", "over"), ABATED.values(), ids=ABATED)
@pytest.mark.parametrize("status", [True, False])
def test_a_problem_that_has_abated_is_not_active(abated: Json, over: bool, status: bool) -> None:
    """Nor is one that is said to be active as well: nobody knows which is right."""
    asked = request()
    del order(asked)["reasonCode"]
    problem = first(asked, "conditions")
    if not status:
        del problem["clinicalStatus"]
    assert twin(asked)["outcome"] == "met"
    problem.update(abated)
    assert twin(asked)["outcome"] == ("unknown" if over else "met")


def test_a_problem_had_not_abated_before_it_did() -> None:
    asked = request()
    del order(asked)["reasonCode"]
    first(asked, "conditions")["abatementDateTime"] = "2026-11-20"
    assert twin(asked)["outcome"] == "unknown"
    assert twin(asked, AsOf("day", date(2026, 11, 19)))["indication"] == "ad"


def test_active_problem_beside_an_abated_one_counts() -> None:
    asked = request()
    del order(asked)["reasonCode"]
    again(asked, "conditions", id="old", abatementDateTime="2015")
    assert twin(asked)["outcome"] == "met"


HELD: dict[str, tuple[Json, str]] = {
    "a day": ({"deceasedDateTime": "2026-05-04"}, "patient_deceased"),
    "today": ({"deceasedDateTime": "2026-11-21"}, "patient_deceased"),
    "a month": ({"deceasedDateTime": "2026-05"}, "patient_deceased"),
    "this year": ({"deceasedDateTime": "2026"}, "patient_deceased"),
    "an instant": ({"deceasedDateTime": "2026-05-04T10:00:00-05:00"}, "patient_deceased"),
    "a truth": ({"deceasedBoolean": True}, "patient_deceased"),
    "a truth in words": ({"deceasedBoolean": "true"}, "patient_deceased"),
    "a truth against it and a day": (
        {"deceasedBoolean": False, "deceasedDateTime": "2026-05-04"},
        "patient_deceased",
    ),
    "what cannot be read": ({"deceasedDateTime": "in spring"}, "patient_deceased"),
    "a list": ({"deceasedDateTime": ["2026-05-04"]}, "patient_deceased"),
    "not in use": ({"active": False}, "patient_inactive"),
    "replaced": (
        {"link": [{"type": "replaced-by", "other": {"reference": "Patient/x"}}]},
        "patient_replaced",
    ),
    "replaced and not in use": (
        {"active": False, "link": {"type": "replaced-by"}},
        "patient_replaced",
    ),
}
NOT_HELD: dict[str, Json] = {
    "later": {"deceasedDateTime": "2027-01-01"},
    "not": {"deceasedBoolean": False},
    "nothing": {"deceasedDateTime": None, "active": None, "link": []},
    "in use": {"active": True},
    "the record that is left": {
        "link": [{"type": "replaces", "other": {"reference": "Patient/x"}}]
    },
    "another one": {"link": [{"type": "seealso"}, {"type": "refer"}]},
}


@pytest.mark.parametrize(("more", "why"), HELD.values(), ids=HELD)
def test_nothing_is_met_for_a_patient_who_died_or_a_record_not_in_use(more: Json, why: str) -> None:
    asked = request()
    asked["prefetch"]["patient"].update(more)
    told = answer(asked)
    (found,) = told.twins
    assert (found["outcome"], found["reason"], found["awaits"]) == ("unknown", why, ["review"])
    assert found["alternatives"] == []
    (card,) = told.cards
    assert card["indicator"] == "warning"
    assert "suggestions" not in card
    assert "right" in card["summary"] or "order there" in card["summary"]
    assert found["criteria"][0]["truth"] == "met"


@pytest.mark.parametrize("more", NOT_HELD.values(), ids=NOT_HELD)
def test_living_patient_with_an_active_record_is_judged(more: Json) -> None:
    asked = request()
    asked["prefetch"]["patient"].update(more)
    assert twin(asked)["outcome"] == "met"


def test_what_is_not_met_stays_so_and_is_said_beside_the_death() -> None:
    asked = request()
    asked["prefetch"]["patient"]["deceasedBoolean"] = True
    first(asked, "observations")["valueQuantity"]["value"] = 1
    first(asked, "observations")["component"] = []
    found = twin(asked)
    assert found["outcome"] != "met"
    assert found["reason"] == "patient_deceased"


def test_the_newest_version_of_the_patient_counts() -> None:
    asked = request()
    patient = asked["prefetch"]["patient"]
    newer = {**patient, "deceasedBoolean": True, "meta": {"versionId": "2"}}
    procedures = entries(asked, "procedures")
    procedures.append({"resource": newer, "search": {"mode": "include"}})
    patient["meta"] = {"versionId": "1"}
    assert twin(asked)["reason"] == "patient_deceased"


def test_answer_of_a_living_patient_is_not_given_to_one_who_died() -> None:
    asked = request()
    before = twin(asked)["outcome"]
    asked["prefetch"]["patient"]["deceasedBoolean"] = True
    after = twin(asked)["outcome"]
    del asked["prefetch"]["patient"]["deceasedBoolean"]
    assert (before, after, twin(asked)["outcome"]) == ("met", "unknown", "met")


BORN: dict[str, tuple[Any, str | None]] = {
    "tomorrow": ("2026-11-22", "in the future"),
    "next year": ("2027", "in the future"),
    "a mistyped century": ("1884-03-09", "more than 130 years ago"),
    "a year without a month": ("1890", "more than 130 years ago"),
    "the oldest": ("1896-11-21", None),
    "with a time": ("1984-03-09T00:00:00Z", None),
}


@pytest.mark.parametrize(("born", "why"), BORN.values(), ids=BORN)
def test_impossible_birth_date_gives_no_age(born: object, why: str | None) -> None:
    asked = request()
    asked["prefetch"]["patient"]["birthDate"] = born
    found = twin(asked)
    assert found["outcome"] == ("unknown" if why else "met")
    assert why is None or why in str(found["criteria"])
