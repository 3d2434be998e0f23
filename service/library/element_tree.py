"""The element tree of FHIR R4 (`r4_elements.json`), and where modifier extensions may stand."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.fhir.elements import Steps, compile_path
from service.fhir.sources.entries_not_understood import MODIFIER
from service.library.documents.validate import did_you_mean
from service.library.shapes import SourceShape
from service.memo import per_value

FILE = Path(__file__).with_name("r4_elements.json")
ANYTHING = "Resource"  # a contained resource may be of any type
PRIMITIVE = {"id": "text", "extension": "Extension"}  # elements of `_birthDate` and the like
CHOICES_SHOWN = 4
Tree = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class UnknownStep:
    """The first step of a path that R4 does not know, its depth, and what its parent has instead."""

    parent: str
    step: str
    elements: Mapping[str, str]
    depth: int

    @property
    def meant(self) -> str:
        """A hint at what was probably meant; empty without one."""
        return _hint(self.step, self.elements)

    def __str__(self) -> str:
        return f"R4 knows no '{self.step}' in {self.parent}{self.meant}"


@per_value
def element_tree() -> Tree:
    """By type its elements with their types."""
    types: Tree = json.loads(FILE.read_text(encoding="utf-8"))["types"]
    return types


@per_value
def element_meanings() -> Tree:
    """By resource type the elements that R4 marks as modifiers, statuses or codes of a required list."""
    meanings: Tree = json.loads(FILE.read_text(encoding="utf-8"))["meaning"]
    return meanings


def follow(type_: str, steps: Steps, name: str = "") -> str | UnknownStep:
    """The type at the end of a path below a type, or the first step that R4 does not know."""
    name = name or type_
    for depth, step in enumerate(steps):
        if type_ == ANYTHING:
            return ANYTHING
        elements = _elements(type_)
        if step not in elements:
            return UnknownStep(name, step, elements, depth)
        type_, name = elements[step], f"{name}.{step}"
    return type_


def _elements(type_: str) -> Mapping[str, str]:
    """The elements of a type, with those that only JSON has (`_birthDate`, `resourceType`)."""
    tree = element_tree()
    elements = tree.get(type_, PRIMITIVE if type_ == "Element" else {})
    beside = {f"_{name}": "Element" for name, inner in elements.items() if inner not in tree}
    named = {"resourceType": "text"} if "implicitRules" in elements else {}
    return {**elements, **beside, **named}


def _hint(step: str, elements: Mapping[str, str]) -> str:
    """A hint for an unknown step: the typed names (`valueQuantity`), or the nearest name."""
    known = [name for name in elements if not name.startswith("_")]
    bare = step.removesuffix("[x]")
    typed = [name for name in known if name.startswith(bare) and name[len(bare) :][:1].isupper()]
    if not typed:
        return did_you_mean(step, known)
    names = " or ".join(f"'{name}'" for name in typed[:CHOICES_SHOWN])
    return f"; R4 writes {names}{' …' if len(typed) > CHOICES_SHOWN else ''}"


_LISTED = """
    Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse
    AuditEvent Basic Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement
    CarePlan CareTeam CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse
    ClinicalImpression CodeSystem Communication CommunicationRequest CompartmentDefinition
    Composition ConceptMap Condition Consent Contract Coverage CoverageEligibilityRequest
    CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest
    DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference
    EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare
    EventDefinition Evidence EvidenceVariable ExampleScenario ExplanationOfBenefit
    FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse HealthcareService
    ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation
    ImplementationGuide InsurancePlan Invoice Library Linkage List Location Measure MeasureReport
    Media Medication MedicationAdministration MedicationDispense MedicationKnowledge
    MedicationRequest MedicationStatement MedicinalProduct MedicinalProductAuthorization
    MedicinalProductContraindication MedicinalProductIndication MedicinalProductIngredient
    MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged
    MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition
    MessageHeader MolecularSequence NamingSystem NutritionOrder Observation ObservationDefinition
    OperationDefinition OperationOutcome Organization OrganizationAffiliation Parameters Patient
    PaymentNotice PaymentReconciliation Person PlanDefinition Practitioner PractitionerRole
    Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup
    ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment
    RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen SpecimenDefinition
    StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid SubstancePolymer
    SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification
    SupplyDelivery SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet
    VerificationResult VisionPrescription
"""
RESOURCE_TYPES = frozenset(_LISTED.split())


# Keys of a source that hold no paths to read, and `asked` and `drafts`, whose drugs are questions anyway.
NOT_READ = frozenset({"asked", "drafts", "ignored", "read", "leads_to", "not_in_r4", "modifiers"})


def modified_paths(shape: SourceShape) -> tuple[tuple[Steps, ...], tuple[Steps, ...]]:
    """Paths of modifier extensions: in the whole resource, and in the parts that carry a code."""
    each = _steps(shape.each) if shape.each else None
    whole: dict[Steps, None] = {(MODIFIER,): None}
    part: dict[Steps, None] = {} if each is None else {(MODIFIER,): None}
    for steps in paths_of(shape):
        for end in range(1, len(steps) + 1):
            above = steps[:end]
            if each is not None and above[: len(each)] == each:
                if _is_modified(shape.type, above):
                    part[*above[len(each) :], MODIFIER] = None
            elif _is_modified(shape.type, above):
                whole[*above, MODIFIER] = None
            if each is not None and _is_modified(shape.type, (*each, *above)):
                part[*above, MODIFIER] = None
    return tuple(whole), tuple(part)


def paths_of(shape: SourceShape, *but: str) -> Iterator[Steps]:
    """Every path of a source that is read, except under the keys `but`."""
    return _paths(shape.model_dump(exclude={*NOT_READ, *but}))


def _is_modified(type_: str, steps: Steps) -> bool:
    """Whether the element at a path may have a modifier extension."""
    if type_ not in element_tree():
        return False
    type_at_path = follow(type_, steps)
    return isinstance(type_at_path, str) and MODIFIER in element_tree().get(type_at_path, {})


def _paths(written: Any) -> Iterator[Steps]:
    """Every path of a document."""
    if isinstance(written, dict | list | tuple):
        for part in written.values() if isinstance(written, dict) else written:
            yield from _paths(part)
    elif isinstance(written, str) and written.startswith("$") and (steps := _steps(written)):
        yield steps


def _steps(written: str) -> Steps:
    try:
        return compile_path(written)
    except ValueError:  # the mistake is noted where the source is built
        return ()
