"""Procedures that were done and found nothing: a question with both shown, before the drug only."""

from dataclasses import replace

import pytest
from support.cases.run import library
from support.clinical.patient import Json
from support.fact_case import CLAIMS_HELD, Answer, ordinal, patient, said, worded, written

from service.facts.case import Treatment
from service.facts.found_nothing import procedure_that_found
from service.fhir.record import Record
from service.fhir.values.days import DayRange

UNSUCCESSFUL = {"coding": [{"system": "http://snomed.info/sct", "code": "385671000"}]}


def endoscopy(days_ago: int, **more: object) -> Json:
    code = {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "31231"}]}
    return {
        "resourceType": "Procedure",
        "id": f"e{days_ago}",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "code": code,
        "performedDateTime": written(days_ago),
        **more,
    }


def score(days_ago: int, value: int) -> Json:
    system = "https://dupilumab-cds.github.io/fhir/CodeSystem/finding"
    return {
        "resourceType": "Observation",
        "id": f"s{days_ago}",
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": system, "code": "NPS"}]},
        "effectiveDateTime": written(days_ago),
        "valueInteger": value,
    }


def found(*resources: Json, begun: int | None = None, **given: object) -> Answer:
    case = patient("crswnp", **{**CLAIMS_HELD, **given})
    record = Record("p1", case.record.server, library().terminology, {})
    keys = {"procedures": "Procedure", "observations": "Observation"}
    bundles = {
        key: {
            "resourceType": "Bundle",
            "entry": [{"resource": one} for one in resources if one["resourceType"] == type_],
        }
        for key, type_ in keys.items()
    }
    record.load(bundles, library().sources)
    start = DayRange(ordinal(begun), ordinal(begun)) if begun else None
    case = replace(case, record=record, treatment=Treatment(start))
    return worded(procedure_that_found(case, case.knowledge.facts["crswnp.nasal_endoscopy"], None))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "met"),
        ({"outcome": {"text": "Successful"}}, "met"),
        ({"outcome": {"text": "Polyps grade 2"}, "note": [{"text": "septum normal"}]}, "met"),
        ({"outcome": {"text": "No polyps seen"}}, "unknown review"),
        ({"outcome": {"text": "Normal"}}, "unknown review"),
        ({"outcome": UNSUCCESSFUL}, "unknown review"),
        ({"note": [{"text": "Healthy mucosa, no nasal polyps"}]}, "unknown review"),
    ],
)
def test_procedure_whose_outcome_or_note_says_nothing_was_found_is_a_question(
    more: Json, expected: str
) -> None:
    assert said(found(endoscopy(30, **more))) == expected


def test_an_older_procedure_that_found_nothing_does_not_stand_against_a_newer_one() -> None:
    nothing = {"outcome": {"text": "no polyps"}}
    assert said(found(endoscopy(30), endoscopy(60, **nothing))) == "met"
    assert said(found(endoscopy(30, **nothing), endoscopy(60))) == "unknown review"


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([score(30, 0)], "unknown review"),
        ([score(10, 0)], "unknown review"),
        ([score(31, 0)], "met"),
        ([score(30, 1)], "met"),
        ([score(20, 0), score(10, 3)], "met"),
    ],
)
def test_score_of_0_on_the_day_or_since_contradicts(scores: list[Json], expected: str) -> None:
    answer = found(endoscopy(30), *scores)
    assert said(answer) == expected
    assert len(answer.evidence) == (2 if expected != "met" else 1)


def test_what_was_found_during_treatment_does_not_count_against_it() -> None:
    assert said(found(endoscopy(30), score(10, 0), begun=20)) == "met"
    nothing = {"outcome": {"text": "no polyps"}}
    assert said(found(endoscopy(30), endoscopy(10, **nothing), begun=20)) == "met"
    assert said(found(endoscopy(30), score(25, 0), begun=20)) == "unknown review"
