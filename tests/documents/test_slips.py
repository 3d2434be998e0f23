"""Slips that can be decided: `check` tells each at its line and refuses; the same words rightly said pass."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.pristine import Pristine

from service.cli import main
from service.library.load import build_library, check_documents

VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
AD, HEAD, COPD, ASTHMA, EOE = (
    f"{VERSION}/{name}.yaml" for name in ("ad", "policy", "copd", "asthma", "eoe")
)
SERVICE = "mappings/services/dupilumab-order-sign.yaml"
UPADACITINIB = "mappings/therapies/upadacitinib.yaml"
Told = Callable[[], list[str]]

# file, what stands there, what it becomes, where the slip is told, how it begins
SLIPS: dict[str, tuple[str, str, str, str, str]] = {
    "days of a trial": (
        AD,
        "for: 42 days",
        "for: 28 days",
        "inhibitor for 42 days",
        "'42 days' is said here",
    ),
    "days in words": (
        AD,
        "inhibitor for 42 days",
        "inhibitor for five weeks",
        "five weeks",
        "'five weeks' is said here",
    ),
    "a window": (
        AD,
        "inhibitor for 42 days, ended in the last 180 days",
        "inhibitor for 42 days, ended in the last 6 weeks or 190 days",
        "190 days",
        "'190 days' is said here",
    ),
    "a percentage in says": (
        AD,
        "at_least: 10 % BSA",
        "at_least: 15 % BSA",
        "says: At least 10 % of the body surface affected",
        "'10 %' is said here, and asked is 15 % BSA; did you mean '15 % BSA'?",
    ),
    "a bound of the other side": (
        AD,
        "at_least: 10 % BSA",
        "less_than: 10 % BSA",
        "says: At least 10 % of the body surface affected",
        "'at least 10' is said here, and asked is 'less_than: 10 % BSA'; did you mean 'at_least'?",
    ),
    "a percentage in asks": (
        AD,
        "Was at least 10 %",
        "Was at least 20 percent",
        "20 percent",
        "'20 %' is said here",
    ),
    "a count of cells": (
        ASTHMA,
        "At least 150 eosinophils per microliter",
        "At least 160 eosinophils per microliter",
        "At least 160",
        "'at least 160' is said here, and asked is 150 cells/uL",
    ),
    "a number of courses": (
        ASTHMA,
        "two or more courses",
        "three or more courses",
        "three or more",
        "'three or more' is said here, and asked is 2",
    ),
    "an end of a range": (
        COPD,
        "says: FEV1 after bronchodilator from 30 to 70 %",
        "says: FEV1 after bronchodilator from 30 to 80 %",
        "from 30 to 80 %",
        "'80 %' is said here",
    ),
    "a ratio": (
        COPD,
        "says: FEV1/FVC after bronchodilator below 0.7",
        "says: FEV1/FVC after bronchodilator below 0.75",
        "below 0.75",
        "'below 0.75' is said here",
    ),
    "an age": (
        EOE,
        "          says: Age at least 1 year\n",
        "          says: Age at least 2 years\n",
        "says: Age at least 2 years",
        "'2 years' is said here",
    ),
    "a unit of a therapy": (
        UPADACITINIB,
        "says: hemoglobin below 8 g/dL",
        "says: hemoglobin below 7 g/dL",
        "below 7 g/dL",
        "'7 g/dL' is said here",
    ),
    "an unused reading": (
        HEAD,
        "  A02:",
        '  X99: {used: x, confidence: low, cite: "3"}\n  A02:',
        "X99",
        "nothing rests on the reading 'X99'",
    ),
    "a renewal after the approval": (
        HEAD,
        "approved_before:",
        "renewal_after: 13 months\napproved_before:",
        "renewal_after: 13",
        "a renewal is asked for after 13 months, when the first approval ('ad', 12 months) has ended",
    ),
    "no name of the source": (
        HEAD,
        'document: "BCBS of Mississippi medical policy L.5.01.513, revision of 08/01/2025", ',
        "",
        "source:",
        "'document' is missing",
    ),
    "a service without claims": (SERVICE, "claims, ", "", "prefetch:", "'claims' is missing: "),
    "a service without observations": (
        SERVICE,
        "observations, ",
        "",
        "prefetch:",
        "'observations' is missing: ",
    ),
    "a service without the payer": (
        SERVICE,
        "coverage, ",
        "",
        "prefetch:",
        "'coverage' is missing: ",
    ),
}
# what may stand there as well
SOUND: dict[str, tuple[str, str, str]] = {
    "weeks for days": (AD, "inhibitor for 42 days", "inhibitor for 6 weeks"),
    "weeks in words": (AD, "inhibitor for 42 days", "inhibitor for six weeks"),
    "months for days": (
        AD,
        "for 42 days, ended in the last 180 days",
        "for 42 days, ended in the last 6 months",
    ),
    "another number of another thing": (
        AD,
        "inhibitor for 42 days",
        "inhibitor (type 2 of 3, stage 4, every 12 hours) for 42 days",
    ),
    "a dose": (AD, "inhibitor for 42 days", "inhibitor of 0.1 % or 300 mg for 42 days"),
    "a name with a number": (
        AD,
        "says: At least 10 % of the body surface affected",
        "says: At least 10 % of the body surface (BSA-7) affected",
    ),
    "percent": (AD, "Was at least 10 %", "Was at least 10 percent"),
    "more than one": (ASTHMA, "two or more courses", "more than one course"),
    "a figure for a word": (ASTHMA, "two or more courses", "2 or more courses"),
    "no number at all": (COPD, "from 30 to 70 % of predicted", "in the range"),
    "cells in thousands": (
        ASTHMA,
        "At least 150 eosinophils per microliter",
        "At least 0.15 x 10^9 eosinophils per liter",
    ),
    "a renewal at the end of the approval": (
        HEAD,
        "approved_before:",
        "renewal_after: 12 months\napproved_before:",
    ),
    "a reading of the whole version": (HEAD, "rests_on: [A34,", "rests_on: [A34, A02,"),
}


@pytest.fixture
def shipped(shipped_copy: Path) -> Path:
    """All shipped documents, free to be changed."""
    return shipped_copy


@pytest.fixture
def checked(pristine_documents: Pristine, shipped: Path) -> Told:  # noqa: ARG001 - put back
    """The mistakes and slips of the folder, which `check` prints; nothing where it is sound."""

    def told() -> list[str]:
        found = check_documents(pristine_documents.documents(), None)
        return [str(one) for one in sorted({*found.mistakes, *found.slips})]

    return told


@pytest.fixture
def printed(shipped: Path) -> Told:
    """What `check` prints of the folder; nothing where it is sound."""

    def told() -> list[str]:
        result = CliRunner().invoke(main, ["check", str(shipped)])
        lines = result.output.splitlines()
        assert (result.exit_code == 1) is not lines[-1].startswith("OK: ")
        return [] if result.exit_code == 0 else lines

    return told


def _change(shipped: Path, file: str, old: str, new: str) -> list[str]:
    path = shipped / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return text.splitlines()


@pytest.mark.parametrize(("file", "old", "new", "at", "begins"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told_at_its_line(  # noqa: PLR0913, PLR0917 - a row of the table
    pristine_documents: Pristine,
    shipped: Path,
    file: str,
    old: str,
    new: str,
    at: str,
    begins: str,
) -> None:
    lines = _change(shipped, file, old, new)
    line = next(n for n, one in enumerate(lines, 1) if at in one)
    found = check_documents(pristine_documents.documents(), None)
    told = [str(one) for one in found.slips]
    assert any(one.startswith(f"{file}:{line}: {begins}") for one in told), told
    assert all(one.startswith(f"{file}:") for one in told)
    # it is told by `check`; what is judged is judged all the same
    assert build_library(found, "").slips


@pytest.mark.parametrize(("file", "old", "new"), SOUND.values(), ids=SOUND)
def test_what_is_rightly_said_passes(
    shipped: Path, checked: Told, file: str, old: str, new: str
) -> None:
    _change(shipped, file, old, new)
    assert checked() == []


GROUP = """\
    - id: ad.initial.alone
      says: Alone
      cite: "22"
      any:
        - {id: ad.initial.alone.one, says: Itch, cite: "22", recorded: ad.easi}
"""


def test_a_group_of_one_is_told(shipped: Path, printed: Told) -> None:
    lines = _change(shipped, AD, "    - id: ad.initial.age\n", f"{GROUP}    - id: ad.initial.age\n")
    line = next(n for n, one in enumerate(lines, 1) if "ad.initial.alone\n" in f"{one}\n") + 3
    what = "a group of one; write its criterion in place of the group"
    assert f"{AD}:{line}: {what}" in printed()


EXPOSED = """\
    - id: copd.renewal.exposed
      says: Long enough on it
      cite: "134"
      exposed_for: {{of: requested_drug, at_least: {span}}}
"""
AFTER = "renewal_after: 4 months\napproved_before:"


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ("3 months", "3 months on the drug are less than the 4 months of renewal_after"),
        ("13 months", "13 months on the drug are longer than the 12 months of the first approval"),
        ("4 months", None),
        ("6 months", None),
        ("12 months", None),
    ],
)
def test_a_time_on_the_drug_that_decides_nothing(
    shipped: Path, checked: Told, span: str, told: str | None
) -> None:
    _change(shipped, HEAD, "approved_before:", AFTER)
    text = (shipped / COPD).read_text(encoding="utf-8")
    before, _, renewal = text.partition("\nrenewal:")
    head, _, rest = renewal.partition("  all:\n")
    written = f"{before}\nrenewal:{head}  all:\n{EXPOSED.format(span=span)}{rest}"
    (shipped / COPD).write_text(written, encoding="utf-8")
    found = [one for one in checked() if "on the drug are" in one]
    assert len(found) == (0 if told is None else 1)
    assert all(told and told in one for one in found)


def test_a_source_that_is_no_file_beside_the_others_is_told(shipped: Path, checked: Told) -> None:
    (shipped / "documents").mkdir()
    (shipped / "documents/L.5.01.513.txt").write_text("1 A line", encoding="utf-8")
    old = 'document: "BCBS of Mississippi medical policy L.5.01.513, revision of 08/01/2025"'
    _change(shipped, HEAD, old, "document: documents/L.5.01.531.txt")
    (told,) = checked()
    assert "there is no file 'documents/L.5.01.531.txt'; did you mean" in told
    _change(shipped, HEAD, "L.5.01.531.txt", "L.5.01.513.txt")
    assert checked() == []


def test_mistakes_and_slips_are_told_together(shipped: Path, printed: Told) -> None:
    _change(shipped, AD, "Was at least 10 %", "Was at least 20 %")
    _change(shipped, COPD, "fact: lung.fev1_post", "fact: lung.fev1_pst")
    told = printed()
    assert len(told) == 2
    assert "'20 %' is said here" in told[0]
    assert "lung.fev1_pst" in told[1]
