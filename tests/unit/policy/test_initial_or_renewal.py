"""Initial or renewal: from this payer's approval and from the use of the drug."""

from collections.abc import Mapping

import pytest
from support.policies import indication, policy, question
from support.trees import QUESTIONS

from service.policy.amount import Span
from service.policy.finding import Finding, met, not_met, unknown
from service.policy.initial_or_renewal import initial_or_renewal, renewal_criterion
from service.policy.model import Policy
from service.policy.operators import ApprovedBefore, Exposed, ExposedFor, Operator
from service.policy.truth import Reason

OPEN = unknown(Reason.NOT_FOUND)
APPROVAL = ApprovedBefore()
EXPOSED = Exposed(of=("drug",))
LONG_ENOUGH = ExposedFor(of=("drug",), at_least=Span(months=4))
AD = indication("ad", initial=question("ad.initial", QUESTIONS[0]))


def path_of(known: Policy, answers: Mapping[Operator, Finding]) -> str:
    """The path where every question that is not answered is met."""
    return initial_or_renewal(known, lambda operator: answers.get(operator, met()))


@pytest.mark.parametrize(
    ("approval", "exposed", "path"),
    [
        (met(), met(), "renewal"),
        (not_met(), met(), "initial"),
        (not_met(), not_met(), "initial"),
        (OPEN, not_met(), "initial"),
        (OPEN, met(), "unknown"),
        (OPEN, OPEN, "unknown"),
    ],
)
def test_path_is_renewal_only_after_an_approval_and_initial_without_any_use(
    approval: Finding, exposed: Finding, path: str
) -> None:
    assert path_of(policy(AD), {APPROVAL: approval, EXPOSED: exposed}) == path


@pytest.mark.parametrize(
    ("approval", "long_enough", "path"),
    [
        (met(), met(), "renewal"),
        (met(), not_met(), "initial"),
        (met(), OPEN, "unknown"),
        (not_met(), met(), "initial"),
    ],
)
def test_renewal_asks_for_long_enough_use_where_the_policy_does(
    approval: Finding, long_enough: Finding, path: str
) -> None:
    known = policy(AD, renewal_after=Span(months=4), ids={"renewal.after": "L9"})
    answers = {APPROVAL: approval, LONG_ENOUGH: long_enough, EXPOSED: not_met()}
    assert path_of(known, answers) == path


def test_renewal_criterion_names_the_line_that_asks_for_long_enough_use() -> None:
    known = policy(AD, renewal_after=Span(months=4), ids={"renewal.after": "L9"})
    criterion = renewal_criterion(known)
    assert [each.cite for each in criterion.children][1:] == ["L9"]
    assert criterion.cite == "L9"
