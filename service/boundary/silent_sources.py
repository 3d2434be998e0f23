"""What a source that says nothing leaves open, and what a prescriber's statement does to a leaf."""

from collections.abc import Iterator, Sequence

from service.boundary.boundary_patient import HELD, Scene, Variant
from service.facts.fact import Looked
from service.json_object import Json
from service.policy.model import Criterion
from service.policy.operators import ApprovedBefore, Statement, TrialOutcome
from service.policy.truth import Reason, Truth

Cell = tuple[Truth, Reason | None]
DECIDING = ("decides", "decides_before", "overrides")
UNLISTED = "https://ehr.example/drugs|D1"  # a code of no list


def silent(
    scene: Scene, leaf: Criterion, looked: Sequence[Looked], given: Json, *, proves: bool = True
) -> Iterator[Variant]:
    """Nothing of it in the record: the first list was not sent, came in part, or is not known to be whole."""
    if not looked:
        yield Variant(leaf.id, Truth.UNKNOWN, Reason.NOT_FOUND, "no list is read for it", given)
        return
    first = looked[0]
    key = first.source
    name = holds(scene, first)
    open_ = {**given, f"{name}_held": "no"}
    for state, reason in (("not_sent", Reason.NOT_SUPPLIED), ("paged", Reason.INCOMPLETE)):
        why = f"the list '{key}' " + ("was not sent" if state == "not_sent" else "came in part")
        yield Variant(leaf.id, Truth.UNKNOWN, reason, why, {**open_, state: [key]})
    reason = Reason.NOT_HELD if first.silence_means_none else Reason.NOT_FOUND
    why = f"nothing found, and '{name}' is not known to be complete"
    yield Variant(leaf.id, Truth.UNKNOWN, reason, why, open_)
    none = next((place for place in looked if place.silence_means_none), None)
    if proves and none is not None:
        held = {**given, f"{holds(scene, none)}_held": HELD}
        why = f"nothing found, and '{holds(scene, none)}' is complete"
        yield Variant(leaf.id, Truth.NOT_MET, None, why, held)


def holds(scene: Scene, looked: Looked) -> str:
    """What a client says that it holds, for a source."""
    return scene.library.knowledge.sources[looked.source].holds_name


def stated(
    scene: Scene, leaf: Criterion, silent_given: Json, met: Json | None
) -> Iterator[Variant]:
    """A yes and a no where the record is silent, and a no against what it shows."""
    if leaf.statement not in DECIDING or isinstance(leaf.operator, Statement | TrialOutcome):
        return
    shown = met is not None and met == silent_given  # the order itself shows it
    path = isinstance(leaf.operator, ApprovedBefore)  # a no to it would lead to the other path
    for word, truth in (("yes", Truth.MET), ("no", Truth.NOT_MET)):
        if shown or (path and word == "no"):
            continue
        answer = scene.stated(leaf.id, word)
        why = f"the record is silent and the prescriber says {word}"
        yield Variant(leaf.id, truth, None, why, {**silent_given, "statements": answer})
    if met is not None:
        answer = scene.stated(leaf.id, "no")
        why = "the record shows it and the prescriber says no"
        given = {**met, "statements": answer}
        yield Variant(leaf.id, Truth.UNKNOWN, Reason.CONFLICT, why, given)


def statement(scene: Scene, leaf: Criterion, asked: Statement) -> Iterator[Variant]:
    """What only the prescriber knows: yes, no, nothing, and two answers of one day."""
    given, id_ = scene.patient(), asked.ids[0]
    yes: Cell = (Truth.UNKNOWN, Reason.REVIEW) if asked.for_review else (Truth.MET, None)
    answers = [scene.stated(id_, "yes"), scene.stated(id_, "no")]
    why = "the prescriber says yes" + (", which the reviewer decides" if asked.for_review else "")
    yield Variant(leaf.id, *yes, why, {**given, "statements": answers[:1]})
    yield Variant(
        leaf.id, Truth.NOT_MET, None, "the prescriber says no", {**given, "statements": answers[1:]}
    )
    yield Variant(leaf.id, Truth.UNKNOWN, Reason.ATTESTATION, "nobody has been asked", given)
    why = "two answers of one day disagree"
    yield Variant(leaf.id, Truth.UNKNOWN, Reason.CONFLICT, why, {**given, "statements": answers})
    valid = scene.policy.statements_valid
    ages: tuple[tuple[int, Cell, str], ...] = (
        (0, yes, f"the answer is {valid} old"),
        (1, (Truth.UNKNOWN, Reason.ATTESTATION), f"the answer is a day older than {valid}"),
    )
    for more, last, why in ages:
        if scene.before(scene.today, valid, more) >= scene.policy.effective.isoformat():
            answer = {**answers[0], "on": scene.back(valid, more)}
            yield Variant(leaf.id, *last, why, {**given, "statements": [answer]})
