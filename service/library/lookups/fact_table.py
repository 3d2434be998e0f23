"""Facts: from their documents to what findings are computed from."""

from dataclasses import fields
from typing import Any

from service.facts.fact import Against, EpisodeKind, Fact, Looked, Scale, Share
from service.fhir.elements import same_name
from service.fhir.terminology.names_in_text import phrases
from service.fhir.terminology.undenied_words import UndeniedWords
from service.library.shapes import FactShape, MakerShape
from service.library.shapes.fact_shapes import AgainstShape

# Fields of a fact that have another form, or another name, in its document.
CONVERTED = {
    "name",
    "unit",
    "sources",
    "low",
    "high",
    "scales",
    "unknown_supply_days",
    "longest_break_days",
    "given",
    "decided",
    "built_from",
    "shares",
    "against",
    "harm_words",
}
AS_WRITTEN = tuple(
    field.name for field in fields(Fact) if field.init and field.name not in CONVERTED
)


def build_fact(shape: FactShape) -> Fact:
    """One fact in the form in which findings use it."""
    low, high = shape.range or (None, None)
    as_written: dict[str, Any] = {name: getattr(shape, name) for name in AS_WRITTEN}
    return Fact(
        **as_written,
        name=shape.fact,
        unit=shape.unit or "",
        sources=tuple(
            Looked(source.source, source.nothing_found == "none", source.why)
            for source in shape.sources
        ),
        low=low,
        high=high,
        scales={
            name: Scale(tuple(map(same_name, scale.names)), scale.low, scale.high, scale.grades)
            for name, scale in shape.scales.items()
        },
        unknown_supply_days=shape.unknown_supply.days if shape.unknown_supply else 0,
        longest_break_days=shape.longest_break.days if shape.longest_break else 0,
        given=tuple(Looked(name, silence_means_none=False, why="") for name in shape.given),
        decided=shape.decided.model_dump() if shape.decided else {},
        harm_words=UndeniedWords(**shape.harm_words.model_dump()) if shape.harm_words else None,
        built_from=tuple(_maker(maker) for maker in shape.built_from),
        against=_against(shape.against),
        shares=tuple(
            Share(share.of, share.in_percent_of, share.unit) for share in shape.worked_out
        ),
    )


def _against(shape: AgainstShape | None) -> Against | None:
    if shape is None:
        return None
    return Against(phrases(shape.outcome), phrases(shape.words), shape.zero)


def _maker(shape: MakerShape) -> EpisodeKind:
    made, of = shape.made
    return EpisodeKind(
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
        shape.complaints,
    )
