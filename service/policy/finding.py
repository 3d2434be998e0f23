"""What a fact answers: a truth, why it is unknown, the evidence, the nearest miss."""

from dataclasses import dataclass, replace

from service.policy.truth import Reason, Truth, Way


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing in the record: where it stands, its day, what it says, which kind of proof it is."""

    reference: str | None
    date: str | None
    value: str
    kind: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one proposition, with `way` saying what would settle it when unknown."""

    truth: Truth
    reason: Reason | None = None
    way: Way = Way.DATA
    evidence: tuple[Evidence, ...] = ()
    miss: str | None = None
    notes: tuple[str, ...] = ()

    def negated(self) -> "Finding":
        """The same finding seen from the other side."""
        if self.truth is Truth.UNKNOWN:
            return self
        other = Truth.MET if self.truth is Truth.NOT_MET else Truth.NOT_MET
        return replace(self, truth=other)


def met(*evidence: Evidence, notes: tuple[str, ...] = (), miss: str | None = None) -> Finding:
    """A criterion that the record shows; `miss` is for the one that it excludes."""
    return Finding(Truth.MET, evidence=evidence, notes=notes, miss=miss)


def not_met(*evidence: Evidence, miss: str | None = None, notes: tuple[str, ...] = ()) -> Finding:
    """A criterion that sufficient data show to fail, with the nearest miss."""
    return Finding(Truth.NOT_MET, evidence=evidence, miss=miss, notes=notes)


def unknown(
    reason: Reason,
    *evidence: Evidence,
    way: Way = Way.DATA,
    miss: str | None = None,
    notes: tuple[str, ...] = (),
) -> Finding:
    """A criterion nobody may decide yet, and why."""
    return Finding(Truth.UNKNOWN, reason, way, evidence, miss, notes)
