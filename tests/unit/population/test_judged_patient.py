"""A request becomes a row; a refused one says why; two rows show what differs."""

import json
from collections import Counter, defaultdict
from typing import Any

from support.membership import AS_OF, documents
from support.paths import ROOT

from service.cards.assessment_json import walk_twin
from service.cds.request import AsOf
from service.population.judged_patient import (
    Concepts,
    JudgedRequest,
    JudgingBy,
    compared,
    count_concepts,
    judged,
    row,
)

Json = dict[str, Any]


def answered(body: bytes) -> JudgedRequest:
    """What a request comes to by the shipped documents."""
    library = documents()[1]
    return judged(JudgingBy(library, library.client("local"), AsOf("day", AS_OF)), body)


def story(name: str = "p001-initial") -> bytes:
    """A recorded request."""
    return (ROOT / f"fixtures/{name}.json").read_bytes()


def test_row_has_the_outcome_and_the_whole_assessment() -> None:
    answer = answered(story())
    told = row("p001", "dupilumab", answer)
    assessment = json.loads(told["assessment"])
    assert (told["outcome"], told["path"], told["payer"]) == ("unknown", "initial", "bcbsms")
    assert told["outcome"] == assessment["outcome"]
    assert set(told["open"]) == {id_ for ids in assessment["open"] for id_ in ids}
    assert [each["id"] for each in told["criteria"]] == [
        each["id"] for each in walk_twin(assessment["criteria"])
    ]


def test_same_question_has_the_same_assessment() -> None:
    first, second = (row("p001", "d", answered(story()))["assessment"] for _ in range(2))
    assert first == second


def test_authorization_that_runs_has_its_last_day() -> None:
    told = row("p000", "d", answered(story("p000-renewal-approved")))
    assert told["approved_until"] == "2026-12-04"


def test_refused_request_says_why() -> None:
    request = json.loads(story())
    del request["prefetch"]["patient"]
    told = row("p001", "d", answered(json.dumps(request).encode()))
    assert told["not_judged"].startswith("prefetch.patient: the patient was neither prefetched")
    assert "outcome" not in told


def test_unsound_bytes_are_told_apart_from_a_refused_request() -> None:
    assert answered(b"{NaN}").is_unsound
    assert not answered(b"{}").is_unsound


def test_request_without_an_order_for_the_drug_is_not_judged() -> None:
    request = json.loads(story())
    order = request["context"]["draftOrders"]["entry"][0]["resource"]
    order["medicationCodeableConcept"] = {"text": "lisinopril"}
    answer = answered(json.dumps(request).encode())
    assert answer.order is None
    assert answer.refused == "it is no order for a drug of these documents"


def side(outcome: str, **truths: str) -> Json:
    """A row with an outcome and the truth of criteria."""
    criteria = [{"id": id_, "truth": truth} for id_, truth in truths.items()]
    return {"patient": "p", "outcome": outcome, "criteria": criteria}


def test_flip_names_each_criterion_whose_truth_changes() -> None:
    both = compared(side("met", a="met", b="met"), side("not_met", a="not_met", b="met", c="met"))
    assert both["flips"]
    assert both["changed"] == ["a: met → not_met", "c: not asked → met"]
    assert (both["outcome"], both["against_outcome"]) == ("met", "not_met")


def test_same_outcome_is_no_flip_although_a_criterion_changes() -> None:
    both = compared(side("met", a="met"), side("met", a="unknown"))
    assert (both["flips"], both["changed"]) == (False, ["a: met → unknown"])


def test_no_longer_judged_is_a_flip() -> None:
    assert compared(side("met"), {"patient": "p", "not_judged": "no_order"})["flips"]


def test_concepts_are_counted_where_sources_read_them() -> None:
    counted: Concepts = defaultdict(Counter)
    request = answered(story()).request
    assert request is not None
    count_concepts(documents()[1], request, counted)
    sizes = {path: concepts.total() for path, concepts in counted.items() if concepts}
    assert sizes == {
        "Condition.code": 1,
        "MedicationDispense.medicationCodeableConcept": 1,
        "MedicationStatement.medicationCodeableConcept": 4,
        "Observation.code": 3,
    }
