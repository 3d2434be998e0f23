"""Boundaries of values: an amount, an age, and a body site."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from service.boundary.boundary_patient import ADULT, Scene, Variant
from service.boundary.leaf_supply import background_claims
from service.boundary.silent_sources import UNLISTED, silent
from service.facts.fact import Fact
from service.json_object import Json
from service.policy.amount import MONTHS_OF, Amount
from service.policy.model import Criterion
from service.policy.operators import BOUNDS, Compare
from service.policy.truth import Reason, Truth

RECENT, FIRST_DOSE = 20, 200
MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN


def step_of(value: float) -> float:
    """The smallest step in which such a value is usually written."""
    if value < 1:
        return 0.01
    return 1.0 if float(value).is_integer() else 0.1


@dataclass(frozen=True)
class Bound:
    """One bound of a criterion, and a value on each side of it."""

    words: str
    passing: float
    failing: float
    straddling: str


def bounds_of(asked: Compare) -> list[Bound]:
    """Every bound with the last value that passes and the first that fails."""
    bounds = []
    for name in BOUNDS:
        amount: Amount | None = getattr(asked, name)
        if amount is None:
            continue
        value, step = amount.value, step_of(amount.value)
        passing, failing, straddling = {
            "at_least": (value, value - step, f"<{value + step:.6g}"),
            "more_than": (value + step, value, f"<{value + 2 * step:.6g}"),
            "at_most": (value, value + step, f">{value - step:.6g}"),
            "less_than": (value - step, value, f">{value - 2 * step:.6g}"),
        }[name]
        words = f"{name.replace('_', ' ')} {amount}"
        bounds.append(Bound(words, round(passing, 6), round(failing, 6), straddling))
    return bounds


def entry(scene: Scene, fact: Fact, value: float | str, on: str | None) -> Json:
    """A result of a fact; of a bare text it is not known how much it is."""
    of = {**_what(scene, fact), "on": on}
    if isinstance(value, str) and value[:1] not in "<>":
        return {**of, "text": value}
    unit = unit_code(scene, fact)
    written = value if isinstance(value, str) else f"{value:.6g}"
    return {**of, "value": f"{written} {unit}".strip()}


def _what(scene: Scene, fact: Fact) -> Json:
    """What was measured, by a code, or by name where no code is sure."""
    if sets := scene.sets(fact.value_sets):
        return {"what": scene.codes.of(sets[0]).word}
    names = (scene.codes.name_of(name) for name in fact.value_sets)
    name = next((name for name in names if name), fact.label)
    return {"what": name, "coded": "no"}


def unit_code(scene: Scene, fact: Fact) -> str:
    """The UCUM code of a fact's unit."""
    unit = scene.library.knowledge.units[fact.unit]
    return next((code for code, factor in unit.codes.items() if factor == 1), "")


def compare(scene: Scene, leaf: Criterion, asked: Compare) -> Iterator[Variant]:
    """Both sides of each bound and window of one value, and every way in which it may be unknown."""
    fact = scene.fact(asked.fact)
    if fact.kind == "age":
        yield from _age(scene, leaf, asked)
    elif fact.kind == "sites":
        yield from _sites(scene, leaf, asked, fact)
    else:
        yield from _Values(scene, leaf, asked, fact).variants()


def _age(scene: Scene, leaf: Criterion, asked: Compare) -> Iterator[Variant]:
    bound = asked.at_least or asked.less_than
    if bound is None or bound.unit not in MONTHS_OF:
        return
    months = int(bound.value) * MONTHS_OF[bound.unit]
    reached, below = (MET, NOT_MET) if asked.at_least else (NOT_MET, MET)
    yield Variant(leaf.id, reached, None, f"{bound} old today", scene.patient(months))
    young = {**scene.patient(max(months - 1, 0)), "age": f"{months} months less a day"}
    yield Variant(leaf.id, below, None, f"{bound} old tomorrow", young)
    adult, child = scene.patient(max(ADULT, months + 12)), scene.patient(max(months - 6, 1))
    yield Variant(leaf.id, reached, None, f"well above {bound}", adult)
    yield Variant(leaf.id, below, None, f"well below {bound}", child)
    year = scene.back_months(months)[:4]
    partial = {**scene.patient(max(months, 1)), "born": year}
    del partial["age"]
    yield Variant(leaf.id, UNKNOWN, Reason.IMPRECISE, "only the year of birth is known", partial)
    nobody = {**scene.patient(), "born": None}
    yield Variant(leaf.id, UNKNOWN, Reason.NOT_FOUND, "no day of birth is known", nobody)
    failed = {**scene.patient(), "failed": "patient"}
    yield Variant(leaf.id, UNKNOWN, Reason.NOT_SUPPLIED, "the patient was not sent", failed)


def _sites(scene: Scene, leaf: Criterion, asked: Compare, fact: Fact) -> Iterator[Variant]:
    what = scene.codes.of(scene.sets(fact.value_sets)[0]).word

    def given(*findings: Json) -> Json:
        return scene.patient(findings=list(findings))

    def found(value: str, on: str | None) -> Json:
        return {"what": what, "value": value, "on": on}

    recent = scene.ago(RECENT)
    yield Variant(leaf.id, MET, None, "the site is affected", given(found("yes", recent)))
    yield Variant(leaf.id, NOT_MET, None, "the site is free", given(found("no", recent)))
    both = given(found("yes", recent), found("no", recent))
    yield Variant(leaf.id, UNKNOWN, Reason.CONFLICT, "two findings of one day disagree", both)
    if asked.within:
        edge = given(found("yes", scene.back(asked.within)))
        yield Variant(leaf.id, MET, None, f"found {asked.within} ago", edge)
        late = given(found("yes", scene.back(asked.within, 1)))
        why = f"found a day more than {asked.within} ago"
        yield Variant(leaf.id, UNKNOWN, Reason.STALE, why, late)
    undated = given(found("yes", None))
    yield Variant(leaf.id, UNKNOWN, Reason.IMPRECISE, "the finding has no day", undated)
    text = given({"what": what, "text": "see report", "on": recent})
    yield Variant(leaf.id, UNKNOWN, Reason.UNIT, "the finding cannot be read", text)
    yield from silent(scene, leaf, fact.sources, scene.patient())


@dataclass(frozen=True)
class _Values:
    """The variants of one criterion about an amount."""

    scene: Scene
    leaf: Criterion
    asked: Compare
    fact: Fact

    def variants(self) -> Iterator[Variant]:
        """All of them."""
        bounds = bounds_of(self.asked)
        for bound in bounds:
            yield from self._at(bound)
        yield from self._windows(bounds[0])
        yield from self._backgrounds(bounds[0])
        yield from self._unknown(bounds[0])
        yield from silent(self.scene, self.leaf, self.fact.sources, self._given())

    def _given(self, *findings: Json, day: str | None = None, **more: Any) -> Json:
        """A patient with these results, on the first background that the criterion asks for."""
        given = self.scene.patient()
        if self._is_weight:
            given["weight"] = None
        if self.asked.during and findings and "claims" not in more:
            when = date.fromisoformat(day or self.scene.ago(RECENT))
            claims = background_claims(self.scene, self.asked.during[0], when)
            given["claims"] = [*given.get("claims", []), *claims]
        return {**given, "findings": list(findings), **more}

    @property
    def _is_weight(self) -> bool:
        return self.fact.name == self._weight_fact

    @property
    def _weight_fact(self) -> str:
        label = self.scene.library.knowledge.labels.get(self.scene.policy.drug)
        return label.asked.weight if label else ""

    def _entry(self, value: float | str, on: str | None) -> Json:
        return entry(self.scene, self.fact, value, on)

    def _variant(self, truth: Truth, reason: Reason | None, why: str, given: Json) -> Variant:
        return Variant(self.leaf.id, truth, reason, why, given)

    def _failing(self, why: str, given: Json) -> Variant:
        if self.asked.otherwise:
            return self._variant(
                UNKNOWN, Reason.REVIEW, f"{why}, which the reviewer decides", given
            )
        return self._variant(NOT_MET, None, why, given)

    def _at(self, bound: Bound) -> Iterator[Variant]:
        on = self.scene.ago(RECENT)
        passing, failing = (self._entry(v, on) for v in (bound.passing, bound.failing))
        why = f"{bound.passing:g} is {bound.words}"
        yield self._variant(MET, None, why, self._given(passing))
        yield self._failing(f"{bound.failing:g} is not {bound.words}", self._given(failing))
        straddling = self._given(self._entry(bound.straddling, on))
        why = f"{bound.straddling} may be {bound.words} or not"
        yield self._variant(UNKNOWN, Reason.IMPRECISE, why, straddling)

    def _windows(self, bound: Bound) -> Iterator[Variant]:
        within, earlier = self.asked.within, self.asked.baseline_within
        if within:
            for more, truth, reason in ((0, MET, None), (1, UNKNOWN, Reason.STALE)):
                on = self.scene.back(within, more)
                given = self._given(self._entry(bound.passing, on), day=on)
                why = f"{within} ago" if not more else f"a day more than {within} ago"
                yield self._variant(truth, reason, f"the value is of {why}", given)
        treated = self.asked.pick == "baseline_if_treated" or self.asked.before_first
        if earlier and treated and not self.asked.during and self.scene.path == "initial":
            first = self.scene.today - timedelta(days=FIRST_DOSE)
            fills = [{"drug": self.scene.product(), "days": 28, "on": first.isoformat()}]
            late = Reason.STALE if self.asked.before_first else Reason.NOT_FOUND
            for more, truth, reason in ((0, MET, None), (1, UNKNOWN, late)):
                on = self.scene.before(first, earlier, more)
                given = self._given(self._entry(bound.passing, on), claims=fills)
                why = f"{earlier}" if not more else f"a day more than {earlier}"
                yield self._variant(truth, reason, f"the value is of {why} before treatment", given)

    def _backgrounds(self, bound: Bound) -> Iterator[Variant]:
        """Each therapy that may cover the day of the value, and none."""
        on = self.scene.ago(RECENT)
        value, day = self._entry(bound.passing, on), date.fromisoformat(on)
        for background in self.asked.during:
            for name in self.scene.sets(background.of):
                claims = background_claims(self.scene, background, day, only=name)
                given = self._given(value, claims=claims)
                yield self._variant(MET, None, f"the value is of a day on {name}", given)
        if self.asked.during:
            claims = background_claims(self.scene, self.asked.during[0], day)
            chart = [{"drug": one["drug"], "from": one["on"]} for one in claims]
            listed = self._given(value, claims=[], chart=chart)
            why = "a chart lists the therapy, no pharmacy shows it"
            yield self._variant(UNKNOWN, Reason.WEAK_EVIDENCE, why, listed)
            without = self._given(value, claims=[], **self.scene.held)
            yield self._variant(NOT_MET, None, "complete claims show no such therapy", without)
            unread = [{**one, "drug": UNLISTED} for one in claims]
            why = "a claim for a drug of no list may be the therapy"
            given = self._given(value, claims=unread, **self.scene.held)
            yield self._variant(UNKNOWN, Reason.UNMAPPED, why, given)
            why = "claims are not known to be complete"
            yield self._variant(UNKNOWN, Reason.NOT_HELD, why, self._given(value, claims=[]))

    def _unknown(self, bound: Bound) -> Iterator[Variant]:
        asked, on = self.asked, self.scene.ago(RECENT)
        text = self._given(self._entry("see report", on))
        yield self._variant(UNKNOWN, Reason.UNIT, "the result cannot be read", text)
        passing, failing = self._entry(bound.passing, on), self._entry(bound.failing, on)
        if asked.pick != "any" or asked.contradicted == "review":
            why = "two values of one day, one on each side"
            yield self._variant(UNKNOWN, Reason.CONFLICT, why, self._given(passing, failing))
        for name in self.fact.value_sets:
            if question := self.scene.codes.question(name):
                value = {"what": question["word"], "coded": question["coded"]}
                given = self._given({**passing, **value})
                why = f"a value that may be of {name} or not"
                yield self._variant(UNKNOWN, Reason.REVIEW, why, given)
        if asked.contradicted == "review":
            older = self.scene.ago(RECENT + 30)
            both = self._given(self._entry(bound.passing, older), failing, day=older)
            why = "a later value is on the other side"
            yield self._variant(UNKNOWN, Reason.REVIEW, why, both)
        baseline = asked.pick == "baseline_if_treated" and not (asked.before_first or asked.during)
        if baseline and not asked.otherwise:
            unread = [{"drug": UNLISTED, "days": 28, "on": self.scene.ago(RECENT + 40)}]
            why = "the value fails, and a drug of no list may be the requested one"
            given = self._given(failing, claims=unread)
            yield self._variant(UNKNOWN, Reason.UNMAPPED, why, given)
