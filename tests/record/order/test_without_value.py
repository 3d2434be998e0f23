"""Elements that are there without a value: FHIR says so beside them, in `_name`."""

import pytest
from support.changed import Json, first, order, request, twin

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def beside(why: str) -> Json:
    return {"extension": [{"url": ABSENT, "valueCode": why}]}


DIED: dict[str, tuple[Json, str | None]] = {
    "on a day that is not known": (
        {"_deceasedDateTime": beside("asked-unknown")},
        "patient_deceased",
    ),
    "on a day that is hidden": ({"_deceasedDateTime": beside("masked")}, "patient_deceased"),
    "on a day in words": (
        {"_deceasedDateTime": {"extension": [{"url": "urn:said", "valueString": "last spring"}]}},
        "patient_deceased",
    ),
    "does not apply": ({"_deceasedDateTime": beside("not-applicable")}, None),
    "nothing but an id": ({"_deceasedDateTime": {"id": "d1"}}, None),
    "a day that is not yet, with a remark": (
        {"deceasedDateTime": "2027-02-01", "_deceasedDateTime": beside("unknown")},
        None,
    ),
    "whether is not known": ({"_deceasedBoolean": beside("unknown")}, None),
    "no object": ({"_deceasedDateTime": ["x", None, 3]}, None),
}


@pytest.mark.parametrize(("said", "reason"), DIED.values(), ids=DIED)
def test_a_death_without_a_day_is_a_death(said: Json, reason: str | None) -> None:
    assert twin(request())["outcome"] == "met"
    asked = request()
    asked["prefetch"]["patient"].update(said)
    found = twin(asked)
    assert found.get("reason") == reason
    assert found["outcome"] == ("unknown" if reason else "met")


@pytest.mark.parametrize(("why", "over"), [("unknown", True), ("not-applicable", False)])
def test_a_problem_that_ended_on_an_unknown_day_is_over(why: str, over: bool) -> None:
    asked = request()
    del order(asked)["reasonCode"]
    first(asked, "conditions")["_abatementDateTime"] = beside(why)
    assert twin(asked)["outcome"] == ("unknown" if over else "met")
