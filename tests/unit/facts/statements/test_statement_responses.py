"""Which answered questionnaires are about an order's patient, and which of two copies counts."""

from typing import Any

import pytest
from support.cases.run import library

from service.facts.statements.statement_responses import STATEMENT, Responses, responses_to
from service.fhir.record import Record
from service.memo import IdentitySet

Json = dict[str, Any]
HERE = "https://ehr.example.org/fhir"


def response(id_: str | None, status: str = "completed", ours: str | None = None) -> Json:
    """A response about the patient, with our identifier if it has one."""
    named = {"identifier": {"system": STATEMENT, "value": ours}} if ours else {}
    return {
        "resourceType": "QuestionnaireResponse",
        **({"id": id_} if id_ else {}),
        **named,
        "status": status,
        "subject": {"reference": "Patient/p1"},
    }


def collected(
    *sent: Json,
    drafts: tuple[Json, ...] = (),
    inside: tuple[Json, ...] = (),
    kept: tuple[Json, ...] = (),
    in_ehr: bool = False,
    answers: Json | None = None,
) -> Responses:
    """What is read of a prefetch, of drafts, of what the order contains, and of what is kept."""
    known = library()
    record = Record("p1", HERE, known.terminology, {})
    bundle = {"resourceType": "Bundle", "entry": [{"resource": one} for one in sent]}
    record.load({"answers": answers or bundle}, known.sources)
    source = known.source_of("QuestionnaireResponse")
    there = IdentitySet(kept if in_ehr else ())
    return responses_to(record, source, {"contained": [*inside]}, drafts, kept, there)


def test_responses_come_from_everywhere() -> None:
    found = collected(
        response("a"),
        drafts=(response("b"), {"resourceType": "Task", "id": "t"}),
        inside=({**response("c"), "subject": None},),
        kept=(response("d"),),
    )
    assert [one["id"] for one in found.given] == ["a", "b", "c", "d"]
    assert not found.gone


def test_response_that_names_no_patient_counts_inside_the_order_alone() -> None:
    nobody = {**response("a"), "subject": None}
    assert collected(drafts=(nobody,)).given == []
    assert len(collected(inside=(nobody,)).given) == 1


@pytest.mark.parametrize("status", ["entered-in-error", "stopped", "Entered-In-Error"])
@pytest.mark.parametrize("where", ["drafts", "inside"])
def test_response_that_was_taken_back_counts_from_no_place(status: str, where: str) -> None:
    assert collected(response("a", status)).given == []
    copy: Any = {where: (response("a"),)}
    assert collected(response("a", status), **copy).given == []
    assert len(collected(response("b", status), **copy).given) == 1


def test_response_that_was_taken_back_here_counts_from_the_ehr_neither() -> None:
    kept = response("there", "entered-in-error", "ours")
    assert collected(response("there"), kept=(kept,)).given == []
    assert collected(response("moved", ours="ours"), kept=(kept,)).given == []
    assert len(collected(response("other"), kept=(kept,)).given) == 1


def test_of_a_kept_one_that_the_ehr_sends_the_ehrs_counts() -> None:
    sent = response("there")
    found = collected(sent, kept=(response("there", ours="ours"),), in_ehr=True)
    assert found.given == [sent]
    assert not found.gone


def test_name_inside_an_order_hides_no_kept_response() -> None:
    kept = response("a", ours="ours")
    found = collected(inside=(response("a"),), kept=(kept,))
    assert kept in found.given
    copy = response("a", ours="ours")
    assert collected(inside=(copy,), kept=(kept,)).given == [copy]


FAILED = {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}
MORE = {
    "resourceType": "Bundle",
    "entry": [{"resource": response("other")}],
    "link": [{"relation": "next", "url": f"{HERE}?page=2"}],
}


@pytest.mark.parametrize(
    ("in_ehr", "answers", "gone"),
    [(True, None, True), (False, None, False), (True, FAILED, False), (True, MORE, False)],
)
def test_kept_one_is_gone_where_the_ehr_sent_all_it_has_and_not_this_one(
    in_ehr: bool, answers: Json | None, gone: bool
) -> None:
    kept = response("there", ours="ours")
    found = collected(kept=(kept,), in_ehr=in_ehr, answers=answers)
    assert kept in found.given
    assert (kept in found.gone) is gone
