"""A `policy.yaml` that is unsound hides no mistake of the other files in its folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
AD, HEAD, COMMON = (f"{VERSION}/{name}.yaml" for name in ("ad", "policy", "common"))
Mistakes = Callable[[], list[str]]
FACT = "no fact 'ad.bsaa'; did you mean 'ad.bsa'?"
PHASE = "phase is renewal, the criterion stands in initial"

# what stands in policy.yaml, what it becomes, what is told of it and where
UNSOUND = {
    "an unknown key": (
        "drug: dupilumab",
        "durg: x\ndrug: dupilumab",
        {"durg:": "unknown key 'durg'; did you mean 'drug'?"},
    ),
    "no first day": (
        "effective: 2025-10-01",
        "effective: soon",
        {"effective:": "effective is a day like 2026-01-31, without quotes"},
    ),
    "a mistyped part of the trial": (
        "  look_back: 12",
        "  lookback: 12",
        {"lookback:": "unknown key 'lookback'; did you mean 'look_back'?"},
    ),
    "a mistyped span of the trial": (
        "  look_back: 12 months",
        "  look_back: 12 moths",
        {
            "look_back:": "look_back: a span is a number of days, weeks, months or years, like '28 days'"
        },
    ),
    "no evidence": (
        "\naccepts:",
        "\nacepts:",
        {"acepts:": "unknown key 'acepts'; did you mean 'accepts'?"},
    ),
    "no readings": (
        "\nreadings:\n",
        "\nreeding:\n",
        {"reeding:": "unknown key 'reeding'; did you mean 'readings'?"},
    ),
    "no indications": (
        "\nindications:\n",
        "\nindicatons:\n",
        {"indicatons:": "unknown key 'indicatons'; did you mean 'indications'?"},
    ),
    "another mistake of the head": (
        "payer: bcbsms\ntitle: D",
        "payer: bcbs\ntilte: D",
        {
            "payer: bcbs": "no payer 'bcbs'; did you mean 'bcbsms'?",
            "tilte:": "unknown key 'tilte'; did you mean 'title'?",
        },
    ),
    "no YAML at all": (
        "policy: bcbsms/L.5.01.513\n",
        "policy: [bcbsms\n",
        {"[bcbsms": "not YAML: the list that begins here lacks a comma or its ']'"},
    ),
}


@pytest.mark.parametrize(("old", "new", "says"), UNSOUND.values(), ids=UNSOUND)
def test_the_other_files_are_read_all_the_same(
    content: Path, mistakes: Mistakes, old: str, new: str, says: dict[str, str]
) -> None:
    def broken(file: str, old: str, new: str, says: dict[str, str]) -> list[str]:
        text = (content / file).read_text(encoding="utf-8")
        assert old in text
        text = text.replace(old, new, 1)
        (content / file).write_text(text, encoding="utf-8")
        lines = text.splitlines()
        at = {mark: next(n for n, one in enumerate(lines, 1) if mark in one) for mark in says}
        return [f"{file}:{at[mark]}: {what}" for mark, what in says.items()]

    wanted = [
        *broken(AD, "fact: ad.bsa", "fact: ad.bsaa", {"ad.bsaa": FACT}),
        *broken(COMMON, "phase: initial", "phase: renewal", {"phase: renewal": PHASE}),
        *broken(HEAD, old, new, says),
    ]
    assert mistakes() == wanted
