"""A policy assessed: path, outcome, truth of each indication, what is open and what blocks."""

from collections.abc import Mapping

from support.policies import APPROVED, indication, policy, question
from support.trees import QUESTIONS

from service.policy.amount import Span
from service.policy.assessment import Assessment, Outcome, assess
from service.policy.finding import Finding, met, not_met, unknown
from service.policy.judge import Ask
from service.policy.judged_criterion import nodes
from service.policy.model import Policy
from service.policy.operators import ApprovedBefore, Exposed, ExposedFor, Operator, Specialty
from service.policy.truth import Reason, Truth, Way

START, GOING_ON, COMMON, OTHER = QUESTIONS[:4]
OPEN = unknown(Reason.NOT_FOUND)
APPROVAL = ApprovedBefore()
EXPOSED = Exposed(of=("drug",))
LONG_ENOUGH = ExposedFor(of=("drug",), at_least=Span(months=4))
AD = indication(
    "ad", initial=question("ad.initial", START), renewal=question("ad.renewal", GOING_ON)
)
POLICY = policy(AD, common_initial=(question("common.initial.age", COMMON),))
NEW_PATIENT: Mapping[Operator, Finding] = {APPROVAL: not_met(), EXPOSED: not_met()}


def assessed(
    known: Policy,
    answers: Mapping[Operator, Finding],
    live: tuple[str, ...] = ("ad",),
) -> Assessment:
    """The assessment where every question that is not answered is met."""
    return assess(known, live, lambda operator: answers.get(operator, met()))


def reading_order(found: Assessment) -> list[str]:
    assert found.root is not None
    return [one.criterion.id for one in nodes(found.root)]


def test_start_is_judged_by_the_initial_criteria() -> None:
    found = assessed(POLICY, NEW_PATIENT)
    assert (found.outcome, found.path) == (Outcome.MET, "initial")
    assert reading_order(found) == [
        "initial",
        "initial.indication",
        "ad.initial",
        "common.initial.age",
    ]
    assert found.met_for == ("ad",)
    assert (found.awaits, found.needs, found.open, found.blocking) == ([], None, [], [])


def test_renewal_is_judged_by_the_renewal_criteria_with_the_approval_first() -> None:
    found = assessed(POLICY, {})
    assert reading_order(found) == [
        "renewal",
        APPROVED.id,
        "renewal.indication",
        "ad.renewal",
    ]


def test_renewal_after_long_enough_use_shows_both_in_place_of_the_approval() -> None:
    found = assessed(policy(AD, renewal_after=Span(months=4)), {})
    assert reading_order(found)[:4] == [
        "renewal",
        "renewal.after",
        APPROVED.id,
        "renewal.after.exposed",
    ]


def test_common_criterion_that_is_not_the_approval_stays_first_in_a_renewal() -> None:
    first = question("common.renewal.first", OTHER)
    known = policy(AD, common_renewal=(first, APPROVED))
    assert reading_order(assessed(known, {}))[1] == first.id


def test_failed_criterion_blocks_and_is_named() -> None:
    found = assessed(POLICY, {**NEW_PATIENT, COMMON: not_met(), START: not_met()})
    assert found.outcome is Outcome.NOT_MET
    assert found.blocking == ["ad.initial", "common.initial.age"]
    assert found.met_for == ()


def test_open_criteria_are_named_with_what_would_settle_them_the_cheapest_first() -> None:
    answers = {
        **NEW_PATIENT,
        COMMON: unknown(Reason.NOT_FOUND, way=Way.TEST),
        START: unknown(Reason.ATTESTATION, way=Way.ATTESTATION),
    }
    found = assessed(POLICY, answers)
    assert found.outcome is Outcome.UNKNOWN
    assert found.open == [["ad.initial", "common.initial.age"]]
    assert found.awaits == ["attestation", "test"]
    assert found.needs == {"all": ["ad.initial", "common.initial.age"]}


def test_unknown_path_judges_both_trees_under_the_approval() -> None:
    found = assessed(POLICY, {APPROVAL: OPEN, START: not_met()})
    assert (found.path, found.outcome) == ("unknown", Outcome.UNKNOWN)
    assert reading_order(found)[:3] == ["path", APPROVED.id, "renewal"]
    assert found.open == [[APPROVED.id]]


def test_unknown_path_is_met_when_both_trees_are_met() -> None:
    # the renewal asks for the approval itself, so it is met only without that question
    known = policy(AD, common_renewal=(APPROVED,))
    found = assessed(known, {APPROVAL: OPEN})
    assert (found.path, found.outcome) == ("unknown", Outcome.MET)


def test_indication_has_the_truth_of_its_tree() -> None:
    found = assessed(POLICY, {**NEW_PATIENT, START: not_met(), COMMON: OPEN})
    assert found.indications == {"ad": "not_met"}
    assert found.judged["ad.initial"].truth is Truth.NOT_MET


def test_indication_whose_two_trees_differ_on_an_unknown_path_is_unknown() -> None:
    found = assessed(POLICY, {APPROVAL: OPEN, START: not_met()})
    assert found.indications == {"ad": "unknown"}


EOE = indication("eoe", initial=question("eoe.initial", OTHER), renewal=None)
BOTH = policy(AD, EOE)


def test_order_for_two_diseases_is_met_for_the_one_that_meets() -> None:
    found = assessed(BOTH, {**NEW_PATIENT, OTHER: not_met()}, ("ad", "eoe"))
    assert (found.outcome, found.met_for) == (Outcome.MET, ("ad",))
    assert found.indications == {"ad": "met", "eoe": "not_met"}


def test_disease_without_criteria_on_the_path_is_unknown() -> None:
    found = assessed(BOTH, {}, ("ad", "eoe"))
    assert found.path == "renewal"
    assert found.indications == {"ad": "met", "eoe": "unknown"}


def test_order_for_two_diseases_on_an_unknown_path_is_met_for_those_met_on_both() -> None:
    eoe = indication(
        "eoe", initial=question("eoe.initial", OTHER), renewal=question("eoe.renewal", COMMON)
    )
    found = assessed(policy(AD, eoe), {APPROVAL: OPEN, COMMON: not_met()}, ("ad", "eoe"))
    assert (found.path, found.outcome) == ("unknown", Outcome.MET)
    assert found.met_for == ("ad",)


def test_specialist_is_asked_for_each_disease_alone() -> None:
    specialist = Specialty(of_disease=(("ad", ("skin",)), ("eoe", ("gut",))))
    known = policy(AD, EOE, common_initial=(question("common.initial.by", specialist),))
    answers = {**NEW_PATIENT, START: not_met()}

    def ask(operator: Operator) -> Finding:
        return answers.get(operator, met())

    def ask_skin_only(id_: str) -> Ask:
        return lambda operator: (
            not_met() if operator == specialist and id_ == "eoe" else ask(operator)
        )

    found = assess(known, ("ad", "eoe"), ask, ask_skin_only)
    assert (found.outcome, found.met_for) == (Outcome.NOT_MET, ())


def test_assessed_indications_have_one_name_together_and_none_where_there_is_none() -> None:
    assert assessed(POLICY, NEW_PATIENT).indication == "ad"
    assert assessed(POLICY, NEW_PATIENT, live=()).indication is None
