"""The case that leaves the EHR: one judged order, with what the record says of its parties."""

from dataclasses import dataclass

from service.advise import Rendered
from service.cards.wording import shortened
from service.facts.case import Case
from service.fhir.elements import names, objects, read, text, type_and_id
from service.fhir.values.days import period_open
from service.fhir.values.human_name import name_of
from service.json_object import Json
from service.library.library import Library
from service.packet.supplied_resources import SuppliedResources
from service.policy.assessment import Assessment
from service.policy.finding import Evidence
from service.policy.judged_criterion import nodes
from service.policy.model import Policy

LONGEST_AUTHOR = 120


@dataclass(frozen=True)
class CaseToSend:
    """One judged order with its policy, and everything that was supplied with the request."""

    library: Library
    rendered: Rendered
    policy: Policy
    supplied: SuppliedResources

    @property
    def case(self) -> Case:
        """What was judged."""
        return self.rendered.judgement.assessed.case

    @property
    def assessment(self) -> Assessment:
        """How it was judged."""
        return self.rendered.judgement.assessment

    @property
    def order(self) -> Json:
        """The draft order."""
        return self.case.order.resource

    @property
    def patient(self) -> Json:
        """The patient; empty if it was not sent."""
        patients = self.case.record.resources.get("Patient", [])
        return patients[0] if patients else {}

    @property
    def coverage(self) -> Json:
        """The coverage that decides; empty if it was not sent."""
        uses = self.rendered.judgement.question.payer.coverages
        decides = (use.reference for use in uses if use.use == "decides" and use.reference)
        found = next((self.supplied.get(reference) for reference in decides), None)
        return found or (self._only_coverage if not uses else {})

    @property
    def _only_coverage(self) -> Json:
        """The one coverage that the order names or the request sent; empty if several or not valid."""
        named = (
            self.supplied.find(one, self.order) for one in objects(self.order.get("insurance"))
        )
        sent = [one for one in named if one] or self.case.record.resources.get("Coverage", [])
        period = sent[0].get("period") if len(sent) == 1 else None
        if len(sent) != 1 or not period_open(period, self.case.day.toordinal()):
            return {}
        return sent[0]

    @property
    def insurer(self) -> Json | None:
        """The payer's own resource; None if it was not sent."""
        payors = (self.supplied.find(one, self.coverage) for one in read(("payor",), self.coverage))
        return next((one for one in payors if one and _is(one, "Organization")), None)

    @property
    def payer_name(self) -> str:
        """The payer's name in the library."""
        return self.rendered.judgement.scene.payer

    @property
    def prescriber(self) -> Json | None:
        """The Practitioner who orders; None if it was not sent."""
        requester = self.supplied.find(self.order.get("requester"), self.order)
        if requester and _is(requester, "PractitionerRole"):
            requester = self.supplied.find(requester.get("practitioner"), requester)
        if requester is None:
            user = self.rendered.judgement.visit.request.user_id
            requester = self.supplied.get(user)
        return requester if requester and _is(requester, "Practitioner") else None

    @property
    def prescriber_role(self) -> Json | None:
        """The PractitionerRole of the prescriber; None if none was sent."""
        named = self.supplied.find(self.order.get("requester"), self.order)
        if named and _is(named, "PractitionerRole"):
            return named
        prescriber = self.prescriber
        roles = self.case.record.resources.get("PractitionerRole", [])
        own = (
            role
            for role in roles
            if prescriber and self.supplied.find(role.get("practitioner"), role) is prescriber
        )
        return next(own, None)

    def cited(self) -> list[Evidence]:
        """The evidence of every criterion that is part of the answer, each entry once."""
        root = self.assessment.root
        if root is None:
            return []
        proofs = (proof for node in nodes(root) for proof in node.finding.evidence)
        return [*dict.fromkeys(proof for proof in proofs if proof.reference)]

    def author_of(self, reference: str) -> str:
        """Who made the statements of an entry, as the record names the author; empty if it does not."""
        response = self.supplied.get(reference) or {}
        author = response.get("author")
        if not isinstance(author, dict):
            return ""
        found = self.supplied.find(author, response)
        name = (name_of(found) if found else "") or text(author.get("display")) or ""
        return shortened(name, LONGEST_AUTHOR)


def _is(resource: Json, type_: str) -> bool:
    return resource.get("resourceType") == type_


def diagnosis_of(order: Json) -> list[str]:
    """The reasons of an order in words."""
    return [name for reason in read(("reasonCode",), order) for name in names(reason)[:1]]


def key_of(resource: Json) -> str:
    """`Type/id` of a resource; the type alone if it has no id."""
    return type_and_id(resource) or str(resource.get("resourceType"))
