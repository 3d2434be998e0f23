"""Boundaries of trends: how far a value moved since treatment began."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from service.boundary.boundary_patient import Scene, Variant
from service.boundary.leaf_values import FIRST_DOSE, RECENT, entry
from service.boundary.silent_sources import silent
from service.facts.fact import Fact
from service.json_object import Json
from service.policy.model import Criterion
from service.policy.operators import Trend
from service.policy.truth import Reason, Truth

AFTER = 10
MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN


def trend(scene: Scene, leaf: Criterion, asked: Trend) -> Iterator[Variant]:
    """Both sides of how far each value must have moved since treatment began."""
    for name in asked.of:
        yield from _Moved(scene, leaf, asked, scene.fact(name)).variants()


@dataclass(frozen=True)
class _Moved:
    """The variants of one criterion about a change of one value."""

    scene: Scene
    leaf: Criterion
    asked: Trend
    fact: Fact

    def variants(self) -> Iterator[Variant]:
        """All of them."""
        old, step = self._start, 1.0
        better = -step if self.asked.better == "lower" else step
        yield from self._sides(old, better)
        on = self.scene.ago(RECENT)
        recent = self._entry(old + better, on)
        yield self._variant(
            UNKNOWN, Reason.NOT_FOUND, "no value from before treatment", self._given(recent)
        )
        text = self._given(self._old(old), self._entry("see report", on))
        yield self._variant(UNKNOWN, Reason.UNIT, "the newest result cannot be read", text)
        worse = self._entry(old - better, on)
        why = "two values of one day, one better and one worse"
        given = self._given(self._old(old), recent, worse)
        yield self._variant(UNKNOWN, Reason.CONFLICT, why, given)
        vague = f">{old - 1:.6g}" if self.asked.better == "lower" else f"<{old + 1:.6g}"
        given = self._given(self._old(old), self._entry(vague, on))
        yield self._variant(UNKNOWN, Reason.IMPRECISE, f"{vague} may be better or not", given)
        yield from self._windows(old, better)
        empty = {**self.scene.patient(), "claims": self._fills}
        yield from silent(self.scene, self.leaf, self.fact.sources, empty, proves=False)

    @property
    def _start(self) -> float:
        """A value from before treatment in the middle of what the fact allows."""
        low, high = self.fact.low or 0.0, self.fact.high
        return round(low + (high - low) / 2) if high is not None else 40.0

    def _sides(self, old: float, better: float) -> Iterator[Variant]:
        on, by = self.scene.ago(RECENT), self.asked.by
        if by is None:
            same = MET if self.asked.stable_counts else NOT_MET
            sides = [
                (old + better, MET, "better"),
                (old, same, "unchanged"),
                (old - better, NOT_MET, "worse"),
            ]
        else:
            amount = old * by.value / 100 if by.relative else by.value
            way = 1 if better > 0 else -1
            edge = old + way * amount
            sides = [
                (edge, MET, f"moved by {by}"),
                (edge - better, NOT_MET, f"moved by less than {by}"),
            ]
        for new, truth, how in sides:
            given = self._given(self._old(old), self._entry(new, on))
            why = f"{old:g} before treatment and {new:g} now: {how}"
            yield self._variant(truth, None, why, given)
        if self.asked.best is not None:
            given = self._given(self._entry(self.asked.best, on))
            yield self._variant(MET, None, f"{self.asked.best:g} is as good as it can be", given)

    def _windows(self, old: float, better: float) -> Iterator[Variant]:
        within, earlier = self.asked.within, self.asked.baseline_within
        if within:
            for more, truth, reason in ((0, MET, None), (1, UNKNOWN, Reason.STALE)):
                on = self.scene.back(within, more)
                given = self._given(self._old(old), self._entry(old + better, on))
                why = f"{within} ago" if not more else f"a day more than {within} ago"
                yield self._variant(truth, reason, f"the newest value is of {why}", given)
        if earlier:
            for more, truth, reason in ((0, MET, None), (1, UNKNOWN, Reason.REVIEW)):
                on = self.scene.before(self._first, earlier, more)
                given = self._given(
                    self._entry(old, on), self._entry(old + better, self.scene.ago(RECENT))
                )
                why = f"{earlier}" if not more else f"a day more than {earlier}"
                yield self._variant(
                    truth, reason, f"the earlier value is of {why} before treatment", given
                )
        undated = self._given(
            self._entry(old, None), self._entry(old + better, self.scene.ago(RECENT))
        )
        if self.asked.from_ is None:
            why = "the earlier value has no day"
            yield self._variant(UNKNOWN, Reason.IMPRECISE, why, undated)

    @property
    def _first(self) -> date:
        """The first dose: so long ago that a newest value on the edge of its window is from treatment."""
        least = self.scene.today - timedelta(days=FIRST_DOSE)
        if self.asked.within is None:
            return least
        edge = date.fromisoformat(self.scene.back(self.asked.within, 5))
        return min(least, edge)

    @property
    def _fills(self) -> list[Json]:
        days = (self.scene.today - self._first).days + 10
        return [{"drug": self.scene.product(), "days": days, "on": self._first.isoformat()}]

    def _given(self, *findings: Json) -> Json:
        return {**self.scene.patient(), "claims": self._fills, "findings": list(findings)}

    def _old(self, value: float) -> Json:
        return self._entry(value, (self._first - timedelta(days=AFTER)).isoformat())

    def _entry(self, value: float | str, on: str | None) -> Json:
        return entry(self.scene, self.fact, value, on)

    def _variant(self, truth: Truth, reason: Reason | None, why: str, given: Json) -> Variant:
        return Variant(self.leaf.id, truth, reason, f"{self.fact.label}: {why}", given)
