"""The page is what the tests say, and the tool that writes it sees what must not be."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import ROOT

TOOL = ROOT / "tools/conformance.py"
CHECKLIST = """
sources: {hooks: "https://hooks.example/", house: ""}
areas:
  A:
    title: First
    items:
      A-01: [SHALL, "hooks#one", "One."]
      A-02: [SHOULD*, house, "Two."]
      A-03: [SHALL, house, "Three.", {why: "we know better"}]
      A-04: [SHALL, house, "Four.", {building: "four"}]
  B:
    title: Second
    unused: it is not sent
    items:
      B-01: [SHALL NOT, house, "Five."]
"""
TEST = 'import pytest\n\n\n@pytest.mark.conforms("{}")\ndef {}() -> None:\n    pass\n'


def run(*arguments: str | Path) -> tuple[int, str]:
    """The exit status of the tool and what it says."""
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, TOOL, *arguments], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def conform(
    folder: Path, *tests: tuple[str, str], checklist: str = CHECKLIST
) -> tuple[int, str, str]:
    """The tool run over a small checklist and tests with one mark each: status, words, page."""
    (folder / "checklist.yaml").write_text(checklist, encoding="utf-8")
    (folder / "tests").mkdir()
    for number, (id_, name) in enumerate(tests):
        (folder / f"tests/test_{number}.py").write_text(TEST.format(id_, name), encoding="utf-8")
    page = folder / "page.md"
    places = ("--tests", folder / "tests", "--checklist", folder / "checklist.yaml", "--page", page)
    status, said = run(*places)
    return status, said, page.read_text(encoding="utf-8") if page.exists() else ""


def test_the_page_is_up_to_date_and_every_shall_has_a_test_or_a_reason() -> None:
    assert run("--check") == (0, "")


def test_the_page_tells_the_state_and_the_tests_of_each_line(tmp_path: Path) -> None:
    status, said, page = conform(tmp_path, ("A-01", "test_one"))
    assert (status, said) == (0, "")
    assert (
        "[A-01](https://hooks.example/#one) | SHALL | One. | shown | `tests/test_0.py::test_one` |"
        in page
    )
    assert "| A-02 | SHOULD* | Two. | not shown |  |" in page
    assert "| A-03 | SHALL | Three. | differs: we know better |  |" in page
    assert "| A-04 | SHALL | Four. | in progress: four |  |" in page
    assert "| B-01 | SHALL NOT | Five. | not used: it is not sent |  |" in page
    assert "| SHALL | 1 | 1 | 1 | 0 | 1 | 0 |" in page
    assert "| SHOULD | 0 | 0 | 0 | 0 | 0 | 1 |" in page


@pytest.mark.parametrize(
    ("tests", "told"),
    [
        ([], "A-01: a SHALL needs a test or a reason"),
        (
            [("A-01", "test_one"), ("A-99", "test_x")],
            "tests/test_1.py::test_x: the checklist has no A-99",
        ),
        ([("A-01", "of_one")], "tests/test_0.py::of_one: is no test"),
        (
            [("A-01", "test_one"), ("A-04", "test_x")],
            "A-04: is shown by tests/test_1.py::test_x, so",
        ),
    ],
)
def test_contradiction_of_checklist_and_tests_is_reported(
    tmp_path: Path, tests: list[tuple[str, str]], told: str
) -> None:
    status, said, _ = conform(tmp_path, *tests)
    assert status == 1
    assert told in said


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("SHOULD*", "OUGHT", "A-02: no level 'OUGHT'"),
        ("hooks#one", "hoks#one", "A-01: no source 'hoks'"),
        ("why:", "wy:", "A-03: at most one reason, one of why, unused"),
    ],
)
def test_a_line_that_cannot_be_read_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    status, said, _ = conform(tmp_path, ("A-01", "test_one"), checklist=CHECKLIST.replace(old, new))
    assert status == 1
    assert told in said


def test_a_page_that_is_out_of_date_is_told(tmp_path: Path) -> None:
    conform(tmp_path, ("A-01", "test_one"))
    page = tmp_path / "page.md"
    places = ("--tests", tmp_path / "tests", "--checklist", tmp_path / "checklist.yaml")
    assert run("--check", *places, "--page", page) == (0, "")
    page.write_text("# Conformance\n", encoding="utf-8")
    said = "page.md: out of date; run python tools/conformance.py\n"
    assert run("--check", *places, "--page", page) == (1, said)
