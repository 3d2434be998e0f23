"""Body sites: a yes or no result decides, else the sites that findings and diagnoses name (A05)."""

from service.facts.case import Case, evidence, when
from service.facts.model import Fact
from service.facts.results import first_dose, nothing_found
from service.fhir.elements import names
from service.fhir.paths import read
from service.fhir.record import Hit
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.truth import Reason, Way

BODY_SITE = ("bodySite",)


def sites(case: Case, fact: Fact) -> Finding:
    """Whether one of the fact's sites is involved, before treatment when already treated (A04)."""
    yes, no = _stated(case, fact)
    inside, outside, open_ = _named(case, fact)
    if (yes or inside) and no and not _only_during_treatment(case, no):
        shown = (*_show(case, fact, [*yes, *no]), *inside)
        return unknown(Reason.CONFLICT, *shown, way=Way.REVIEW)
    if yes or inside:
        return met(*_show(case, fact, yes), *inside)
    if no and not _only_during_treatment(case, no):
        return not_met(*_show(case, fact, no), *outside, miss=f"{fact.label}: recorded as no")
    if outside and not open_ and not no:
        return not_met(*outside, miss="other sites are recorded")
    finding = nothing_found(case, fact)
    return unknown(
        finding.reason or Reason.NOT_FOUND, *finding.evidence, *outside, *open_, way=fact.way
    )


def _stated(case: Case, fact: Fact) -> tuple[list[Hit], list[Hit]]:
    hits = [hit for hit in case.hits(fact.sources, fact.value_sets) if hit.standing == "counts"]
    newest = _newest_before_or_after(case, hits)
    yes = [hit for hit in newest if hit.resource.get("valueBoolean") is True]
    no = [hit for hit in newest if hit.resource.get("valueBoolean") is False]
    return yes, no


def _newest_before_or_after(case: Case, hits: list[Hit]) -> list[Hit]:
    """The newest results; with treatment begun also the newest from before it."""
    start = first_dose(case)
    dated = sorted(hits, key=lambda hit: day.last if (day := when(hit)) else 0)
    before = [hit for hit in dated if start and (day := when(hit)) and day.last <= start.first]
    return (before or dated)[-1:]


def _only_during_treatment(case: Case, hits: list[Hit]) -> bool:
    start = first_dose(case)
    if start is None:
        return False
    return not any((day := when(hit)) and day.last <= start.first for hit in hits)


def _named(case: Case, fact: Fact) -> tuple[list[Evidence], list[Evidence], list[Evidence]]:
    """Named sites inside the fact's sites, outside them, and those that leave it open."""
    inside: list[Evidence] = []
    outside: list[Evidence] = []
    open_: list[Evidence] = []
    for hit in case.record.hits(*fact.site_of):
        if hit.standing != "counts":
            continue
        for site in read(BODY_SITE, hit.resource):
            sets = {entry.value_set for entry in case.record.entries_of_concept(site)}
            shown = evidence(case, hit, f"site: {', '.join(names(site)[:1]) or 'not readable'}")
            if sets & set(fact.sites):
                inside.append(shown)
            else:
                (outside if sets & set(fact.other_sites) else open_).append(shown)
    return inside, outside, open_


def _show(case: Case, fact: Fact, hits: list[Hit]) -> list[Evidence]:
    return [
        evidence(case, hit, f"{fact.label}: {'yes' if hit.resource['valueBoolean'] else 'no'}")
        for hit in hits
    ]
