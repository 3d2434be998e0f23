"""Who may make a statement, and the reason that is told where it does not count."""

from typing import Any

import pytest
from support.cases.run import library

from service.facts.statements.who_may_state import Authors
from service.fhir.record import Record

Json = dict[str, Any]
HERE, ELSEWHERE = "https://ehr.example.org/fhir", "https://other.example.org/fhir"
NPI = {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}
OTHER_ROLE = {"coding": [{"system": "http://snomed.info/sct", "code": "224535009"}]}


def role(id_: str, practitioner: str, organization: str | None, **more: object) -> Json:
    """A role of a practitioner at an organization."""
    named = {"organization": {"reference": f"Organization/{organization}"}} if organization else {}
    return {
        "resourceType": "PractitionerRole",
        "id": id_,
        "practitioner": {"reference": f"Practitioner/{practitioner}"},
        **named,
        **more,
    }


ROLES = [
    role("r-own", "d1", "clinic"),
    role("r-colleague", "d2", "clinic"),
    role("r-branch", "d3", "branch"),
    role("r-other", "d4", "rival"),
    role("r-no-place", "d5", None),
    role("r-nurse", "d6", "clinic", code=[OTHER_ROLE]),
]
BRANCH = {
    "resourceType": "Organization",
    "id": "branch",
    "partOf": {"reference": "Organization/clinic"},
}


def authors() -> Authors:
    """Those of an order that d1 of the clinic signs."""
    record = Record("p1", HERE, library().terminology, {})
    entries = [
        {"fullUrl": f"{HERE}/{one['resourceType']}/{one['id']}", "resource": one} for one in ROLES
    ]
    record.load(
        {"practitionerRoles": {"resourceType": "Bundle", "entry": entries}}, library().sources
    )
    record.referable.add([(f"{HERE}/Organization/branch", BRANCH)])
    return Authors(record, library().knowledge, {}, "Practitioner/d1")


def why(author: object, **more: object) -> str | None:
    """Why a statement of an author does not count; None if it does."""
    refused = authors().of({"author": author, **more}).refused
    return refused.kind if refused else None


def contained(**resource: object) -> Json:
    """What a response holds of its author."""
    return {"contained": [{"id": "who", **resource}]}


@pytest.mark.parametrize(
    "author",
    [
        {"reference": "Practitioner/d9"},
        {"reference": "Practitioner/d1"},
        {"reference": f"{HERE}/Practitioner/d9"},
        {"reference": f"{HERE}/Practitioner/d9/_history/3"},
        {"reference": "PractitionerRole/r-own"},
        {"reference": "PractitionerRole/r-colleague"},
        {"reference": "Practitioner/d2"},
        {"reference": "Practitioner/d3"},  # of a branch that is part of the clinic
        {"reference": "PractitionerRole/r-no-place"},
        {"reference": "PractitionerRole/not-sent"},
        {"type": "Practitioner", "identifier": NPI},
        [{"reference": "Patient/p1"}, {"reference": "Practitioner/d1"}],
    ],
)
def test_prescriber_of_this_practice_may_state(author: object) -> None:
    assert why(author) is None


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"reference": "Patient/p1"}, "by_patient"),
        ({"type": "Patient", "identifier": NPI}, "by_patient"),
        ({"reference": "RelatedPerson/mother"}, "by_related_person"),
        ({"reference": "Device/app"}, "by_device"),
        ({"reference": "Organization/clinic"}, "by_organization"),
        ({"reference": f"{ELSEWHERE}/Practitioner/d1"}, "by_another_practice"),
        ({"reference": f"{ELSEWHERE}/PractitionerRole/r-own"}, "by_another_practice"),
        ({"reference": "Practitioner/d4"}, "by_another_practice"),
        ({"reference": "PractitionerRole/r-other"}, "by_another_practice"),
        ({"reference": "Group/g1"}, "by_nobody_known"),
        ({"reference": "d1"}, "by_nobody_known"),
        ({"reference": "#who"}, "by_nobody_known"),
        ({"reference": "urn:uuid:1b2c3d4e-0000-4000-8000-000000000000"}, "by_nobody_known"),
        ({"reference": "Practitioner/d1", "type": "Patient"}, "by_nobody_known"),
        ({"type": "Practitioner", "display": "Dr. Who"}, "by_nobody_known"),
        ({"display": "Dr. Who"}, "by_nobody_known"),
        ({"type": "Practitioner", "identifier": {"system": "x"}}, "by_nobody_known"),
        ({}, "by_nobody_known"),
        (None, "by_nobody_known"),
        ("Practitioner/d1", "by_nobody_known"),
    ],
)
def test_anybody_else_may_not_and_the_reason_is_told(author: object, expected: str) -> None:
    assert why(author) == expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"resourceType": "Practitioner", "name": [{"family": "Ada"}]}, None),
        ({"resourceType": "Practitioner", "identifier": [NPI]}, None),
        ({"resourceType": "Practitioner"}, "by_nobody_known"),
        (role("who", "d1", "clinic"), None),
        (role("who", "d4", "rival"), "by_another_practice"),
        ({"resourceType": "RelatedPerson"}, "by_related_person"),
    ],
)
def test_author_inside_the_response_is_what_it_says_there(
    resource: Json, expected: str | None
) -> None:
    assert why({"reference": "#who"}, **contained(**{**resource, "id": "who"})) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"reference": "Patient/p1"}, "by_patient"),
        ({"reference": "RelatedPerson/mother"}, "by_related_person"),
        ({"reference": "Practitioner/d2"}, None),
        ({}, None),
    ],
)
def test_what_the_patient_answered_does_not_count_whoever_entered_it(
    source: Json, expected: str | None
) -> None:
    assert why({"reference": "Practitioner/d1"}, source=source) == expected


def test_role_that_prescribes_nothing_may_not_state() -> None:
    nurse = role("who", "d1", "clinic", code=[OTHER_ROLE])
    assert why({"reference": "#who"}, **contained(**nurse)) == "by_no_prescriber"
    assert why({"reference": "Practitioner/d6"}) == "by_no_prescriber"


@pytest.mark.parametrize(
    ("author", "more", "name"),
    [
        ({"reference": "Practitioner/d1", "display": "Dr. Ada"}, {}, "Dr. Ada"),
        ({"reference": "Practitioner/d1"}, {}, "Practitioner/d1"),
        (
            {"reference": "#who"},
            contained(
                resourceType="Practitioner", name=[{"given": ["Ada", "M."], "family": "Lovelace"}]
            ),
            "Ada M. Lovelace",
        ),
        ({"type": "Practitioner", "identifier": NPI}, {}, "1234567893"),
        ({"reference": "Practitioner/d1", "display": "x" * 500}, {}, "x" * 60),
    ],
)
def test_author_has_a_name(author: Json, more: Json, name: str) -> None:
    assert authors().of({"author": author, **more}).name == name


def test_without_a_known_server_an_address_is_no_reason() -> None:
    record = Record("p1", None, library().terminology, {})
    anywhere = Authors(record, library().knowledge)
    assert anywhere.of({"author": {"reference": f"{ELSEWHERE}/Practitioner/d1"}}).refused is None
