"""A content folder to break, and a loader that tells its mistakes."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.pristine import CLINICAL, Pristine, copy_documents

from service.errors import DocumentsError
from service.library.load import check_documents

VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
Mistakes = list[str]

# Stands in for the shipped file, so that a test may count on every line of it.
INDICATION = """\
indication: ad
initial:
  id: ad.initial
  says: All of it
  cite: "21"
  all:
    - {id: ad.initial.age, says: Age, cite: "22", fact: patient.age, at_least: 6 months}
    - id: ad.initial.bsa
      says: Body surface
      cite: "24"
      reading: [A04, O02]
      statement: decides
      fact: ad.bsa
      at_least: 10 % BSA
      within: 90 days
    - id: ad.initial.disease
      says: Diagnosis
      cite: "21"
      recorded: ad.diagnosis
    - id: ad.initial.tci
      says: Calcineurin inhibitor
      cite: "28"
      trial: {of: ad.tci, for: 42 days, ended_within: 180 days, accepts: pharmacy}
    - id: ad.initial.biologic
      says: Another biologic
      cite: "30"
      supply: {of: ad.biologic_other, ever: true, accepts: pharmacy}
renewal: {id: ad.renewal, says: Still so, cite: "121", recorded: ad.diagnosis}
"""


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Pristine:
    """The shipped documents with a small file for atopic dermatitis, as each test finds them."""
    content = copy_documents(tmp_path_factory.mktemp("content"), *CLINICAL)
    (content / VERSION / "ad.yaml").write_text(INDICATION, encoding="utf-8")
    _keep_readings(content / VERSION / "policy.yaml")
    return Pristine(content)


@pytest.fixture
def content(pristine: Pristine) -> Iterator[Path]:
    """The documents of `pristine`, free to be broken: what a test changes is put back after it.

    Without what is clinical, which names facts of its own: tests/documents/test_clinical.py brings it.
    """
    yield pristine.content
    pristine.put_back()


def _keep_readings(head: Path) -> None:
    """The readings of the file that is stood in for are not unused."""
    text = head.read_text(encoding="utf-8")
    named = ", ".join(re.findall(r"^  ([AO][0-9]{2}):", text, re.MULTILINE))
    text = re.sub(r"^rests_on: \[.*?\]", f"rests_on: [{named}]", text, flags=re.MULTILINE)
    head.write_text(text, encoding="utf-8")


@pytest.fixture
def mistakes(pristine: Pristine, content: Path) -> Callable[[Path | None], Mistakes]:  # noqa: ARG001 - put back
    """What is wrong with the content folder and a clients file, as it is printed."""

    def told(clients: Path | None = None) -> Mistakes:
        found = check_documents(pristine.documents(), clients)
        return [str(one) for one in DocumentsError(found.mistakes).mistakes]

    return told


@pytest.fixture
def tells_alone(content: Path, mistakes: Callable[[], Mistakes]) -> Callable[..., None]:
    """Breaks one document, `old` becoming `new`, and expects one mistake where `at` stands first."""

    def check(file: str, old: str, new: str, at: str, says: str, told_in: str = "") -> None:
        path = content / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        told = content / (told_in or file)
        lines = told.read_text(encoding="utf-8").splitlines() if told.is_file() else [at]
        line = next(n for n, one in enumerate(lines, 1) if at in one)
        assert mistakes() == [f"{told_in or file}:{line}: {says}"]

    return check
