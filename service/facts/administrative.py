"""Who orders, who approved before, who hands over: prescriber, payer and pharmacy."""

from collections.abc import Iterator

from service.facts.case import Case, display, evidence
from service.facts.supply import fills_of
from service.fhir.elements import Json, codes, first_object, names, objects, text
from service.fhir.paths import read
from service.fhir.record import Hit
from service.fhir.reference import key, literal
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import ApprovedBefore, Exposed, NetworkPharmacy, Specialty
from service.policy.truth import Reason, Way


def specialty(case: Case, asked: Specialty) -> Finding:
    """The prescriber's own specialty; the list is open, so another one is a question."""
    fact = case.knowledge.of_kind("specialty")
    roles = list(_roles(case))
    others = []
    for role in roles:
        for concept in [*objects(role.get("specialty")), *_qualifications(role)]:
            sets = {one.value_set for one in case.record.entries_of_concept(concept)}
            shown = Evidence(key(role), None, ", ".join(names(concept)[:1]), "record")
            if sets & set(asked.any_of):
                return met(shown)
            others.append(shown)
    if others:
        miss = "another specialty; a consultation with a specialist counts too"
        return unknown(Reason.ATTESTATION, *others[:2], way=Way.ATTESTATION, miss=miss)
    silent = case.silence(fact.sources, case.today) or Reason.NOT_FOUND
    return unknown(silent, way=Way.ATTESTATION)


def _roles(case: Case) -> Iterator[Json]:
    """The roles and the practitioner of the order's requester, else of the user."""
    requester = literal(case.order.resource.get("requester")) or case.user
    target = case.record.resolve(requester, case.order.resource)
    who = {requester, key(target) if target else requester}
    if target is not None:
        yield target
        who.add(literal(target.get("practitioner")) or requester)
    for type_ in ("PractitionerRole", "Practitioner"):
        for resource in case.record.resources.get(type_, []):
            named = {key(resource), literal(resource.get("practitioner"))}
            if resource is not target and named & who:
                yield resource


def _qualifications(role: Json) -> list[Json]:
    return [code for one in objects(role.get("qualification")) for code in objects(one.get("code"))]


def approved_before(case: Case, _: ApprovedBefore) -> Finding:
    """An approval of the drug by this payer's own process; another payer's does not count."""
    fact = case.knowledge.of_kind("approval")
    hits = [hit for hit in case.hits(fact.sources, (case.drug,)) if hit.standing == "counts"]
    doubts: list[Evidence] = []
    for hit in hits:
        payer = case.is_payer(hit.resource)
        shown = evidence(case, hit, f"approval of {display(hit, (case.drug,))}")
        if payer and _is_approval(hit):
            return met(shown)
        if payer is None and _is_approval(hit):
            doubts.append(shown)
    if doubts:
        return unknown(Reason.REVIEW, *doubts[:2], way=Way.REVIEW, miss="payer not readable")
    silent = case.silence(fact.sources, case.today)
    if silent is None:
        return not_met(miss="no earlier approval by this payer on file")
    return unknown(silent, way=Way.DATA)


def _is_approval(hit: Hit) -> bool:
    """Complete, with an authorisation number, and nothing in it denied."""
    resource = hit.resource
    denied = {
        code
        for steps in (("item", "adjudication", "reason"), ("addItem", "adjudication", "reason"))
        for value in read(steps, resource)
        for code in codes(value)
    }
    return bool(text(resource.get("preAuthRef")) or objects(resource.get("preAuthPeriod"))) and (
        "denied" not in denied
    )


def network_pharmacy(case: Case, _: NetworkPharmacy) -> Finding:
    """The pharmacy named on the order, looked up in the payer's network list."""
    performer = first_object(case.order.resource.get("dispenseRequest")).get("performer")
    pharmacy = case.record.resolve(performer, case.order.resource) or first_object(performer)
    if not pharmacy:
        return unknown(Reason.ATTESTATION, way=Way.ATTESTATION, miss="no pharmacy on the order")
    listed = case.in_network(pharmacy)
    name = text(pharmacy.get("name")) or text(pharmacy.get("display")) or "pharmacy on the order"
    shown = Evidence(literal(performer), None, name, "record")
    if listed:
        return met(shown)
    if listed is False and case.client.holds_since("pharmacies", case.today):
        return not_met(shown, miss="not in the payer's network list")
    return unknown(Reason.ATTESTATION, shown, way=Way.ATTESTATION)


def exposed(case: Case, asked: Exposed) -> Finding:
    """Any trace of the drug but samples; finding none at all is a plain no."""
    found = fills_of(case, asked.of)
    if found:
        return met(*(evidence(case, one.hit, one.display) for _, one in found[:2]))
    return not_met()
