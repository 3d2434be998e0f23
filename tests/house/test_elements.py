"""The audit: every element that can change what an entry means is used, read or ignored for a reason."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.paths import ROOT
from support.tools import main_of

from service.library.element_tree import element_meanings, element_tree

Said = Callable[..., tuple[int, str]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """How the tool ends, and what it says."""
    main = main_of("elements.py")

    def run(*arguments: str) -> tuple[int, str]:
        return main(arguments), capsys.readouterr().err

    return run


def test_the_page_is_current_and_nothing_is_left_out(said: Said) -> None:
    assert said("--check") == (0, "")


def test_r4_tells_of_every_type_that_is_known() -> None:
    """The elements of the audit are those that paths are held against."""
    assert "deceased[x]" in element_meanings()["Patient"]
    assert element_meanings()["Condition"]["verificationStatus"] == "modifier"
    assert element_meanings().keys() <= element_tree().keys()


def _copied(folder: Path) -> Path:
    shutil.copytree(ROOT / "mappings", folder / "mappings")
    return folder / "mappings"


@pytest.mark.parametrize(
    ("source", "strike", "left"),
    [
        (
            "patient.yaml",
            "  $.deceased[x]: a patient who died meets nothing\n",
            "Patient.deceased[x]",
        ),
        ("medications.yaml", "  - {path: $.intent, never: [proposal, option]}\n", "intent"),
        ("coverage.yaml", "  $.order: ", "Coverage.order"),
    ],
)
def test_an_element_of_which_nothing_is_said_is_told(
    said: Said, tmp_path: Path, source: str, strike: str, left: str
) -> None:
    folder = _copied(tmp_path)
    document = folder / "sources" / source
    text = document.read_text(encoding="utf-8")
    kept = [
        line for line in text.splitlines(keepends=True) if not line.startswith(strike.rstrip("\n"))
    ]
    document.write_text("".join(kept), encoding="utf-8")
    page = str(tmp_path / "page.md")
    code, wrong = said("--mappings", str(folder), "--page", page)
    assert code == 1
    assert left in wrong


def test_what_is_said_to_be_ignored_and_is_used_is_told(said: Said, tmp_path: Path) -> None:
    folder = _copied(tmp_path)
    document = folder / "sources" / "procedures.yaml"
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("ignored:\n", "ignored:\n  $.status: x\n"), encoding="utf-8")
    code, wrong = said("--mappings", str(folder), "--page", str(tmp_path / "page.md"))
    assert code == 1
    assert "'$.status' is not ignored but used" in wrong
