"""Which of several routes the record nearly proves, so that it is shown before the others."""

from service.policy.criterion import WHOLES, Op
from service.policy.judged import Judged
from service.policy.truth import Reason, Truth


def nearly_proven(judged: Judged) -> bool:
    """Whether an open route lacks only a confirmation or the prescriber's statement."""
    if judged.truth is not Truth.UNKNOWN:
        return False
    if judged.finding.leans:
        # A failed criterion that is left to the reviewer does not count.
        return getattr(judged.criterion.operator, "otherwise", None) is None
    if judged.criterion.op is Op.ANY:
        return any(map(nearly_proven, judged.children))
    if judged.criterion.op not in WHOLES:
        return False
    return any(map(_shown, judged.children)) and all(
        child.truth is Truth.MET
        or nearly_proven(child)
        or child.finding.reason is Reason.ATTESTATION
        for child in judged.children
    )


def _shown(judged: Judged) -> bool:
    if judged.truth is Truth.MET:
        return bool(judged.finding.evidence) or any(map(_shown, judged.children))
    return nearly_proven(judged)
