"""Definitions are proven at each use; a mistake is told where its words stand."""

from collections.abc import Callable
from pathlib import Path

import pytest

VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
AD = f"{VERSION}/ad.yaml"
HEAD = f"{VERSION}/policy.yaml"
CRITERIA = """\
indication: ad
define:
  wide:
    with: [least]
    reading: A04
    fact: ad.bsa
    at_least: $least
    within: 90 days
  known:
    with: [what]
    any:
      - {id: .part, says: A part, cite: "21", recorded: $what}
      - {id: .wide, says: Wide, cite: "21", use: wide, least: 50 % BSA}
initial:
  id: ad.initial
  says: All
  cite: "21"
  all:
    - id: ad.initial.wide
      says: Wide
      cite: "24"
      use: wide
      least: 10 % BSA
    - id: ad.initial.known
      says: Known
      cite: "22"
      use: known
      what: ad.diagnosis
renewal: {id: ad.renewal, says: Still so, cite: "121", recorded: ad.diagnosis}
"""
BROKEN = {
    "an unknown name": (
        "use: known",
        "use: knwon",
        "use: knwon",
        "no definition 'knwon'; did you mean 'known'?",
    ),
    "a parameter that is missing": (
        "      least: 10 % BSA\n",
        "",
        "- id: ad.initial.wide",
        "'least' is missing; 'wide' takes it",
    ),
    "a word beside a use": (
        "least: 10 % BSA",
        "least: 10 % BSA\n      within: 9 days",
        "within: 9 days",
        "'within' means nothing beside 'use: wide'",
    ),
    "a value that does not fit": (
        "least: 10 % BSA",
        "least: 10 kg",
        "least: 10 kg",
        "the unit is 'kg', 'ad.bsa' is in '% BSA'",
    ),
    "a name that is not known": (
        "what: ad.diagnosis",
        "what: ad.diagnosi",
        "what: ad.diagnosi",
        "no fact 'ad.diagnosi'; did you mean 'ad.diagnosis'?",
    ),
    "a mistake in a definition, told once": (
        "within: 90 days",
        "within: 0 days",
        "within: 0 days",
        "within: a span is longer than nothing",
    ),
    "an unknown reading of a definition": (
        "reading: A04",
        "reading: A044",
        "reading: A044",
        "no reading 'A044'; did you mean 'A04'?",
    ),
    "a mark that no parameter fills": (
        "at_least: $least",
        "at_least: $leest",
        "wide:",
        "no parameter '$leest'; did you mean 'least'?",
    ),
    "a parameter that fills no mark": (
        "with: [what]",
        "with: [what, more]",
        "with: [what, more]",
        "'$more' stands nowhere in the definition",
    ),
    "a parameter with the name of a key": (
        "with: [what]",
        "with: [what, says]",
        "with: [what, says]",
        "'says' is a key of every criterion and no parameter",
    ),
    "an id that is no part": (
        "id: .part",
        "id: ad.part",
        "  known:",
        "the id 'ad.part' in a definition begins with a dot, like '.supply'",
    ),
    "words that belong to the use": (
        "    fact: ad.bsa",
        "    says: Wide\n    fact: ad.bsa",
        "    says: Wide",
        "'says' is said where the definition is used",
    ),
    "a circle": (
        "fact: ad.bsa\n    at_least: $least\n    within: 90 days",
        "use: wide\n    least: $least",
        "  wide:",
        "'wide' uses itself",
    ),
    "one that nothing uses": (
        "define:",
        "define:\n  spare: {recorded: ad.diagnosis}",
        "spare",
        "nothing uses 'spare'",
    ),
    "no mapping": (
        "define:",
        "define:\n  spare: ad.diagnosis",
        "spare",
        "a definition has one operator, and 'with' if it takes parameters",
    ),
}
Mistakes = Callable[[], list[str]]


@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_is_told_where_it_stands(
    content: Path, tells_alone: Callable[..., None], name: str
) -> None:
    (content / AD).write_text(CRITERIA, encoding="utf-8")
    tells_alone(AD, *BROKEN[name])


def test_sound_definitions_are_sound(content: Path, mistakes: Mistakes) -> None:
    (content / AD).write_text(CRITERIA, encoding="utf-8")
    assert mistakes() == []


def test_a_definition_of_the_version_is_known_in_every_file_and_stands_once(
    content: Path, mistakes: Mistakes
) -> None:
    (content / AD).write_text(CRITERIA, encoding="utf-8")
    head = content / HEAD
    text = head.read_text(encoding="utf-8")
    head.write_text(text + "define: {wide: {recorded: ad.diagnosis}}\n", encoding="utf-8")
    line = len(text.splitlines()) + 1
    assert f"{AD}:3: 'wide' stands already at {HEAD}:{line}" in mistakes()
