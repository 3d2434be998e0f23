"""Whether an order is judged by the initial or the renewal criteria of a policy."""

from service.memo import per_document
from service.policy.judge import Ask, judge
from service.policy.model import Criterion, Op, Policy, group
from service.policy.operators import Exposed, ExposedFor, Operator, one_of
from service.policy.truth import Truth

AFTER = "renewal.after"


def initial_or_renewal(policy: Policy, ask: Ask) -> str:
    """`renewal` or `initial`; `unknown` if an approval is open and the drug may have been given before."""
    due = judge(renewal_criterion(policy), ask).truth
    if due is not Truth.UNKNOWN:
        return "renewal" if due is Truth.MET else "initial"
    if judge(earlier_approval(policy), ask).truth is Truth.MET:
        return "unknown"
    exposed = ask(_exposed(policy)).truth
    return "initial" if exposed is Truth.NOT_MET else "unknown"


@per_document
def _exposed(policy: Policy) -> Operator:
    return one_of(Exposed(of=(policy.drug,)))


def earlier_approval(policy: Policy) -> Criterion:
    """The criterion by which the policy asks for its own earlier approval of the drug."""
    return next(
        criterion for criterion in policy.common_renewal if criterion.id == policy.approved_before
    )


@per_document
def renewal_criterion(policy: Policy) -> Criterion:
    """The criterion of a renewal: an earlier approval and, if the policy asks for it, long enough use."""
    approval, after = earlier_approval(policy), policy.renewal_after
    if after is None:
        return approval
    operator = ExposedFor(of=(policy.drug,), at_least=after)
    cite, says = policy.ids.get(AFTER, ""), f"On the drug for at least {after}"
    exposed = Criterion(f"{AFTER}.exposed", says, cite, Op.LEAF, operator=operator)
    return group(
        Op.ALL,
        (approval, exposed),
        id_=AFTER,
        says="Approved before, and on the drug for long enough",
        cite=cite,
    )
