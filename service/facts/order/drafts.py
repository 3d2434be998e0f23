"""Which draft orders are for the drug, and which disease they name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from service.facts.case import Order
from service.facts.diagnoses import SUFFIX, reasons_given
from service.fhir.elements import codes, is_absent, names, objects, spellings
from service.fhir.paths import read
from service.fhir.record import Record
from service.fhir.reference import cited, key
from service.fhir.sources.source import Source
from service.fhir.terminology.names_in_text import Pointing
from service.fhir.terminology.terminology import Entry
from service.json_object import Json
from service.policy.model import Indication

NOT_TO_JUDGE = frozenset({"entered-in-error", "cancelled"})
LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft order that names the drug; `clear` when a code does, not words alone."""

    resource: Json
    reference: str
    product: Mapping[str, object]
    clear: bool
    label: str


def drafts_of(
    record: Record, orders: Iterable[Json], source: Source, drug: str, drug_names: frozenset[str]
) -> list[Draft]:
    """This patient's draft orders for the drug, in the order they came."""
    drafts = [
        _draft(record, order, source, drug, drug_names)
        for order in orders
        if order.get("resourceType") == source.type and _to_judge(record, order, source)
    ]
    return [draft for draft in drafts if draft is not None]


def _to_judge(record: Record, order: Json, source: Source) -> bool:
    prohibited = order.get("doNotPerform") is True or codes(order.get("status")) & NOT_TO_JUDGE
    return not prohibited and record.is_own(source, order)


def _draft(
    record: Record, order: Json, source: Source, drug: str, drug_names: frozenset[str]
) -> Draft | None:
    entries = [
        entry for entry in record.entries_of(source, order, order) if entry.value_set == drug
    ]
    reference = cited(key(order)) or source.type
    label = _label(record, order, source)
    coded = [entry for entry in entries if not entry.question]
    if coded:
        best = max(coded, key=_detail)
        return Draft(order, reference, best.attributes, clear=True, label=label)
    if (
        entries
        or _named(record, order, source, drug_names)
        or _coded_elsewhere(record, order, source, drug)
    ):
        return Draft(order, reference, {}, clear=False, label=label)
    return None


def _detail(entry: Entry) -> int:
    """The number of attributes: a product has more than an ingredient."""
    return len(entry.attributes)


def _concepts(record: Record, order: Json) -> list[object]:
    target = record.resolve(order.get("medicationReference"), order)
    return [
        order.get("medicationCodeableConcept"),
        order.get("medicationReference"),
        target.get("code") if target else None,
        *_of_other_versions(record, order),
    ]


def _of_other_versions(record: Record, order: Json) -> list[object]:
    """The concepts in `medication` of an order of R5 or DSTU2."""
    medication = order.get("medication")
    parts = [each.get(key) for each in objects(medication) for key in ("concept", "reference")]
    linked = [record.resolve(part, order) for part in parts]
    return [medication, *parts, *(resource.get("code") for resource in linked if resource)]


def _label(record: Record, order: Json, source: Source) -> str:
    for concept in (*_concepts(record, order), *record.referred_concepts(source, order)):
        if called := names(concept):
            return called[0][:LONGEST_LABEL]
        for coding in objects(concept):
            if isinstance(coding.get("display"), str):
                return str(coding["display"])[:LONGEST_LABEL]
    return "order"


def _named(record: Record, order: Json, source: Source, drug_names: frozenset[str]) -> bool:
    """Whether words of the order, or of what it refers to, name the drug although no code of ours does."""
    concepts = [*_concepts(record, order), *record.referred_concepts(source, order)]
    written = (
        word
        for concept in concepts
        for element in objects(concept)
        for word in [*names(element), str(element.get("display") or "")]
    )
    words = " ".join(spelling for word in written for spelling in spellings(word)).lower()
    # a name may contain a hyphen from a line break
    words = f"{words} {words.replace('-', '')}" if "-" in words else words
    return any(re.search(rf"\b{re.escape(name)}\b", words) for name in drug_names)


def _coded_elsewhere(record: Record, order: Json, source: Source, drug: str) -> bool:
    """Whether a code of it without a system that we know is one of the drug's."""
    concepts = [*_concepts(record, order), *record.referred_concepts(source, order)]
    return any(
        entry.value_set == drug for concept in concepts for entry in record.stray_entries(concept)
    )


@dataclass(frozen=True, slots=True)
class Asked:
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


def indications_asked(
    record: Record, order: Json, policy: NamesDiseases, diagnoses: Source, pointing: Pointing
) -> Asked:
    """The ordered indication, else every active diagnosis that the policy names."""
    reader = _Reader(record, policy, pointing)
    meanings = [reader.said(concept) for concept in reasons_given(record, order)]
    if live := policy_order(policy, *(meaning.surely for meaning in meanings)):
        return Asked(live, from_order=True, outside=False)
    active = _active(record, policy, diagnoses)
    perhaps = policy_order(policy, *(meaning.perhaps for meaning in meanings))
    if perhaps:
        # A code that may mean the disease: the problem list says whether it does, else the card asks.
        likely = tuple(indication for indication in active if indication in perhaps)
        return Asked(likely, from_order=False, outside=False, perhaps=perhaps, unread=True)
    if any(meaning.unread for meaning in meanings):
        return Asked((), from_order=False, outside=False, unread=True)
    if any(meaning.another for meaning in meanings):
        return Asked((), from_order=True, outside=True)
    if active:
        return Asked(active, from_order=False, outside=False)
    return _of_problems(record, diagnoses, reader)


def _of_problems(record: Record, diagnoses: Source, reader: "_Reader") -> Asked:
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
    return Asked((), from_order=False, outside=False, perhaps=perhaps, unread=unread)


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

    def said(self, concept: object) -> _Meaning:
        """The meaning of a concept: by codes and exact names, then by code system, then by its words."""
        entries = self.record.entries_of_concept(concept)
        certain = {entry.value_set for entry in entries if not entry.question}
        if surely := self._indications(certain):
            return _Meaning(surely=surely)
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
        # the name of a terminology's concept is reliable; that of a local code is not
        tells = bool(called) and self.record.is_coded(concept) and not no_disease
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


def as_order(draft: Draft, asked: Asked) -> Order:
    """The draft with the indication it is judged for."""
    return Order(
        draft.reference, draft.resource, draft.product, asked.live, asked.from_order, draft.label
    )
