"""SMART scopes: what a token lets us read and search."""

import pytest

from service.fhir.fetch.access import Grant, Scopes


@pytest.mark.parametrize(
    ("said", "search", "read"),
    [
        (None, Grant.WHOLE, Grant.WHOLE),
        ("", Grant.NONE, Grant.NONE),
        ("user/Observation.read", Grant.WHOLE, Grant.WHOLE),
        ("user/*.read", Grant.WHOLE, Grant.WHOLE),
        ("system/*.*", Grant.WHOLE, Grant.WHOLE),
        ("user/Observation.rs", Grant.WHOLE, Grant.WHOLE),
        ("user/Observation.r", Grant.NONE, Grant.WHOLE),
        ("user/Observation.s", Grant.WHOLE, Grant.NONE),
        ("user/Observation.cruds", Grant.WHOLE, Grant.WHOLE),
        ("user/Observation.write", Grant.NONE, Grant.NONE),
        ("user/Condition.read", Grant.NONE, Grant.NONE),
        ("user/Observation.rs?category=laboratory", Grant.PART, Grant.PART),
        ("user/Observation.rs?category=laboratory user/Observation.rs", Grant.WHOLE, Grant.WHOLE),
        ("launch openid nonsense", Grant.NONE, Grant.NONE),
    ],
)
def test_scope_grants_search_and_read_of_its_type(
    said: str | None, search: Grant, read: Grant
) -> None:
    scopes = Scopes(said)
    assert scopes.grant("Observation", search=True) is search
    assert scopes.grant("Observation", search=False) is read


def test_scope_of_another_patient_grants_nothing() -> None:
    mine, another = Scopes("patient/*.read"), Scopes("patient/*.read", this_patient=False)
    assert mine.grant("Observation", search=True) is Grant.WHOLE
    assert another.grant("Observation", search=True) is Grant.NONE
    assert Scopes("user/*.read", this_patient=False).grant("Observation", search=True) is (
        Grant.WHOLE
    )
