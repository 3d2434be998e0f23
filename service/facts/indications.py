"""For which indications an order is: the reasons it gives, the diagnoses that stand, and what each says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from service.fhir.elements import (
    codes,
    is_absent,
    literal_reference,
    names,
    objects,
    read,
    reference_parts,
    text,
)
from service.fhir.record import Record
from service.fhir.resource_types import CONDITION
from service.fhir.sources.retractions import OwnName
from service.fhir.sources.source import Source
from service.fhir.terminology.names_in_text import Pointing
from service.json_object import Json
from service.policy.model import Indication

SUFFIX = ".condition"
# Letters of an abbreviation (CRSwNP), and of one that is one in small letters too (pn).
SHORT, SHORTEST = 6, 3
_WORD = re.compile(r"[^\W\d_]+")
# A diagnosis of which only its existence is known.
UNSAID: Json = {"coding": [{"code": "not sent"}]}


def reasons_given(record: Record, order: Json) -> Iterable[object]:
    """Every concept that the prescriber gave on the order as its reason."""
    for reason in _as_diagnoses(record, order):
        yield reason["code"]


def reasons_that_stand(record: Record, order: Json, diagnoses: Source) -> Iterable[object]:
    """Those of them that would count as a diagnosis: neither their words nor their status deny it."""
    for reason in _as_diagnoses(record, order):
        if not _is_doubtful(record, reason, diagnoses):
            yield reason["code"]


def _as_diagnoses(record: Record, order: Json) -> Iterable[Json]:
    """The reasons of an order as Conditions: those that it refers to, or made of a code."""
    for concept in objects(order.get("reasonCode")):
        yield {"resourceType": CONDITION, "code": concept}
    for reference in objects(order.get("reasonReference")):
        target = record.resolve(reference, order)
        if target is None:
            yield from (
                {"resourceType": CONDITION, "code": named} for named in _not_sent(reference)
            )
        elif target.get("resourceType") == CONDITION and diagnosis_stands(target):
            yield {**target, "code": target.get("code") or UNSAID}


def _is_doubtful(record: Record, reason: Json, diagnoses: Source) -> bool:
    """Whether words or status of a reason say that the patient has it not, not surely or not any more."""
    if diagnoses.standing(reason, reason) != "counts":
        return True
    entries = tuple(record.entries_of_concept(reason.get("code")))
    return diagnoses.names_another(reason, reason, entries)


def note_denies(order: Json, own: OwnName, diagnoses: Source) -> bool:
    """Whether a note of the order says that a disease is not what it is for, or was ruled out."""
    notes = (text(note.get("text")) for note in objects(order.get("note")))
    denials = diagnoses.retractions
    return denials is not None and any(note and denials.deny(note, own) for note in notes)


def _not_sent(reference: Json) -> Iterable[object]:
    """What a reference says by itself of a diagnosis that did not come: its name, or that there is one.

    One to an observation names a finding, as one that came does.
    """
    named = literal_reference(reference)
    types = {reference_parts(named)[0] if named else None, text(reference.get("type"))} - {None}
    if not types <= {CONDITION}:
        return
    if name := text(reference.get("display")):
        yield {"text": name}
    elif named or objects(reference.get("identifier")):
        yield UNSAID


def diagnosis_stands(condition: Json) -> bool:
    """Whether a diagnosis is neither refuted nor entered in error."""
    status = codes(condition.get("verificationStatus"))
    return "entered-in-error" not in status and not is_refuted(condition)


def is_refuted(condition: Json) -> bool:
    """Whether a diagnosis was looked at and ruled out."""
    return "refuted" in codes(condition.get("verificationStatus"))


@dataclass(frozen=True, slots=True)
class OrderIndications:
    """What the order's reason says: the policy's indications, or that it lies outside.

    `perhaps` are the indications that a reason or a problem points at by a code that is not known
    here; `unread` means that there is such a one, whatever it points at.
    """

    live: tuple[str, ...]
    from_order: bool
    outside: bool
    perhaps: tuple[str, ...] = ()
    unread: bool = False


class NamesDiseases(Protocol):
    """What names the diseases that an order may be for: a policy, or the label."""

    @property
    def indications(self) -> Mapping[str, Indication]:
        """The diseases by id, in order."""


def indications_of_order(
    record: Record, order: Json, policy: NamesDiseases, diagnoses: Source, pointing: Pointing
) -> OrderIndications:
    """The ordered indication, else every active diagnosis that the policy names."""
    reader = _Reader(record, policy, pointing)
    meanings = [
        reader.said(reason["code"], doubtful=_is_doubtful(record, reason, diagnoses))
        for reason in _as_diagnoses(record, order)
    ]
    if live := policy_order(policy, *(meaning.surely for meaning in meanings)):
        return OrderIndications(live, from_order=True, outside=False)
    active = _active(record, policy, diagnoses)
    perhaps = policy_order(policy, *(meaning.perhaps for meaning in meanings))
    if perhaps:
        # A code that may mean the disease: the problem list says whether it does, else the card asks.
        likely = tuple(indication for indication in active if indication in perhaps)
        return OrderIndications(
            likely, from_order=False, outside=False, perhaps=perhaps, unread=True
        )
    if any(meaning.unread for meaning in meanings):
        return OrderIndications((), from_order=False, outside=False, unread=True)
    if any(meaning.another for meaning in meanings):
        return OrderIndications((), from_order=True, outside=True)
    if active:
        return OrderIndications(active, from_order=False, outside=False)
    return _of_problems(record, diagnoses, reader)


def _of_problems(record: Record, diagnoses: Source, reader: "_Reader") -> OrderIndications:
    """Without a listed diagnosis of the policy: a problem that cannot be read may be one of them."""
    meanings = [
        reader.said(concept)
        for resource in record.resources.get(diagnoses.type, [])
        if diagnoses.standing(resource, resource) == "counts"
        for steps in diagnoses.concepts
        for concept in read(steps, resource)
    ]
    perhaps = policy_order(reader.policy, *(meaning.perhaps for meaning in meanings))
    unread = bool(perhaps) or any(meaning.unread and not meaning.words for meaning in meanings)
    return OrderIndications((), from_order=False, outside=False, perhaps=perhaps, unread=unread)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What one concept says of a disease.

    `another`: surely a disease that is none of the policy's. `unread`: a code that is not known
    here and no name that tells, or words alone; `words` where it has a name all the same, or names
    no disease at all: such a one says something as a reason, and nothing on a list of problems.
    """

    surely: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    another: bool = False
    unread: bool = False
    words: bool = False


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the concepts of diseases for one policy."""

    record: Record
    policy: NamesDiseases
    pointing: Pointing

    def said(self, concept: object, *, doubtful: bool = False) -> _Meaning:
        """The meaning of a concept: by codes and exact names, then by code system, then by its words.

        Where words or a status make it `doubtful`, it only points at a disease.
        """
        entries = self.record.entries_of_concept(concept)
        certain = {entry.value_set for entry in entries if not entry.question}
        if surely := self._indications(certain):
            return _Meaning(perhaps=surely) if doubtful else _Meaning(surely=surely)
        perhaps = self._indications({entry.value_set for entry in entries})
        if perhaps := perhaps or self._indications(self.pointing.around(concept)):
            return _Meaning(perhaps=perhaps)
        if any(name.endswith(SUFFIX) for name in certain) or self.pointing.is_closed(concept):
            against = self._against(concept)
            return _Meaning(perhaps=against, another=not against)
        return self._by_words(concept, [*names(concept), *(entry.display for entry in entries)])

    def _by_words(self, concept: object, called: Sequence[str]) -> _Meaning:
        """The meaning of the words beside an unknown code, or of words alone."""
        if perhaps := self._indications(self.pointing.of(called)):
            return _Meaning(perhaps=perhaps)
        if not codes(concept) or is_absent(concept):
            in_words = bool(called) and not is_absent(concept)
            return _Meaning(unread=in_words, words=in_words)
        no_disease = self.pointing.names_no_disease(concept)
        # a terminology's name is reliable, unless it is abbreviated; that of a local code is not
        tells = self.record.is_coded(concept) and not no_disease
        tells = tells and any(not _is_abbreviated(name) for name in called)
        return _Meaning(another=tells, unread=not tells, words=bool(called) or no_disease)

    def _against(self, concept: object) -> frozenset[str]:
        """The diseases that its words name although its code is surely another."""
        texts = [{"text": name} for name in names(concept)]
        exact = {
            entry.value_set for text_ in texts for entry in self.record.entries_of_concept(text_)
        }
        return self._indications(exact | self.pointing.elsewhere(concept))

    def _indications(self, named: AbstractSet[str]) -> frozenset[str]:
        about = self.policy.indications.items()
        return frozenset(id_ for id_, indication in about if named & set(indication.conditions))


def _is_abbreviated(name: str) -> bool:
    """Whether a name has a short word with two capitals, such as "AD, severe", or short words alone."""
    words = _WORD.findall(name)
    in_capitals = (len(word) <= SHORT and sum(map(str.isupper, word)) > 1 for word in words)
    return any(in_capitals) or all(len(word) <= SHORTEST for word in words)


def policy_order(policy: NamesDiseases, *named: AbstractSet[str]) -> tuple[str, ...]:
    """Indications in the order of the policy."""
    return tuple(id_ for id_ in policy.indications if any(id_ in ids for ids in named))


def _active(record: Record, policy: NamesDiseases, diagnoses: Source) -> tuple[str, ...]:
    return tuple(active_diagnoses(record, policy, diagnoses))


def active_diagnoses(record: Record, policy: NamesDiseases, diagnoses: Source) -> dict[str, Json]:
    """Indications that an active diagnosis names, each with the first one; a question names none."""
    by_indication: dict[str, Json] = {}
    for id_, about in policy.indications.items():
        for hit in record.hits(*about.conditions):
            named = {entry.value_set for entry in hit.entries if not entry.question}
            counts = hit.standing == "counts" and hit.source.key == diagnoses.key
            if counts and named & set(about.conditions):
                by_indication.setdefault(id_, hit.resource)
    return by_indication
