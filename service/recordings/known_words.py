"""What may stand in a recording as it was sent: codes, names and units that the documents or FHIR know."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from importlib import import_module

from service.fhir.terminology.names_in_text import Phrase, Phrases, occur, split
from service.fhir.terminology.ndc import readings
from service.library import Library
from service.memo import cached_property
from service.recordings.safe_elements import EXTENSIONS, NUMBER

_AMOUNT = re.compile(r"(<=|>=|<|>)?\s*\d{1,4}(\.\d{1,4})?\s*(?P<unit>\S.{0,19})?")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)?|\S")
_RANGE = re.compile(r"\(?\d{1,3}\s?(?:-|to)\s?\d{1,3}\)?")
_ALSO_NAMES = frozenset(
    ("april", "may", "june", "august", "grant", "will", "art", "mark", "bill", "case")
)
# Names of drugs and of parts of the body that many people bear too.
_SURNAMES = frozenset(
    (
        *("black", "brown", "green", "white", "rose", "wood", "iris", "violet", "head", "back"),
        *("foot", "hand", "chin", "cash", "intern", "burns", "palm", "lama", "field", "cheek"),
        *("neck", "moore", "young", "angel", "joy", "hope", "grace", "ella", "amber", "biller"),
        *("basil", "cherry", "acacia", "barley", "rosemary", "ginger", "hazel", "pound", "shin"),
        *("trout", "true", "perch", "coder", "clove", "senna", "sample", "reed", "oliver"),
    )
)
_SPOKEN = re.compile(r"[^\W_]+|[.;]")
_SIMPLE = frozenset(".,;:()/-%+")
# Numbers with nothing but marks between them and the word after them: an amount, or a day or number of
# a person.
_NUMBERS = re.compile(r"(?P<run>\d(?:[\d\s.,;:()/+-]*\d)?)[\s).-]*(?P<unit>[^\W\d_]+|%)?")
_STRENGTHS = re.compile(r"\d{1,4}(?:\.\d+)?(?:\s?[-/,]\s?\d{1,4}(?:\.\d+)?)*")
_RISING = re.compile(r"(0|[1-9]\d{0,2})\s?-\s?([1-9]\d{0,2})")
_PLAIN_NUMBER = re.compile(r"\d{1,4}(?:\.\d+)?")
SHORTEST_NAME = 4  # letters; shorter ones are units, and parts of names of people
_YEARS = range(1900, 2101)
_OLDEST, _YEAR_WORDS = 90, frozenset(("a", "y", "yo", "yr", "yrs", "year", "years"))
_COUNTED = frozenset(
    (
        "actuat",
        "capsule",
        "capsules",
        "day",
        "days",
        "dose",
        "doses",
        "hour",
        "hours",
        "month",
        "months",
        "pen",
        "pens",
        "puff",
        "puffs",
        "syringe",
        "syringes",
        "tablet",
        "tablets",
        "times",
        "unit",
        "units",
        "week",
        "weeks",
        "mg",
        "ml",
        "mcg",
        "g",
        "kg",
        "%",
    )
)
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
# Codes of code systems that no value set lists, by how they are built; longer numbers are no codes.
SHAPES = {
    "http://loinc.org": re.compile(r"\d{1,5}-\d"),
    "http://snomed.info/sct": re.compile(r"\d{6,18}"),
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": re.compile(r"[A-Z]\d{4}"),
    "http://www.ama-assn.org/go/cpt": re.compile(r"\d{4}[0-9FTUM]"),
    "https://x12.org/codes/claim-adjustment-reason-codes": re.compile(r"[A-Z]?\d{1,3}"),
    "https://codesystem.x12.org/005010/306": re.compile(r"[A-Z]\d|[A-Z]{2}"),
    "http://www.nlm.nih.gov/research/umls/rxnorm": re.compile(r"\d{1,7}"),
    "http://hl7.org/fhir/sid/icd-10-cm": re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?"),
}


class KnownWords:
    """The words of one library."""

    def __init__(self, library: Library) -> None:
        self.library = library

    @cached_property
    def texts(self) -> frozenset[str]:
        """Names and displays that stand in the documents, each as a whole."""
        return frozenset(_plain(text) for text in self._texts())

    def _texts(self) -> Iterator[str]:
        library = self.library
        terminology, knowledge = library.terminology, library.knowledge
        yield from terminology.by_name
        for table in (terminology.by_code, terminology.by_prefix):
            yield from (entry.display for entries in table.values() for entry in entries)
        yield from knowledge.words
        yield from knowledge.plain_words
        for payer in library.payers.values():
            yield from (payer.name, *payer.names)
        for fact in knowledge.facts.values():
            yield from fact.grades.values()
            yield from fact.says_so
            yield from (name for scale in fact.scales.values() for name in scale.names)
            for words in (
                fact.denied_words,
                fact.pending_words,
                fact.open_words,
                fact.approved_words,
            ):
                yield from words
        for unit in knowledge.units.values():
            yield from (unit.word, *unit.texts, *unit.codes)
        yield from ("yes", "no", "true", "false")

    @cached_property
    def _dosing(self) -> frozenset[str]:
        """Single words of doses: units, and the names of the drugs that are judged."""
        units = (text for unit in self.library.knowledge.units.values() for text in unit.texts)
        drugs = (name for names in self.library.drug_names.values() for name in names)
        words = (word for text in (*units, *drugs) for word in _TOKEN.findall(text.lower()))
        return frozenset((*words, *_DOSING))

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
        return name in self.library.hooks or name in HOOKS

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

    def is_text(self, written: str) -> bool:
        """Whether a text is known as a whole, is an amount of a known unit, or a dose in plain words."""
        plain = _plain(written)
        if plain in self.texts:
            return True
        if not self._counts_only(plain):
            return False
        amount = _AMOUNT.fullmatch(plain)
        if amount is not None and (amount["unit"] is None or amount["unit"] in self.texts):
            return True
        without_range = _RANGE.sub("", plain).strip()
        return self._is_dose(plain) or (without_range != plain and without_range in self.texts)

    def _counts_only(self, plain: str) -> bool:
        """Whether each number is an amount: none may be a day, a year, a phone, or an age of 90 and more."""
        return all(
            self._is_amount(found["run"], found["unit"] or "") for found in _NUMBERS.finditer(plain)
        )

    def _is_amount(self, run: str, unit: str) -> bool:
        counted = unit in self._units
        numbers = [float(one) for one in re.findall(r"\d+(?:\.\d+)?", run)]
        if unit in _YEAR_WORDS and max(numbers) >= _OLDEST:
            return False
        if _PLAIN_NUMBER.fullmatch(run):
            return counted or numbers[0] not in _YEARS
        rising = _RISING.fullmatch(run)
        if rising is not None:
            return int(rising[1]) < int(rising[2])
        is_strength = _STRENGTHS.fullmatch(run) is not None
        return counted and is_strength and not any(one in _YEARS for one in numbers)

    @cached_property
    def _units(self) -> frozenset[str]:
        """Words after which a number is an amount."""
        units = self.library.knowledge.units.values()
        words = (text for unit in units for text in (unit.word, *unit.texts, *unit.codes))
        return _COUNTED | {_plain(word) for word in words if word}

    def is_payer_name(self, written: str) -> bool:
        """Whether this is the name of a payer of the documents."""
        payers = self.library.payers.values()
        return any(
            _plain(name) == _plain(written) for one in payers for name in (one.name, *one.names)
        )

    def payer_words_in(self, written: str) -> tuple[str, ...]:
        """The words of payers' names that a text holds, by which it may be the name of one of them."""
        letters = "".join(split(written))
        payers = self.library.payers.values()
        return tuple(
            word
            for word in self._words_of_payers
            if word in letters and any(payer.may_be(word) for payer in payers)
        )

    @cached_property
    def _words_of_payers(self) -> tuple[str, ...]:
        payers = self.library.payers.values()
        names = [
            *(name for payer in payers for name in (payer.name, *payer.names)),
            *(name for payer in payers for one in payer.elsewhere for name in one.names),
        ]
        return tuple(dict.fromkeys(word for name in names for word in split(name)))

    def names_in(self, written: str) -> tuple[str, ...]:
        """The names of the documents that a longer text holds as whole words, in their order."""
        return _held(split(written), self._phrases)

    @cached_property
    def _phrases(self) -> Phrases:
        return _by_first_word(tuple(split(text)) for text in self.texts)

    def drugs_in(self, written: str) -> tuple[str, ...]:
        """The names of drugs that a longer text holds as whole words, where a drug is named."""
        return _held(split(written), self._drugs)

    @cached_property
    def _drugs(self) -> Phrases:
        terminology = self.library.terminology
        tables: list[Phrases] = [
            {word: tuple(one for one, _ in names) for word, names in terminology.words.items()}
        ]
        if terminology.lists is not None:
            tables += [terminology.lists.names.others, terminology.lists.names.ours]
        return _by_first_word(one for table in tables for each in table.values() for one in each)

    def decision_in(self, written: str) -> tuple[str, bool]:
        """The words of decisions in a payer's text, and whether it has others; numbers say nothing."""
        words = _SPOKEN.findall(_plain(written))
        said = [word for word in words if word in self._deciding or word in _SIMPLE]
        others = (word for word in words if word not in said)
        return " ".join(said), any(word.isalpha() for word in others)

    def is_drug(self, written: str) -> bool:
        """Whether a text names drugs of the directory, with their strengths and forms, and nothing else."""
        lists = self.library.terminology.lists
        words = split(written)
        if not self._counts_only(_plain(written)):
            return False
        if lists is None or not (
            occur(words, lists.names.others) or occur(words, lists.names.ours)
        ):
            return False
        return all(
            word in self._drug_words
            or word in self._dosing
            or (word[0].isdigit() and len(word) <= len("10000"))
            for word in words
        )

    @cached_property
    def _drug_words(self) -> frozenset[str]:
        """Single words of the names of drugs: of the directory, and of the products of the value sets."""
        terminology = self.library.terminology
        displays = (
            entry.display
            for entries in terminology.by_code.values()
            for entry in entries
            if entry.attributes.get("ingredient")
        )
        words = {word for display in displays for word in split(display)}
        if terminology.lists is not None:
            for names in (terminology.lists.names.others, terminology.lists.names.ours):
                words |= {word for phrase in _all_phrases(names) for word in phrase}
        return frozenset(words)

    def is_decision(self, written: str) -> bool:
        """Whether a payer's words are all words of decisions, none of which is a name too."""
        tokens = _TOKEN.findall(_plain(written))
        if not self._counts_only(_plain(written)):
            return False
        return bool(tokens) and all(
            token in self._deciding
            or token in _SIMPLE
            or (token.isdigit() and len(token) <= len("100"))
            for token in tokens
        )

    @cached_property
    def _deciding(self) -> frozenset[str]:
        facts = [fact for fact in self.library.knowledge.facts.values() if fact.neutral_words]
        texts = [
            text
            for fact in facts
            for words in (
                fact.denied_words,
                fact.pending_words,
                fact.open_words,
                fact.approved_words,
                fact.neutral_words,
            )
            for text in words
        ]
        return (
            frozenset(word for text in texts for word in _TOKEN.findall(text.lower())) - _ALSO_NAMES
        )

    def part_of(self, written: str) -> str | None:
        """The name of a plan that a payer leaves to others, if the text holds one: it decides."""
        plain = _plain(written)
        programs = (
            program for payer in self.library.payers.values() for program in payer.elsewhere
        )
        names = (name for program in programs for name in program.names)
        return max((name for name in names if _plain(name) in plain), key=len, default=None)

    def _is_dose(self, plain: str) -> bool:
        tokens = _TOKEN.findall(plain)
        return bool(tokens) and all(
            token in _SIMPLE
            or token in self._dosing
            or (token[0].isdigit() and len(token) <= len("1000"))
            for token in tokens
        )

    def is_system(self, system: str) -> bool:
        """Whether an address is that of a code system, as the documents or HL7 name it."""
        return system in self._systems or system in ENUMERATED_SYSTEMS

    @cached_property
    def _systems(self) -> frozenset[str]:
        terminology = self.library.terminology
        coded = {
            system for table in (terminology.by_code, terminology.by_prefix) for system, _ in table
        }
        return frozenset(coded | terminology.known_systems | {"http://unitsofmeasure.org"})

    def is_code(self, system: str | None, code: str) -> bool:
        """Whether a code is one of its system: listed, built as its codes are, or a code of FHIR."""
        terminology = self.library.terminology
        if system is None:
            known = code in self.fhir_codes or _plain(code) in self.texts
            return known or bool(terminology.of_bare(code))
        if terminology.of_code(system, code) or (system, code) in terminology.by_prefix:
            return True
        if self._is_of_a_list(system, code):
            return True
        if (system in ENUMERATED_SYSTEMS or system.startswith(HL7)) and code in self.fhir_codes:
            return True
        if system == "http://unitsofmeasure.org":
            return _plain(code) in self.texts
        shape = SHAPES.get(system)
        return bool(shape and shape.fullmatch(code) and _checked(system, code))

    def _is_of_a_list(self, system: str, code: str) -> bool:
        """Whether a directory of all drugs knows the code, whatever drug it is."""
        terminology = self.library.terminology
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
_DOSING = frozenset(
    [
        "inject",
        "take",
        "use",
        "apply",
        "inhale",
        "give",
        "every",
        "each",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "hour",
        "hours",
        "other",
        "daily",
        "weekly",
        "monthly",
        "once",
        "twice",
        "then",
        "followed",
        "by",
        "for",
        "of",
        "the",
        "a",
        "an",
        "and",
        "at",
        "as",
        "to",
        "in",
        "on",
        "first",
        "dose",
        "doses",
        "loading",
        "starting",
        "initial",
        "maintenance",
        "single",
        "subcutaneously",
        "subcutaneous",
        "subcutaneous",
        "injection",
        "syringe",
        "syringes",
        "pen",
        "pens",
        "under",
        "skin",
        "mouth",
        "oral",
        "puff",
        "puffs",
        "two",
        "one",
        "three",
        "four",
        "times",
        "needed",
        "directed",
        "mg",
        "ml",
        "mcg",
        "g",
        "kg",
        "qd",
        "bid",
        "tid",
        "qid",
        "q2w",
        "q4w",
        "qw",
        "prn",
        "po",
        "sc",
        "x",
    ]
)


def _by_first_word(phrases: Iterable[Phrase]) -> Phrases:
    """Names by their first words, the longest first, without those that may be names of people."""
    by_word: dict[str, set[Phrase]] = {}
    for phrase in phrases:
        name = " ".join(phrase)
        if len(name) >= SHORTEST_NAME and name not in _ALSO_NAMES | _SURNAMES:
            by_word.setdefault(phrase[0], set()).add(phrase)
    return {
        word: tuple(sorted(several, key=lambda one: (-len(one), one)))
        for word, several in by_word.items()
    }


def _held(words: list[str], names: Phrases) -> tuple[str, ...]:
    """The names that some words hold, each once."""
    found, at = [], 0
    while at < len(words):
        beginning = names.get(words[at], ())
        held = next((one for one in beginning if tuple(words[at : at + len(one)]) == one), None)
        if held:
            found.append(" ".join(held))
        at += len(held or "1")
    return tuple(dict.fromkeys(found))


def _all_phrases(value: object) -> Iterator[tuple[str, ...]]:
    """Every phrase of a table of phrases by their first words."""
    if isinstance(value, str):
        yield (value,)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield (str(key),)
            yield from _all_phrases(one)
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _all_phrases(one)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


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
