"""Facts, sources, regimens and payers: from documents to what findings are computed from."""

from collections.abc import Mapping
from urllib.parse import quote

from service.errors import Mistake
from service.facts.model import Band, Fact, Looked, Scale
from service.fhir.paths import Steps, compile_path
from service.fhir.source import Listed, Rule, Source
from service.library.reader import Address, Document
from service.library.shapes import (
    BandShape,
    FactShape,
    RuleShape,
    SourceShape,
    ValueSetShape,
)
from service.library.validate import did_you_mean
from service.policy.amount import MONTHS_OF


class Paths:
    """Compiles the paths of one document and notes the ones that cannot be."""

    def __init__(self, document: Document, mistakes: list[Mistake]) -> None:
        self.document = document
        self.mistakes = mistakes

    def one(self, written: str, at: Address) -> Steps:
        """One compiled path."""
        try:
            return compile_path(written)
        except ValueError as error:
            self.mistakes.append(self.document.mistake(at, str(error)))
            return ()

    def some(self, written: tuple[str, ...], at: str) -> tuple[Steps, ...]:
        """Several compiled paths under one key."""
        return tuple(self.one(path, (at, index)) for index, path in enumerate(written))


def build_source(
    document: Document, shape: SourceShape, observation_codes: str, mistakes: list[Mistake]
) -> Source:
    """How one prefetch key is read."""
    paths = Paths(document, mistakes)
    return Source(
        key=shape.source,
        type=shape.type,
        kind=shape.kind,
        says=shape.says,
        holds_name=shape.holds,
        search=shape.search.replace("{observation_codes}", observation_codes),
        subject=paths.some(shape.subject, "subject"),
        concepts=paths.some(shape.concepts, "concepts"),
        references=paths.some(shape.references, "references"),
        each=paths.one(shape.each, ("each",)) if shape.each else None,
        dates=paths.some(shape.dates, "dates"),
        rules=tuple(_rule(paths, rule, index) for index, rule in enumerate(shape.rules)),
        sample=paths.one(shape.sample, ("sample",)) if shape.sample else None,
        days=paths.some(shape.days, "days"),
        days_listed=_listed(paths, shape),
        amounts=paths.some(shape.amounts, "amounts"),
        active=frozenset(shape.active),
        drugs=shape.drugs,
        pharmacy=paths.some(shape.pharmacy, "pharmacy"),
    )


def _rule(paths: Paths, shape: RuleShape, index: int) -> Rule:
    steps = paths.one(shape.path, ("rules", index, "path"))
    return Rule(steps, frozenset(shape.never), frozenset(shape.only), shape.missing == "counts")


def _listed(paths: Paths, shape: SourceShape) -> Listed | None:
    listed = shape.days_listed
    if listed is None:
        return None
    at = ("days_listed",)
    return Listed(
        paths.one(listed.entries, (*at, "entries")),
        paths.one(listed.category, (*at, "category")),
        listed.code,
        paths.one(listed.value, (*at, "value")),
    )


def observation_codes(value_sets: Mapping[str, ValueSetShape]) -> str:
    """The one list of codes that the Observation search asks for."""
    tokens = {
        f"{system}|{line.code}"
        for shape in value_sets.values()
        if shape.kind == "observation"
        for system, lines in shape.codes.items()
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
            Looked(one.source, one.nothing_found == "none", one.why) for one in shape.sources
        ),
        low=low,
        high=high,
        sites=shape.sites,
        other_sites=shape.other_sites,
        site_of=shape.site_of,
        indications=shape.indications,
        grades=shape.grades,
        enough=shape.enough,
        scales={
            name: Scale(one.names, one.low, one.high, {float(k): v for k, v in one.grades.items()})
            for name, one in shape.scales.items()
        },
        unknown_supply_days=shape.unknown_supply.days if shape.unknown_supply else 0,
        samples=shape.samples,
        says_nothing=shape.says_nothing,
        denied_words=shape.denied_words,
        denied_codes=shape.denied_codes,
    )


def check_fact(
    document: Document,
    shape: FactShape,
    value_sets: Mapping[str, object],
    sources: Mapping[str, object],
    units: Mapping[str, object],
    facts: Mapping[str, object],
) -> list[Mistake]:
    """Every name in a fact is known."""
    wanted: list[tuple[Address, str, Mapping[str, object], str]] = []
    for key in ("value_sets", "sites", "other_sites", "site_of", "samples"):
        wanted += [((key,), name, value_sets, "value set") for name in getattr(shape, key)]
    wanted += [(("grades",), name, value_sets, "value set") for name in shape.grades]
    wanted += [(("scales",), name, facts, "fact") for name in shape.scales]
    wanted += [
        (("sources", index), one.source, sources, "source")
        for index, one in enumerate(shape.sources)
    ]
    if shape.unit is not None:
        wanted.append((("unit",), shape.unit, units, "unit"))
    return [
        document.mistake(at, f"no {what} '{name}'{did_you_mean(name, known)}")
        for at, name, known, what in wanted
        if name not in known
    ]


def build_band(document: Document, index: int, shape: BandShape, mistakes: list[Mistake]) -> Band:
    """One row of a dose table, ages in months and weights in kg."""
    at = ("regimens", index)
    missing = shape.table == "missing"
    if not missing and (shape.dose_mg is None or not shape.interval_days):
        mistakes.append(
            document.mistake(at, "a row has dose_mg and interval_days or table: missing")
        )
    months = [_bound(document, at, text, MONTHS_OF, mistakes) for text in _ends(shape, "age")]
    kilos = [_bound(document, at, text, {"kg": 1}, mistakes) for text in _ends(shape, "weight")]
    return Band(
        id=shape.id,
        indication=shape.indication,
        cite=", ".join(shape.cite),
        age_from=int(months[0] or 0),
        age_below=None if months[1] is None else int(months[1]),
        weight_from=kilos[0] or 0.0,
        weight_below=kilos[1],
        loading_mg=shape.loading_mg,
        dose_mg=None if missing else shape.dose_mg,
        interval_days=shape.interval_days,
        unit_mg=shape.unit_mg,
        units_per_28_days=shape.units_per_28_days,
        units_first_28_days=shape.units_first_28_days,
    )


def _ends(shape: BandShape, name: str) -> tuple[str | None, str | None]:
    bound = shape.age if name == "age" else shape.weight
    return bound.from_, bound.below


def _bound(
    document: Document,
    at: Address,
    text: str | None,
    factors: Mapping[str, int],
    mistakes: list[Mistake],
) -> float | None:
    if text is None:
        return None
    value, _, unit = text.partition(" ")
    try:
        return float(value) * factors[unit]
    except (ValueError, KeyError):
        mistakes.append(document.mistake(at, f"'{text}' is no bound like '6 months' or '30 kg'"))
        return None
