"""What a payer's decision says of the drug: by its codes, else in words."""

import pytest
from support.fact_case import patient_with
from support.payer_decisions import DRUG, OTHER, PAS, Json, action, answered, decision, judged, line

from service.facts.authorizations.decisions_on_drug import decisions
from service.facts.authorizations.payer_decision import (
    is_in_part,
    is_known_as_open,
    is_withdrawn,
    meant_by_code,
    says_of_drug,
)


def says(*resources: Json) -> str:
    """What the first of these decisions says of the drug."""
    case = patient_with("authorizations", *resources)
    fact = case.knowledge.of_kind("approval")
    hit, _ = next(iter(decisions(case, fact)))
    return says_of_drug(case, fact, hit)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("A1", "approved"),
        ("A2", "approved"),
        ("A3", "denied"),
        ("A4", "unclear"),
        ("A6", "unclear"),
        ("CT", "unclear"),
        ("NA", "unclear"),
        ("C", "unclear"),
        ("of no list", "unclear"),
        (None, "unclear"),
    ],
)
def test_review_action_says_whether_the_drug_is_approved(code: str | None, expected: str) -> None:
    assert says(decision(line(code))) == expected


@pytest.mark.parametrize(
    ("disposition", "coded", "numbered"),
    [
        (None, "approved", "approved"),
        ("Approved for six months", "approved", "approved"),
        ("Not approved", "denied", "denied"),
        ("Pending", "unclear", "unclear"),
        ("Withdrawn", "unclear", "unclear"),
        ("strange zebra", "unclear", "unclear"),
        ("approval of request", "approved", "unclear"),
    ],
)
def test_words_beside_an_approval_must_not_contradict_it(
    disposition: str | None, coded: str, numbered: str
) -> None:
    words = {"disposition": disposition} if disposition else {}
    expected = {"denied": "unclear"}.get(coded, coded)
    assert says(decision(line("A1"), **words)) == expected
    assert says(decision(line(), preAuthRef="PA-1", **words)) == numbered


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [("Denied", "denied"), ("Approved", "unclear"), ("Pending", "unclear")],
)
def test_words_beside_a_refusal_must_not_contradict_it(disposition: str, expected: str) -> None:
    assert says(decision(line("A3"), disposition=disposition)) == expected


def test_refusal_in_words_or_codes_of_the_drug_s_line_denies_it() -> None:
    why = {"category": {"coding": [{"code": "x"}]}, "reason": {"text": "not medically necessary"}}
    assert says(decision(line(adjudication=[why]))) == "denied"
    denied = {"category": {"coding": [{"code": "denied"}]}}
    assert says(decision(line(adjudication=[denied]), preAuthRef="PA-1")) == "denied"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line("A1"), line("A3", OTHER)], "approved"),
        ([line("A3"), line("A1", OTHER)], "denied"),
        ([line("A1"), line("A3")], "unclear"),
        ([line(), line("A1", OTHER)], "unclear"),
    ],
    ids=["the other refused", "the other approved", "both", "the other alone"],
)
def test_lines_of_the_drug_decide_and_those_of_others_do_not(
    lines: list[Json], expected: str
) -> None:
    assert says(decision(*lines)) == expected


ASKED = [
    {"sequence": 1, "productOrService": DRUG},
    {"sequence": 2, "productOrService": OTHER},
]
KIT = {
    "sequence": 1,
    "productOrService": OTHER,
    "detail": [{**one, "subDetail": [{**one, "sequence": 1}]} for one in ASKED],
}


def details(*codes: str | None, level: str = "detail") -> Json:
    """Details, or details below these, that answer those of the kit with the codes."""
    of = {"detailSequence": 1, "subDetailSequence": 1}
    answers = [{**of, "detailSequence": n, **judged(code)} for n, code in enumerate(codes, 1)]
    if level == "subDetail":
        answers = [{"detailSequence": one["detailSequence"], "subDetail": [one]} for one in answers]
    return {"itemSequence": 1, "detail": answers}


@pytest.mark.parametrize(
    ("ours", "other", "expected"),
    [
        ("A1", "A3", "approved"),
        ("A3", "A1", "denied"),
        ("A1", None, "approved"),
        ("A3", None, "denied"),
        (None, "A1", "unclear"),
        (None, "A3", "unclear"),
    ],
)
@pytest.mark.parametrize("level", ["detail", "subDetail"])
def test_details_of_the_drug_decide_and_those_of_others_do_not(
    ours: str | None, other: str | None, level: str, expected: str
) -> None:
    assert says(answered(details(ours, other, level=level), asked=[KIT])) == expected
    numbered = answered(details(ours, other, level=level), asked=[KIT], preAuthRef="PA-1")
    assert says(numbered) == expected
    below = "subDetail" if level == "subDetail" else "detail"
    inner = [line(ours), line(other, OTHER)]
    kit = line(product=OTHER, detail=[{"subDetail": inner}] if below == "subDetail" else inner)
    assert says(decision(kit)) == expected


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        (line("A1"), line("A3", None), "unclear"),
        (line("A1"), line("A3"), "unclear"),
        (line("A1"), line("A3", OTHER), "unclear"),
        (line("A1"), line("A1", None), "approved"),
        (line(), line("A3", None), "denied"),
        (line(), line("A1", None), "approved"),
        (line(), line("A3", OTHER), "unclear"),
        (line(), line("A1", OTHER), "unclear"),
        (line("A1", OTHER), line("A3"), "unclear"),
        (line("A1", OTHER), line(), "approved"),
    ],
)
def test_details_of_the_drug_s_own_line_must_not_contradict_it(
    above: Json, below: Json, expected: str
) -> None:
    assert says(decision({**above, "detail": [below]})) == expected
    assert says(decision({**above, "detail": [{"subDetail": [below]}]})) == expected


@pytest.mark.parametrize("code", ["A1", "A3"])
def test_details_of_another_line_say_nothing_of_ours(code: str) -> None:
    for below in ([line(code, OTHER)], [line(code, None)], [{"subDetail": [line(code, None)]}]):
        other = line(product=OTHER, detail=below)
        assert says(decision(line("A1"), other)) == "approved"
        assert says(decision(line("A3"), other)) == "denied"
        assert says(decision(line(), other, preAuthRef="PA-1")) == "unclear"


def test_refusal_in_words_of_a_detail_counts_for_its_own_line_alone() -> None:
    denied = {"adjudication": [{"category": {"coding": [{"code": "denied"}]}}]}
    assert says(decision(line(detail=[denied]), preAuthRef="PA-1")) == "denied"
    assert says(decision(line("A1", detail=[denied]))) == "unclear"
    other = line(product=OTHER, detail=[denied])
    assert says(decision(line("A1"), other)) == "approved"
    kit = line(product=OTHER, detail=[line("A1"), {**line(product=OTHER), **denied}])
    assert says(decision(kit)) == "approved"
    unnamed = line(product=OTHER, detail=[line("A1"), denied])
    assert says(decision(unnamed)) == "unclear"


@pytest.mark.parametrize(
    ("lines", "whole", "expected"),
    [
        ([line("A3")], "A1", "unclear"),
        ([line("A1")], "A3", "unclear"),
        ([line("A3")], "A3", "denied"),
        ([line("A1"), line("A3", None), line("A1", OTHER)], None, "unclear"),
        ([line("A3"), line("A1", None), line("A1", OTHER)], None, "unclear"),
        ([line("A1"), line("A2", None), line("A1", OTHER)], None, "approved"),
        ([line(), line("A3", OTHER)], "A1", "unclear"),
        ([line(), line("A1", OTHER)], "A3", "unclear"),
        ([line(), line("A1", OTHER)], "A1", "approved"),
        ([line(), line("A3", OTHER)], "A3", "denied"),
    ],
)
def test_whole_and_lines_that_contradict_each_other_are_not_clear(
    lines: list[Json], whole: str | None, expected: str
) -> None:
    more = {"extension": [action(whole)]} if whole else {}
    assert says(decision(*lines, **more)) == expected


def reasoned(*texts: str, code: str | None = None) -> Json:
    """A line of the drug with reasons in words."""
    reasons = [{"category": {"coding": [{"code": "x"}]}, "reason": {"text": one}} for one in texts]
    reviewed = judged(code).get("adjudication", [])
    return line(adjudication=[*reviewed, *reasons])


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        (decision(reasoned("Denied"), disposition="Approved", preAuthRef="PA-1"), "unclear"),
        (decision(reasoned("Denied"), disposition="Pending", preAuthRef="PA-1"), "unclear"),
        (decision(reasoned("Denied"), disposition="Denied", preAuthRef="PA-1"), "denied"),
        (decision(reasoned("Approved", code="A3")), "unclear"),
        (decision(reasoned("Exceeds approved units", code="A3")), "denied"),
        (decision(reasoned("Approved", code="A1")), "approved"),
        (decision(reasoned("Denied"), error=[{"code": {"text": "wrong"}}]), "unclear"),
        (decision(line(), disposition="Denied", created="2026-11-21"), "unclear"),
    ],
)
def test_refusal_that_other_words_contradict_is_not_clear(whole: Json, expected: str) -> None:
    assert says(whole) == expected


@pytest.mark.parametrize(
    ("note", "refused", "numbered"),
    [
        ("Criteria not met.", "denied", "unclear"),
        ("Approved.", "denied", "approved"),
        ("Revoked.", "unclear", "unclear"),
    ],
)
def test_note_that_refuses_fits_a_refusal_and_refuses_nothing_alone(
    note: str, refused: str, numbered: str
) -> None:
    notes = [{"text": note}]
    assert says(decision(line("A3"), processNote=notes)) == refused
    assert says(decision(line(), preAuthRef="PA-1", processNote=notes)) == numbered


def test_part_that_is_certified_of_a_whole_with_other_lines_is_not_clear() -> None:
    whole = {"extension": [action("A2")]}
    assert says(decision(line(), line(product=OTHER), **whole)) == "unclear"


def test_decision_of_tomorrow_or_with_an_error_is_not_clear() -> None:
    assert says(decision(line("A1"), created="2026-11-20")) == "approved"
    assert says(decision(line("A1"), created="2026-11-21")) == "unclear"
    assert says(decision(line("A1"), error=[{"code": {"text": "wrong"}}])) == "unclear"


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ({"start": "2026-11-20"}, "approved"),
        ({"end": "2026-12-31"}, "approved"),
        ({"start": "2026-11-21"}, "approved"),
        ({"start": "soon", "end": "2027-01-01"}, "unclear"),
        ({"start": 5}, "unclear"),
        ({}, "approved"),
    ],
)
def test_decision_may_begin_later_but_not_on_a_day_unread(period: Json, expected: str) -> None:
    extension = [{"url": f"{PAS}/extension-itemPreAuthPeriod", "valuePeriod": period}]
    assert says(decision(line("A1", extension=extension))) == expected
    assert says(decision(line("A1", detail=[{"extension": extension}]))) == expected
    assert says(decision(line("A1"), preAuthPeriod=period)) == expected


def test_later_begin_is_not_clear_where_the_day_of_the_decision_is_not_given() -> None:
    period = {"start": "2026-11-21", "end": "2027-11-20"}
    made = decision(line("A1"), preAuthPeriod=period)
    assert says(made) == "approved"
    assert says({**made, "created": None}) == "unclear"
    assert says({**made, "created": "2026-11-21"}) == "unclear"


@pytest.mark.parametrize(
    ("created", "expected"), [("soon", "unclear"), (["2026-08-12"], "approved"), (None, "approved")]
)
def test_day_of_a_decision_that_cannot_be_read_makes_it_unclear(
    created: object, expected: str
) -> None:
    assert says(decision(line("A1"), created=created)) == expected


def test_decision_on_a_request_for_another_patient_is_not_clear() -> None:
    whole = answered({"itemSequence": 1, **judged("A1")}, asked=ASKED[:1])
    assert says(whole) == "approved"
    for patient, expected in (("p1", "approved"), ("p2", "unclear")):
        whole["contained"][0]["patient"] = {"reference": f"Patient/{patient}"}
        assert says(whole) == expected


@pytest.mark.parametrize(
    ("whole", "known"),
    [
        (decision(line("A4")), True),
        (decision(line("A6")), True),
        (decision(line("CT"), disposition="Pending"), True),
        (decision(line("A4"), disposition="Denied"), False),
        (decision(line("A4"), disposition="Terminated"), False),
        (decision(line("X9")), False),
        (decision(line("A1"), line("A3")), False),
        (decision(line("A4"), error=[{"code": {"text": "wrong"}}]), False),
        (decision(line("A4"), status="unheard"), False),
        (decision(line()), True),
        (decision(line(), disposition="Under review"), True),
        (decision(line(), disposition="Approved"), True),
        (decision(line(), disposition="Terminated"), False),
        (decision(line(), disposition="zebra"), False),
    ],
)
def test_decision_without_a_result_is_known_as_open_by_code_or_words(
    whole: Json, known: bool
) -> None:
    case = patient_with("authorizations", whole)
    fact = case.knowledge.of_kind("approval")
    hit, _ = next(iter(decisions(case, fact)))
    assert is_known_as_open(case, fact, hit) is known


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Approved.", "approved"),
        ("Revoked.", "unclear"),
        ("May be revoked if found fraudulent.", "approved"),
    ],
)
def test_note_counts_unless_its_sentence_is_conditional(note: str, expected: str) -> None:
    assert says(decision(line("A1"), processNote=[{"text": note}])) == expected


def test_certification_whose_number_another_decision_cancels_is_not_clear() -> None:
    certified = decision(line("A1"), preAuthRef="PA-1")
    cancelled = decision(line("C"), preAuthRef="PA-1", id="r2")
    assert says(certified) == "approved"
    assert says(certified, cancelled) == "unclear"
    assert says(certified, {**cancelled, "preAuthRef": "PA-2"}) == "approved"
    assert says(certified, {**cancelled, "status": "cancelled"}) == "approved"


@pytest.mark.parametrize(
    ("lines", "whole", "in_part"),
    [
        ([line("A1")], {}, False),
        ([line("A2")], {}, True),
        ([line("A1"), line("A2", OTHER)], {}, False),
        ([line("A1")], {"extension": [action("A2")]}, False),
        ([line()], {"extension": [action("A2")]}, True),
        ([line()], {"disposition": "Approved in part", "preAuthRef": "PA-1"}, True),
        ([line()], {"disposition": "Approved", "preAuthRef": "PA-1"}, False),
    ],
)
def test_approval_of_a_part_is_one_by_code_or_word(
    lines: list[Json], whole: Json, in_part: bool
) -> None:
    case = patient_with("authorizations", decision(*lines, **whole))
    fact = case.knowledge.of_kind("approval")
    hit, _ = next(iter(decisions(case, fact)))
    assert is_in_part(case, fact, hit) is in_part


def test_what_the_code_means_is_known_where_it_is_one() -> None:
    for lines, called in (
        ([line("A4")], "Pended"),
        ([line("A4"), line("A1", OTHER)], "Pended"),
        ([line("A4"), line("A6")], None),
        ([line("of no list")], None),
        ([line()], None),
    ):
        case = patient_with("authorizations", decision(*lines))
        fact = case.knowledge.of_kind("approval")
        hit, _ = next(iter(decisions(case, fact)))
        entry = meant_by_code(case, fact, hit)
        assert (entry.display if entry else None) == called


def test_cancelled_detail_cancels_the_number_of_its_line() -> None:
    certified = decision(line("A1", number="PA-1"))
    number = [{"url": f"{PAS}/extension-authorizationNumber", "valueString": "PA-1"}]
    for lines in (
        [line(extension=number, detail=[line("C", None)])],
        [line(detail=[line("C", number="PA-1")])],
        [line(product=OTHER, detail=[line(), line("C", None, number="PA-1")])],
    ):
        assert says(certified, decision(*lines, id="r2")) == "unclear"
    other = line(product=OTHER, extension=number, detail=[line("C", OTHER, number="PA-2")])
    assert says(certified, decision(line(), other, id="r2")) == "approved"


def test_cancelled_line_of_another_drug_cancels_nothing_of_ours() -> None:
    shared = decision(line("A1"), line("C", OTHER), preAuthRef="PA-1")
    assert says(shared) == "approved"
    assert says(decision(line("A1"), line("C"), preAuthRef="PA-1")) == "unclear"
    case = patient_with("authorizations", decision(line("A1"), preAuthRef="PA-1"))
    fact = case.knowledge.of_kind("approval")
    hit, _ = next(iter(decisions(case, fact)))
    assert not is_withdrawn(case, fact, hit)
