"""The command as people call it, and a copy of the shipped policy that a test may change."""

from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner
from support.shipped import FOLDER, Changed, Run

from service.cli import main


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """`dupilumab-cds policy …` on 2026-11-21: the exit status and all that was printed."""
    monkeypatch.setenv("CDS_AS_OF", "2026-11-21")

    def policy(*arguments: str | Path) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["policy", *map(str, arguments)])
        return result.exit_code, result.output

    return policy


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """A copy of the shipped version with a text of one of its files put in place of another."""

    def copy(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "copy"
        if not folder.exists():
            copytree(FOLDER, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return copy


BOUND = """
    - id: ad.initial.steady
      says: One and the same class for long
      cite: "22"
      one_class:
        of: [ad.tci, ad.tcs_medium_or_higher]
        all:
          - {id: ad.initial.steady.long, says: For long, cite: "22", supply: {of: $class, days: 90 days}}
          - {id: ad.initial.steady.now, says: Now, cite: "22", supply: {of: $class, now: true}}

"""


@pytest.fixture
def bound(changed: Changed) -> Path:
    """The copy with a criterion in which one class is bound through two tests."""
    return changed("ad.yaml", "\n    - id: ad.initial.age\n", f"{BOUND}    - id: ad.initial.age\n")
