"""Checks sources, units, services and payers, and that services prefetch what their criteria need."""

import re
from collections.abc import Iterable, Iterator, Mapping
from unicodedata import combining, normalize

from service.errors import Mistake
from service.fhir.elements import OID
from service.fhir.resource_types import RESPONSE
from service.library.documents.folders import Folder, unknown
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Document
from service.library.element_tree import RESOURCE_TYPES
from service.library.shapes import (
    FactShape,
    PayerShape,
    ServiceShape,
    SourceShape,
    UnitsShape,
    ValueSetShape,
)
from service.policy.model import Policy
from service.policy.operators import (
    ApprovedBefore,
    AtMostOneOf,
    Compare,
    DoseTrend,
    Episodes,
    Excluded,
    Exposed,
    ExposedFor,
    Fewer,
    Operator,
    Recorded,
    Regimen,
    Sessions,
    Specialty,
    Statement,
    Stopped,
    Supply,
    Trend,
    TrialOutcome,
)

# Resource types and units that the program uses, whatever the policies ask.
TYPES_NEEDED = ("MedicationRequest", "Condition", RESPONSE, "ClaimResponse")
UNITS_NEEDED = ("mg", "mL", "devices", "days", "actuations", "inhalers", "pieces")


def check_sources(
    sources: Folder[SourceShape], value_sets: Folder[ValueSetShape]
) -> Iterator[Mistake]:
    """Mistakes of sources: unknown types, two of one type, missing types without which no order is judged."""
    seen: dict[str, str] = {}
    for document, shape in sources:
        if shape.type not in RESOURCE_TYPES:
            message = (
                f"no R4 resource type '{shape.type}'{did_you_mean(shape.type, RESOURCE_TYPES)}"
            )
            yield document.mistake(("type",), message)
        elif shape.type in seen:
            message = f"a second source of {shape.type}; the first is {seen[shape.type]}"
            yield document.mistake(("type",), message)
        seen.setdefault(shape.type, document.file)
    if all(type_ in RESOURCE_TYPES for type_ in seen) and not sources.unsound:
        for needed in TYPES_NEEDED:
            if needed not in seen:
                yield Mistake("mappings/sources", 1, f"no source of the type {needed}")
    used = {system for _, shape in value_sets for system in (*shape.codes, *shape.questions)}
    for document, shape in sources:
        system = shape.bare_codes_of
        if system and system not in used and not value_sets.unsound:
            message = f"no value set has codes of '{system}'{did_you_mean(system, used)}"
            yield document.mistake(("bare_codes_of",), message)
        yield from _wrong_plan(document, shape, value_sets)


def _wrong_plan(
    document: Document, shape: SourceShape, value_sets: Folder[ValueSetShape]
) -> Iterator[Mistake]:
    """Kinds of plans must be value sets of the kind coverage."""
    if shape.plan is None:
        return
    for key, names in (("no_drugs", shape.plan.no_drugs), ("self_pay", shape.plan.self_pay)):
        for name in names:
            address: Address = ("plan", key)
            if name not in value_sets.read:
                if name not in value_sets.unsound:
                    yield document.mistake(address, unknown("value set", name, value_sets.read))
            elif (kind := value_sets.read[name][1].kind) != "coverage":
                message = f"'{name}' is of the kind {kind}; coverage is needed here"
                yield document.mistake(address, message)


def check_units(shape: UnitsShape) -> Iterator[Mistake]:
    """Mistakes of units: missing units, double words, factors that are not above 0."""
    words = [unit.word for unit in shape.units]
    file = "mappings/units.yaml"
    for needed in UNITS_NEEDED:
        if needed not in words:
            yield Mistake(file, 1, f"the unit '{needed}' is missing; doses are counted in it")
    for index, unit in enumerate(shape.units):
        if unit.word in words[:index]:
            yield Mistake(file, 1, f"the unit '{unit.word}' stands twice")
        for name, factor in (*unit.codes.items(), *unit.texts.items()):
            if not 0 < factor < float("inf"):
                yield Mistake(file, 1, f"the factor of '{name}' to '{unit.word}' is above 0")


def check_services(
    services: Folder[ServiceShape], sources: Folder[SourceShape], sets: Folder[ValueSetShape]
) -> Iterator[Mistake]:
    """Mistakes of services: prefetch keys that are no source, drugs that are no value set of a drug."""
    for document, shape in services:
        for key, names, folder in (
            ("prefetch", shape.prefetch, sources),
            ("drugs", shape.drugs, sets),
        ):
            names_of_folder: Mapping[str, object] = folder.read
            for name in names:
                if name not in names_of_folder and name not in folder.unsound:
                    message = f"'{name}' is not known{did_you_mean(name, names_of_folder)}"
                    yield document.mistake((key,), message)
        for name in shape.drugs:
            if name in sets.read and sets.read[name][1].kind != "drug":
                yield document.mistake(("drugs",), f"'{name}' is no drug")
            elif name in sets.read and not any(sets.read[name][1].codes.values()):
                message = (
                    f"'{name}' has no codes under 'codes': no order could be read as one for it"
                )
                yield document.mistake(("drugs",), message)


_AND = re.compile(r"\band\b")
_NO_LETTER = re.compile(r"[\W_]+")
Key = tuple[str, ...]
Named = tuple[Key, str, Address]


def check_payers(payers: Folder[PayerShape]) -> Iterator[Mistake]:
    """Two payers with the same name or identifier: members would be judged by the wrong policy."""
    first: dict[Key, tuple[Document, Address, str]] = {}
    for document, shape in payers:
        own: set[Key] = set()
        for key, written, address in _named(shape):
            there, its, payer = first.setdefault(key, (document, address, shape.payer))
            if payer != shape.payer and key not in own:
                where = f"{there.file}:{there.line(its)}"
                message = f"{written} names the payer '{payer}' too ({where})"
                yield document.mistake(address, f"{message}; strike it where it is wrong")
            own.add(key)


def _named(shape: PayerShape) -> Iterator[Named]:
    """Every name and identifier of a payer, with its words for messages and its address."""
    for index, name in enumerate(shape.names):
        yield _name(name), f"'{name}'", ("names", index)
    for address, name in (("name", shape.name), ("short", shape.short)):
        yield _name(name), f"'{name}'", (address,)
    for index, identifier in enumerate(shape.identifiers):
        system = (identifier.system or "").strip().rstrip("/").casefold().removeprefix(OID)
        key = ("identifier", system, identifier.value.strip().casefold())
        yield key, f"the identifier '{identifier.value}'", ("identifiers", index)


def _name(name: str) -> Key:
    """A name's letters and digits: case, accents, marks and `&` for `and` do not distinguish payers."""
    letters = (one for one in normalize("NFKD", name.casefold()) if not combining(one))
    plain = _NO_LETTER.sub("", _AND.sub("", "".join(letters)))
    return "name", plain or name.casefold()


# Types that every policy needs: the patient, the coverage and the disease that the order is for.
TYPES = ("Patient", "Coverage", "Condition")
# The kinds of facts that an operator uses without naming the fact.
KINDS: dict[type[Operator], tuple[str, ...]] = {
    **dict.fromkeys(
        (Supply, AtMostOneOf, ExposedFor, Exposed, DoseTrend, Trend, Fewer), ("supply",)
    ),
    **dict.fromkeys((TrialOutcome, Stopped), ("outcome",)),
    Regimen: ("age",),
    Sessions: ("sessions",),
    Excluded: ("exclusion",),
    Specialty: ("specialty",),
    ApprovedBefore: ("approval",),
}


def check_needs(
    services: Folder[ServiceShape],
    policies: Iterable[Policy],
    facts: Folder[FactShape],
    sources: Folder[SourceShape],
) -> Iterator[Mistake]:
    """Prefetch keys that a service lacks, though a policy for one of its drugs needs them."""
    of_type = {shape.type: name for name, shape in sources.shapes.items()}
    needed = [(policy, list(_needed_keys(policy, facts.shapes, of_type))) for policy in policies]
    for document, shape in services:
        asked_for = set(shape.prefetch)
        for policy, keys in needed:
            for key, why in keys if policy.drug in shape.drugs else ():
                if key not in asked_for and key in sources.read:
                    message = f"'{key}' is missing: {why} of {policy.id} is looked for there"
                    yield document.mistake(("prefetch",), message)
                asked_for.add(key)


def _needed_keys(
    policy: Policy, facts: dict[str, FactShape], of_type: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Prefetch keys of a policy, each with what needs it."""
    for type_ in TYPES:
        if type_ in of_type:
            yield of_type[type_], "what every order"
    kinds: dict[str, list[FactShape]] = {}
    for shape in facts.values():
        kinds.setdefault(shape.kind, []).append(shape)
    for criterion in policy.criteria():
        stated = criterion.statement or isinstance(criterion.operator, Statement | TrialOutcome)
        if stated and RESPONSE in of_type:
            yield of_type[RESPONSE], f"'{criterion.id}'"
        names, of_kinds = ((), ()) if criterion.operator is None else asked_of(criterion.operator)
        asked = [facts[name] for name in names if name in facts]
        asked += (shape for kind in of_kinds for shape in kinds.get(kind, ()))
        for shape in asked:
            for looked in shape.sources:
                yield looked.source, f"'{criterion.id}'"


def asked_of(asked: Operator) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The facts that an operator names, and the kinds of facts that it uses without naming them."""
    named: tuple[str, ...] = ()
    match asked:
        case Compare():
            since = asked.during or asked.before_first or asked.pick == "baseline_if_treated"
            return (asked.fact,), ("supply",) if since else ()
        case Recorded():
            named = asked.fact
        case Trend() | Episodes() | Fewer():
            named = asked.of
        case Regimen():
            named = (asked.weight,)
    return named, KINDS.get(type(asked), ())
