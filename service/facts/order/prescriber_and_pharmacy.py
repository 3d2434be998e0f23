"""Who orders and who hands over: the prescriber's specialty, and the pharmacy of the payer's network."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from service.facts.case import Case
from service.facts.fact import Fact
from service.fhir.elements import (
    cited,
    codes,
    codings,
    first_object,
    literal_reference,
    names,
    objects,
    reference_parts,
    text,
    type_and_id,
)
from service.fhir.resource_types import PRACTITIONER, ROLE
from service.fhir.terminology.terminology import Entry
from service.fhir.values.days import period_open
from service.json_object import Json
from service.policy.finding import Evidence, Finding, met, not_met, remark, unknown
from service.policy.operators import NetworkPharmacy, Specialty
from service.policy.truth import Reason, Way

ANOTHER = remark("another_specialty")
NOT_KNOWN = remark("specialty_not_known")


def specialty(case: Case, asked: Specialty) -> Finding:
    """The prescriber's own specialty; the list is open, so another one is a question."""
    fact = case.knowledge.of_kind("specialty")
    wanted = asked.wanted(case.indications)
    others, any_known = [], False
    for role in _roles(case):
        stands = not _is_of_another_role(case, role, fact)
        for concept in [*objects(role.get("specialty")), *_qualifications(case, role)]:
            entries = _entries(case, concept)
            called = [
                *names(concept),
                *(entry.display for entry in entries),
                *sorted(codes(concept)),
            ]
            shown = Evidence(cited(type_and_id(role)), None, ", ".join(called[:1]), "record")
            named = {entry.value_set for entry in entries} & wanted
            if named and stands and not _names_another(case, concept, wanted):
                return met(shown)
            others.append(shown)
            any_known = any_known or bool(entries or names(concept))
        for concept in objects(role.get("code")):
            entries = _entries(case, concept)
            counting = [entry for entry in entries if entry.value_set in wanted]
            if counting and stands and not _names_another(case, concept, wanted):
                return met(Evidence(cited(type_and_id(role)), None, counting[0].display, "record"))
    if others:
        miss = ANOTHER if any_known else NOT_KNOWN
        return unknown(Reason.ATTESTATION, *others[:2], way=Way.ATTESTATION, miss=miss)
    silent = case.silence(fact.sources, case.today) or Reason.NOT_FOUND
    return unknown(silent, way=Way.ATTESTATION)


def _is_of_another_role(case: Case, role: Json, fact: Fact) -> bool:
    """Whether a code of the role is that of somebody who prescribes nothing."""
    coded = (entry for concept in objects(role.get("code")) for entry in _entries(case, concept))
    return any(entry.value_set in fact.other_roles for entry in coded)


def _names_another(case: Case, concept: Json, wanted: AbstractSet[str]) -> bool:
    """Whether a specialty that is wanted is another one too, by a code or by a name.

    That is a code or a name of another set, or a second code of one system that is in no set.
    """
    texts = ({"text": name} for name in names(concept))
    if any(sets and not sets & wanted for sets in (_sets(case, text_) for text_ in texts)):
        return True
    coded = [
        (system, _sets(case, {"system": system, "code": code})) for system, code in _coded(concept)
    ]
    counting = {system for system, sets in coded if sets & wanted}
    return any(not sets & wanted and (sets or system in counting) for system, sets in coded)


def _coded(concept: Json) -> Iterator[tuple[str | None, str]]:
    return ((system, code) for system, code, _ in codings(concept) if code)


def _sets(case: Case, concept: Json) -> AbstractSet[str]:
    return {entry.value_set for entry in case.record.entries_of_concept(concept)}


def _entries(case: Case, concept: Json) -> Sequence[Entry]:
    """What a specialty is by its codes, else by its name: a code that is not known hides no name."""
    by_code = case.record.entries_of_concept(concept)
    return by_code or case.record.entries_of_concept([{"text": name} for name in names(concept)])


def _roles(case: Case) -> Iterator[Json]:
    """The current roles and the practitioner of the order's requester, else of the user."""
    requester = literal_reference(case.order.resource.get("requester")) or case.user
    target = case.record.resolve(requester, case.order.resource)
    who = {_named(requester)}
    if target is not None:
        who |= {_named(type_and_id(target)), _named(literal_reference(target.get("practitioner")))}
    who -= {None}
    roles = [] if target is None else [target]
    for type_ in (ROLE, PRACTITIONER):
        for resource in case.record.resources.get(type_, []):
            named = {
                _named(type_and_id(resource)),
                _named(literal_reference(resource.get("practitioner"))),
            }
            if resource is not target and named & who:
                roles.append(resource)
    if not any(_is_of_inactive(case, role) for role in roles):
        yield from (role for role in roles if _current(case, role))


def _is_of_inactive(case: Case, holder: Json) -> bool:
    """Whether it is an inactive practitioner or a role of one, who cannot order."""
    if holder.get("resourceType") == PRACTITIONER:
        return _is_inactive(holder)
    whose = case.record.resolve(holder.get("practitioner"), holder)
    return whose is not None and _is_inactive(whose)


def _named(reference: str | None) -> str | None:
    """Type and id of a reference without its server; None if there is no reference."""
    if not reference:
        return None
    type_, id_ = reference_parts(reference)
    return f"{type_}/{id_}" if type_ else id_


def _current(case: Case, holder: Json) -> bool:
    """Whether a role or a qualification is surely in force."""
    open_ = period_open(holder.get("period"), case.today, case.record.calendar.zone)
    return open_ is True and not _is_inactive(holder)


def _is_inactive(holder: Json) -> bool:
    """Whether `active` is false, as a boolean or as the text that some senders write."""
    return str(holder.get("active")).lower() == "false"


def _qualifications(case: Case, role: Json) -> list[Json]:
    held = (
        qualification
        for qualification in objects(role.get("qualification"))
        if _current(case, qualification)
    )
    return [code for qualification in held for code in objects(qualification.get("code"))]


def network_pharmacy(case: Case, _: NetworkPharmacy) -> Finding:
    """The pharmacy named on the order, looked up in the payer's network list."""
    performer = first_object(case.order.resource.get("dispenseRequest")).get("performer")
    pharmacy = case.record.resolve(performer, case.order.resource) or first_object(performer)
    if not pharmacy:
        return unknown(Reason.ATTESTATION, way=Way.ATTESTATION, miss=remark("no_pharmacy"))
    listed = case.in_network(pharmacy)
    name = text(pharmacy.get("name")) or text(pharmacy.get("display"))
    shown = Evidence(
        cited(literal_reference(performer)), None, name or remark("unnamed_pharmacy"), "record"
    )
    if listed:
        return met(shown)
    if listed is False and case.client.holds_since("pharmacies", case.today):
        return not_met(shown, miss=remark("not_in_network"))
    return unknown(Reason.ATTESTATION, shown, way=Way.ATTESTATION)
