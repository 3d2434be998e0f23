"""Boundaries of episodes: so many courses, visits and stays, and fewer of them than before."""

from collections.abc import Iterator
from datetime import date, timedelta

from service.boundary.boundary_patient import HELD, Scene, Variant
from service.boundary.leaf_supply import background_claims
from service.boundary.silent_sources import silent
from service.facts.fact import EpisodeKind, Fact
from service.json_object import Json
from service.policy.model import Criterion
from service.policy.operators import Episodes, Fewer
from service.policy.truth import Reason, Truth

MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
COURSE, APART, NEWEST, ALL_LISTS = 5, 40, 30, ("claims", "dispenses", "record")


class _Episodes:
    """Episodes of one fact on a patient's record, on the therapy that they must be on."""

    def __init__(self, scene: Scene, fact: Fact, kind: EpisodeKind) -> None:
        self.scene, self.fact, self.kind = scene, fact, kind

    def given(self, days: list[str], base: Json, *, of: str | None = None) -> Json:
        """A patient with one episode on each of the days, and complete claims."""
        name = of or self.scene.sets(self.kind.of)[0]
        code = self._code(name)
        reasons = self.scene.sets(self.kind.main or self.kind.reasons)
        reason = self.scene.codes.of(reasons[0]).word if reasons else None
        why = {"for": [reason]} if reason else {}
        held = {f"{name}_held": HELD for name in ("claims", "dispenses")}
        if self.kind.made == "fills":
            entries = [{"drug": code, "days": COURSE, "on": day, **why} for day in days]
            return {**base, **held, "claims": [*base.get("claims", []), *entries]}
        if self.kind.made == "events":
            entries = [{"class": code, "on": day, **why} for day in days]
            return {**base, **held, "visits": [*base.get("visits", []), *entries]}
        if self.kind.made == "procedures":
            entries = [{"what": code, "on": day, **why} for day in days]
            return {**base, **held, "procedures": [*base.get("procedures", []), *entries]}
        entries = [{"is": code, "on": day} for day in days]
        return {**base, **held, "diagnoses": [*base["diagnoses"], *entries]}

    def _code(self, name: str) -> str:
        """The code of a class: of visits one that the class of an Encounter may have."""
        codes = list(self.scene.codes.all_of(name))
        if self.kind.made == "events":
            codes = [one for one in codes if "ActCode" in one.system] or codes
        if self.kind.made == "fills" and self.kind.one_day:
            plain = [one for one in codes if one.attributes.get("route") not in self.kind.one_day]
            codes = plain or codes
        return codes[0].word

    def classes(self) -> list[str]:
        """The classes of which each makes an episode."""
        names = self.scene.sets(self.kind.of)
        if self.kind.made != "events":
            return list(names)
        return [
            name
            for name in names
            if any("ActCode" in one.system for one in self.scene.codes.all_of(name))
        ]


def episodes(scene: Scene, leaf: Criterion, asked: Episodes) -> Iterator[Variant]:
    """So many and one fewer, in each class, on both sides of the window, with and without the therapy."""
    for name in asked.of:
        fact = scene.fact(name)
        complete = any(place.silence_means_none for place in fact.sources)
        for kind in fact.built_from:
            if scene.sets(kind.of):
                yield from _counted(_Episodes(scene, fact, kind), leaf, asked, complete=complete)
    fact = scene.fact(asked.of[0])
    yield from silent(scene, leaf, fact.sources, scene.patient(), proves=False)


def _counted(
    made: _Episodes, leaf: Criterion, asked: Episodes, *, complete: bool
) -> Iterator[Variant]:
    scene, least = made.scene, asked.at_least
    edge = date.fromisoformat(scene.back(asked.in_last))
    days = [scene.ago(NEWEST + APART * n) for n in range(least)]
    base = _on_therapy(scene, asked, edge)
    for of in made.classes():
        why = f"{least} in the window: {of}"
        yield Variant(leaf.id, MET, None, why, made.given(days, base, of=of))
    first = made.classes()[0] if made.classes() else None
    if first is None:
        return
    inside = [*days[: least - 1], edge.isoformat()]
    yield Variant(
        leaf.id,
        MET,
        None,
        f"the first of {least} is {asked.in_last} ago",
        made.given(inside, base, of=first),
    )
    if complete:
        yield from _counted_if_complete(made, leaf, asked, base, days, edge)


def _counted_if_complete(
    made: _Episodes,
    leaf: Criterion,
    asked: Episodes,
    base: Json,
    days: list[str],
    edge: date,
) -> Iterator[Variant]:
    """Where claims are complete: one episode fewer, one a day too old, and each background."""
    scene, least, first = made.scene, asked.at_least, made.classes()[0]
    fewer_ = made.given(days[: least - 1], base, of=first)
    yield Variant(leaf.id, NOT_MET, None, f"{least - 1} in complete claims", fewer_)
    outside = [*days[: least - 1], (edge - timedelta(days=1)).isoformat()]
    why = f"one of {least} is a day more than {asked.in_last} ago"
    yield Variant(leaf.id, NOT_MET, None, why, made.given(outside, base, of=first))
    if asked.during:
        bare = made.given(days, scene.patient(), of=first)
        yield Variant(leaf.id, NOT_MET, None, "none on the therapy asked for", bare)
        for background in asked.during:
            for name in scene.sets(background.of):
                claims = background_claims(
                    scene, background, date.fromisoformat(days[0]), only=name
                )
                claims = [_long(claim, edge, scene) for claim in claims]
                given = made.given(days, {**scene.patient(), "claims": claims}, of=first)
                yield Variant(leaf.id, MET, None, f"{least} while on {name}", given)
    yield from _doubtful(made, leaf, asked, base, days)
    if made.kind.made == "fills":
        listed = {**base, "chart": _listed(made, days)}
        why = "a chart lists courses, and claims are not known to be complete"
        yield Variant(leaf.id, UNKNOWN, Reason.WEAK_EVIDENCE, why, listed)


def _doubtful(
    made: _Episodes, leaf: Criterion, asked: Episodes, base: Json, days: list[str]
) -> Iterator[Variant]:
    """An episode that may be one or not, beside one fewer than asked for."""
    scene, of = made.scene, made.classes()[0]
    edge = date.fromisoformat(scene.back(asked.in_last))
    sure = made.given(days[1:], base, of=of)
    if edge.day > 1:
        partial = made.given([*days[1:], edge.strftime("%Y-%m")], base, of=of)
        why = f"one of {asked.at_least} is of a month that begins before the window"
        yield Variant(leaf.id, UNKNOWN, Reason.IMPRECISE, why, partial)
    if made.kind.made == "events":
        reason = made.given(days[:1], base, of=of)["visits"][-1]["for"]
        visit = {"class": None, "on": days[0], "for": reason}
        given = {**sure, "visits": [*sure.get("visits", []), visit]}
        why = "a visit for the disease does not say which kind it is"
        yield Variant(leaf.id, UNKNOWN, Reason.REVIEW, why, given)
    if made.kind.made == "fills":
        if made.kind.longest:
            long = {
                **made.given(days[:1], base, of=of)["claims"][-1],
                "days": made.kind.longest + 1,
            }
            given = {**sure, "claims": [*sure.get("claims", []), long]}
            why = f"a course of {made.kind.longest + 1} days may be daily therapy"
            yield Variant(leaf.id, UNKNOWN, Reason.REVIEW, why, given)
        other = scene.sets(made.kind.explained)
        if other:
            bare = {
                key: v
                for key, v in made.given(days[:1], base, of=of)["claims"][-1].items()
                if key != "for"
            }
            diagnoses = [*base["diagnoses"], {"is": scene.codes.of(other[0]).word}]
            given = {**sure, "claims": [*sure.get("claims", []), bare], "diagnoses": diagnoses}
            why = f"a course without a reason may be for {other[0]}"
            yield Variant(leaf.id, UNKNOWN, Reason.ATTESTATION, why, given)


def _listed(made: _Episodes, days: list[str]) -> list[Json]:
    drug = made._code(made.classes()[0])  # noqa: SLF001 - of this module
    return [{"drug": drug, "from": day, "to": day, "status": "completed"} for day in days]


def _on_therapy(scene: Scene, asked: Episodes, since: date) -> Json:
    """A patient on the first therapy that the episodes must be on, for the whole window."""
    base = scene.patient()
    if not asked.during:
        return base
    claims = background_claims(scene, asked.during[0], since)
    return {
        **base,
        "claims": [*base.get("claims", []), *(_long(one, since, scene) for one in claims)],
    }


def _long(claim: Json, since: date, scene: Scene) -> Json:
    """The same fill from before the window until today."""
    first = since - timedelta(days=30)
    days = (scene.today - first).days + 10
    factor = days / claim["days"]
    longer = {**claim, "on": first.isoformat(), "days": days}
    if "quantity" in claim:
        count, unit = str(claim["quantity"]).split(" ", 1)
        longer["quantity"] = f"{round(float(count) * factor)} {unit}"
    return longer


def fewer(scene: Scene, leaf: Criterion, asked: Fewer) -> Iterator[Variant]:
    """Fewer since the first dose than in the span before it, as many, and a time too short to tell."""
    fact = scene.fact(asked.of[0])
    kind = next((one for one in fact.built_from if scene.sets(one.of)), None)
    complete = all(
        any(place.silence_means_none for place in scene.fact(name).sources) for name in asked.of
    )
    base = scene.patient()
    if kind is not None and complete:
        yield from _compared(scene, leaf, asked, _Episodes(scene, fact, kind))
    yield Variant(
        leaf.id, UNKNOWN, Reason.NOT_FOUND, "no first dose is known", {**base, "claims": []}
    )


def _compared(scene: Scene, leaf: Criterion, asked: Fewer, made: _Episodes) -> Iterator[Variant]:
    first = scene.today - timedelta(days=350)
    held = {f"{name}_held": HELD for name in ("claims", "dispenses")}
    before = [(first - timedelta(days=d)).isoformat() for d in (60, 160)]
    after = [(first + timedelta(days=d)).isoformat() for d in (60, 160)]
    of = made.classes()[0]

    def given(days: list[str], start: date = first) -> Json:
        length = (scene.today - start).days + 10
        fills = [{"drug": scene.product(), "days": length, "on": start.isoformat()}]
        return made.given(days, {**scene.patient(), "claims": fills, **held}, of=of)

    yield Variant(
        leaf.id, MET, None, "two before treatment and one since", given([*before, after[0]])
    )
    yield Variant(leaf.id, MET, None, "two before treatment and none since", given(before))
    yield Variant(
        leaf.id, NOT_MET, None, "two before treatment and two since", given([*before, *after])
    )
    yield Variant(leaf.id, NOT_MET, None, "none before treatment and one since", given([after[0]]))
    least = asked.at_least_observed.days
    recent = scene.today - timedelta(days=least - 2)
    old = [(recent - timedelta(days=d)).isoformat() for d in (60, 160)]
    why = f"on the drug for fewer than {least} days"
    yield Variant(leaf.id, UNKNOWN, Reason.NOT_FOUND, why, given(old, recent))
    enough = scene.today - timedelta(days=least - 1)
    old = [(enough - timedelta(days=d)).isoformat() for d in (60, 160)]
    yield Variant(
        leaf.id, MET, None, f"on the drug for {least} days, none since", given(old, enough)
    )
    open_ = {**given(before), "claims_held": "no", "dispenses_held": "no"}
    looked = made.fact.sources[0]
    reason = Reason.NOT_HELD if looked.silence_means_none else Reason.NOT_FOUND
    yield Variant(leaf.id, UNKNOWN, reason, "claims are not known to be complete", open_)
