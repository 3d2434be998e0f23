"""Codes that a recording may hold: those of the documents, of FHIR, and of known code systems."""

import re
from collections.abc import Iterator
from importlib import import_module

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
# Codes of code systems that no value set lists, by how they are built. Bare numbers are codes only if they
# can be told from a number of a person: a concept of SNOMED CT by its partition and check digit.
SHAPES = {
    "http://loinc.org": re.compile(r"\d{1,5}-\d"),
    "http://snomed.info/sct": re.compile(r"\d{3,15}[01]0\d"),
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": re.compile(r"[A-Z]\d{4}"),
    "http://www.ama-assn.org/go/cpt": re.compile(r"\d{4}[FTUM]"),
    "https://x12.org/codes/claim-adjustment-reason-codes": re.compile(r"[A-Z]?\d{1,3}"),
    "https://codesystem.x12.org/005010/306": re.compile(r"[A-Z]\d|[A-Z]{2}"),
    "http://hl7.org/fhir/sid/icd-10-cm": re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?"),
}


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
        shape = SHAPES.get(system)
        return bool(shape and shape.fullmatch(code) and _checked(system, code))

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


_DIHEDRAL = tuple(
    tuple(int(digit) for digit in row)
    for row in [
        "0123456789",
        "1234067895",
        "2340178956",
        "3401289567",
        "4012395678",
        "5987604321",
        "6598710432",
        "7659821043",
        "8765932104",
        "9876543210",
    ]
)
_PERMUTED = tuple(
    tuple(int(digit) for digit in row)
    for row in [
        "0123456789",
        "1576283094",
        "5803796142",
        "8916043527",
        "9453126870",
        "4286573901",
        "2793806415",
        "7046913258",
    ]
)


def _checked(system: str, code: str) -> bool:
    """Whether the check digit of a code is right, where its system has one (Verhoeff; mod 10)."""
    if system.endswith("/sct"):
        check = 0
        for place, digit in enumerate(reversed(code)):
            check = _DIHEDRAL[check][_PERMUTED[place % 8][int(digit)]]
        return check == 0
    if system.endswith("loinc.org"):
        number, _, given = code.partition("-")
        digits = [int(digit) for digit in reversed(number)]
        doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::2]) + sum(digits[1::2])
        return -doubled % 10 == int(given)
    return True
