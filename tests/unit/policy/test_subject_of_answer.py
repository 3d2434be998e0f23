"""What the answer to each question of a policy speaks of."""

from support.policies import indication, policy

from service.policy.amount import Span
from service.policy.model import Criterion, Op, group
from service.policy.operators import (
    Compare,
    CurrentFor,
    Episodes,
    Excluded,
    Operator,
    Statement,
    Supply,
    Trend,
    TrialOutcome,
)
from service.policy.subject_of_answer import SpeaksOf, speaks_of

DAYS = Span(days=90)
YEAR = Span(months=12)
SUPPLY = Supply(of=("a",), days=Span(days=28))


def leaf(id_: str, operator: Operator) -> Criterion:
    return Criterion(id_, id_, "1", Op.LEAF, operator=operator, statement="decides")


def of(initial: Criterion | None = None, renewal: Criterion | None = None) -> dict[str, SpeaksOf]:
    made = policy(indication("ad", initial=initial, renewal=renewal), window_statements_valid=DAYS)
    return dict(speaks_of(made))


def test_question_about_a_window_or_about_today_counts_as_the_policy_says() -> None:
    episodes = leaf("e", Episodes(of=("e",), at_least=2, in_last=YEAR))
    now = leaf("s", Supply(of=("a",), now=True))
    whole = group(Op.ALL, (episodes, now, leaf("t", SUPPLY)), id_="w", says="w", cite="1")
    found = of(whole)
    assert [found[id_].within for id_ in "est"] == [(DAYS,), (DAYS,), ()]


def test_question_about_a_value_counts_as_long_as_the_value_before_and_on_treatment() -> None:
    value = Compare(fact="f", within=DAYS, baseline_within=YEAR, pick="baseline_if_treated")
    about = of(leaf("v", value))["v"]
    assert about == SpeaksOf(within=(DAYS,), before_treatment=True, baseline_within=(YEAR,))
    latest = of(leaf("v", Compare(fact="f", within=DAYS)))["v"]
    assert latest == SpeaksOf(within=(DAYS,))


def test_questions_of_a_renewal_are_about_a_patient_on_the_drug() -> None:
    response = leaf("r", Trend(of=("f",), better="lower"))
    stated = leaf("s", Statement(ids=("s",)))
    found = of(stated, response)
    assert found["r"].on_the_drug
    assert not found["s"].on_the_drug


def test_outcome_speaks_of_the_supply_beside_it() -> None:
    outcome = leaf("o", TrialOutcome(of=("a",), ids=("o",)))
    trial = group(Op.ALL, (leaf("s", SUPPLY), outcome), id_="t", says="t", cite="1")
    assert of(trial)["o"].trial == SUPPLY


def test_statement_speaks_of_the_drug_in_use_beside_it_at_whatever_dose() -> None:
    lasting = CurrentFor(at_least=DAYS, gap=Span(days=30))
    in_use = Supply(of=("a",), current_for=lasting, at_dose="high")
    dose = leaf("d", Statement(ids=("d",)))
    either = group(Op.ANY, (leaf("s", in_use), dose), id_="e", says="e", cite="1")
    assert of(either)["d"].trial == Supply(of=("a",), current_for=lasting)
    other = group(Op.ANY, (leaf("s", SUPPLY), dose), id_="e", says="e", cite="1")
    assert of(other)["d"].trial is None


def test_yes_to_an_exclusion_excludes_every_class_and_that_of_its_group_none() -> None:
    excluded = leaf("x", Excluded(every=("a", "b"), reasons=("intolerance",)))
    either = group(Op.ANY, (leaf("s", SUPPLY), excluded), id_="e", says="e", cite="1")
    found = of(either)
    assert (found["x"].excluded, found["e"].excluded) == (("a", "b"), ())


def test_yes_to_a_not_rules_out_what_is_asked_below() -> None:
    supply = Supply(of=("a",), now=True)
    none = group(Op.NOT, (leaf("s", supply),), id_="n", says="n", cite="1")
    found = of(none)
    assert found["n"].rules_out == (supply,)
    assert found["s"].rules_out == ()
