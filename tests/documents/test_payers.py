"""Two payers, and two policies, that nobody could tell apart are refused with both places."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

OTHER = "mappings/payers/other.yaml"
SHIPPED = "mappings/payers/bcbsms.yaml"
POLICIES = "mappings/policies"
Mistakes = Callable[[], list[str]]

PAYER = """\
payer: other
name: Other Health Plan
short: Other
source: made up
identifiers:
  - {system: "urn:oid:2.16.840.1.113883.6.300", value: "99999"}
names:
  - Other Health Plan
"""
# what the other payer says in place of its own words, and the mark of the line where that is told
SHARED = {
    "a name": ("  - Other Health Plan", "  - BCBS of Mississippi", "'BCBS of Mississippi'"),
    "a name in other letters": (
        "  - Other Health Plan",
        "  - BLUE CROSS  and  blue shield of Mississippi",
        "'BLUE CROSS  and  blue shield of Mississippi'",
    ),
    "a name with other marks": (
        "  - Other Health Plan",
        '  - "Blue-Cross & Blue-Shield of Mississippi."',
        "'Blue-Cross & Blue-Shield of Mississippi.'",
    ),
    "the name on cards": ("short: Other", "short: bcbsms", "'bcbsms'"),
    "the full name": (
        "name: Other Health Plan",
        "name: Blue Cross Blue Shield of Mississippi",
        "'Blue Cross Blue Shield of Mississippi'",
    ),
    "an identifier": ('"99999"', '"60111"', "the identifier '60111'"),
    "an identifier in a system with a stroke": (
        'system: "urn:oid:2.16.840.1.113883.6.300", value: "99999"',
        'system: "URN:OID:2.16.840.1.113883.6.300/", value: " 60111"',
        "the identifier ' 60111'",
    ),
}


def _write(content: Path, text: str) -> None:
    (content / OTHER).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("old", "new", "named"), SHARED.values(), ids=SHARED)
def test_what_two_payers_share_is_told(
    content: Path, mistakes: Mistakes, old: str, new: str, named: str
) -> None:
    text = PAYER.replace(old, new)
    _write(content, text)
    line = next(
        n for n, one in enumerate(text.splitlines(), 1) if new.split("\n", maxsplit=1)[0] in one
    )
    (told,) = mistakes()
    assert told.startswith(f"{OTHER}:{line}: {named} names the payer 'bcbsms' too ({SHIPPED}:")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("  - Other Health Plan", "  - Blue Cross Blue Shield of Missouri"),
        ('"99999"', '"60112"'),
        (
            'system: "urn:oid:2.16.840.1.113883.6.300", value: "99999"',
            'system: "x", value: "60111"',
        ),
    ],
)
def test_payers_that_can_be_told_apart_are_sound(
    content: Path, mistakes: Mistakes, old: str, new: str
) -> None:
    _write(content, PAYER.replace(old, new) if old else PAYER)
    assert mistakes() == []


def _another(content: Path, id_: str) -> str:
    """The shipped policy once more, as one of the other payer, under an id."""
    _write(content, PAYER)
    folder = content / POLICIES / "other/dupilumab/2025-10-01"
    copytree(content / POLICIES / "bcbsms/dupilumab/2025-10-01", folder)
    path = folder / "policy.yaml"
    text = path.read_text(encoding="utf-8").replace("payer: bcbsms", "payer: other", 1)
    path.write_text(text.replace("policy: bcbsms/L.5.01.513", f"policy: {id_}", 1), "utf-8")
    return f"{POLICIES}/other/dupilumab/2025-10-01/policy.yaml"


@pytest.mark.parametrize("id_", ["bcbsms/L.5.01.513", "BCBSMS/l.5.01.513"])
def test_one_id_for_two_policies_is_told(content: Path, mistakes: Mistakes, id_: str) -> None:
    there = _another(content, id_)
    first = f"{POLICIES}/bcbsms/dupilumab/2025-10-01/policy.yaml"
    what = f"the id '{id_}' is that of bcbsms's policy for dupilumab ({first})"
    assert mistakes() == [f"{there}:2: {what}; each policy has an id of its own"]


def test_two_policies_with_two_ids_are_sound(content: Path, mistakes: Mistakes) -> None:
    _another(content, "other/L.5.01.513")
    assert mistakes() == []


def test_two_versions_of_one_policy_share_its_id(content: Path, mistakes: Mistakes) -> None:
    folder = content / POLICIES / "bcbsms/dupilumab"
    copytree(folder / "2025-10-01", folder / "2027-01-01")
    path = folder / "2027-01-01/policy.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("effective: 2025-10-01", "effective: 2027-01-01", 1), "utf-8")
    assert mistakes() == []


@pytest.mark.parametrize("empty", ["bcbsms/dupilumab/2027-01-01", "bcbsms/tralokinumab", "other"])
def test_an_empty_folder_of_policies_is_told(content: Path, mistakes: Mistakes, empty: str) -> None:
    (content / POLICIES / empty).mkdir(parents=True)
    what = "no document here; a version has policy.yaml, common.yaml and its diseases"
    assert mistakes() == [f"{POLICIES}/{empty}:1: {what}"]
