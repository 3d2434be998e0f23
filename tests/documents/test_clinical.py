"""One broken therapy, pathway, note or gap for each mistake: where it is, what it is, what was meant."""

import re
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import NamedTuple

import pytest
from support.paths import ROOT

THERAPY = "mappings/therapies/upadacitinib.yaml"
PATHWAY = "mappings/pathways/ad.yaml"
NOTES = "mappings/notes/ad.yaml"
GAPS = "mappings/gaps.yaml"
SMALL = Path(__file__).with_name("clinical")


class Broken(NamedTuple):
    """One text of one document: `old` becomes `new`, and the mistake stands where `at` does."""

    file: str
    old: str
    new: str
    at: str
    says: str


@pytest.fixture(autouse=True)
def small(content: Path) -> None:
    """Small documents in place of the shipped ones, so that a test may count on every line."""
    copytree(SMALL, content, dirs_exist_ok=True)


THERAPIES = {
    "an unknown reference of an indication": Broken(
        THERAPY,
        'cite: "L1, L2"',
        'cite: "L1, L3"',
        "L3",
        "no reference 'L3' here; did you mean 'L2'?",
    ),
    "an unknown reference of a guideline": Broken(
        THERAPY,
        "strength_seen: true, cite: L1",
        "strength_seen: true, cite: G9",
        "cite: G9",
        "no reference 'G9' here",
    ),
    "an unknown reference of a limit": Broken(
        THERAPY,
        "says: 12 years or older, cite: L1",
        "says: 12 years or older, cite: L1l",
        "L1l",
        "no reference 'L1l' here; did you mean 'L1'?",
    ),
    "an unknown reference of a caution": Broken(
        THERAPY, "heart attack, cite: L2", "heart attack, cite: S9", "S9", "no reference 'S9' here"
    ),
    "an unknown reference of a check": Broken(
        THERAPY, "blood, cite: L1", "blood, cite: S9", "S9", "no reference 'S9' here"
    ),
    "an unknown reference of a boxed warning": Broken(
        THERAPY, "clots, cite: L2", "clots, cite: S9", "S9", "no reference 'S9' here"
    ),
    "a citation without its space": Broken(
        THERAPY,
        'cite: "L1, L2"',
        'cite: "L1,L2"',
        "L1,L2",
        "no reference 'L1,L2' here; did you mean 'L2'?",
    ),
    "an unknown value set": Broken(
        THERAPY,
        "ad.oral_jak",
        "ad.oral_jack",
        "ad.oral_jack",
        "no value set 'ad.oral_jack'; did you mean 'ad.oral_jak'?",
    ),
    "an unknown ingredient": Broken(
        THERAPY,
        "ingredients: [upadacitinib]",
        "ingredients: [upadacitinib, upadacitinip]",
        "upadacitinip]",
        "no code of 'ad.oral_jak' has the ingredient 'upadacitinip'; did you mean 'upadacitinib'?",
    ),
    "an effect that is none": Broken(
        THERAPY,
        "effect: lowers",
        "effect: lower",
        "effect: lower,",
        "effect is one of rules_out, lowers, not_ordered; did you mean 'lowers'?",
    ),
    "a caution without its effect": Broken(
        THERAPY,
        "effect: lowers, ",
        "",
        "upadacitinib.mace",
        "'effect' is missing in this caution",
    ),
    "a mistyped effect": Broken(
        THERAPY,
        "effect: lowers",
        "efect: lowers",
        "efect",
        "unknown key 'efect'; did you mean 'effect'?",
    ),
    "a caution that asks in words": Broken(
        THERAPY,
        "effect: lowers",
        "effect: lowers, ask: first",
        "ask: first",
        "ask is true or left out",
    ),
    "a caution for nobody we know": Broken(
        THERAPY,
        "effect: lowers",
        "effect: lowers, not_for: men",
        "not_for: men",
        "not_for is one of male, female, or left out",
    ),
    "a caution that is a sentence": Broken(
        THERAPY,
        "avoid:\n",
        "avoid:\n  - pregnancy\n",
        "- pregnancy",
        "a criterion is a list of keys with id, says, cite and one operator",
    ),
    "an unknown fact of a caution": Broken(
        THERAPY,
        "safety.mace",
        "safety.mase",
        "safety.mase",
        "no fact 'safety.mase'; did you mean 'safety.mace'?",
    ),
    "a bound in another unit": Broken(
        THERAPY,
        "at_least: 12 years",
        "at_least: 12 kg",
        "12 kg",
        "the unit is 'kg', 'patient.age' is in a span of time",
    ),
    "a mistyped key": Broken(
        THERAPY,
        "monitoring:",
        "monitorring:",
        "monitorring",
        "unknown key 'monitorring'; did you mean 'monitoring'?",
    ),
    "a doubled id of what is watched": Broken(
        THERAPY,
        "id: clots",
        "id: fats",
        "id: fats, says: signs",
        "'fats' stands twice",
    ),
    "an unknown reference of what is watched": Broken(
        THERAPY,
        "often: after 12 weeks, cite: L1",
        "often: after 12 weeks, cite: L9",
        "L9",
        "no reference 'L9' here; did you mean 'L2'?",
    ),
    "a mistyped key of a dose": Broken(
        THERAPY,
        "quantity:",
        "quantitty:",
        "quantitty",
        "unknown key 'quantitty'; did you mean 'quantity'?",
    ),
    "a label that is none": Broken(
        THERAPY,
        "label: approved",
        "label: aproved",
        "aproved",
        "label is one of approved, off_label, not_approved; did you mean 'approved'?",
    ),
    "a unit of an amount that is none": Broken(
        THERAPY,
        "amount: 15 mg",
        "amount: 15 tablets",
        "15 tablets",
        "amount: a number and mg, g, mL or ug, like '15 mg'",
    ),
    "words of another amount": Broken(
        THERAPY,
        "text: 15 mg by mouth",
        "text: 150 mg by mouth",
        "150 mg by mouth",
        "amount: 15 mg, and the text beside it says 150 mg",
    ),
    "a time that is no number": Broken(
        THERAPY,
        "every: 1 day",
        "every: daily",
        "every: daily",
        "every: a whole number of hours, days, weeks or months, like '2 weeks'",
    ),
    "a dose both once and every day": Broken(
        THERAPY,
        "every: 1 day",
        "every: 1 day, once: true",
        "once: true",
        "once: 'every' stands beside it; an instruction has one of them",
    ),
    "a code that is a number": Broken(
        THERAPY,
        'code: "2196894"',
        "code: 2196894",
        "code: 2196894",
        "code is text; put it in quotes",
    ),
    "an order of another drug": Broken(
        THERAPY,
        '"2196894"',
        '"2591487"',
        "2591487",
        "the code '2591487' is abrocitinib in 'ad.oral_jak'; this therapy is upadacitinib",
    ),
    "an order with a code that no value set has": Broken(
        THERAPY,
        '"2196894"',
        '"2196849"',
        "2196849",
        "the code '2196849' of http://www.nlm.nih.gov/research/umls/rxnorm does not stand in 'ad.oral_jak'",
    ),
    "an order with a code of another system": Broken(
        THERAPY,
        "http://www.nlm.nih.gov/research/umls/rxnorm",
        "http://www.nlm.nih.gov/research/umls/rxnrm",
        "umls/rxnrm",
        "the code '2196894' of http://www.nlm.nih.gov/research/umls/rxnrm does not stand in 'ad.oral_jak'",
    ),
    "a drug that nothing finds in a record": Broken(
        THERAPY,
        "taken: {value_set: ad.oral_jak, ingredients: [upadacitinib]}\n",
        "",
        "kind: drug",
        "'taken' is missing: the value set and ingredients by which a record tells this drug",
    ),
    "a statement where only the record is asked": Broken(
        THERAPY,
        "recorded: safety.mace",
        "recorded: safety.mace, statement: decides",
        "upadacitinib.mace",
        "only the record is asked here; there is no statement and no trial",
    ),
    "an effect of a limit": Broken(
        THERAPY,
        "at_least: 12 years",
        "at_least: 12 years, effect: lowers",
        "12 years,",
        "unknown key 'effect'; did you mean 'fact'?",
    ),
    "an order of an advice": Broken(
        THERAPY,
        "kind: drug",
        "kind: advice",
        "        order:",
        "an advice orders nothing; 'kind' is drug or procedure",
    ),
    "a doubled id": Broken(
        THERAPY,
        "id: upadacitinib.mace",
        "id: upadacitinib.age",
        "{id: upadacitinib.age, says: heart",
        f"the id 'upadacitinib.age' stands already at {THERAPY}:16",
    ),
    "an id without the name of its therapy": Broken(
        THERAPY,
        "id: upadacitinib.mace",
        "id: jak.mace",
        "jak.mace",
        "the id 'jak.mace' does not begin with 'upadacitinib.'",
    ),
    "a doubled id of a check": Broken(
        THERAPY, "id: lipids", "id: tb", "{id: tb, says: fats", "the check 'tb' stands twice"
    ),
    "an indication that no policy has": Broken(
        "mappings/therapies/creams.yaml",
        "indications: {pn",
        "indications: {pnn",
        "pnn",
        "no indication 'pnn'; did you mean 'pn'?",
    ),
    "a file of another name": Broken(
        "mappings/therapies/creams.yaml",
        "therapy: creams",
        "therapy: lotions",
        "therapy: lotions",
        "'lotions' is not the file's name",
    ),
}
PATHWAYS = {
    "an unknown therapy": Broken(
        PATHWAY,
        "therapy: upadacitinib",
        "therapy: upadacitinip",
        "upadacitinip",
        "no therapy 'upadacitinip'; did you mean 'upadacitinib'?",
    ),
    "a therapy that says nothing of the indication": Broken(
        PATHWAY,
        "therapy: emollients",
        "therapy: creams",
        "therapy: creams",
        "'creams' says nothing of the indication 'ad'",
    ),
    "a step that waits for a gap that no step closes": Broken(
        PATHWAY,
        "therapy: emollients",
        "therapy: emollients, once_closed: true",
        "order:",
        "'once_closed' waits for a step with 'missing', and this situation has none",
    ),
    "a step that closes a gap and waits for one": Broken(
        PATHWAY,
        "therapy: emollients",
        "once_closed: true, missing: {}, therapy: emollients",
        "once_closed",
        "once_closed: 'missing' stands beside it; what closes a gap waits for none",
    ),
    "a therapy that stands twice": Broken(
        PATHWAY,
        "therapy: emollients",
        "therapy: upadacitinib",
        "why: always",
        "the therapy 'upadacitinib' stands twice in this situation",
    ),
    "an unknown reference of a situation": Broken(
        PATHWAY,
        "recorded\n    cite: E4",
        "recorded\n    cite: E5",
        "cite: E5",
        "no reference 'E5' here; did you mean 'E4'?",
    ),
    "an unknown reference of a step": Broken(
        PATHWAY, "always, cite: E4", "always, cite: X", "cite: X", "no reference 'X' here"
    ),
    "an unknown reference of a side": Broken(
        PATHWAY, "One side, cite: E4", "One side, cite: X", "cite: X", "no reference 'X' here"
    ),
    "an unknown reference of a criterion": Broken(
        PATHWAY,
        "Allergy recorded, cite: E4",
        "Allergy recorded, cite: X",
        "cite: X",
        "no reference 'X' here",
    ),
    "an unknown path": Broken(
        PATHWAY,
        "only: [initial]",
        "only: [inital]",
        "inital",
        "0 is one of initial, renewal; did you mean 'initial'?",
    ),
    "an unknown action": Broken(
        PATHWAY,
        "action: replace",
        "action: replaces",
        "replaces",
        "action is one of replace, keep; did you mean 'replace'?",
    ),
    "a mistyped key of a situation": Broken(
        PATHWAY, "    action:", "    acton:", "acton", "unknown key 'acton'; did you mean 'action'?"
    ),
    "a doubled id": Broken(
        PATHWAY,
        "id: ad.allergy.when",
        "id: ad.allergy",
        "{id: ad.allergy,",
        f"the id 'ad.allergy' stands already at {PATHWAY}:6",
    ),
    "an id without the name of the indication": Broken(
        PATHWAY,
        "id: ad.allergy\n",
        "id: allergy\n",
        "id: allergy\n".strip(),
        "the id 'allergy' does not begin with 'ad.'",
    ),
    "a drug that no service serves": Broken(
        PATHWAY,
        "drug: dupilumab",
        "drug: dupilumap",
        "dupilumap",
        "no served drug 'dupilumap'; did you mean 'dupilumab'?",
    ),
    "a file of another indication": Broken(
        PATHWAY, "pathway: ad\n", "pathway: pn\n", "pathway: pn", "'pn' is not the file's name"
    ),
}
OTHERS = {
    "a note with an unknown reference": Broken(
        NOTES,
        "abruptly.\n    cite: S3",
        "abruptly.\n    cite: S4",
        "S4",
        "no reference 'S4' here; did you mean 'S3'?",
    ),
    "a note whose criterion has an unknown reference": Broken(
        NOTES, "Asthma, cite: S3", "Asthma, cite: X", "cite: X", "no reference 'X' here"
    ),
    "a note with an unknown fact": Broken(
        NOTES,
        "asthma.diagnosis",
        "asthma.diagnose",
        "diagnose}",
        "no fact 'asthma.diagnose'; did you mean 'asthma.diagnosis'?",
    ),
    "a note that weighs too much": Broken(
        NOTES, "weight: 55", "weight: 101", "weight: 101", "weight is at most 100"
    ),
    "a doubled id of a note": Broken(
        NOTES,
        "id: ad.note.weight,",
        "id: ad.note.asthma,",
        "{id: ad.note.asthma,",
        f"the id 'ad.note.asthma' stands already at {NOTES}:6",
    ),
    "a mistyped key of a note": Broken(
        NOTES,
        "    weight: 55",
        "    wieght: 55",
        "wieght",
        "unknown key 'wieght'; did you mean 'weight'?",
    ),
    "notes of another indication": Broken(
        NOTES, "notes: ad\n", "notes: pn\n", "notes: pn", "'pn' is not the file's name"
    ),
    "an unknown fact of a gap": Broken(
        GAPS, "lab.feno", "lab.fenno", "lab.fenno", "no fact 'lab.fenno'; did you mean 'lab.feno'?"
    ),
    "a gap that is closed in two ways": Broken(
        GAPS,
        "    says: Order",
        "    record: true\n    says: Order",
        "fact: lab.feno",
        "'lab.feno' has an order or is recorded, one of them",
    ),
    "a gap that nothing closes": Broken(
        GAPS,
        "\n    record: true",
        "",
        "fact: ad.bsa",
        "'ad.bsa' has an order or is recorded, one of them",
    ),
    "a gap that stands twice": Broken(
        GAPS, "fact: ad.bsa", "fact: lab.feno # again", "again", "the fact 'lab.feno' stands twice"
    ),
    "a mistyped key of a gap": Broken(
        GAPS, "    record:", "    recrd:", "recrd", "unknown key 'recrd'; did you mean 'record'?"
    ),
}


def test_the_small_documents_are_sound(mistakes: Callable[[], list[str]]) -> None:
    assert mistakes() == []


@pytest.mark.parametrize("broken", THERAPIES.values(), ids=THERAPIES)
def test_a_broken_therapy_is_told_with_its_place_and_alone(
    tells_alone: Callable[..., None], broken: Broken
) -> None:
    tells_alone(*broken)


@pytest.mark.parametrize("broken", PATHWAYS.values(), ids=PATHWAYS)
def test_a_broken_pathway_is_told_with_its_place_and_alone(
    tells_alone: Callable[..., None], broken: Broken
) -> None:
    tells_alone(*broken)


@pytest.mark.parametrize("broken", OTHERS.values(), ids=OTHERS)
def test_a_broken_note_or_gap_is_told_with_its_place_and_alone(
    tells_alone: Callable[..., None], broken: Broken
) -> None:
    tells_alone(*broken)


DOCUMENTED = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_examples_of_the_documentation_are_sound(
    content: Path, mistakes: Callable[[], list[str]]
) -> None:
    examples = DOCUMENTED.findall(
        (ROOT / "docs/reference/therapies.md").read_text(encoding="utf-8")
    )
    for file, text in zip((THERAPY, PATHWAY, NOTES, GAPS), examples, strict=True):
        (content / file).write_text(text, encoding="utf-8")
    named = "mappings/therapies/tralokinumab.yaml"
    (content / named).write_bytes((ROOT / named).read_bytes())
    assert mistakes() == []
