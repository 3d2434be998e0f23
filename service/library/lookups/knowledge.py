"""Facts and sources: from documents to what findings are computed from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from service.errors import Mistake
from service.facts.model import Fact, Looked, Maker, Scale, Share
from service.fhir.elements import same_name
from service.fhir.paths import Steps, compile_path
from service.fhir.sources.denials import Denials
from service.fhir.sources.diseases import Diseases, diseases
from service.fhir.sources.doubts import Doubts
from service.fhir.sources.naming import Naming, TakenFrom, naming
from service.fhir.sources.rules import BackWords, Listed, Payment, Rule, Unless, Void
from service.fhir.sources.source import Money, Plan, ReasonOf, ReasonsAt, Related, Source
from service.fhir.terminology.pointing import beginnings
from service.library.documents.yaml import Address, Document
from service.library.lookups.terminology import near_of
from service.library.r4.modifiers import modified_paths
from service.library.shapes import (
    FactShape,
    ListedShape,
    MakerShape,
    ReasonsShape,
    RuleShape,
    SourceShape,
    ValueSetShape,
)

DISEASE = "condition"


class Paths:
    """Compiles the paths of one document and notes the ones that cannot be."""

    def __init__(self, document: Document, mistakes: list[Mistake]) -> None:
        self.document = document
        self.mistakes = mistakes

    def one(self, written: str, address: Address) -> Steps:
        """One compiled path."""
        try:
            return compile_path(written)
        except ValueError as error:
            self.mistakes.append(self.document.mistake(address, str(error)))
            return ()

    def some(self, written: tuple[str, ...], address: str) -> tuple[Steps, ...]:
        """Several compiled paths under one key."""
        return tuple(self.one(path, (address, index)) for index, path in enumerate(written))


def build_source(
    document: Document,
    shape: SourceShape,
    value_sets: Mapping[str, ValueSetShape],
    facts: Iterable[FactShape],
    mistakes: list[Mistake],
) -> Source:
    """How one prefetch key is read."""
    observation_codes = codes_of_results(value_sets)
    paths = Paths(document, mistakes)
    named = (
        disease
        for shape in value_sets.values()
        if shape.kind == DISEASE
        for disease in _names_of(shape)
    )
    denials = _denials(shape, named)
    source = Source(
        key=shape.source,
        type=shape.type,
        kind=shape.kind,
        says=shape.says,
        holds_name=shape.holds,
        search=shape.search.replace("{observation_codes}", observation_codes),
        search_otherwise=shape.search_otherwise
        and shape.search_otherwise.replace("{observation_codes}", observation_codes),
        subject=paths.some(shape.subject, "subject"),
        concepts=paths.some(shape.concepts, "concepts"),
        references=paths.some(shape.references, "references"),
        each=paths.one(shape.each, ("each",)) if shape.each else None,
        parts=paths.one(shape.parts, ("parts",)) if shape.parts else None,
        dates=paths.some(shape.dates, "dates"),
        rules=tuple(_rule_with_words(paths, shape, n, denials) for n, _ in enumerate(shape.rules)),
        sample=paths.one(shape.sample, ("sample",)) if shape.sample else None,
        days=paths.some(shape.days, "days"),
        days_listed=_listed(paths, shape.days_listed, ("days_listed",)),
        amounts=paths.some(shape.amounts, "amounts"),
        active=frozenset(shape.active),
        over=frozenset(shape.over),
        drugs=shape.drugs,
        pharmacy=_rule(paths, shape.pharmacy, ("pharmacy",)) if shape.pharmacy else None,
        places=paths.some(shape.places, "places"),
        departments=paths.some(shape.departments, "departments"),
        medical=_rule(paths, shape.medical, ("medical",)) if shape.medical else None,
        quantity=paths.some(shape.quantity, "quantity"),
        dosage=paths.some(shape.dosage, "dosage"),
        method=paths.some(shape.method, "method"),
        reasons=tuple(_reasons(paths, reason, index) for index, reason in enumerate(shape.reasons)),
        reason_of=_reason_of(paths, shape),
        bare_codes_of=shape.bare_codes_of,
        money=_money(paths, shape),
        voids=_voids(paths, shape),
        back_words=_back_words(paths, shape),
        related=_related(paths, shape),
        partly=_rule(paths, shape.partly, ("partly",)) if shape.partly else None,
        visits=shape.visits,
        decision=_rule(paths, shape.decision, ("decision",)) if shape.decision else None,
        reviews=_all_entries(paths, shape.reviews, "reviews"),
        review_numbers=_all_entries(paths, shape.review_numbers, "review_numbers"),
        line_dates=_all_entries(paths, shape.line_dates, "line_dates"),
        inside=paths.some(shape.inside, "inside"),
        names_tell=shape.names_tell,
        plan=_plan(paths, shape),
        doubts=_doubts(paths, shape),
        naming=_diseases(shape, value_sets) or _naming(shape, paths.some(shape.taken_from, "taken_from"), value_sets, facts),
    )
    return replace(source, asked=tuple(_other_parts(paths, source, shape)))


def _other_parts(paths: Paths, lines: Source, shape: SourceShape) -> Iterator[Source]:
    """Other parts of a resource, read as its lines are but for what is written of them."""
    for n, part in enumerate(shape.asked):
        yield replace(
            lines,
            each=paths.one(part.each, ("asked", n, "each")) if part.each else None,
            concepts=_paths_of_part(paths, part.concepts, n, "concepts") or lines.concepts,
            references=_paths_of_part(paths, part.references, n, "references") or lines.references,
            dates=_paths_of_part(paths, part.dates, n, "dates") or lines.dates,
            inside=() if part.concepts else lines.inside,
            parts=None,
            drugs=True,
            lines=lines,
            services=part.services,
        )


def _paths_of_part(paths: Paths, written: tuple[str, ...], n: int, key: str) -> tuple[Steps, ...]:
    return tuple(paths.one(path, ("asked", n, key, index)) for index, path in enumerate(written))


def _plan(paths: Paths, shape: SourceShape) -> Plan:
    plan = shape.plan
    if plan is None:
        return Plan()
    return Plan(
        tuple(paths.one(path, ("plan", "type", n)) for n, path in enumerate(plan.type)),
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
        paths.some(shape.subject, "subject"),
        paths.some(shape.about, "about"),
        paths.some(shape.absent, "absent"),
        paths.some(shape.ended, "ended"),
        paths.some(shape.begun, "begun"),
        paths.some(shape.dates, "dates"),
    )


def _reason_of(paths: Paths, shape: SourceShape) -> ReasonOf | None:
    reason_of = shape.reason_of
    if reason_of is None:
        return None
    return ReasonOf(
        paths.one(reason_of.path, ("reason_of", "path")),
        paths.one(reason_of.category, ("reason_of", "category")),
        frozenset(reason_of.only),
    )


def _reasons(paths: Paths, shape: ReasonsShape, index: int) -> ReasonsAt:
    def path(written: str | None, key: str) -> Steps | None:
        return paths.one(written, ("reasons", index, key)) if written else None

    return ReasonsAt(
        tuple(paths.one(path, ("reasons", index, "at", n)) for n, path in enumerate(shape.at)),
        path(shape.each, "each"),
        path(shape.order, "order"),
        path(shape.named_by, "named_by"),
    )


def _rule_with_words(paths: Paths, shape: SourceShape, index: int, denials: Denials | None) -> Rule:
    """A rule of the source, with the words that it is read by too."""
    written, unless = shape.rules[index], _unless(paths, shape, ("rules", index))
    rule = replace(_rule(paths, written, ("rules", index)), unless=unless)
    return replace(rule, denials=denials) if written.in_words else rule


def _denials(shape: SourceShape, diseases: Iterable[str]) -> Denials | None:
    """The words against an entry.

    The name of a disease says what it is, whatever words are in it ("graft-versus-host disease").
    """
    denials = shape.denials
    if denials is None:
        return None
    built = Denials(
        denials.words,
        frozenset(denials.contrary),
        frozenset(denials.beside),
        denials.open,
        denials.cleared,
        denials.unless,
        denials.signs,
        denials.over,
        denials.unsure,
    )
    named = [disease for disease in diseases if built.told([disease]) or built.past([disease])]
    return replace(built, unless=(*named, *denials.unless))


def _unless(paths: Paths, shape: SourceShape, address: tuple[str, int]) -> Unless | None:
    """What makes a value of a rule say nothing, and where a payment stands that contradicts it."""
    unless, payment = shape.rules[address[1]].unless, shape.payment
    if unless is None or payment is None:
        return None
    listed = _all_entries(paths, shape.money.paid if shape.money else (), "money", "paid")
    parts = paths.one(shape.each, ("each",)) if shape.each else ()
    amounts = tuple(
        paths.one(path, ("payment", "amounts", n)) for n, path in enumerate(payment.amounts)
    )
    paid = Payment(amounts, _rule(paths, payment.type, ("payment", "type")), listed, parts)
    codes, groups = frozenset(unless.codes), frozenset(unless.groups)
    beside = paths.one(unless.at, ("rules", address[1], "unless"))[-1:]
    return Unless(beside, codes, groups, paid)


def _rule(paths: Paths, shape: RuleShape, address: Address) -> Rule:
    steps = paths.one(shape.path, (*address, "path")) if shape.path else ()
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


def _listed(paths: Paths, listed: ListedShape | None, address: Address) -> Listed | None:
    if listed is None:
        return None
    return _entries(paths, listed, address)


def _entries(paths: Paths, listed: ListedShape, address: Address) -> Listed:
    names = (getattr(listed, key, None) for key in ("order", "named_by"))
    order, named_by = (paths.one(path, address) if path else None for path in names)
    return Listed(
        paths.one(listed.entries, (*address, "entries")),
        paths.one(listed.category, (*address, "category")),
        frozenset(listed.code),
        paths.one(listed.value, (*address, "value")),
        order,
        named_by,
    )


def _all_entries(paths: Paths, listed: tuple[ListedShape, ...], *address: str) -> tuple[Listed, ...]:
    return tuple(_entries(paths, entry, (*address, n)) for n, entry in enumerate(listed))


def _money(paths: Paths, shape: SourceShape) -> Money | None:
    money = shape.money
    if money is None:
        return None

    plain = tuple(paths.one(path, ("money", "plain", n)) for n, path in enumerate(money.plain))
    charged, paid = (
        _all_entries(paths, entries, "money", key)
        for entries, key in ((money.charged, "charged"), (money.paid, "paid"))
    )
    return Money(charged, paid, plain)


def _voids(paths: Paths, shape: SourceShape) -> tuple[Void, ...]:
    return tuple(
        Void(_entries(paths, void.among, ("voids", n, "among")), frozenset(void.codes), void.ends)
        for n, void in enumerate(shape.voids)
    )


def _back_words(paths: Paths, shape: SourceShape) -> BackWords | None:
    words = shape.back_words
    if words is None:
        return None
    places = tuple(paths.one(path, ("back_words", "at", n)) for n, path in enumerate(words.at))
    return BackWords(places, words.words)


def _related(paths: Paths, shape: SourceShape) -> Related | None:
    related = shape.related
    if related is None:
        return None
    return Related(
        paths.one(related.each, ("related", "each")),
        paths.one(related.relationship, ("related", "relationship")),
        tuple(paths.one(path, ("related", "to", n)) for n, path in enumerate(related.to)),
        tuple(paths.one(path, ("related", "names", n)) for n, path in enumerate(related.names)),
        frozenset(related.older),
        frozenset(related.newer),
        frozenset(related.beside),
    )


def _diseases(shape: SourceShape, value_sets: Mapping[str, ValueSetShape]) -> Diseases | None:
    """How diseases are called, where the document says how the words of others look."""
    if shape.another is None:
        return None
    sets = {name: value_set for name, value_set in value_sets.items() if value_set.kind == DISEASE}
    return diseases(
        ((name, _names_of(value_set)) for name, value_set in sets.items()),
        {name: near_of(value_set) for name, value_set in sets.items() if value_set.near},
        map(beginnings, shape.another.begins),
        shape.another.ends,
    )


def _naming(
    shape: SourceShape,
    taken_from: tuple[Steps, ...],
    value_sets: Mapping[str, ValueSetShape],
    facts: Iterable[FactShape],
) -> Naming | None:
    """How results are called, where the document says what they are taken from."""
    if not shape.taken_from:
        return None
    tests = {name: value_set for name, value_set in value_sets.items() if value_set.kind == "observation"}
    return naming(
        ((name, _names_of(value_set)) for name, value_set in tests.items()),
        {name: tuple(map(beginnings, value_set.unlike)) for name, value_set in tests.items()},
        taken_from,
        _read_together(facts),
        {name: _taken_from(value_set) for name, value_set in tests.items() if value_set.from_words},
    )


def _taken_from(shape: ValueSetShape) -> TakenFrom:
    codes = ((system, code) for system, each in shape.from_codes.items() for code in each)
    return TakenFrom(tuple(map(beginnings, shape.from_words)), frozenset(codes))


def _read_together(facts: Iterable[FactShape]) -> Iterator[Iterable[str]]:
    """The sets that one fact reads: its words and units tell them apart."""
    for fact in facts:
        worked_out = (
            name for share in fact.worked_out for name in (*share.of, *share.in_percent_of)
        )
        yield (*fact.value_sets, *worked_out)


def _names_of(shape: ValueSetShape) -> Iterator[str]:
    yield from shape.texts
    for by_system in (shape.codes, shape.questions):
        yield from (line.display for lines in by_system.values() for line in lines)


def codes_of_results(value_sets: Mapping[str, ValueSetShape]) -> str:
    """The one list of codes that the Observation search asks for."""
    tokens = {
        f"{system}|{line.code}"
        for shape in value_sets.values()
        if shape.kind == "observation"
        for by_system in (shape.codes, shape.questions)
        for system, lines in by_system.items()
        for line in lines
    }
    return ",".join(quote(token, safe=":/|-_.") for token in sorted(tokens))


def build_fact(shape: FactShape) -> Fact:
    """One fact as findings use it."""
    low, high = shape.range or (None, None)
    return Fact(
        name=shape.fact,
        kind=shape.kind,
        says=shape.says,
        label=shape.label,
        supply=shape.supply,
        way=shape.way,
        value_sets=shape.value_sets,
        unit=shape.unit or "",
        sources=tuple(
            Looked(source.source, source.nothing_found == "none", source.why)
            for source in shape.sources
        ),
        low=low,
        high=high,
        least=shape.least,
        sites=shape.sites,
        other_sites=shape.other_sites,
        site_of=shape.site_of,
        indications=shape.indications,
        history=shape.history,
        unsure=shape.unsure,
        grades=shape.grades,
        enough=shape.enough,
        scales={
            name: Scale(tuple(map(same_name, scale.names)), scale.low, scale.high, scale.grades)
            for name, scale in shape.scales.items()
        },
        unknown_supply_days=shape.unknown_supply.days if shape.unknown_supply else 0,
        one_dose=shape.one_dose,
        given=tuple(Looked(name, silence_means_none=False, why="") for name in shape.given),
        samples=shape.samples,
        other_roles=shape.other_roles,
        says_nothing=shape.says_nothing,
        newest_decides=shape.newest_decides,
        says_so=shape.says_so,
        says_otherwise=shape.says_otherwise,
        unsaid=shape.unsaid,
        denied_words=shape.denied_words,
        denied_codes=shape.denied_codes,
        pending_words=shape.pending_words,
        open_words=shape.open_words,
        conditional_words=shape.conditional_words,
        approved_words=shape.approved_words,
        neutral_words=shape.neutral_words,
        bare_systems=shape.bare_systems,
        decided=shape.decided.model_dump() if shape.decided else {},
        built_from=tuple(_maker(maker) for maker in shape.built_from),
        shares=tuple(
            Share(share.of, share.in_percent_of, share.unit) for share in shape.worked_out
        ),
    )


def _maker(shape: MakerShape) -> Maker:
    made, of = shape.made
    return Maker(
        made,
        of,
        shape.reasons,
        shape.main,
        shape.one_day,
        shape.gap.days if shape.gap else 0,
        shape.longest.days if shape.longest else None,
        shape.unnamed,
        shape.unplaced,
        shape.other,
        shape.explained,
    )
