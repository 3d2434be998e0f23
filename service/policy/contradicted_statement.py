"""Where the record speaks against a statement: the entry that does so most plainly, and a note on both."""

from datetime import date

from service.policy.finding import STATED, Evidence, Finding, Remark, remark
from service.policy.judged_criterion import Judged
from service.policy.model import WHOLES, Criterion, Op
from service.policy.truth import Reason, Truth, negate

CONTRADICTING = "record_against_statement"
# Why a statement does not count any more: the record shows something of later days, or it is too old.
OUTDATED = frozenset({"record_is_newer", "too_old_for_it"})
# An entry of the record, and what its finding lacks.
Spoken = tuple[Evidence, Remark | None]


def note_on_both(criterion: Criterion, statement: Finding, data: Judged) -> tuple[Remark, ...]:
    """A note that shows a statement beside what speaks against it; none if nothing does."""
    found = speaks_for(data, negate(statement.truth))
    return () if found is None else (contradicting_record(criterion.says, statement, *found),)


def contradicting_record(
    says: str, statement: Finding, proof: Evidence, miss: Remark | None = None
) -> Remark:
    """The note on a statement and on an entry of the record that says otherwise.

    `miss` may say until when a supply lasts.
    """
    stated = statement.evidence[0]
    until = _until(miss) or _last_day(proof.date)
    said = dict(stated.value.values) if isinstance(stated.value, Remark) else {}
    return remark(
        "record_against_statement",
        says=says,
        yes=statement.truth is Truth.MET,
        author=said.get("author"),
        day=stated.date,
        counts_until=said.get("until"),
        kind=proof.kind,
        shown=proof.value,
        on=None if until else proof.date,
        until=until,
    )


def is_outdated(statement: Finding) -> bool:
    """Whether a statement does not count here because too much time or something newer came after it."""
    why = dict(statement.miss.values).get("why") if statement.miss else None
    return isinstance(why, Remark) and why.kind in OUTDATED


def speaks_for(judged: Judged, truth: Truth) -> Spoken | None:
    """The entry of the record that proves a truth, or makes it likely, with its miss; None if none does.

    Statements are no entries of the record.
    """
    if judged.criterion.op is Op.LEAF:
        return _entry(judged.finding, truth)
    if judged.criterion.op is Op.NOT:
        return speaks_for(judged.children[0], negate(truth))
    if judged.criterion.op is Op.CHOOSE:
        test, if_met, if_not = judged.children
        if test.truth is Truth.UNKNOWN:
            return None
        return speaks_for(if_met if test.truth is Truth.MET else if_not, truth)
    found = [speaks_for(part, truth) for part in judged.parts]
    # one part is enough to prove it, or else all are needed
    one_is_enough = (judged.criterion.op in WHOLES) is (truth is Truth.NOT_MET)
    if not one_is_enough and judged.truth is not truth and None in found:
        return None
    return next((spoken for spoken in found if spoken is not None), None)


def _entry(finding: Finding, truth: Truth) -> Spoken | None:
    """The first entry of a finding that is, or leans to, a truth."""
    doubted = finding.reason is Reason.CONFLICT or (finding.leans and truth is Truth.MET)
    if finding.truth is not truth and not (finding.truth is Truth.UNKNOWN and doubted):
        return None
    proofs = (proof for proof in finding.evidence if proof.kind != STATED)
    return next(((proof, finding.miss) for proof in proofs), None)


def _until(miss: Remark | None) -> str | None:
    """The day until which a supply lasts, as a miss has it."""
    last = dict(miss.values).get("until") if miss else None
    return last.isoformat() if isinstance(last, date) else None


def _last_day(days: str | None) -> str | None:
    """The last day of `<first> to <last>`; None where it is not known or there is one day only."""
    last = (days or "").partition(" to ")[2]
    return last if _is_day(last) else None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
