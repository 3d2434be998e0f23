"""What stands in a policy and would never count: told where it stands, with what to write."""

from collections.abc import Callable
from pathlib import Path

import pytest

VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
AD, HEAD, COMMON = (f"{VERSION}/{name}.yaml" for name in ("ad", "policy", "common"))
NEVER = "'asks' is never asked without a statement; add 'statement: {}'"
NO_SPECIALTY = (
    "no specialty for 'pn', so that every prescriber for it would be a question; "
    "add 'pn' with its value sets"
)
TCI = "      trial: {of: ad.tci"

# file, what stands there, what it becomes, where it is told, what is told
BROKEN = {
    "a disease with names and no code": (
        HEAD,
        "conditions: pn.condition",
        "conditions: csu.condition",
        "conditions: csu.condition",
        (
            "'csu.condition' has no code under 'codes', so that an order for 'pn' with a code "
            "would be answered as a disease the policy does not name"
        ),
    ),
    "a question that no statement answers": (
        AD,
        "      recorded: ad.diagnosis",
        "      asks: Is it?\n      recorded: ad.diagnosis",
        "asks: Is it?",
        NEVER.format("decides"),
    ),
    "a question about a trial that no statement answers": (
        AD,
        TCI,
        f"      asks: Did it fail?\n{TCI}",
        "asks: Did it fail?",
        NEVER.format("outcome"),
    ),
    "a disease without its specialists": (
        COMMON,
        "        pn: [specialty.dermatology]\n",
        "",
        "      any_of:",
        NO_SPECIALTY,
    ),
    "another disease's specialists in a disease's own file": (
        AD,
        "recorded: ad.diagnosis",
        "specialty: {any_of: {pn: specialty.dermatology}}",
        "specialty: {",
        NO_SPECIALTY.replace("pn", "ad"),
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "at", "says"), BROKEN.values(), ids=list(BROKEN))
def test_what_never_counts_is_told(
    tells_alone: Callable[..., None], file: str, old: str, new: str, at: str, says: str
) -> None:
    tells_alone(file, old, new, at, says)


SOUND = {
    "a disease with a set of names beside one with codes": (
        HEAD,
        "conditions: pn.condition",
        "conditions: [pn.condition, csu.condition]",
    ),
    "a question about a part that the statement above settles": (
        AD,
        "      recorded: ad.diagnosis",
        (
            "      statement: decides\n"
            "      any:\n"
            "        - {id: ad.initial.disease.a, says: A, cite: '21', asks: Is it?, recorded: ad.diagnosis}"
        ),
    ),
    "one specialty of a disease without brackets": (
        COMMON,
        "pn: [specialty.dermatology]",
        "pn: specialty.dermatology",
    ),
    "one background without brackets": (
        AD,
        "recorded: ad.diagnosis",
        "fact: ad.easi\n      at_least: 16 score\n      during: {of: ad.tci}",
    ),
}


@pytest.mark.parametrize(("file", "old", "new"), SOUND.values(), ids=list(SOUND))
def test_what_counts_is_sound(
    content: Path, mistakes: Callable[[], list[str]], file: str, old: str, new: str
) -> None:
    path = content / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert mistakes() == []


def test_a_mistake_in_a_lone_background_is_told_at_its_place(
    tells_alone: Callable[..., None],
) -> None:
    new = "fact: ad.easi\n      at_least: 16 score\n      during:\n        of: ad.tci\n        rum: 3 days"
    says = "unknown key 'rum'; did you mean 'run'?"
    tells_alone(AD, "recorded: ad.diagnosis", new, "rum: 3 days", says)
