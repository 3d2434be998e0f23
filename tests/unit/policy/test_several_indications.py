"""One order for several diseases: each with its own criteria, specialist and dose."""

from support.trees import QUESTIONS, group, leaf

from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.judge import Ask
from service.policy.judged_criterion import Judged, nodes
from service.policy.model import Criterion, Op
from service.policy.operators import Operator, Specialty
from service.policy.several_indications import DEPENDS, AskFor, ask_alike, judge_several
from service.policy.truth import Reason, Truth, Way

CLAIM = Evidence("Claim/1", "2026-09-29", "30 days' supply", "claim")
SPECIALIST = Specialty(of_disease=(("ad", ("skin",)), ("eoe", ("gut",))))
OPEN, PLAINLY_MET = unknown(Reason.NOT_FOUND), met()
TREES = {"ad": leaf(QUESTIONS[0], 0), "eoe": leaf(QUESTIONS[1], 1)}
COMMON = leaf(QUESTIONS[2], 2)
OF_DISEASE = leaf(SPECIALIST, 3)


def phase(*common: Criterion) -> Criterion:
    """The criteria of one path: the diseases first, then what is common to them."""
    return group(Op.ALL, (group(Op.ANY, tuple(TREES.values())), *common))


def asking(ad: Finding, eoe: Finding, common: Finding = PLAINLY_MET) -> Ask:
    questions: list[Operator] = [*QUESTIONS[:3], SPECIALIST]
    answers = dict(zip(questions, (ad, eoe, common, OPEN), strict=True))
    return lambda operator: answers[operator]


def with_specialist(plain: Ask, **by_disease: Finding) -> AskFor:
    """What is answered where the order is for one disease alone: the specialist differs."""

    def ask_for(id_: str) -> Ask:
        return lambda operator: by_disease[id_] if operator == SPECIALIST else plain(operator)

    return ask_for


def found(judged: Judged, id_: str) -> Judged:
    return next(one for one in nodes(judged) if one.criterion.id == id_)


def test_order_is_met_for_the_disease_that_meets_its_own_criteria() -> None:
    ask = asking(met(), not_met())
    judged, met_for = judge_several(phase(COMMON), TREES, ask, ask_alike(ask))
    assert (judged.truth, met_for) == (Truth.MET, ("ad",))


def test_order_is_met_for_each_disease_that_meets_its_criteria() -> None:
    ask = asking(met(), met())
    assert judge_several(phase(COMMON), TREES, ask, ask_alike(ask))[1] == ("ad", "eoe")


def test_order_is_not_met_when_a_common_criterion_fails() -> None:
    ask = asking(met(), met(), not_met())
    judged, met_for = judge_several(phase(COMMON), TREES, ask, ask_alike(ask))
    assert judged.truth is Truth.NOT_MET
    # a common criterion that asks nothing of the disease is judged once, beside the diseases
    assert met_for == ("ad", "eoe")


def test_specialist_of_one_disease_does_not_help_another() -> None:
    ask = asking(met(), not_met())
    ask_for = with_specialist(ask, ad=not_met(), eoe=met())
    judged, met_for = judge_several(phase(OF_DISEASE), TREES, ask, ask_for)
    assert (judged.truth, met_for) == (Truth.NOT_MET, ())


def test_specialist_of_the_met_disease_is_shown() -> None:
    ask = asking(met(), not_met())
    ask_for = with_specialist(ask, ad=met(CLAIM), eoe=not_met())
    judged, met_for = judge_several(phase(OF_DISEASE), TREES, ask, ask_for)
    assert (judged.truth, met_for) == (Truth.MET, ("ad",))
    assert found(judged, "leaf3").finding == met(CLAIM)


def test_specialist_that_differs_between_open_diseases_depends_on_the_disease() -> None:
    ask = asking(OPEN, OPEN)
    ask_for = with_specialist(ask, ad=met(CLAIM), eoe=not_met())
    judged, met_for = judge_several(phase(OF_DISEASE), TREES, ask, ask_for)
    assert (judged.truth, met_for) == (Truth.UNKNOWN, ())
    shown = found(judged, "leaf3").finding
    assert (shown.reason, shown.way, shown.miss) == (Reason.IMPRECISE, Way.ORDER, DEPENDS)
    assert shown.evidence == (CLAIM,)


def test_specialist_that_is_alike_for_the_open_diseases_is_shown_as_it_is() -> None:
    ask = asking(OPEN, OPEN)
    ask_for = with_specialist(ask, ad=met(CLAIM), eoe=met(CLAIM))
    judged, _ = judge_several(phase(OF_DISEASE), TREES, ask, ask_for)
    assert found(judged, "leaf3").finding == met(CLAIM)


def test_failed_disease_does_not_make_the_specialist_depend_on_it() -> None:
    ask = asking(OPEN, not_met())
    ask_for = with_specialist(ask, ad=met(CLAIM), eoe=not_met())
    judged, _ = judge_several(phase(OF_DISEASE), TREES, ask, ask_for)
    assert found(judged, "leaf3").finding == met(CLAIM)


def test_disease_met_by_itself_shows_what_is_still_open_for_it() -> None:
    ask = asking(met(), OPEN)
    ask_for = with_specialist(ask, ad=OPEN, eoe=met())
    judged, _ = judge_several(phase(OF_DISEASE), TREES, ask, ask_for)
    assert judged.truth is Truth.UNKNOWN
    assert found(judged, "leaf3").finding == OPEN


def test_tree_of_a_disease_with_a_specialist_is_asked_for_that_disease() -> None:
    trees = {"ad": OF_DISEASE, "eoe": TREES["eoe"]}
    tree = group(Op.ALL, (group(Op.ANY, tuple(trees.values())),))
    ask = asking(not_met(), not_met())
    judged, met_for = judge_several(tree, trees, ask, with_specialist(ask, ad=met(), eoe=not_met()))
    assert (judged.truth, met_for) == (Truth.MET, ("ad",))


def test_no_disease_with_criteria_is_met_for_none() -> None:
    tree = group(Op.ALL, (group(Op.ANY, ()), COMMON))
    ask = asking(met(), met())
    judged, met_for = judge_several(tree, {}, ask, ask_alike(ask))
    assert (judged.truth, met_for) == (Truth.NOT_MET, ())
