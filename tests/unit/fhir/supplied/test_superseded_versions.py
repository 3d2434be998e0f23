"""Which of several versions of a resource is the newest."""

from typing import Any

import pytest

from service.fhir.supplied.superseded_versions import newer, newest, number_of, version_of

Json = dict[str, Any]


def resource(version: object = None, updated: object = None) -> Json:
    meta = {"versionId": version, "lastUpdated": updated}
    return {"resourceType": "Condition", "id": "c1", "meta": meta}


@pytest.mark.parametrize(
    ("tag", "number"),
    [
        ("3", 3),
        ('W/"3"', 3),
        ('w/"3"', 3),
        (' "3" ', 3),
        ("abc", None),
        ("3a", None),
        ("", None),
        (None, None),
    ],
)
def test_version_has_a_number_in_each_spelling_of_a_tag(
    tag: str | None, number: int | None
) -> None:
    assert number_of(tag) == number


@pytest.mark.parametrize(
    ("sent", "url", "response", "number"),
    [
        (resource("3"), "Condition/c1/_history/9", {"etag": 'W/"8"'}, 3),
        (resource(), "Condition/c1/_history/9", {"etag": 'W/"8"'}, 9),
        (resource(), "Condition/c1", {"etag": 'W/"8"'}, 8),
        (resource(), None, None, None),
    ],
)
def test_number_is_that_of_the_resource_else_of_its_url_else_of_the_response(
    sent: Json, url: str | None, response: object, number: int | None
) -> None:
    assert version_of(sent, url, response).number == number


EARLY, LATE = "2026-11-19T10:00:00Z", "2026-11-20T10:00:00Z"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (resource("3", EARLY), resource("2", LATE)),
        (resource(None, LATE), resource(None, EARLY)),
        (resource("2", LATE), resource("2", EARLY)),
        (resource("x", LATE), resource("y", EARLY)),
    ],
    ids=["by number", "by time", "by time at one number", "by time without numbers"],
)
def test_newer_version_is_that_of_the_higher_number_else_of_the_later_time(
    one: Json, other: Json
) -> None:
    assert newer(one, other) is one
    assert newer(other, one) is one
    assert newest([version_of(one), version_of(other)]).resource is one


def test_second_of_two_versions_without_number_and_time_is_the_newer() -> None:
    one, other = resource(), resource()
    assert newer(one, other) is other
    assert newest([version_of(one), version_of(other)]).resource is other
