"""Facts: from their documents to what findings are computed from."""

from service.facts.model import Fact, Looked, Maker, Scale, Share
from service.fhir.elements import same_name
from service.library.shapes import FactShape, MakerShape


def build_fact(shape: FactShape) -> Fact:
    """One fact in the form in which findings use it."""
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
