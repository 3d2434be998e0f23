"""Boundaries of supply: covered days, use today, each class, each kind of evidence, what is open."""

from collections.abc import Iterator
from datetime import date, timedelta

from service.boundary.boundary_patient import Scene, Variant
from service.boundary.codes_of_sets import SetCode
from service.boundary.daily_doses import filled_at
from service.boundary.silent_sources import UNLISTED, silent
from service.json_object import Json
from service.policy.amount import Span
from service.policy.model import Criterion
from service.policy.operators import (
    Background,
    Supply,
    TherapyClasses,
)
from service.policy.truth import Reason, Truth

MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
YEAR = Span(months=12)
KINDS = {"claim": "claims", "dispense": "dispenses"}
MARGIN = 5
PHARMACY = ("claim", "dispense")


def background_claims(
    scene: Scene, background: Background, day: date, only: str | None = None
) -> list[Json]:
    """Claims of a therapy that surely covers a day: of one class, or of all that must be together."""
    run = max(background.run.days if background.run else 0, 28)
    since, days = day - timedelta(days=run + MARGIN), run + 2 * MARGIN
    sets = scene.sets(background.of)
    wanted = sets if background.together else (only or sets[0],)
    claims = []
    for name in wanted:
        code = drug_of(scene, background, name)
        filled = filled_at(scene, code, background.at_dose, days)
        claims.append({"drug": code.word, "days": days, "on": since.isoformat(), **filled})
    return claims


def drug_of(scene: Scene, asked: TherapyClasses, value_set: str) -> SetCode:
    """A product of a class: one of the drugs named, at the dose asked for if that can be told."""
    codes = list(scene.codes.all_of(value_set))
    if asked.ingredients:
        codes = [one for one in codes if one.attributes.get("ingredient") in asked.ingredients]
    if asked.at_dose:
        codes = [one for one in codes if filled_at(scene, one, asked.at_dose, 28)] or codes
    others = frozenset(asked.of)
    alone = (
        scene.codes.alone_in(value_set, others)
        if not asked.ingredients and not asked.at_dose
        else None
    )
    return alone or codes[0]


class _Window:
    """Days of supply that just pass the one test of a supply, and days that just fail it."""

    def __init__(self, scene: Scene, asked: Supply) -> None:
        self.scene, self.asked = scene, asked

    def sides(self) -> list[tuple[str, bool, list[tuple[int, int]]]]:
        """What is done, whether it passes, and fills as days ago and days' supply."""
        asked = self.asked
        if asked.now:
            return [
                ("the last covered day is today", True, [(27, 28)]),
                ("the last covered day was yesterday", False, [(28, 28)]),
            ]
        if asked.ever:
            return [("a fill of years ago", True, [(900, 28)])]
        if asked.covered:
            least, window = asked.covered.at_least.days, asked.covered.in_last.days
            return [
                (f"{least} of the last {window} days covered", True, [(window - 1, least)]),
                (f"{least - 1} of the last {window} days covered", False, [(window, least)]),
            ]
        if asked.current_for:
            rule = asked.current_for
            least = (rule.more_than.days + 1) if rule.more_than else (rule.at_least or Span()).days
            gap = rule.gap.days
            half = least // 2
            return [
                (f"in use for {least} days", True, [(least - 1, least + 10)]),
                (f"in use for {least - 1} days", False, [(least - 2, least + 10)]),
                (f"a gap of {gap} days", True, _with_gap(least + gap, half, gap)),
                (f"a gap of {gap + 1} days", False, _with_gap(least + gap + 1, half, gap + 1)),
                ("the last covered day was yesterday", False, [(least + 20, least + 20)]),
            ]
        if asked.longest:
            days = asked.longest.days
            return [
                (f"{days} days in a run", True, [(days + 20, days)]),
                (f"{days - 1} days in a run", False, [(days + 20, days - 1)]),
            ]
        return self._trial()

    def _trial(self) -> list[tuple[str, bool, list[tuple[int, int]]]]:
        days = self.asked.days.days if self.asked.days else 1
        sides = [
            (f"{days} covered days", True, [(days + 20, days)]),
            (f"{days - 1} covered days", False, [(days + 20, days - 1)]),
        ]
        if self.asked.ended_within:
            last = self._days_ago(self.asked.ended_within)
            sides += [
                (f"ended {self.asked.ended_within} ago", True, [(last + days - 1, days)]),
                (
                    f"ended a day more than {self.asked.ended_within} ago",
                    False,
                    [(last + days, days)],
                ),
            ]
        back = self._days_ago(self.asked.look_back or YEAR)
        if not self.asked.ended_within:
            sides += [
                (f"begun {self.asked.look_back or YEAR} ago", True, [(back, days)]),
                (
                    f"begun a day earlier than {self.asked.look_back or YEAR}",
                    False,
                    [(back + 1, days)],
                ),
            ]
        return [side for side in sides if all(length > 0 for _, length in side[2])]

    def _days_ago(self, span: Span) -> int:
        return (self.scene.today - date.fromisoformat(self.scene.back(span))).days


def _with_gap(whole: int, first: int, gap: int) -> list[tuple[int, int]]:
    """Two fills with a gap between them, the second one until after today."""
    return [(whole - 1, first), (whole - 1 - first - gap, whole - first - gap + 10)]


def supply(scene: Scene, leaf: Criterion, asked: Supply) -> Iterator[Variant]:
    """Both sides of the days asked for, in each class, by each kind of evidence, and what is open."""
    maker = _Fills(scene, leaf, asked)
    yield from maker.sides()
    yield from maker.classes()
    yield from maker.tiers()
    yield from maker.unknown()
    looked = scene.library.knowledge.of_kind("supply").sources
    yield from silent(scene, leaf, looked, maker.base, proves=False)
    yield maker.failing("complete claims show none", {**maker.base, **scene.held})


class _Fills:
    """The variants of one supply."""

    def __init__(self, scene: Scene, leaf: Criterion, asked: Supply) -> None:
        self.scene, self.leaf, self.asked = scene, leaf, asked
        self.base = scene.patient()
        self.drugs = [self._drug(name) for name in scene.sets(asked.of)]
        if scene.policy.drug in asked.of:
            self.base["claims"] = []

    def _drug(self, value_set: str) -> SetCode:
        return drug_of(self.scene, self.asked, value_set)

    @property
    def _of_one(self) -> list[SetCode]:
        """What is handed over together: one product, or one of each class."""
        return self.drugs if self.asked.together else self.drugs[:1]

    def given(
        self, fills: list[tuple[int, int]], drugs: list[SetCode], key: str = "claims"
    ) -> Json:
        """A patient with fills of these products."""
        entries = [
            {
                "drug": drug.word,
                "days": days,
                "on": self.scene.ago(ago),
                **filled_at(self.scene, drug, self.asked.at_dose, days),
            }
            for drug in drugs
            for ago, days in fills
        ]
        return {**self.base, key: [*self.base.get(key, []), *entries], **self.scene.held}

    def passing(self, why: str, given: Json) -> Variant:
        """What passes the test; the reviewer decides if it always does."""
        if self.asked.always:
            return Variant(
                self.leaf.id, UNKNOWN, Reason.REVIEW, f"{why}, which the reviewer decides", given
            )
        return Variant(self.leaf.id, MET, None, why, given)

    def failing(self, why: str, given: Json) -> Variant:
        """What fails it in complete claims."""
        if self.asked.otherwise or self.asked.open_set:
            return Variant(
                self.leaf.id, UNKNOWN, Reason.REVIEW, f"{why}, which the reviewer decides", given
            )
        return Variant(self.leaf.id, NOT_MET, None, why, given)

    def sides(self) -> Iterator[Variant]:
        """Both sides of the test."""
        for why, passes, fills in _Window(self.scene, self.asked).sides():
            make = self.passing if passes else self.failing
            yield make(why, self.given(fills, self._of_one))

    @property
    def _enough(self) -> list[tuple[int, int]]:
        return next(fills for _, passes, fills in _Window(self.scene, self.asked).sides() if passes)

    def classes(self) -> Iterator[Variant]:
        """Each class by itself; together, each one missing."""
        names = self.scene.sets(self.asked.of)
        if len(names) == 1:
            return
        for name, drug in zip(names, self.drugs, strict=True):
            if self.asked.together:
                others = [one for one in self.drugs if one is not drug]
                sets = self._sets_of(others)
                if name not in sets:
                    yield self.failing(f"{name} is missing", self.given(self._enough, others))
            else:
                yield self.passing(f"{name} alone", self.given(self._enough, [drug]))

    def _sets_of(self, drugs: list[SetCode]) -> set[str]:
        terminology = self.scene.library.terminology
        return {e.value_set for drug in drugs for e in terminology.of_code(drug.system, drug.code)}

    def tiers(self) -> Iterator[Variant]:
        """The same days by each kind of evidence."""
        accepted = self.asked.accepts or PHARMACY
        for kind, key in KINDS.items():
            if kind in accepted:
                yield self.passing(
                    f"shown by a {kind}", self.given(self._enough, self._of_one, key)
                )
        listed = [{"drug": drug.word, "from": self.scene.ago(400)} for drug in self._of_one]
        given = {**self.base, "chart": listed}
        if "chart" in accepted:
            return
        reason = Reason.REVIEW if self.asked.elsewhere == "review" else Reason.WEAK_EVIDENCE
        yield Variant(
            self.leaf.id, UNKNOWN, reason, "a chart lists it, no pharmacy shows it", given
        )

    def unknown(self) -> Iterator[Variant]:
        """A fill that does not say how long it lasts, and one of a drug of no list."""
        drugs = self._of_one
        since = max(ago for ago, _ in self._enough)
        open_ = [{"drug": drug.word, "on": self.scene.ago(min(since, 60))} for drug in drugs]
        if not self.asked.ever and self._may_suffice:
            given = {
                **self.base,
                **self.scene.held,
                "claims": [*self.base.get("claims", []), *open_],
            }
            why = "a fill does not say how many days it lasts"
            yield Variant(self.leaf.id, UNKNOWN, Reason.IMPRECISE, why, given)
        unread = [
            {"drug": UNLISTED, "days": days, "on": self.scene.ago(ago)}
            for ago, days in self._enough
        ]
        given = {**self.base, **self.scene.held, "claims": [*self.base.get("claims", []), *unread]}
        why = "a claim for a drug of no list may be it"
        if not self.asked.together:
            yield Variant(self.leaf.id, UNKNOWN, Reason.UNMAPPED, why, given)

        yield from self._question()
        yield from self._partial_day()

    def _question(self) -> Iterator[Variant]:
        """A product of which it is not sure that it is of the class."""
        if self.asked.ingredients or self.asked.at_dose or self.asked.together:
            return
        for name in self.asked.of:
            if question := self.scene.codes.question(name):
                fills = [
                    {
                        "drug": question["word"],
                        "coded": question["coded"],
                        "days": days,
                        "on": self.scene.ago(ago),
                    }
                    for ago, days in self._enough
                ]
                claims = [*self.base.get("claims", []), *fills]
                given = {**self.base, **self.scene.held, "claims": claims}
                why = f"a product that may be of {name} or not"
                yield Variant(self.leaf.id, UNKNOWN, Reason.REVIEW, why, given)

    def _partial_day(self) -> Iterator[Variant]:
        """A fill of a month without a day, that passes from some of its days only."""
        asked, today = self.asked, self.scene.today
        if asked.now or asked.longest:
            return
        if asked.ever:
            edge, days = today, 28
        elif asked.covered and asked.covered.at_least.days == 1:
            edge, days = today - timedelta(days=asked.covered.in_last.days - 1), 1
        else:
            ago, _ = next(side for side in _Window(self.scene, asked).sides() if side[1])[2][0]
            length = asked.days or (asked.covered.at_least if asked.covered else None)
            least = length.days if length else ago + 1
            edge, days = today - timedelta(days=least - 1), least + 31
        if edge.day == 1 or (edge + timedelta(days=1)).month != edge.month:
            return
        month = edge.strftime("%Y-%m")
        fills = [
            {
                "drug": drug.word,
                "days": days,
                "on": month,
                **filled_at(self.scene, drug, asked.at_dose, days),
            }
            for drug in self._of_one
        ]
        claims = [*self.base.get("claims", []), *fills]
        given = {**self.base, **self.scene.held, "claims": claims}
        why = "a fill of a month without a day"
        yield Variant(self.leaf.id, UNKNOWN, Reason.IMPRECISE, why, given)

    @property
    def _may_suffice(self) -> bool:
        longest = self.scene.library.knowledge.of_kind("supply").unknown_supply_days
        asked = self.asked
        needed = (
            asked.days or asked.longest or (asked.covered.at_least if asked.covered else Span())
        )
        if asked.current_for or (asked.covered and asked.covered.at_least.days == 1):
            return False
        return needed.days <= min(longest, 61)
