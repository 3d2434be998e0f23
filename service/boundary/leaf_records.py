"""Boundaries of what is recorded: diagnoses, grades, allergies, procedures, specialists, approvals."""

from collections.abc import Iterator

from service.boundary.boundary_patient import HELD, Scene, Variant
from service.boundary.leaf_values import entry
from service.boundary.silent_sources import UNLISTED, silent
from service.facts.fact import Fact
from service.json_object import Json
from service.policy.model import Criterion
from service.policy.operators import (
    ApprovedBefore,
    NetworkPharmacy,
    NotEncoded,
    Recorded,
    Specialty,
)
from service.policy.truth import Reason, Truth

MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN
RECENT = 20


def recorded(scene: Scene, leaf: Criterion, asked: Recorded) -> Iterator[Variant]:
    """Each fact that is enough, on both sides of its window, and none."""
    for name in asked.fact:
        fact = scene.fact(name)
        if fact.kind == "grade":
            yield from _grade(scene, leaf, fact)
        elif fact.kind == "diagnosis" and fact.indications:
            yield Variant(leaf.id, MET, None, "the order is for this disease", scene.patient())
        else:
            yield from _presence(scene, leaf, asked, fact)
            yield from _questions(scene, leaf, fact)
    fact = scene.fact(asked.fact[0])
    if fact.kind != "grade" and not (fact.kind == "diagnosis" and fact.indications):
        yield from silent(scene, leaf, fact.sources, scene.patient())


def _grade(scene: Scene, leaf: Criterion, fact: Fact) -> Iterator[Variant]:
    """Each grade of the diagnosis, no grade, and two that disagree."""
    disease = scene.disease
    words = {grade: scene.codes.of(name).word for name, grade in fact.grades.items()}

    def given(*grades: str) -> Json:
        diagnoses = [{"is": disease, "severity": words[grade]} for grade in grades]
        return {**scene.patient(), "diagnoses": diagnoses}

    for grade in words:
        truth = MET if grade in fact.enough else NOT_MET
        yield Variant(leaf.id, truth, None, f"the diagnosis is graded {grade}", given(grade))
    plain = {**scene.patient(), "diagnoses": []}
    yield Variant(leaf.id, UNKNOWN, Reason.ATTESTATION, "no diagnosis names a grade", plain)
    low = next((grade for grade in words if grade not in fact.enough), None)
    high = next((grade for grade in words if grade in fact.enough), None)
    if low and high:
        why = f"one diagnosis is graded {high}, another {low}"
        yield Variant(leaf.id, UNKNOWN, Reason.CONFLICT, why, given(high, low))


def _presence(scene: Scene, leaf: Criterion, asked: Recorded, fact: Fact) -> Iterator[Variant]:
    for name in scene.sets(fact.value_sets):
        word = scene.codes.of(name).word
        yield Variant(leaf.id, MET, None, f"{fact.label} is recorded", _with(scene, fact, word))
        if asked.within and fact.kind in ("procedure", "quantity", "score", "statement"):
            edge = _with(scene, fact, word, on=scene.back(asked.within))
            yield Variant(leaf.id, MET, None, f"{fact.label} of {asked.within} ago", edge)
            late = _with(scene, fact, word, on=scene.back(asked.within, 1))
            why = f"{fact.label} of a day more than {asked.within} ago"
            yield Variant(leaf.id, UNKNOWN, Reason.STALE, why, late)
        if fact.kind == "allergy":
            unread = _with(scene, fact, UNLISTED)
            why = "an allergy to what no list holds may be it"
            yield Variant(leaf.id, UNKNOWN, Reason.UNMAPPED, why, unread)
            refuted = _with(scene, fact, word, verified="refuted")
            none = any(place.silence_means_none for place in fact.sources)
            truth, reason = (NOT_MET, None) if none else (UNKNOWN, Reason.NOT_FOUND)
            yield Variant(leaf.id, truth, reason, f"{fact.label} was refuted", refuted)
        if asked.pick == "baseline_if_treated":
            undated = _with(scene, fact, word)
            undated["findings"] = [{**one, "on": None} for one in undated.get("findings", [])]
            undated["claims"] = [{"drug": scene.product(), "days": 28, "on": scene.ago(40)}]
            why = f"{fact.label} has no day, and the drug was taken"
            yield Variant(leaf.id, UNKNOWN, Reason.IMPRECISE, why, undated)
        if fact.kind == "procedure":
            begun = _with(scene, fact, word, status="in-progress")
            yield Variant(leaf.id, UNKNOWN, Reason.REVIEW, "the procedure is not completed", begun)


def _questions(scene: Scene, leaf: Criterion, fact: Fact) -> Iterator[Variant]:
    """A code or a name that may be it and proves nothing."""
    for name in fact.value_sets:
        if fact.kind in ("diagnosis", "allergy") and (question := scene.codes.question(name)):
            base, word, coded = scene.patient(), question["word"], question["coded"]
            if fact.kind == "allergy":
                given = {**base, "allergies": [{"to": word, "coded": coded}]}
            else:
                given = {**base, "diagnoses": [*base["diagnoses"], {"is": word, "coded": coded}]}
            why = f"what is recorded may be {name} or not"
            yield Variant(leaf.id, UNKNOWN, Reason.REVIEW, why, given)


def _with(scene: Scene, fact: Fact, word: str, *, on: str | None = None, **more: str) -> Json:
    """A patient with one entry of a fact."""
    base, day = scene.patient(), on or scene.ago(RECENT)
    if fact.kind == "allergy":
        return {**base, "allergies": [{"to": word, **more}]}
    if fact.kind == "procedure":
        return {**base, "procedures": [{"what": word, "on": day, **more}]}
    if fact.kind == "diagnosis":
        return {**base, "diagnoses": [*base["diagnoses"], {"is": word, "on": day}]}
    if fact.kind in ("quantity", "score"):
        middle = ((fact.low or 0) + (fact.high if fact.high is not None else 100)) / 2
        return {**base, "findings": [entry(scene, fact, round(middle) or 1, day)]}
    return {**base, "findings": [{"what": word, "value": "yes", "on": day}]}


def specialty(scene: Scene, leaf: Criterion, asked: Specialty) -> Iterator[Variant]:
    """Each specialty that is enough, another one, and none."""
    wanted = asked.wanted((scene.indication.id,))
    for name in sorted(wanted):
        if scene.codes.has(name):
            given = {**scene.patient(), "prescriber": scene.codes.of(name).word}
            yield Variant(leaf.id, MET, None, f"the prescriber has {name}", given)
            held = {
                **given,
                "prescriber": {"specialty": given["prescriber"], "in": "qualification"},
            }
            yield Variant(leaf.id, MET, None, f"a qualification names {name}", held)
    every = {name for _, names in asked.of_disease for name in names}
    other = next((name for name in sorted(every - wanted) if scene.codes.has(name)), None)
    if other:
        given = {**scene.patient(), "prescriber": scene.codes.of(other).word}
        why = f"the prescriber has {other}, which is not for this disease"
        yield Variant(leaf.id, UNKNOWN, Reason.ATTESTATION, why, given)
    looked = scene.library.knowledge.of_kind("specialty").sources
    yield from silent(scene, leaf, looked, scene.patient(), proves=False)


def approved_before(scene: Scene, leaf: Criterion, _: ApprovedBefore) -> Iterator[Variant]:
    """An approval of this payer; what is open without one is the path itself."""
    base = {**scene.patient(), "claims": scene.on_drug()}
    yield Variant(leaf.id, MET, None, "this payer approved the drug", base)
    asked = {**base, "approvals": [{**scene.approval(scene.ago(330)), "action": "A4"}]}
    why = "the payer's decision is still open"
    yield Variant(leaf.id, UNKNOWN, Reason.REVIEW, why, asked)
    looked = scene.library.knowledge.of_kind("approval").sources
    nothing = {**base, "approvals": [], "authorizations_held": "no"}
    yield from silent(scene, leaf, looked, nothing, proves=False)


def network_pharmacy(scene: Scene, leaf: Criterion, _: NetworkPharmacy) -> Iterator[Variant]:
    """A pharmacy of the payer's list, another one, and none."""
    base = scene.patient()
    yield Variant(leaf.id, UNKNOWN, Reason.ATTESTATION, "the order names no pharmacy", base)
    listed = scene.library.payers[scene.policy.payer].network_pharmacies
    names = [name for one in listed for name in getattr(one, "names", ())]
    if names:
        order = {**base["order"], "pharmacy": names[0]}
        yield Variant(leaf.id, MET, None, "the pharmacy is in the list", {**base, "order": order})
        order = {**base["order"], "pharmacy": "Corner Pharmacy"}
        given = {**base, "order": order, "pharmacies_held": HELD}
        yield Variant(leaf.id, NOT_MET, None, "the pharmacy is not in the complete list", given)


def not_encoded(scene: Scene, leaf: Criterion, _: NotEncoded) -> Iterator[Variant]:
    """What the documents leave to the reviewer."""
    yield Variant(
        leaf.id, UNKNOWN, Reason.REVIEW, "these criteria are not encoded", scene.patient()
    )
