"""What a library knows: its texts, codes and names, and the ids, addresses and types that it lists."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date

from service.library import Library
from service.library.card_texts import SHORT_ANSWERS
from service.memo import cached_property
from service.recordings.safe.known_codes import KnownCodes
from service.recordings.safe.known_decisions import KnownDecisions
from service.recordings.safe.known_names import NamesKept
from service.recordings.safe.known_texts import KnownTexts
from service.recordings.safe.safe_elements import EXTENSIONS, NUMBER


class KnownWords:
    """The words of one library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.texts = KnownTexts(library)
        self.codes = KnownCodes(library, self.texts)
        self.decisions = KnownDecisions(library, self.texts)
        self.names = NamesKept(library, self.texts)

    def policies_on(self, day: date) -> tuple[str, ...]:
        """The versions of policies that are in force on a day."""
        policies = self.library.policies
        return tuple(f"{one.id}@{one.effective}" for one in policies if one.in_force(day))

    @cached_property
    def prefetch_keys(self) -> frozenset[str]:
        """The keys under which services ask for data."""
        return frozenset(source.key for source in self.library.sources)

    def is_hook(self, name: str) -> bool:
        """Whether a service answers this hook."""
        return name in {service.hook for service in self.library.services} or name in HOOKS

    def is_type(self, name: str) -> bool:
        """Whether this is a type of FHIR resources."""
        return name in _TYPES or name in {source.type for source in self.library.sources}

    def is_extension(self, url: str) -> bool:
        """Whether an extension says something about a claim or a decision, which must be kept."""
        return url in self._extension_urls or url in (NUMBER, REVIEW)

    @cached_property
    def _extension_urls(self) -> frozenset[str]:
        urls = (text for source in self.library.sources for text in _texts_in(source))
        return frozenset(url for url in urls if url.startswith(EXTENSIONS))

    def is_questionnaire(self, url: str) -> bool:
        """Whether this is a questionnaire of one of the policies."""
        return url in self._questionnaires

    @cached_property
    def _questionnaires(self) -> frozenset[str]:
        urls = {
            policy.questionnaire(id_, path)
            for policy in self.library.policies
            for id_ in policy.indications
            for path in ("initial", "renewal")
        }
        return frozenset(urls | {url.partition("|")[0] for url in urls})

    def is_criterion(self, id_: str) -> bool:
        """Whether this is the id of a criterion."""
        return id_ in self._criteria

    @cached_property
    def _criteria(self) -> frozenset[str]:
        policies = self.library.policies
        return frozenset(criterion.id for policy in policies for criterion in policy.criteria())

    def is_payer(self, system: str, value: str) -> bool:
        """Whether this is the number of a payer that the documents name."""
        return (system, value) in {
            pair for payer in self.library.payers.values() for pair in payer.identifiers
        }

    @cached_property
    def of_answers(self) -> frozenset[str]:
        """The words of answers: ids of policies, diseases, criteria, therapies and notes, and reasons."""
        library = self.library
        versions = (f"{one.id}@{one.effective}" for one in library.policies)
        diseases = (id_ for policy in library.policies for id_ in policy.indications)
        notes = (note.id for notes in library.clinical.notes.values() for note in notes)
        therapies = library.clinical.therapies
        return self._criteria.union(versions, diseases, notes, therapies, SHORT_ANSWERS)


REVIEW = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewAction"
HOOKS = frozenset(
    ("order-sign", "order-select", "order-dispatch", "patient-view", "appointment-book")
)
HOOKS |= {"encounter-start", "encounter-discharge"}
_TYPES = frozenset(
    [
        "AllergyIntolerance",
        "Bundle",
        "Claim",
        "ClaimResponse",
        "Condition",
        "Coverage",
        "Device",
        "Encounter",
        "ExplanationOfBenefit",
        "Location",
        "Medication",
        "MedicationAdministration",
        "MedicationDispense",
        "MedicationRequest",
        "MedicationStatement",
        "Observation",
        "OperationOutcome",
        "Organization",
        "Patient",
        "Practitioner",
        "PractitionerRole",
        "Procedure",
        "QuestionnaireResponse",
        "RelatedPerson",
        "ServiceRequest",
        "Specimen",
        "Substance",
        "DiagnosticReport",
        "Group",
        "CoverageEligibilityResponse",
        "CareTeam",
        "Contract",
    ]
)


def _texts_in(value: object, depth: int = 6) -> Iterator[str]:
    """Every text in a document as it was built."""
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _texts_in(one, depth - 1)
    elif depth and isinstance(value, dict):
        yield from _texts_in([*value.keys(), *value.values()], depth - 1)
    elif depth and is_dataclass(value):
        for one in fields(value):
            yield from _texts_in(getattr(value, one.name, None), depth - 1)
