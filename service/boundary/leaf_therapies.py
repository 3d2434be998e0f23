"""Boundaries of therapies: sessions, outcomes of trials, exclusions, stops, time on a drug, two at once."""

from collections.abc import Iterator
from datetime import date, timedelta

from service.boundary.boundary_patient import HELD, Scene, Variant
from service.boundary.codes_of_sets import SetCode
from service.boundary.leaf_supply import drug_of
from service.boundary.silent_sources import Cell, silent
from service.json_object import Json
from service.policy.model import Criterion
from service.policy.operators import (
    AtMostOneOf,
    Excluded,
    ExposedFor,
    Sessions,
    Stopped,
    TherapyClasses,
    TrialOutcome,
)
from service.policy.truth import Reason, Truth

MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
EVERY_DAY = 3


def sessions(scene: Scene, leaf: Criterion, asked: Sessions) -> Iterator[Variant]:
    """Both sides of how long sessions lasted, and of how recently they ended."""
    code = scene.codes.of(scene.sets(asked.of)[0])
    length = asked.first_to_last.days
    ended = (scene.today - date.fromisoformat(scene.back(asked.ended_within))).days

    def given(first: int, last: int) -> Json:
        days = [first, *range(first - EVERY_DAY, last, -EVERY_DAY), last]
        claims = [{"what": code.word, "on": scene.ago(day)} for day in dict.fromkeys(days)]
        return {**scene.patient(), "claims": claims, **scene.held}

    passing: Cell = (UNKNOWN, Reason.REVIEW) if asked.always else (MET, None)
    yield Variant(leaf.id, *passing, f"sessions over {length} days", given(length + 9, 10))
    short = given(length + 9 - 2 * EVERY_DAY, 10)
    yield Variant(leaf.id, NOT_MET, None, f"sessions over fewer than {length} days", short)
    edge = given(ended + length - 1, ended)
    yield Variant(leaf.id, *passing, f"the last session {asked.ended_within} ago", edge)
    late = given(ended + length + 30, ended + 30)
    why = f"the last session longer ago than {asked.ended_within}"
    yield Variant(leaf.id, NOT_MET, None, why, late)
    edge_day = scene.today - timedelta(days=length + 9)
    if edge_day.day not in (1, 28, 29, 30, 31):
        vague = given(length - 5, 10)
        session = {"what": code.word, "on": edge_day.strftime("%Y-%m")}
        claims = [session, *vague["claims"]]
        why = "the first session is of a month without a day"
        yield Variant(leaf.id, UNKNOWN, Reason.IMPRECISE, why, {**vague, "claims": claims})
    looked = scene.library.knowledge.of_kind("sessions").sources
    yield from silent(scene, leaf, looked, scene.patient())


def trial_outcome(scene: Scene, leaf: Criterion, asked: TrialOutcome) -> Iterator[Variant]:
    """Whether a trial failed: as stated, or supported by a coded stop."""
    base, id_ = scene.patient(), asked.ids[0]
    yes, no = scene.stated(id_, "yes"), scene.stated(id_, "no")
    yield Variant(
        leaf.id, MET, None, "the prescriber says that it failed", {**base, "statements": yes}
    )
    yield Variant(
        leaf.id, NOT_MET, None, "the prescriber says that it did not", {**base, "statements": no}
    )
    yield Variant(leaf.id, UNKNOWN, Reason.ATTESTATION, "nobody has been asked", base)
    fact = scene.library.knowledge.of_kind("outcome")
    reasons = scene.sets(fact.value_sets)
    drugs = [
        code for name in scene.sets(asked.of) for code in scene.codes.all_of(name) if is_drug(code)
    ]
    if reasons and drugs:
        order = {"drug": drugs[0].word, "on": scene.ago(100), "status": "stopped"}
        order["why"] = scene.codes.of(reasons[0]).word
        why = "an order was stopped with a coded reason, and nobody has stated the outcome"
        yield Variant(leaf.id, UNKNOWN, Reason.REVIEW, why, {**base, "orders": [order]})


def is_drug(code: SetCode) -> bool:
    """Whether a code is one of a product."""
    return bool(code.attributes.get("ingredient"))


def excluded(scene: Scene, leaf: Criterion, asked: Excluded) -> Iterator[Variant]:
    """Classes that are ruled out: only a statement says so, and one in use today speaks against it."""
    base = scene.patient()
    yield Variant(leaf.id, UNKNOWN, Reason.ATTESTATION, "nobody has been asked", base)
    classes = [
        name for name in scene.sets(asked.every or asked.any_) if is_drug(scene.codes.of(name))
    ]
    used = classes if asked.any_ else classes[:1]
    for name in classes if asked.every else ():
        claims = [{"drug": scene.codes.of(name).word, "days": 28, "on": scene.ago(20)}]
        why = f"{name} is in use today"
        yield Variant(leaf.id, NOT_MET, None, why, {**base, "claims": claims})
    if asked.any_ and used:
        claims = [
            {"drug": scene.codes.of(name).word, "days": 28, "on": scene.ago(20)} for name in used
        ]
        yield Variant(leaf.id, NOT_MET, None, "all are in use today", {**base, "claims": claims})
    if leaf.statement and used:
        claims = [
            {"drug": scene.codes.of(name).word, "days": 28, "on": scene.ago(20)} for name in used
        ]
        given = {**base, "claims": claims, "statements": scene.stated(leaf.id, "yes")}
        why = "the prescriber rules out what is in use today"
        yield Variant(leaf.id, UNKNOWN, Reason.CONFLICT, why, given)


def stopped(scene: Scene, leaf: Criterion, asked: Stopped) -> Iterator[Variant]:
    """A coded reason of a stop, a reason in words, and none."""
    base = scene.patient()
    code = drug_of(
        scene, TherapyClasses(of=asked.of, ingredients=asked.ingredients), scene.sets(asked.of)[0]
    )
    order = {"drug": code.word, "on": scene.ago(100), "status": "stopped"}
    for name in scene.sets(asked.reasons):
        coded = {**order, "why": scene.codes.of(name).word}
        if not asked.in_words:
            why = f"an order was stopped: {name}"
            yield Variant(leaf.id, MET, None, why, {**base, "orders": [coded]})
    words = {**base, "orders": [{**order, "why": "see the note of the visit"}]}
    found: Cell = (MET, None) if asked.in_words else (UNKNOWN, Reason.REVIEW)
    yield Variant(leaf.id, *found, "the reason stands there in words", words)
    looked = scene.library.knowledge.of_kind("outcome").sources
    yield from silent(scene, leaf, looked, base, proves=False)


def exposed_for(scene: Scene, leaf: Criterion, asked: ExposedFor) -> Iterator[Variant]:
    """Both sides of how long ago the first fill was."""
    code = scene.codes.of(scene.sets(asked.of)[0])
    base = {**scene.patient(), "claims": []}
    for more, truth in ((0, MET), (-1, NOT_MET)):
        day = scene.back(asked.at_least, more)
        claims = [{"drug": code.word, "days": 28, "on": day}]
        why = (
            f"first dose {asked.at_least} ago"
            if not more
            else f"first dose a day less than {asked.at_least} ago"
        )
        yield Variant(leaf.id, truth, None, why, {**base, "claims": claims, **scene.held})
    chart = {**base, "chart": [{"drug": code.word, "from": scene.back(asked.at_least, 60)}]}
    yield Variant(leaf.id, UNKNOWN, Reason.WEAK_EVIDENCE, "only a chart lists it", chart)
    looked = scene.library.knowledge.of_kind("supply").sources
    yield from silent(scene, leaf, looked, base, proves=False)


def at_most_one_of(scene: Scene, leaf: Criterion, asked: AtMostOneOf) -> Iterator[Variant]:
    """One class in use today, and two."""
    names = scene.sets(asked.of)
    base = {**scene.patient(), "claims": [], **{f"{n}_held": HELD for n in ("claims", "dispenses")}}

    def claims(*sets: str) -> list[Json]:
        others = frozenset(asked.of)
        codes = [scene.codes.alone_in(name, others) or scene.codes.of(name) for name in sets]
        return [{"drug": code.word, "days": 28, "on": scene.ago(20)} for code in codes]

    for name in names:
        given = {**base, "claims": claims(name)}
        yield Variant(leaf.id, MET, None, f"{name} alone is in use", given)
    given = {**base, "claims": claims(*names[:2])}
    yield Variant(leaf.id, NOT_MET, None, f"{names[0]} and {names[1]} are in use", given)
