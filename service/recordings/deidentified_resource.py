"""A resource without what names a patient: known elements are kept or replaced, all others are counted."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.facts.payer.payers import words_of_anybody
from service.fhir.elements import objects
from service.json_object import Json
from service.library.element_tree import element_tree
from service.memo import per_value
from service.recordings.pseudonyms import Pseudonyms
from service.recordings.safe.ages import (
    AGE_ELEMENTS,
    OLDEST_AGE,
    has_number,
    is_about_age,
    is_result,
    may_be_age,
    may_be_over_89,
    with_age_pooled,
)
from service.recordings.safe.amounts import is_number_of_a_person, without_long_tail
from service.recordings.safe.known_words import KnownWords
from service.recordings.safe.safe_elements import (
    DAYS,
    LISTED_CODES,
    NUMBERS_OF_THINGS,
    PLAIN,
    STRUCTURES,
    TEXTS,
)
from service.recordings.shifted_days import exact_day, first_day, moved

# Elements of hook requests and of JSON, which are none of FHIR's types that the element tree holds.
OF_REQUESTS = frozenset(
    (
        *("hook", "hookInstance", "context", "prefetch", "fhirServer", "fhirAuthorization"),
        *("userId", "patientId", "encounterId", "draftOrders", "selections", "resourceType"),
        *("entry", "fullUrl", "resource", "search", "link", "relation", "request", "response"),
    )
)

SERVER, OUTSIDE = "https://ehr.example/r4", "https://outside.example/r4"
REMOVED = "https://dupilumab-cds.github.io/fhir/removed"  # an extension or rules that are not told
REASONS = frozenset(
    ("medicationReference", "itemReference", "reasonReference", "condition", "diagnosisReference")
)
PERSONS = ("Patient", "RelatedPerson")  # who pays for themselves
MOST_DEEP = 30
NO_ELEMENT = "name of no FHIR element"
_NOTHING = object()


@dataclass
class Walk:
    """One pass over one request."""

    words: KnownWords
    names: Pseudonyms
    server: str | None
    offset: int = 0
    # Of whom is born on that day or before, `born` is written; no other day before it is.
    oldest: date = date.min
    born: date = date.min
    # Whether somebody is that old, or nobody says when the patient was born: then an age together with a
    # day would tell the birth, and no age is recorded.
    drops_ages: bool = False
    days: list[date] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    in_drug: bool = (
        False  # within what names a drug: brands that are names of people too stand only there
    )

    in_reason: bool = False  # within a reference to a disease, a drug or a test, and to no person
    in_payer: bool = False  # within what names who pays: words that tell payers apart count there
    in_age: bool = False  # within what is an age, or a result of which nobody knows what it is

    def is_own(self, address: str) -> bool:
        """Whether an address is one of the EHR's own server."""
        return self.server is not None and address.startswith(self.server)


def id_of(walk: Walk, value: str) -> str:
    """An id, or a relative reference where clients send one."""
    type_, slash, id_ = value.rpartition("/")
    if not slash:
        return walk.names.id_(value)
    return f"{type_}/{walk.names.id_(id_)}" if walk.words.is_type(type_) else walk.names.id_(value)


def structure_of(walk: Walk, value: Json, depth: int, within: str = "") -> Json:
    """A resource or a part of one with the elements that are known to be safe."""
    safe: Json = {}
    if depth > MOST_DEEP:
        walk.dropped["too deep"] += 1
        return safe
    if within != "extension" and ("system" in value or "code" in value) and _is_coding(value):
        return _coding(walk, value)
    if within == "identifier" or _is_identifier(value):
        return _identifier(walk, value)
    before = walk.in_age
    walk.in_age = _may_be_age(walk, value, within)
    value = _without_high_age(walk, value)
    for name, content in value.items():
        kept = _element(walk, name, content, depth, value)
        if kept is not _NOTHING:
            safe[name] = kept
    walk.in_age = before
    return safe


def _may_be_age(walk: Walk, value: Json, within: str) -> bool:
    """Whether what a part holds may be an age: it says so, or the documents do not know what it is."""
    if within in AGE_ELEMENTS or is_about_age(value):
        return True
    if "linkId" in value:
        return not walk.words.is_criterion(str(value["linkId"]))
    if is_result(value):
        return not walk.words.codes.is_concept(value["code"])
    return walk.in_age


def _without_high_age(walk: Walk, value: Json) -> Json:
    """A part with no number that tells an age of 90 years and more."""
    may_be = walk.in_age and may_be_age(value, has_known_unit=_has_known_unit(walk, value))
    if may_be and walk.drops_ages and isinstance(value.get("value"), int | float):
        walk.dropped["value"] += 1
        return {name: content for name, content in value.items() if name != "value"}
    return with_age_pooled(value, may_be_years=may_be)


def _has_known_unit(walk: Walk, quantity: Json) -> bool:
    amounts = walk.words.texts.amounts
    known = any(amounts.is_unit(quantity.get(name)) for name in ("unit", "code"))
    return known or "currency" in quantity


def _element(walk: Walk, name: str, value: Any, depth: int, holder: Json) -> Any:
    """An element as it may be recorded; _NOTHING if it is dropped, which is counted."""
    kept: Any = _NOTHING
    if name in ("extension", "modifierExtension"):
        return _extensions(walk, name, value, depth)
    if isinstance(value, list):
        each = [_element(walk, name, one, depth, holder) for one in value]
        return [one for one in each if one is not _NOTHING] or _NOTHING
    if isinstance(value, dict) and (name in STRUCTURES or name in LISTED_CODES):
        before = walk.in_drug, walk.in_payer, walk.in_reason
        walk.in_drug = walk.in_drug or _names_drug(name, holder)
        walk.in_reason = name in REASONS
        walk.in_payer = name in ("payor", "insurer") or value.get("resourceType") == "Organization"
        kept = structure_of(walk, value, depth + 1, name) or _NOTHING
        walk.in_drug, walk.in_payer, walk.in_reason = before
    elif isinstance(value, str):
        kept = _string(walk, name, value, holder)
    elif value is None or (isinstance(value, bool) and name in PLAIN):
        kept = value
    elif isinstance(value, int | float) and name in PLAIN:
        kept = _number(walk, name, value, holder)
    walk.dropped[element_name(name)] += kept is _NOTHING
    return kept


def _number(walk: Walk, name: str, value: float, holder: Json) -> Any:
    """A number as it may be recorded; one that may be a phone or a record number is dropped."""
    has_unit = name == "value" and _has_known_unit(walk, holder)
    if is_number_of_a_person(value, has_unit=has_unit):
        return _NOTHING
    short = without_long_tail(value, has_unit=has_unit)
    if not (walk.in_age and name.startswith("value") and name != "value"):
        return short
    return _NOTHING if walk.drops_ages else min(short, OLDEST_AGE)


def _names_drug(name: str, holder: Json) -> bool:
    """Whether an element names a drug or a substance."""
    if name == "medicationReference":
        return True
    of_drug = name == "code" and holder.get("resourceType") in ("Medication", "AllergyIntolerance")
    return of_drug or name in (
        "medicationCodeableConcept",
        "productOrService",
        "itemCodeableConcept",
    )


def _string(walk: Walk, name: str, value: str, holder: Json) -> Any:
    """A text, day, id, address or code as it may be recorded; _NOTHING if it is dropped."""
    if name in DAYS:
        return _day(walk, name, value) or _NOTHING
    if name in TEXTS:
        return _words(walk, name, value, holder)
    if name in ("reference", "fullUrl"):
        return reference_of(walk, value)
    if name == "id" or name in NUMBERS_OF_THINGS:
        return (
            _version(value) or walk.names.id_(value)
            if name == "versionId"
            else walk.names.id_(value)
        )
    if name in LISTED_CODES:
        return value if value in walk.words.codes.fhir_codes else _NOTHING
    other = _OTHER.get(name)
    return (other(walk, value, holder) or _NOTHING) if other else _NOTHING


def _words(walk: Walk, name: str, value: str, holder: Json) -> str:
    """The words of an element: a person that a reference names is never told, a decision mostly is."""
    if name in AGE_ELEMENTS and _tells_high_age(walk, value):
        walk.dropped["text replaced"] += 1
        return _replaced(walk, value)
    if name == "display" and "reference" in holder:
        if walk.words.texts.is_payer_name(value):
            return value
        if walk.in_reason:
            return _text(walk, value)
        is_person = any(f"{type_}/" in str(holder["reference"]) for type_ in PERSONS)
        return _replaced(walk, value) if walk.in_payer and not is_person else walk.names.text(value)
    return _remark(walk, value) if name == "disposition" else _text(walk, value)


def _tells_high_age(walk: Walk, text: str) -> bool:
    """Whether a text that may be an age may tell one of 90 years and more."""
    return may_be_over_89(text) or (walk.drops_ages and has_number(text))


def _remark(walk: Walk, value: str) -> str:
    """A payer's remark: the words of decisions in it."""
    if walk.words.decisions.is_decision(value):
        return value
    walk.dropped["text replaced"] += 1
    said, has_others = walk.words.decisions.decision_in(value)
    return f"{said} {walk.names.text(value)}".strip() if has_others or not said else said


def _version(value: str) -> str | None:
    """A version of a resource where it is a small number, which tells which one is newer."""
    return value if value.isdigit() and len(value) <= len("999") else None


_OTHER: Mapping[str, Callable[[Walk, str, Json], str | None]] = {
    "implicitRules": lambda _walk, _value, _holder: REMOVED,  # that there are some counts
    "resourceType": lambda walk, value, _: value if walk.words.is_type(value) else None,
    "source": lambda walk, value, _: SERVER if walk.is_own(value) else OUTSIDE,
    "url": lambda _walk, _value, holder: f"{SERVER}/next" if "relation" in holder else None,
    "questionnaire": lambda walk, value, _: value if walk.words.is_questionnaire(value) else None,
    "linkId": lambda walk, value, _: (
        value if walk.words.is_criterion(value) else walk.names.id_(value)
    ),
    "system": lambda walk, value, _: value if walk.words.codes.is_system(value) else None,
    "value": lambda walk, value, _: _text(walk, value),
    "code": lambda walk, value, _: value if walk.words.codes.is_code(None, value) else None,
    "timeOfDay": lambda _walk, value, _holder: (
        f"{value[:2]}:00:00" if value[:2].isdigit() else None
    ),
}


def _text(walk: Walk, value: str) -> str:
    """A text that the documents know as a whole; any other is replaced, so that it is seen to be there."""
    is_known = walk.words.texts.is_text(value) or (walk.in_drug and walk.words.texts.is_drug(value))
    if is_known and not (walk.in_age and _tells_high_age(walk, value)):
        return value
    walk.dropped["text replaced"] += 1
    if part := walk.words.names.part_of(value):
        return part
    return _replaced(walk, value)


def _replaced(walk: Walk, value: str) -> str:
    """Another text with the names in it by which the service reads it, as the documents write them."""
    if walk.in_payer and (words := words_of_anybody(value)):
        return " ".join(
            words
        )  # such as `commercial plan`, which speaks for no payer and against none
    read = (
        walk.words.names.payer_words_in(value)
        if walk.in_payer
        else walk.words.names.names_in(value)
    )
    if walk.in_drug:
        read = tuple(dict.fromkeys((*read, *walk.words.names.drugs_in(value))))
    return " ".join((*read, walk.names.text(value)))


def _day(walk: Walk, name: str, value: str) -> str | None:
    if (day := exact_day(value)) is not None:
        walk.days.append(day)
    if name == "birthDate" and (first_day(value) or date.max) <= walk.oldest:
        return walk.born.isoformat()
    return None if value < walk.oldest.isoformat() else moved(value, walk.offset)


def reference_of(walk: Walk, value: str) -> str:
    """A reference with another id, so that what resolved still does."""
    if value.startswith("#"):
        return f"#{walk.names.id_(value[1:])}"
    if value.startswith("urn:uuid:"):
        return f"urn:uuid:{walk.names.uuid(value)}"
    path, _, version = value.partition("/_history/")
    parts = path.split("/")
    tail = f"/_history/{_version(version) or 1}" if version else ""
    if len(parts) > 1 and walk.words.is_type(parts[-2]):
        base = "/".join(parts[:-2])
        own = not base or (walk.server is not None and base.rstrip("/") == walk.server.rstrip("/"))
        place = "" if not base else f"{SERVER if own else OUTSIDE}/"
        return f"{place}{parts[-2]}/{walk.names.id_(parts[-1])}{tail}"
    return walk.names.id_(value)


def _is_identifier(value: Json) -> bool:
    """Whether a part is an identifier, wherever it stands."""
    known = {"system", "value", "type", "use", "assigner", "period"}
    return "system" in value and isinstance(value.get("value"), str) and set(value) <= known


def _is_coding(value: Json) -> bool:
    known = {"system", "code", "display", "version", "userSelected", "id", "extension"}
    return set(value) <= known and not isinstance(value.get("code"), dict | list)


def _coding(walk: Walk, value: Json) -> Json:
    """A coding of a known system with a code that is one; its display where it is known."""
    system, code, display = (value.get(name) for name in ("system", "code", "display"))
    safe: Json = {}
    if isinstance(system, str):
        safe["system"] = system if walk.words.codes.is_system(system) else f"{OUTSIDE}/codes"
    if isinstance(code, str):
        own = system if isinstance(system, str) else None
        known = (own is None or walk.words.codes.is_system(own)) and walk.words.codes.is_code(
            own, code
        )
        safe["code"] = code if known else walk.names.code(str(system), code)
        walk.dropped["code replaced"] += not known
    if isinstance(display, str):
        safe["display"] = _text(walk, display)
    walk.dropped.update(
        element_name(name) for name in value if name not in ("system", "code", "display")
    )
    return safe


def _identifier(walk: Walk, value: Json) -> Json:
    """A number of something: of a payer that the documents name as it is, else another in its place."""
    system, number = value.get("system"), value.get("value")
    if isinstance(system, str) and isinstance(number, str) and walk.words.is_payer(system, number):
        return {"system": system, "value": number}
    safe: Json = {}
    if isinstance(system, str):
        safe["system"] = f"{OUTSIDE}/{walk.names.id_(system)}"
    if isinstance(number, str):
        safe["value"] = walk.names.id_(number)
    walk.dropped["identifier replaced"] += 1
    return safe


def _extensions(walk: Walk, name: str, value: Any, depth: int) -> Any:
    """Extensions that decide about claims; of one that modifies its element, that it was there."""
    safe = []
    for one in objects(value):
        url = one.get("url")
        if isinstance(url, str) and walk.words.is_extension(url):
            rest = {key: content for key, content in one.items() if key != "url"}
            safe.append({"url": url, **structure_of(walk, rest, depth + 1, "extension")})
            continue
        walk.dropped[name] += 1
        if name == "modifierExtension":
            safe.append({"url": REMOVED})
    return safe or _NOTHING


def element_name(name: str) -> str:
    """An element's name as it is counted; a sender may write anything in place of one."""
    return name if name in _names() else NO_ELEMENT


@per_value
def _names() -> frozenset[str]:
    """The names that FHIR R4 and CDS Hooks give to elements."""
    of_fhir = (name for elements in element_tree().values() for name in elements)
    return frozenset((*of_fhir, *OF_REQUESTS))
