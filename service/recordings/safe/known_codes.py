"""Codes that a recording may hold: those of the documents, of FHIR, and of known code systems."""

from collections.abc import Iterator
from importlib import import_module

from service.fhir.terminology.code_shapes import has_telling_shape
from service.fhir.terminology.ndc import readings
from service.json_object import Json
from service.library import Library
from service.memo import cached_property
from service.recordings.safe.known_texts import KnownTexts

_MODULES = [
    "allergyintolerance",
    "bundle",
    "claimresponse",
    "condition",
    "coverage",
    "encounter",
    "explanationofbenefit",
    "medicationdispense",
    "medicationrequest",
    "medicationstatement",
    "observation",
    "patient",
    "procedure",
    "questionnaireresponse",
    "timing",
    "quantity",
    "identifier",
    "dosage",
    "practitioner",
    "practitionerrole",
    "organization",
    "medication",
]


class KnownCodes:
    """The codes of one library."""

    def __init__(self, library: Library, texts: KnownTexts) -> None:
        self._library, self._texts = library, texts

    def is_system(self, system: str) -> bool:
        """Whether an address is that of a code system, as the documents or HL7 name it."""
        return system in self._systems or system in ENUMERATED_SYSTEMS

    @cached_property
    def _systems(self) -> frozenset[str]:
        terminology = self._library.terminology
        coded = {
            system for table in (terminology.by_code, terminology.by_prefix) for system, _ in table
        }
        return frozenset(coded | terminology.known_systems | {"http://unitsofmeasure.org"})

    def is_code(self, system: str | None, code: str) -> bool:
        """Whether a code is one of its system: listed, built as its codes are, or a code of FHIR."""
        terminology = self._library.terminology
        if system is None:
            known = code in self.fhir_codes or self._texts.has(code)
            return known or bool(terminology.of_bare(code))
        if terminology.of_code(system, code) or (system, code) in terminology.by_prefix:
            return True
        if self._is_of_a_list(system, code):
            return True
        if (system in ENUMERATED_SYSTEMS or system.startswith(HL7)) and code in self.fhir_codes:
            return True
        if system == "http://unitsofmeasure.org":
            return self._texts.has(code)
        return has_telling_shape(system, code)

    def is_concept(self, concept: Json) -> bool:
        """Whether the documents know what a concept is, by its codes or its exact name."""
        return bool(self._library.terminology.of_concept(concept, {}))

    def _is_of_a_list(self, system: str, code: str) -> bool:
        """Whether a directory of all drugs knows the code, whatever drug it is."""
        terminology = self._library.terminology
        lists = terminology.lists
        if lists is None:
            return False
        if system in terminology.ndc_systems:
            return any(lists.of_drug(digits) is not None for digits in readings(code))
        return lists.descriptor(system, code) is not None

    @cached_property
    def fhir_codes(self) -> frozenset[str]:
        """The codes that FHIR R4 itself lists for elements of the resources that are read."""
        codes = {code for name in _MODULES for code in _enumerated(name)}
        return frozenset(codes | _OTHER_FHIR_CODES)


HL7 = "http://terminology.hl7.org/CodeSystem/"
_HL7_NAMES = """adjudication allergyintolerance-clinical allergyintolerance-verification benefit-category
    claim-type claimcareteamrole condition-category condition-clinical condition-ver-status coverage-class
    data-absent-reason diagnosis-role diagnosistype dose-rate-type ex-benefitcategory ex-claimtype
    ex-diagnosistype ex-relatedclaimrelationship encounter-diagnosis medication-statement-category
    medicationrequest-category observation-category observation-category payeetype practitioner-role
    processpriority subscriber-relationship v3-ActCode v3-ObservationInterpretation""".split()  # noqa: SIM905 - read as words
ENUMERATED_SYSTEMS = frozenset(
    (
        *(f"http://terminology.hl7.org/CodeSystem/{name}" for name in _HL7_NAMES),
        "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication",
        "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBPayerAdjudicationStatus",
        "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType",
        "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBInstitutionalClaimSubType",
        "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBRelatedClaimRelationshipCodes",
        "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudicationDiscriminator",
        "https://x12.org/codes/claim-adjustment-reason-codes",
    )
)
# Codes of HL7 terminology and CARIN that resources carry beside those that FHIR lists itself.
_OTHER_FHIR_CODES = frozenset(
    [
        "active",
        "inactive",
        "resolved",
        "remission",
        "recurrence",
        "relapse",
        "confirmed",
        "unconfirmed",
        "provisional",
        "differential",
        "refuted",
        "entered-in-error",
        "problem-list-item",
        "encounter-diagnosis",
        "health-concern",
        "professional",
        "institutional",
        "pharmacy",
        "oral",
        "vision",
        "denied",
        "submitted",
        "paid",
        "benefit",
        "paidtoprovider",
        "paidbypatient",
        "dayssupply",
        "rxorigin",
        "brandgenericindicator",
        "dawcode",
        "refillnum",
        "refillsAuthorized",
        "compoundcode",
        "claimrecvddate",
        "inpatient",
        "outpatient",
        "laboratory",
        "vital-signs",
        "survey",
        "exam",
        "imaging",
        "procedure",
        "social-history",
        "therapy",
        "activity",
        "AMB",
        "EMER",
        "IMP",
        "ACUTE",
        "NONAC",
        "OBSENC",
        "PRENC",
        "SS",
        "VR",
        "HH",
        "FLD",
        "MS",
        "SR",
        "principal",
        "admitting",
        "prior",
        "associated",
        "replace",
        "replaced",
        "replacedby",
        "corrected",
        "amended",
        "final",
        "preliminary",
        "registered",
        "cancelled",
        "denialreason",
        "rejectreason",
        "paymenttype",
        "eligible",
        "self",
        "group",
        "plan",
        "complete",
        "queued",
        "partial",
        "error",
        "not-applicable",
        "unknown",
        "asked-declined",
        "masked",
        "completed",
        "stopped",
        "draft",
    ]
)


def _enumerated(module: str) -> Iterator[str]:
    """The codes that the R4B model of a resource lists for its elements."""
    loaded = import_module(f"fhir.resources.R4B.{module}")
    for model in vars(loaded).values():
        fields = getattr(model, "model_fields", None)
        for field in fields.values() if isinstance(fields, dict) else ():
            extra = field.json_schema_extra
            if isinstance(extra, dict):
                values = extra.get("enum_values")
                yield from (
                    (str(value) for value in values if value) if isinstance(values, list) else ()
                )
