"""Single answers that name who gave them: another person, or software that filled them in."""

from typing import Any

import pytest
from support.cases.run import library

from service.facts.statements.author_of_answer import (
    ITEM_AUTHOR,
    ORIGIN,
    author_of_answer,
    authors_named_in,
)
from service.facts.statements.who_may_state import Authors, StatementAuthor
from service.fhir.record import Record

Json = dict[str, Any]
HERE = "https://ehr.example.org/fhir"
WHOLE = StatementAuthor("Dr. Ada", None, "Practitioner/d1")
OTHER = {"reference": "Practitioner/d2", "display": "Dr. Bea"}
# what the $populate of cqframework/clinical-reasoning names as the author of what it filled in
CQL = {"reference": "http://cqframework.org/fhir/Device/clinical-quality-language"}


def origin(source: object, by: Json | None = None) -> Json:
    """An answer that says how it came to be, as DTR 2.1 and 2.2 have it."""
    parts: list[Json] = [{"url": "source", "valueCode": source}] if source else []
    if by is not None:
        practitioner = {"url": "practitioner", "valueReference": by}
        parts.append({"url": "author", "extension": [practitioner]})
    return {"valueBoolean": True, "extension": [{"url": ORIGIN, "extension": parts}]}


def item(*authors: object) -> Json:
    """An item whose answers others gave."""
    return {"extension": [{"url": ITEM_AUTHOR, "valueReference": one} for one in authors]}


def found(answer: Json, holder: Json | None = None) -> tuple[str, str | None]:
    """The name of the author of an answer, and why it does not count."""
    known = library()
    authors = Authors(Record("p1", HERE, known.terminology, {}), known.knowledge)
    author = author_of_answer(authors, {}, WHOLE, authors_named_in(holder or {}), answer)
    return author.name, author.refused.kind if author.refused else None


@pytest.mark.parametrize("source", ["manual", "override"])
def test_answer_that_a_person_gave_is_the_author_s(source: str) -> None:
    assert found({"valueBoolean": True}) == ("Dr. Ada", None)
    assert found(origin(source)) == ("Dr. Ada", None)
    assert found(origin(source, OTHER)) == ("Dr. Bea", None)
    assert found(origin(source, {"reference": "Patient/p1"}))[1] == "by_patient"


@pytest.mark.parametrize("source", ["auto", "auto-client", "auto-server", "robot", None, 7])
def test_answer_that_software_filled_in_is_nobody_s_statement(source: object) -> None:
    assert found(origin(source)) == ("Dr. Ada", "by_device")
    assert found(origin(source), item(OTHER)) == ("Dr. Ada", "by_device")


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ([OTHER], ("Dr. Bea", None)),
        ([{"reference": "Patient/p1"}], ("Patient/p1", "by_patient")),
        ([{"reference": "RelatedPerson/r1"}], ("RelatedPerson/r1", "by_related_person")),
        ([CQL], (CQL["reference"], "by_device")),
        ([OTHER, CQL], (CQL["reference"], "by_device")),
        ([{"display": "A friend"}], ("A friend", "by_nobody_known")),
        ([None], ("", "by_nobody_known")),
    ],
)
def test_who_answered_an_item_may_be_another_than_the_author(
    authors: list[object], expected: tuple[str, str | None]
) -> None:
    assert found({"valueBoolean": True}, item(*authors)) == expected


def test_what_an_answer_says_goes_before_what_its_item_says() -> None:
    assert found(origin("manual", OTHER), item({"reference": "Patient/p1"})) == ("Dr. Bea", None)


def test_other_extensions_change_nothing() -> None:
    other = {"extension": [{"url": "https://example.org/x", "valueCode": "auto"}]}
    assert found({"valueBoolean": True, **other}, other) == ("Dr. Ada", None)
