"""The lesson docs/learn/first-rule.md prints what the commands print."""

import re
import shutil
from pathlib import Path

from click.testing import CliRunner
from support.paths import ROOT

from service.cli import main

LESSON = (ROOT / "docs/learn/first-rule.md").read_text(encoding="utf-8")
RULES = "mappings/policies/bcbsms/dupilumab/2025-10-01"


def printed(*arguments: str, **settings: str) -> str:
    """What a command prints, with settings."""
    return CliRunner().invoke(main, arguments, env=settings).output


def test_the_lesson_prints_what_the_commands_print(tmp_path: Path) -> None:
    for folder in ("mappings", "cards"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    file = tmp_path / RULES / "ad.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[32].strip() == "- id: ad.initial.severity.bsa10"
    lines[41] = lines[41].replace("10 % BSA", "12 % BSA")
    file.write_text("\n".join(lines), encoding="utf-8")
    slips = printed("check", str(tmp_path))
    assert f"```\n{slips}```" in LESSON
    for number in map(int, re.findall(r"ad\.yaml:(\d+)", slips)):
        lines[number - 1] = lines[number - 1].replace("10 %", "12 %")
    file.write_text("\n".join(lines), encoding="utf-8")
    assert printed("check", str(tmp_path)).startswith("OK")
    request = str(ROOT / "fixtures/p001-initial.json")
    answer = printed("assess", request, "--as-of", "2026-11-21", CDS_CONTENT=str(tmp_path))
    shown = re.findall(r"^- At least 12 %.*$", LESSON, re.MULTILINE)
    assert len(shown) == 1
    assert shown[0] in answer
    assert "not_met" in answer.splitlines()[0]
    changed = printed("policy", "diff", "bcbsms/L.5.01.513@2025-10-01", str(tmp_path / RULES))
    assert "Tighter (1)" in changed
    assert "Reworded (4)" in changed


def test_the_lesson_shows_the_cases_of_the_policy() -> None:
    cases = (ROOT / "tests/cases/policies/bcbsms/dupilumab/2025-10-01/ad.yaml").read_text("utf-8")
    block = LESSON.split("## 5. Write a case")[1].split("```yaml\n")[1].split("```")[0]
    assert [line for line in block.splitlines() if line.strip() not in cases] == []
