"""One broken document for each mistake: where it is, what it is, what was meant."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
AD = f"{VERSION}/ad.yaml"
HEAD = f"{VERSION}/policy.yaml"
SET = "mappings/value_sets/score.poem.yaml"  # no fact asks for it, so that nothing else breaks with it
FACT = "mappings/facts/administrative/pharmacy.yaml"  # no criterion names it
SOURCE = "mappings/sources/allergies.yaml"
Mistakes = Callable[[], list[str]]


@dataclass(frozen=True)
class Broken:
    """One line of one document broken: `old` becomes `new`, and the mistake stands at `at`."""

    file: str
    old: str
    new: str
    at: str
    says: str


CRITERIA = {
    "an unknown key": Broken(
        AD,
        "      says: Body",
        "      shrot: bsa\n      says: Body",
        "shrot",
        "unknown key 'shrot'; did you mean 'short'?",
    ),
    "a doubled key": Broken(
        AD,
        "      within: 90 days",
        "      within: 90 days\n      within: 60 days",
        "within: 60 days",
        "the key 'within' stands twice",
    ),
    "a key that YAML reads as a truth": Broken(
        AD,
        "      within: 90 days",
        "      on: 90 days",
        "on: 90 days",
        "the key 'on' is not text here; put it in quotes",
    ),
    "the interval of a drug that has no code": Broken(
        SET,
        "codes:",
        "intervals: {poem: {days: 56, source: a label}}\ncodes:",
        "intervals: {poem",
        "no code here has the ingredient 'poem'",
    ),
    "a code system of lone codes that no value set uses": Broken(
        "mappings/sources/encounters.yaml",
        "CodeSystem/v3-ActCode",
        "CodeSystem/v3-ActCoed",
        "v3-ActCoed",
        "no value set has codes of 'http://terminology.hl7.org/CodeSystem/v3-ActCoed'"
        "; did you mean 'http://terminology.hl7.org/CodeSystem/v3-ActCode'?",
    ),
    "an unknown fact": Broken(
        AD,
        "fact: ad.bsa",
        "fact: ad.bsaa",
        "fact: ad.bsaa",
        "no fact 'ad.bsaa'; did you mean 'ad.bsa'?",
    ),
    "an unknown fact that is recorded": Broken(
        AD,
        "      recorded: ad.diagnosis",
        "      recorded: ad.diagnoses",
        "recorded: ad.diagnoses",
        "no fact 'ad.diagnoses'; did you mean 'ad.diagnosis'?",
    ),
    "an unknown value set of a supply": Broken(
        AD,
        "of: ad.biologic_other",
        "of: ad.biologic_othr",
        "ad.biologic_othr",
        "no value set 'ad.biologic_othr'; did you mean 'ad.biologic_other'?",
    ),
    "an unknown value set of a trial": Broken(
        AD, "of: ad.tci", "of: ad.tcii", "ad.tcii", "no value set 'ad.tcii'; did you mean 'ad.tci'?"
    ),
    "an unknown reading": Broken(
        AD,
        "reading: [A04, O02]",
        "reading: [A044, O02]",
        "A044",
        "no reading 'A044'; did you mean 'A04'?",
    ),
    "an unknown evidence set": Broken(
        AD,
        "180 days, accepts: pharmacy",
        "180 days, accepts: farmacy",
        "farmacy",
        "no evidence set 'farmacy' in policy.yaml; did you mean 'pharmacy'?",
    ),
    "another unit than the fact's": Broken(
        AD,
        "at_least: 10 % BSA",
        "at_least: 10 %",
        "at_least: 10 %",
        "the unit is '%', 'ad.bsa' is in '% BSA'",
    ),
    "an age in kilograms": Broken(
        AD,
        "at_least: 6 months",
        "at_least: 6 kg",
        "6 kg",
        "the unit is 'kg', 'patient.age' is in a span of time",
    ),
    "a decimal comma": Broken(
        AD,
        "at_least: 10 % BSA",
        'at_least: "10,5 % BSA"',
        "10,5",
        "at_least: an amount is a number and a unit, like '10 % BSA'",
    ),
    "a span without its unit": Broken(
        AD,
        "for: 42 days",
        'for: "42"',
        'for: "42"',
        "for: a span is a number of days, weeks, months or years, like '28 days'",
    ),
    "a fact that cannot be compared": Broken(
        AD,
        "fact: ad.bsa\n      at_least: 10 % BSA",
        "fact: ad.grade\n      is: severe",
        "fact: ad.grade",
        "'ad.grade' is a grade; it cannot be compared",
    ),
    "a criterion without its citation": Broken(
        AD,
        '      says: Diagnosis\n      cite: "21"',
        "      says: Diagnosis",
        "id: ad.initial.disease",
        "'cite' is missing in this criterion",
    ),
    "a citation that is a number": Broken(
        AD,
        '      says: Diagnosis\n      cite: "21"',
        "      says: Diagnosis\n      cite: 21",
        "cite: 21",
        "cite is text; put it in quotes",
    ),
    "a doubled id": Broken(
        AD,
        "id: ad.initial.bsa",
        "id: ad.initial.age",
        "    - id: ad.initial.age",
        f"the id 'ad.initial.age' stands already at {AD}:7",
    ),
    "two operators in one criterion": Broken(
        AD,
        "      recorded: ad.diagnosis",
        "      recorded: ad.diagnosis\n      fact: ad.bsa",
        "id: ad.initial.disease",
        "one operator is needed, found fact, recorded",
    ),
    "no operator": Broken(
        AD,
        "      recorded: ad.diagnosis\n",
        "",
        "id: ad.initial.disease",
        "one operator is needed, found none",
    ),
    "an unknown role of a statement": Broken(
        AD,
        "statement: decides",
        "statement: decide",
        "statement: decide",
        "statement is true, review or one of decides, decides_before, overrides, outcome, part",
    ),
    "sessions without a break": Broken(
        AD,
        "for: 42 days, ended_within: 180 days",
        "for: 42 days, counted_by: sessions, unbroken: true",
        "trial:",
        "'unbroken' and 'otherwise' are for supply, not for sessions",
    ),
    "the latest of what has no grade": Broken(
        AD,
        "      recorded: ad.diagnosis",
        "      recorded: ad.diagnosis\n      pick: latest",
        "pick: latest",
        "'pick: latest' is for grades",
    ),
    "a statement on a part where none asks for one": Broken(
        AD,
        "statement: decides",
        "statement: part",
        "statement: part",
        "nothing below is settled by a statement",
    ),
    "a statement for the reviewer beside an operator": Broken(
        AD,
        "statement: decides",
        "statement: review",
        "statement: review",
        "'statement: review' stands alone, without 'fact'; did you mean 'decides'?",
    ),
    "an unknown word of an operator": Broken(
        AD,
        "ever: true, accepts: pharmacy",
        "evr: true, accepts: pharmacy",
        "evr: true",
        "unknown key 'evr'; did you mean 'ever'?",
    ),
    "another file's indication": Broken(
        AD,
        "indication: ad",
        "indication: eoe",
        "indication: eoe",
        "'eoe' is not the file's name",
    ),
}

HEADS = {
    "a first day that is not the folder's name": Broken(
        HEAD,
        "effective: 2025-10-01",
        "effective: 2025-10-02",
        "effective:",
        "effective 2025-10-02 is not the folder's name '2025-10-01'",
    ),
    "a last day before the first": Broken(
        HEAD,
        "effective: 2025-10-01",
        "effective: 2025-10-01\nuntil: 2025-01-01",
        "until:",
        "until lies before effective",
    ),
    "an unknown value set of an indication": Broken(
        HEAD,
        "conditions: eoe.condition",
        "conditions: eoe.conditon",
        "eoe.conditon",
        "no value set 'eoe.conditon'; did you mean 'eoe.condition'?",
    ),
    "an unknown drug": Broken(
        HEAD,
        "drug: dupilumab",
        "drug: dupilumb",
        "drug: dupilumb",
        "no value set 'dupilumb'; did you mean 'dupilumab'?",
    ),
    "an approval that is no criterion": Broken(
        HEAD,
        "approved_before: common.renewal.previously_approved",
        "approved_before: common.renewal.approved",
        "approved_before:",
        "no renewal criterion 'common.renewal.approved'",
    ),
}

OTHERS = {
    "words that settle a code, in a fact that is no result": Broken(
        FACT,
        "label:",
        "says_so: [by mail]\nlabel:",
        "says_so",
        "'says_so' is for results; 'order.pharmacy' is of the kind pharmacy",
    ),
    "what is over, in a fact that is no diagnosis": Broken(
        FACT,
        "label:",
        "history: true\nlabel:",
        "history: true",
        "'history' is for diagnoses; 'order.pharmacy' is of the kind pharmacy",
    ),
    "how long a thing lasts, in a fact that is no diagnosis": Broken(
        FACT,
        "label:",
        "lasts: 10 months\nlabel:",
        "lasts: 10 months",
        "'lasts' is for diagnoses; 'order.pharmacy' is of the kind pharmacy",
    ),
    "a gender, in a fact that is no diagnosis": Broken(
        FACT,
        "label:",
        "not_for: male\nlabel:",
        "not_for: male",
        "'not_for' is for diagnoses; 'order.pharmacy' is of the kind pharmacy",
    ),
    "harm told elsewhere, in a fact that is no allergy": Broken(
        FACT,
        "label:",
        "told_elsewhere: true\nlabel:",
        "told_elsewhere: true",
        "'told_elsewhere' is for allergies and with 'unsure'; 'order.pharmacy' is neither",
    ),
    "harmless reasons, in a fact that is no outcome": Broken(
        FACT,
        "label:",
        "harmless: reason.other\nlabel:",
        "harmless: reason.other",
        "'harmless' is for outcomes; 'order.pharmacy' is of the kind pharmacy",
    ),
    "harmful reasons of a set that is none of reasons": Broken(
        "mappings/facts/therapy/outcome.yaml",
        "harmful: [reason.adverse_effect,",
        "harmful: [lab.igra,",
        "harmful: [lab.igra,",
        "'lab.igra' is of the kind observation; reason or condition is needed here",
    ),
    "a path of a free text that leads to none": Broken(
        "mappings/sources/medications.yaml",
        'notes: "$.note[*].text"',
        'notes: "$.note[*].time"',
        'notes: "$.note[*].time"',
        "'$.note[*].time' is of the type dateTime; a text is needed here (text)",
    ),
    "what found nothing, in a fact that is no procedure": Broken(
        FACT,
        "label:",
        "against: {outcome: normal}\nlabel:",
        "against: {outcome: normal}",
        "'against' is for procedures; 'order.pharmacy' is of the kind pharmacy",
    ),
    "a value of 0, of a fact that is no quantity": Broken(
        "mappings/facts/crswnp/nasal_endoscopy.yaml",
        "zero: crswnp.polyp_score",
        "zero: crswnp.smell",
        "zero: crswnp.smell",
        "'crswnp.smell' is no quantity; only a number is 0",
    ),
    "what is over, where no source says what is over": Broken(
        "mappings/facts/safety/mace.yaml",
        "source: conditions",
        "source: allergies",
        "history: true",
        "no source of it says what is over; one of its rules has 'past'",
    ),
    "codes left out where no words are named": Broken(
        FACT,
        "label:",
        "unsaid: left_out\nlabel:",
        "unsaid",
        "'unsaid' means nothing without 'says_so'",
    ),
    "an unknown key of a fact": Broken(
        FACT,
        "label:",
        "cites: here\nlabel:",
        "cites",
        "unknown key 'cites'; did you mean 'cite'?",
    ),
    "an unknown value set of a fact": Broken(
        "mappings/facts/ad/bsa.yaml",
        "score.bsa_pct",
        "score.bsa_pc",
        "score.bsa_pc",
        "no value set 'score.bsa_pc'; did you mean 'score.bsa_pct'?",
    ),
    "an unknown unit of a fact": Broken(
        "mappings/facts/ad/easi.yaml",
        'unit: "score"',
        'unit: "scores"',
        'unit: "scores"',
        "no unit 'scores'; did you mean 'score'?",
    ),
    "an unknown source of a fact": Broken(
        "mappings/facts/ad/bsa.yaml",
        "source: observations",
        "source: observation",
        "source: observation,",
        "no source 'observation'; did you mean 'observations'?",
    ),
    "a code that is a number": Broken(
        SET,
        'code: "89870-0"',
        "code: 898700",
        "code: 898700",
        "code is text; put it in quotes",
    ),
    "a code that stands twice": Broken(
        "mappings/value_sets/ad.tci.yaml",
        'code: "306865"',
        'code: "321952"',
        'code: "321952", display: Elidel',
        "the code '321952' stands twice",
    ),
    "a set that is not named like its file": Broken(
        SET,
        "value_set: score.poem",
        "value_set: score.peom",
        "value_set",
        "'score.peom' is not the file's name",
    ),
    "a path that is none": Broken(
        SOURCE,
        "subject: $.patient",
        "subject: $.[patient",
        "subject:",
        "'$.[patient' is not a JSONPath",
    ),
    "a path that says more than names": Broken(
        SOURCE,
        "subject: $.patient",
        'subject: "$.patient[0]"',
        "subject:",
        "only field names and [*] are read here",
    ),
    "an unknown key of prefetch": Broken(
        "mappings/services/dupilumab-order-sign.yaml",
        "prefetch: [patient,",
        "prefetch: [patientt,",
        "prefetch:",
        "'patientt' is not known; did you mean 'patient'?",
    ),
    "a bound that is none": Broken(
        "mappings/regimens/dupilumab.yaml",
        "weight: {from: 5 kg, below: 15 kg}",
        "weight: {from: 5kg, below: 15 kg}",
        "from: 5kg",
        "'5kg' is no bound like '6 months' or '30 kg'",
    ),
    "a confidence that is none": Broken(
        "mappings/regimens/dupilumab.yaml",
        "confidence: general, cite: S10",
        "confidence: sure, cite: S10",
        "confidence: sure",
        "confidence is one of seen, derived, general, not_found; did you mean 'seen'?",
    ),
    "a mistyped key of a dose": Broken(
        "mappings/regimens/dupilumab.yaml",
        "units_first_28_days: 3, only_with:",
        "units_first_28_days: 3, only_wth:",
        "only_wth",
        "unknown key 'only_wth'; did you mean 'only_with'?",
    ),
    "half a puff": Broken(
        "mappings/value_sets/asthma.ics.yaml",
        "ug_per_actuation: 80, actuations: 100}",
        "ug_per_actuation: 80, actuations: 100.5}",
        "actuations: 100.5",
        "actuations is a whole number, without quotes",
    ),
    "an inhaler without a dose": Broken(
        "mappings/value_sets/asthma.ics.yaml",
        "ug_per_actuation: 80, actuations: 100}",
        "ug_per_actuation: 0, actuations: 100}",
        "ug_per_actuation: 0,",
        "ug_per_actuation is more than 0",
    ),
}
ALL = CRITERIA | HEADS | OTHERS


def break_document(content: Path, broken: Broken) -> int:
    """Breaks the document and gives the line of the mistake."""
    path = content / broken.file
    text = path.read_text(encoding="utf-8")
    assert broken.old in text
    text = text.replace(broken.old, broken.new, 1)
    path.write_text(text, encoding="utf-8")
    return next(n for n, line in enumerate(text.splitlines(), 1) if broken.at in line)


@pytest.mark.parametrize("broken", ALL.values(), ids=ALL)
def test_a_mistake_is_told_with_its_place_and_alone(
    content: Path, mistakes: Mistakes, broken: Broken
) -> None:
    line = break_document(content, broken)
    assert mistakes() == [f"{broken.file}:{line}: {broken.says}"]


UNREADABLE = {
    "an empty file": ("", "1: the document is empty"),
    "comments alone": ("# later\n", "1: the document is empty"),
    "an open bracket": (
        "a: [1\n",
        "1: not YAML: the list that begins here lacks a comma or its ']'",
    ),
    "a colon in a sentence": (
        "indication: ad\nsays: Age: 6\n",
        "2: not YAML: a second colon, or an indent that does not fit",
    ),
    "a tab": (
        "indication: ad\ninitial:\n\tid: a\n",
        "3: a tab; indent with spaces",
    ),
    "two documents": (
        "a: 1\n---\nb: 2\n",
        "2: not YAML: '---' begins a second document; a file holds one",
    ),
}


@pytest.mark.parametrize(("text", "says"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_told(
    content: Path, mistakes: Mistakes, text: str, says: str
) -> None:
    (content / AD).write_text(text, encoding="utf-8")
    assert mistakes() == [f"{AD}:{says}"]


def test_a_file_that_is_no_utf_8_is_told(content: Path, mistakes: Mistakes) -> None:
    (content / AD).write_bytes(b"indication: ad\nsays: Gr\xfc\xdfe\n")
    assert mistakes() == [f"{AD}:1: not UTF-8 text"]


def test_a_missing_indication_file_is_told(content: Path, mistakes: Mistakes) -> None:
    (content / AD).unlink()
    assert mistakes() == [f"{AD}:1: this file is missing"]


def test_a_name_that_two_facts_bear_is_told(content: Path, mistakes: Mistakes) -> None:
    twin = "mappings/facts/administrative/second.yaml"
    (content / twin).write_bytes((content / FACT).read_bytes())
    assert mistakes() == [f"{twin}:1: 'order.pharmacy' stands already in {FACT}"]


def test_an_id_that_two_files_use_is_told(content: Path, mistakes: Mistakes) -> None:
    broken = Broken(AD, "id: ad.initial.bsa", "id: common.initial.specialist", "", "")
    break_document(content, broken)
    assert mistakes() == [
        f"{AD}:8: the id 'common.initial.specialist' stands already at {VERSION}/common.yaml:3"
    ]


def test_all_mistakes_of_all_documents_are_told_at_once_in_order(
    content: Path, mistakes: Mistakes
) -> None:
    chosen = [
        OTHERS["an unknown source of a fact"],
        CRITERIA["an age in kilograms"],
        CRITERIA["another unit than the fact's"],
        CRITERIA["an unknown value set of a trial"],
        HEADS["an unknown value set of an indication"],
        OTHERS["a path that is none"],
        OTHERS["a code that is a number"],
    ]
    told = [f"{one.file}:{break_document(content, one)}: {one.says}" for one in chosen]
    assert mistakes() == told


def test_a_template_that_does_not_compile_is_told(content: Path, mistakes: Mistakes) -> None:
    card = content / "cards/coverage.yaml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("{% if shown %} (found", "{% if shown (found", 1))
    (told,) = mistakes()
    assert told.startswith("cards/coverage.yaml:")
    assert told.endswith("way: expected token ',', got ':'")
