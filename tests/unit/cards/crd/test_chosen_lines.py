"""Which lines hold for an order and a coverage."""

from datetime import date

import pytest
from support.policies import policy

from service.cards.crd.chosen_lines import OrderState, lines_of
from service.facts.authorizations.authorization_in_force import RunningAuthorization
from service.facts.payer.coverage_reading import Use
from service.facts.payer.coverages import CoverageUse, PayerOfOrder
from service.facts.payer.payers import Payer
from service.policy.assessment import Assessment, Outcome
from service.policy.finding import Evidence, Finding, met, unknown
from service.policy.judged_criterion import Judged
from service.policy.model import Criterion, Op
from service.policy.truth import Reason, Truth, Way

OURS = Payer("p", "Payer", "P", frozenset(), (), (), frozenset())
DECIDES = PayerOfOrder(OURS, readable=True)
RUNS = RunningAuthorization(date(2027, 1, 31), "N1")
STATED = Evidence("QuestionnaireResponse/1", None, "yes", "attestation")
SHOWN = Evidence("Observation/1", None, "12 %", "record")


def leaf(id_: str, finding: Finding) -> Judged:
    return Judged(Criterion(id_, id_, "", Op.LEAF), finding)


def assessed(outcome: Outcome, *leaves: Judged, **more: object) -> Assessment:
    root = Judged(Criterion("root", "root", "", Op.ALL), Finding(Truth(str(outcome))), leaves)
    judged = {node.criterion.id: node for node in leaves}
    return Assessment(outcome, policy(), root=root, judged=judged, **more)  # type: ignore[arg-type]


def names(
    assessment: Assessment, payer: PayerOfOrder = DECIDES, use: Use = "decides", **more: object
) -> list[str]:
    state = OrderState(assessment, payer, **more)  # type: ignore[arg-type]
    known = bool(more.get("known", False))
    return [
        line.name for line in lines_of(state, CoverageUse("Coverage/1", "x", use, False, known))
    ]


MET = assessed(Outcome.MET, leaf("a", met(SHOWN)))
STATED_MET = assessed(Outcome.MET, leaf("a", met(SHOWN)), leaf("b", met(STATED)))


def test_statements_are_told_from_the_record() -> None:
    assert names(MET) == ["met_by_record"]
    assert names(STATED_MET) == ["met_with_statements"]


def test_not_met_is_about_what_blocks() -> None:
    state = OrderState(Assessment(Outcome.NOT_MET, policy(), blocking=["a", "b"]), DECIDES)
    (line,) = lines_of(state, CoverageUse("Coverage/1", "x", "decides", named=True))
    assert line == ("not_met", ("a", "b"))


@pytest.mark.parametrize("reason", list(Reason))
def test_each_reason_of_an_open_criterion_has_its_line(reason: Reason) -> None:
    open_ = assessed(Outcome.UNKNOWN, leaf("a", unknown(reason, way=Way.DATA)), open=[["a"]])
    assert names(open_) == [f"unknown_{reason}"]


def test_order_and_time_decide_the_line_whatever_the_reason() -> None:
    leaves = (
        leaf("a", unknown(Reason.NOT_FOUND, way=Way.ORDER)),
        leaf("b", unknown(Reason.NOT_FOUND, way=Way.TIME)),
        leaf("c", unknown(Reason.ATTESTATION, way=Way.ATTESTATION)),
        leaf("d", unknown(Reason.ATTESTATION, way=Way.ATTESTATION)),
    )
    assessment = assessed(Outcome.UNKNOWN, *leaves, open=[["a", "b", "c"], ["d"]])
    assert names(assessment) == ["unknown_order", "unknown_time", "unknown_attestation"]


def test_without_a_set_of_questions_all_that_is_unknown_counts() -> None:
    assert names(assessed(Outcome.UNKNOWN, leaf("a", unknown(Reason.UNIT, way=Way.DATA)))) == [
        "unknown_unit"
    ]
    assert names(assessed(Outcome.UNKNOWN)) == ["unknown_review"]


@pytest.mark.parametrize(
    ("assessment", "running", "line"),
    [
        (MET, RUNS, "authorized"),
        (STATED_MET, RUNS, "authorized_ahead"),
        (assessed(Outcome.UNKNOWN), RUNS, "authorized_ahead"),
        (assessed(Outcome.NOT_MET), RUNS, "authorized_ahead"),
        (MET, RunningAuthorization(RUNS.until, None), "authorized_unnumbered"),
    ],
)
def test_authorization_that_runs_has_its_own_lines(
    assessment: Assessment, running: RunningAuthorization, line: str
) -> None:
    assert names(assessment, running=running) == [line]
    assert names(assessment, running=running, number_asked=False) == ["authorized_unsaid"]


@pytest.mark.parametrize(
    ("payer", "line"),
    [
        (DECIDES, "no_policy"),
        (PayerOfOrder(readable=True), "other_payer"),
        (PayerOfOrder(), "payer_not_supplied"),
    ],
)
def test_without_a_policy_the_payer_decides_the_line(payer: PayerOfOrder, line: str) -> None:
    assert names(Assessment(Outcome.NO_POLICY), payer) == [line]


@pytest.mark.parametrize("outcome", [Outcome.ELSEWHERE, Outcome.NOT_ADDRESSED])
def test_other_outcomes_have_their_own_lines(outcome: Outcome) -> None:
    assert names(Assessment(outcome, policy())) == [str(outcome)]


def test_short_answer_goes_before_the_outcome() -> None:
    held = Assessment(Outcome.UNKNOWN, policy(), reason="patient_deceased")
    assert names(held, short="patient_deceased", running=RUNS) == ["patient_deceased"]


def test_coverages_that_do_not_decide_have_a_line_by_their_use() -> None:
    def line(use: Use, *, known: bool, unclear: bool = False) -> str:
        coverage = CoverageUse("Coverage/1", "x", use, named=False, known=known)
        payer = PayerOfOrder(readable=True, unclear=unclear)
        return lines_of(OrderState(MET, payer), coverage)[0].name

    assert line("second", known=True) == "coverage_second"
    assert line("second", known=False) == "other_payer"
    assert line("ended", known=False) == "coverage_ended"
    assert line("beside", known=True) == "coverage_beside"
    assert line("beside", known=True, unclear=True) == "payer_unclear"
