"""Mistakes as somebody makes them who edits a document for the first time, and what they then read."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
AD, HEAD = f"{VERSION}/ad.yaml", f"{VERSION}/policy.yaml"
SET, CLAIMS = "mappings/value_sets/lab.feno.yaml", "mappings/sources/claims.yaml"
Mistakes = Callable[[], list[str]]
# What no pharmacist should have to read.
PROGRAM = re.compile(
    r"Traceback|None|NoneType|\bdict\b|\bstr\b|\bint\b|tuple|input should|value error|object"
)

# file, what stands there, what it becomes, line by its text, what is told
MADE: dict[str, tuple[str, str, str, str, str]] = {
    "a key from memory": (
        AD,
        "      within: 90 days",
        "      in_last: 90 days",
        "in_last:",
        "unknown key 'in_last'; did you mean 'at_least'?",
    ),
    "a unit of everyday life": (
        AD,
        "at_least: 10 % BSA",
        "at_least: 10 percent",
        "10 percent",
        "the unit is 'percent', 'ad.bsa' is in '% BSA'",
    ),
    "a fact by its old name": (
        AD,
        "fact: ad.bsa",
        "fact: bsa",
        "fact: bsa",
        "no fact 'bsa'; did you mean 'ad.bsa'?",
    ),
    "a path as FHIRPath has it": (
        CLAIMS,
        "concepts: [$.productOrService]",
        "concepts: [item.productOrService]",
        "concepts:",
        "R4 knows no 'item' in ExplanationOfBenefit.item; did you mean 'subSite'?",
    ),
    "a path with a slip": (
        CLAIMS,
        "$.productOrService]",
        "$.productorService]",
        "concepts:",
        "R4 knows no 'productorService' in ExplanationOfBenefit.item; did you mean 'productOrService'?",
    ),
    "a tab": (
        AD,
        "      says: Body surface",
        "\tsays: Body surface",
        "\tsays",
        "a tab; indent with spaces",
    ),
    "an id that was copied": (
        AD,
        "id: ad.initial.biologic",
        "id: ad.initial.disease",
        "    - id: ad.initial.disease\n      says: Another",
        f"the id 'ad.initial.disease' stands already at {AD}:16",
    ),
    "bounds that were swapped": (
        AD,
        "at_least: 10 % BSA",
        "at_most: 10 % BSA\n      at_least: 50 % BSA",
        "fact: ad.bsa",
        "no value lies between these bounds",
    ),
    "no citation": (
        AD,
        '      says: Another biologic\n      cite: "30"\n',
        "      says: Another biologic\n",
        "id: ad.initial.biologic",
        "'cite' is missing in this criterion",
    ),
    "a list of codes to be filled later": (
        SET,
        "",
        "value_set: lab.feno\nkind: observation\nsays: FeNO\nsource: {file: later}\ncodes: {}\n",
        "value_set:",
        "the value set 'lab.feno' is empty: it has no code and no text",
    ),
    "evidence in other words": (
        AD,
        "ever: true, accepts: pharmacy",
        "ever: true, accepts: pharmacies",
        "pharmacies",
        "no evidence set 'pharmacies' in policy.yaml; did you mean 'pharmacy'?",
    ),
    "a code without quotes": (
        SET,
        'code: "96269-6"',
        "code: 962696",
        "code: 962696",
        "code is text; put it in quotes",
    ),
    "a criterion that was copied and not changed": (
        AD,
        "renewal:",
        '    - {id: ad.initial.age2, says: Age, cite: "22", fact: patient.age, at_least: 6 months}\nrenewal:',
        "id: ad.initial.age2",
        "this asks the same as 'ad.initial.age' (line 7); strike one, or correct what should differ",
    ),
    "a decimal comma": (
        AD,
        "at_least: 10 % BSA",
        "at_least: 10,5 % BSA",
        "10,5",
        "at_least: an amount is a number and a unit, like '10 % BSA'",
    ),
    "a number without its unit": (
        AD,
        "at_least: 10 % BSA",
        "at_least: 10",
        "at_least: 10",
        "at_least: an amount is a number and a unit, like '10 % BSA'",
    ),
    "a sentence with a colon": (
        AD,
        "says: Body surface",
        "says: Body surface: all of it",
        "says: Body",
        "not YAML: a second colon, or an indent that does not fit",
    ),
    "a quote that is not closed": (
        AD,
        'cite: "24"',
        'cite: "24',
        'cite: "21"\n      recorded',
        "not YAML: the indent, a dash or a quote does not fit what stands above",
    ),
    "the day of another country": (
        HEAD,
        "review_by: 2027-06-30",
        "review_by: 06/30/2027",
        "review_by:",
        "review_by is a day like 2026-01-31, without quotes",
    ),
    "a list where one name is asked for": (
        AD,
        "trial: {of: ad.tci,",
        "trial: {of: [ad.tci, ad.oral_jak],",
        "trial:",
        "of is text, not a list",
    ),
    "an operator that there is not": (
        AD,
        "      recorded: ad.diagnosis",
        "      icd10: L20.9",
        "icd10:",
        "unknown key 'icd10'; did you mean 'id'?",
    ),
}


@pytest.mark.parametrize("row", MADE.values(), ids=MADE)
def test_it_is_told_in_one_plain_line_with_its_place(
    content: Path, mistakes: Mistakes, row: tuple[str, str, str, str, str]
) -> None:
    file, old, new, at, says = row
    path = content / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1) if old else new
    path.write_text(text, encoding="utf-8")
    told = mistakes()
    assert f"{file}:{text[: text.index(at)].count(chr(10)) + 1}: {says}" in told
    assert not [one for one in told if PROGRAM.search(one) or "\n" in one]
    assert len(told) <= 2
