"""The element tree of FHIR R4: what stands below what, and of which type (`r4_elements.json`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.fhir.paths import Steps
from service.library.documents.validate import did_you_mean
from service.memo import per_value

FILE = Path(__file__).with_name("r4_elements.json")
ANYTHING = "Resource"  # what is contained may be of any type
PRIMITIVE = {"id": "text", "extension": "Extension"}  # what stands at `_birthDate`
CHOICES_SHOWN = 4
Tree = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Astray:
    """The first step of a path that R4 does not know, where it stands, and what may be meant."""

    parent: str
    step: str
    meant: str
    depth: int

    def __str__(self) -> str:
        return f"R4 knows no '{self.step}' in {self.parent}{self.meant}"


@per_value
def element_tree() -> Tree:
    """The elements of each type with the type of each."""
    types: Tree = json.loads(FILE.read_text(encoding="utf-8"))["types"]
    return types


@per_value
def element_meanings() -> Tree:
    """By resource type the elements that change the meaning, say a status or take a closed list."""
    found: Tree = json.loads(FILE.read_text(encoding="utf-8"))["meaning"]
    return found


def follow(type_: str, steps: Steps, name: str = "") -> str | Astray:
    """The type of what stands at a path below a type, or where the path goes astray."""
    name = name or type_
    for depth, step in enumerate(steps):
        if type_ == ANYTHING:
            return ANYTHING
        elements = _elements(type_)
        if step not in elements:
            return Astray(name, step, _meant(step, elements), depth)
        type_, name = elements[step], f"{name}.{step}"
    return type_


def _elements(type_: str) -> Mapping[str, str]:
    """The elements of a type, with those that JSON adds to the ones of R4."""
    tree = element_tree()
    elements = tree.get(type_, PRIMITIVE if type_ == "Element" else {})
    beside = {f"_{name}": "Element" for name, inner in elements.items() if inner not in tree}
    named = {"resourceType": "text"} if "implicitRules" in elements else {}
    return {**elements, **beside, **named}


def _meant(step: str, elements: Mapping[str, str]) -> str:
    """The names that R4 gives an element of several types, or the nearest name."""
    known = [name for name in elements if not name.startswith("_")]
    bare = step.removesuffix("[x]")
    typed = [name for name in known if name.startswith(bare) and name[len(bare) :][:1].isupper()]
    if not typed:
        return did_you_mean(step, known)
    shown = " or ".join(f"'{one}'" for one in typed[:CHOICES_SHOWN])
    return f"; R4 writes {shown}{' …' if len(typed) > CHOICES_SHOWN else ''}"


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
