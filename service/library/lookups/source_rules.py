"""Sources: from their documents to the rules by which each prefetch key is read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from service.errors import Mistake
from service.fhir.elements import Steps, compile_path
from service.fhir.sources.another_test_or_disease import DiseaseNames, TestNames
from service.fhir.sources.coded_entries import CodedEntries
from service.fhir.sources.denying_words import Denials
from service.fhir.sources.entries_not_understood import Doubts
from service.fhir.sources.entries_that_count import Payment, Rule, Unless
from service.fhir.sources.retractions import Retractions
from service.fhir.sources.reversal_marks import MarkingWords, RelatedClaims, ReversalCodes
from service.fhir.sources.source import Money, Plan, ReasonOf, ReasonRole, ReasonsAt, Source
from service.fhir.terminology.names_in_text import Beginnings, beginnings, phrases
from service.library.documents.yaml import Address, Document
from service.library.element_tree import modified_paths
from service.library.lookups.source_words import (
    DISEASE,
    _denials,
    _diseases,
    _names_of,
    _naming,
    codes_of_results,
)
from service.library.shapes import (
    FactShape,
    ListedShape,
    MarkingWordsShape,
    ReasonsShape,
    RoleShape,
    RuleShape,
    SourceShape,
    ValueSetShape,
)


class Paths:
    """Compiles the paths of one document; a path that cannot be compiled is noted as a mistake."""

    def __init__(self, document: Document, mistakes: list[Mistake]) -> None:
        self.document = document
        self.mistakes = mistakes

    def compiled(self, written: str, address: Address) -> Steps:
        """One compiled path."""
        try:
            return compile_path(written)
        except ValueError as error:
            self.mistakes.append(self.document.mistake(address, str(error)))
            return ()

    def all_compiled(self, written: tuple[str, ...], address: str) -> tuple[Steps, ...]:
        """Several compiled paths under one key."""
        return tuple(self.compiled(path, (address, index)) for index, path in enumerate(written))


RESULT_CODES = "{observation_codes}"
# What a source takes from its document, by the form in which it is written there.
AS_WRITTEN = (
    "type",
    "kind",
    "says",
    "drugs",
    "bare_codes_of",
    "visits",
    "names_tell",
    "implies_disease",
)
SETS = ("active", "over")
PATH = ("each", "parts", "sample", "forbids")
PATHS = (
    "subject",
    "concepts",
    "references",
    "dates",
    "days",
    "amounts",
    "places",
    "departments",
    "quantity",
    "dosage",
    "method",
    "inside",
    "outcome",
    "against",
    "notes",
)
RULE = ("pharmacy", "medical", "partly", "decision")
ENTRIES = ("reviews", "review_numbers", "authorization_numbers", "line_dates")


def build_source(
    document: Document,
    shape: SourceShape,
    value_sets: Mapping[str, ValueSetShape],
    facts: Iterable[FactShape],
    mistakes: list[Mistake],
) -> Source:
    """How one prefetch key is read."""
    paths = Paths(document, mistakes)
    denials = _denials(shape, _diseases_named(value_sets))
    naming = _diseases(shape, value_sets) or _naming(
        shape, paths.all_compiled(shape.taken_from, "taken_from"), value_sets, facts
    )
    source = Source(
        key=shape.source,
        holds_name=shape.holds,
        **_searches(shape, codes_of_results(value_sets)),
        **_as_written(paths, shape),
        rules=tuple(_rule_with_words(paths, shape, n, denials) for n, _ in enumerate(shape.rules)),
        days_listed=_listed(paths, shape.days_listed, ("days_listed",)),
        reasons=tuple(_reasons(paths, reason, index) for index, reason in enumerate(shape.reasons)),
        reason_of=_reason_of(paths, shape),
        money=_money(paths, shape),
        voids=_voids(paths, shape),
        back_words=_marking_words(paths, shape.back_words, "back_words"),
        unsure_words=_marking_words(paths, shape.unsure_words, "unsure_words"),
        retractions=_retractions(paths, shape, naming),
        related=_related(paths, shape),
        plan=_plan(paths, shape),
        doubts=_doubts(paths, shape),
        naming=naming,
    )
    return replace(
        source,
        asked=tuple(_other_parts(paths, source, shape)),
        drafts=tuple(_other_drafts(paths, source, shape)),
    )


def _as_written(paths: Paths, shape: SourceShape) -> dict[str, Any]:
    """What is taken by its name alone: values, sets of codes, paths, rules and coded entries."""
    path, rule = ({key: getattr(shape, key) for key in keys} for keys in (PATH, RULE))
    return {
        **{key: getattr(shape, key) for key in AS_WRITTEN},
        **{key: frozenset(getattr(shape, key)) for key in SETS},
        **{key: paths.compiled(at, (key,)) if at else None for key, at in path.items()},
        **{key: paths.all_compiled(getattr(shape, key), key) for key in PATHS},
        **{key: _rule(paths, asked, (key,)) if asked else None for key, asked in rule.items()},
        **{key: _all_entries(paths, getattr(shape, key), key) for key in ENTRIES},
    }


def _searches(shape: SourceShape, codes: str) -> dict[str, Any]:
    """The searches of a key, with the codes of all results that facts may ask for."""
    otherwise = shape.search_otherwise and shape.search_otherwise.replace(RESULT_CODES, codes)
    return {"search": shape.search.replace(RESULT_CODES, codes), "search_otherwise": otherwise}


def _diseases_named(value_sets: Mapping[str, ValueSetShape]) -> tuple[str, ...]:
    """The names of all diseases, which words that deny an entry may be about."""
    diseases = (value_set for value_set in value_sets.values() if value_set.kind == DISEASE)
    return tuple(name for value_set in diseases for name in _names_of(value_set))


def _other_parts(paths: Paths, lines: Source, shape: SourceShape) -> Iterator[Source]:
    """Other parts of a resource: read like its lines, except for the paths written under `asked`."""
    for n, part in enumerate(shape.asked):
        yield replace(
            lines,
            each=paths.compiled(part.each, ("asked", n, "each")) if part.each else None,
            concepts=_paths_of_part(paths, part.concepts, n, "concepts") or lines.concepts,
            references=_paths_of_part(paths, part.references, n, "references") or lines.references,
            dates=_paths_of_part(paths, part.dates, n, "dates") or lines.dates,
            inside=() if part.concepts else lines.inside,
            parts=None,
            drugs=True,
            lines=lines,
            services=part.services,
        )


def _other_drafts(paths: Paths, orders: Source, shape: SourceShape) -> Iterator[Source]:
    """Draft orders of other types: of the same kind as the source's own, read at their own paths."""
    for n, draft in enumerate(shape.drafts):
        subject, concepts = (
            tuple(paths.compiled(at, ("drafts", n, key, m)) for m, at in enumerate(written))
            for key, written in (("subject", draft.subject), ("concepts", draft.concepts))
        )
        yield replace(
            orders,
            type=draft.type,
            subject=subject,
            concepts=concepts,
            references=(),
            rules=(),
            reasons=(),
            dosage=(),
            services=True,
            doubts=Doubts(subject=subject),
        )


def _paths_of_part(paths: Paths, written: tuple[str, ...], n: int, key: str) -> tuple[Steps, ...]:
    return tuple(
        paths.compiled(path, ("asked", n, key, index)) for index, path in enumerate(written)
    )


def _plan(paths: Paths, shape: SourceShape) -> Plan:
    plan = shape.plan
    if plan is None:
        return Plan()
    return Plan(
        tuple(paths.compiled(path, ("plan", "type", n)) for n, path in enumerate(plan.type)),
        _listed(paths, plan.named, ("plan", "named")),
        frozenset(plan.no_drugs),
        frozenset(plan.self_pay),
        frozenset(plan.active),
        frozenset(plan.over),
    )


def _doubts(paths: Paths, shape: SourceShape) -> Doubts:
    modified, modified_part = modified_paths(shape)
    return Doubts(
        modified,
        modified_part,
        frozenset(shape.modifiers),
        paths.all_compiled(shape.subject, "subject"),
        paths.all_compiled(shape.about, "about"),
        paths.all_compiled(shape.absent, "absent"),
        paths.all_compiled(shape.ended, "ended"),
        paths.all_compiled(shape.begun, "begun"),
        paths.all_compiled(shape.dates, "dates"),
    )


def _reason_of(paths: Paths, shape: SourceShape) -> ReasonOf | None:
    reason_of = shape.reason_of
    if reason_of is None:
        return None
    return ReasonOf(
        paths.compiled(reason_of.path, ("reason_of", "path")),
        paths.compiled(reason_of.category, ("reason_of", "category")),
        frozenset(reason_of.only),
    )


def _reasons(paths: Paths, shape: ReasonsShape, index: int) -> ReasonsAt:
    def path(written: str | None, key: str) -> Steps | None:
        return paths.compiled(written, ("reasons", index, key)) if written else None

    return ReasonsAt(
        tuple(paths.compiled(path, ("reasons", index, "at", n)) for n, path in enumerate(shape.at)),
        path(shape.each, "each"),
        path(shape.order, "order"),
        path(shape.named_by, "named_by"),
        _role(paths, shape.role, index),
    )


def _role(paths: Paths, shape: RoleShape | None, index: int) -> ReasonRole | None:
    if shape is None:
        return None
    path = paths.compiled(shape.path, ("reasons", index, "role", "path"))
    main, beside = (frozenset(map(str.lower, each)) for each in (shape.main, shape.beside))
    return ReasonRole(path, main, beside)


def _rule_with_words(paths: Paths, shape: SourceShape, index: int, denials: Denials | None) -> Rule:
    """One rule of the source, with the denial words if the rule reads words too."""
    written, unless = shape.rules[index], _unless(paths, shape, ("rules", index))
    rule = replace(_rule(paths, written, ("rules", index)), unless=unless)
    return replace(rule, denials=denials) if written.in_words else rule


def _unless(paths: Paths, shape: SourceShape, address: tuple[str, int]) -> Unless | None:
    """When a rule's value does not count, and where a payment would contradict the rule."""
    unless, payment = shape.rules[address[1]].unless, shape.payment
    if unless is None or payment is None:
        return None
    listed = _all_entries(paths, shape.money.paid if shape.money else (), "money", "paid")
    parts = paths.compiled(shape.each, ("each",)) if shape.each else ()
    amounts = tuple(
        paths.compiled(path, ("payment", "amounts", n)) for n, path in enumerate(payment.amounts)
    )
    paid = Payment(amounts, _rule(paths, payment.type, ("payment", "type")), listed, parts)
    codes, groups = frozenset(unless.codes), frozenset(unless.groups)
    beside = paths.compiled(unless.at, ("rules", address[1], "unless"))[-1:]
    return Unless(beside, codes, groups, paid)


def _rule(paths: Paths, shape: RuleShape, address: Address) -> Rule:
    steps = paths.compiled(shape.path, (*address, "path")) if shape.path else ()
    counts = shape.missing == "counts"
    among = _listed(paths, shape.among, (*address, "among"))
    never, only, past = map(frozenset, (shape.never, shape.only, shape.past))
    return Rule(
        steps,
        never,
        only,
        counts,
        past,
        among,
        frozenset(shape.aside),
        shape.others == "question",
        unsure=frozenset(shape.unsure),
    )


def _listed(paths: Paths, listed: ListedShape | None, address: Address) -> CodedEntries | None:
    if listed is None:
        return None
    return _entries(paths, listed, address)


def _entries(paths: Paths, listed: ListedShape, address: Address) -> CodedEntries:
    names = (getattr(listed, key, None) for key in ("order", "named_by"))
    order, named_by = (paths.compiled(path, address) if path else None for path in names)
    return CodedEntries(
        paths.compiled(listed.entries, (*address, "entries")),
        paths.compiled(listed.category, (*address, "category")),
        frozenset(listed.code),
        paths.compiled(listed.value, (*address, "value")),
        order,
        named_by,
    )


def _all_entries(
    paths: Paths, listed: tuple[ListedShape, ...], *address: str
) -> tuple[CodedEntries, ...]:
    return tuple(_entries(paths, entry, (*address, n)) for n, entry in enumerate(listed))


def _money(paths: Paths, shape: SourceShape) -> Money | None:
    money = shape.money
    if money is None:
        return None

    plain = tuple(paths.compiled(path, ("money", "plain", n)) for n, path in enumerate(money.plain))
    charged, paid = (
        _all_entries(paths, entries, "money", key)
        for entries, key in ((money.charged, "charged"), (money.paid, "paid"))
    )
    return Money(charged, paid, plain)


def _voids(paths: Paths, shape: SourceShape) -> tuple[ReversalCodes, ...]:
    return tuple(
        ReversalCodes(
            _entries(paths, void.among, ("voids", n, "among")), frozenset(void.codes), void.ends
        )
        for n, void in enumerate(shape.voids)
    )


def _marking_words(paths: Paths, words: MarkingWordsShape | None, key: str) -> MarkingWords | None:
    if words is None:
        return None
    places = tuple(paths.compiled(path, (key, "at", n)) for n, path in enumerate(words.at))
    return MarkingWords(places, words.words)


def _retractions(
    paths: Paths, shape: SourceShape, naming: TestNames | DiseaseNames | None
) -> Retractions | None:
    """The words of notes that take an entry back, with the names of other diseases."""
    written = shape.retractions
    if written is None:
        return None
    at = paths.all_compiled(shape.notes, "notes")
    unless = (*written.unless, *(shape.denials.unless if shape.denials else ()))
    entry, content, instead, before_name = (
        Denials(words, frozenset(), frozenset(), unless=unless)
        for words in (written.entry, written.content, written.instead, written.before_name)
    )
    others = (*map(beginnings, written.others), *_other_diseases(naming))
    return Retractions(at, entry, content, others, phrases(written.beside), instead, before_name)


def _other_diseases(naming: TestNames | DiseaseNames | None) -> Iterator[Beginnings]:
    if isinstance(naming, DiseaseNames):
        yield from naming.begins
        yield from (expression for near in naming.near.values() for expression in near.near)


def _related(paths: Paths, shape: SourceShape) -> RelatedClaims | None:
    related = shape.related
    if related is None:
        return None
    return RelatedClaims(
        paths.compiled(related.each, ("related", "each")),
        paths.compiled(related.relationship, ("related", "relationship")),
        tuple(paths.compiled(path, ("related", "to", n)) for n, path in enumerate(related.to)),
        tuple(
            paths.compiled(path, ("related", "names", n)) for n, path in enumerate(related.names)
        ),
        frozenset(related.older),
        frozenset(related.newer),
        frozenset(related.beside),
    )
