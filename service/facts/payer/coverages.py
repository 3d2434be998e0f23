"""Which coverage counts: active, paying for drugs, the first in order; and what else is there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from service.escaped_text import visible
from service.facts.payer.coverage_reading import (
    LONGEST_NAME,
    KnownPayers,
    ReadCoverage,
    Use,
    read_coverage,
)
from service.facts.payer.payers import (
    Elsewhere,
    Payer,
)
from service.fhir.elements import (
    cited,
    literal_reference,
    objects,
    reference_parts,
    text,
    type_and_id,
)
from service.fhir.record import Record
from service.json_object import Json
from service.memo import IdentitySet, identity
from service.policy.finding import Remark, remark

PAYING = ("decides", "second", "beside")


@dataclass(frozen=True, slots=True)
class CoverageUse:
    """One coverage, what its payer calls itself, and what it has to do with the answer.

    `known`: its payer is one of ours.
    """

    reference: str | None
    name: str | Remark
    use: Use
    named: bool
    known: bool = False


@dataclass(frozen=True, slots=True)
class PayerOfOrder:
    """What the coverages say: the payer if known, whether any payer could be read at all.

    `unclear` means that several known payers are as likely. `coverages` are those worth a word on the
    card, `all_coverages` whatever came or is named.
    """

    payer: Payer | None = None
    readable: bool = False
    elsewhere: Elsewhere | None = None
    unclear: bool = False
    coverages: tuple[CoverageUse, ...] = ()
    all_coverages: tuple[CoverageUse, ...] = ()

    @property
    def passed_over(self) -> bool:
        """Whether coverages came and none of them pays for drugs today."""
        uses = {coverage.use for coverage in self.coverages} - {"not_sent"}
        return bool(uses) and uses.isdisjoint(PAYING)


def payer_of_order(
    record: Record, order: Json, known: KnownPayers, default: str | None, day: date
) -> PayerOfOrder:
    """The payer of the coverage that the order names, else of the active ones that pay for drugs."""
    named, not_sent = _named_by(record, order)
    first = _each_once(named)
    every = _each_once([*named, *record.resources.get("Coverage", [])])
    about = known.payers, known.plan, known.pointing, day.toordinal()
    plans = [read_coverage(record, coverage, *about) for coverage in every.values()]
    plans = [
        replace(plan, named=True) if name in first else plan
        for name, plan in zip(every, plans, strict=True)
    ]
    active = [plan for plan in plans if plan.use not in ("ended", "not_active")]
    # a coverage that is not understood may be of another payer
    unclear = "Coverage" in record.not_understood
    if not active and not unclear and default in known.payers:
        shown = (*_shown(plans, None, []), *not_sent)
        return PayerOfOrder(known.payers[default or ""], readable=True, all_coverages=shown)
    paying = [plan for plan in active if plan.use is None]
    counting = [plan for plan in paying if plan.named] or paying
    if not counting:
        pays = any(plan.use == "self_pay" for plan in active)
        shown = (*_shown(plans, None, []), *not_sent)
        return PayerOfOrder(readable=pays, coverages=shown, all_coverages=shown)
    decided = _surely(plans, counting)
    shown = (*decided.coverages, *not_sent)
    return replace(decided, coverages=_worth_saying(shown, counting), all_coverages=shown)


def _surely(plans: list[ReadCoverage], counting: list[ReadCoverage]) -> PayerOfOrder:
    """The payer if it is the same with and without the doubtful coverages; else it is open."""
    decided = _decided(plans, counting)
    sure = [plan for plan in counting if not plan.doubtful]
    if len(sure) == len(counting):
        return decided
    if sure and not decided.unclear and decided.payer is not None:
        without = _decided(plans, sure)
        if (without.payer, without.elsewhere) == (decided.payer, decided.elsewhere):
            return decided
    return PayerOfOrder(coverages=_shown(plans, None, counting))


def _decided(plans: list[ReadCoverage], counting: list[ReadCoverage]) -> PayerOfOrder:
    """The first in order decides; of several first ones the one whose payer is known."""
    first = min(each.rank for each in counting)
    tied = [each for each in counting if each.rank == first]
    with_payer = [each for each in tied if each.payer is not None]
    if len({each.payer.id for each in with_payer if each.payer}) > 1:
        return PayerOfOrder(readable=True, unclear=True, coverages=_shown(plans, None, tied))
    plan = (with_payer or tied)[0]
    return PayerOfOrder(
        plan.payer,
        readable=any(each.readable for each in counting),
        elsewhere=plan.elsewhere,
        coverages=_shown(plans, plan, tied),
    )


def _shown(
    plans: list[ReadCoverage], decides: ReadCoverage | None, tied: list[ReadCoverage]
) -> tuple[CoverageUse, ...]:
    first = IdentitySet(tied)
    return tuple(
        CoverageUse(
            cited(type_and_id(plan.coverage)),
            plan.name,
            _use(plan, decides, first),
            plan.named,
            plan.payer is not None,
        )
        for plan in plans
    )


def _worth_saying(
    shown: tuple[CoverageUse, ...], plans: list[ReadCoverage]
) -> tuple[CoverageUse, ...]:
    """All of them, where there is more to say than that one with one payer is there and decides."""
    plain = len(shown) == 1 and plans[0].payors <= 1 and not plans[0].doubtful
    return () if plain else shown


def _use(plan: ReadCoverage, decides: ReadCoverage | None, tied: IdentitySet[ReadCoverage]) -> Use:
    if plan.use is not None:
        return plan.use
    if plan is decides:
        return "decides"
    if plan.doubtful and decides is None:
        return "not_read"
    return "beside" if plan in tied else "second"


def _named_by(record: Record, order: Json) -> tuple[list[Json], list[CoverageUse]]:
    """The coverages that an order names, and those of them that did not come."""
    coverages, missing = [], []
    for reference in objects(order.get("insurance")):
        target = record.resolve(reference, order)
        if target is None:
            named = literal_reference(reference)
            if named is None or reference_parts(named)[0] in (None, "Coverage"):
                called = visible(text(reference.get("display")) or named or "")[:LONGEST_NAME]
                name = called or remark("unnamed_coverage")
                missing.append(CoverageUse(cited(named), name, "not_sent", named=True))
        elif target.get("resourceType") == "Coverage":
            coverages.append(target)
    return coverages, missing


def _each_once(coverages: Iterable[Json]) -> dict[object, Json]:
    by_key: dict[object, Json] = {}
    for coverage in coverages:
        by_key.setdefault(type_and_id(coverage) or identity(coverage), coverage)
    return by_key
