"""`cases run`: a pharmacist's cases; one broken file never stops the others."""

from pathlib import Path

from click.testing import CliRunner

from service.cli import main

CASE = "{says: six months, given: {age: 6 months}, expect: {ad.initial.age: met}}"
GOOD = f"as_of: 2026-11-20\ncases:\n  - {CASE}\n"


def test_files_are_judged_and_broken_ones_reported(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("cases: [", encoding="utf-8")
    (tmp_path / "c.yaml").write_text(GOOD.replace("met}", "not_met}"), encoding="utf-8")
    (tmp_path / "d.yaml").write_text(
        GOOD.replace("six months,", "x, as_of: 1900-01-01,"), encoding="utf-8"
    )
    result = CliRunner().invoke(main, ["cases", "run", str(tmp_path)])
    assert result.exit_code == 2
    assert "c.yaml: six months: ad.initial.age: expected not_met" in result.output
    assert "b.yaml" in result.output
    assert "3 cases of 4 files" in result.output


def test_case_that_cannot_be_read_hides_no_other_case_of_its_file(tmp_path: Path) -> None:
    bad = "{says: bad, given: {findings: [{of: nothing}]}, expect: {ad.initial.age: met}}"
    failing = CASE.replace("met}}", "not_met}}")
    text = f"as_of: 2026-11-20\ncases:\n  - {bad}\n  - {failing}\n"
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "b.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "c.yaml").write_text(GOOD, encoding="utf-16")
    result = CliRunner().invoke(main, ["cases", "run", str(tmp_path)])
    assert result.exit_code == 2
    assert "six months: ad.initial.age: expected not_met" in result.output
    assert "a.yaml: bad" in result.output
    assert "b.yml: not read; its name must end in .yaml" in result.output
    assert "c.yaml: not UTF-8 text; save it as UTF-8" in result.output
    assert "1 cases of 2 files: 1 not as expected, 3 not read" in result.output


def test_own_words_and_exit_codes(tmp_path: Path) -> None:
    words = "words: {ad.tci: {my cream: rxnorm|562806}}\n"
    (tmp_path / "words.yaml").write_text(words, encoding="utf-8")
    case = GOOD.replace("age: 6 months", "claims: [{drug: my cream, on: today}]").replace(
        "age: met", "age: met"
    )
    (tmp_path / "a.yaml").write_text(case, encoding="utf-8")
    assert CliRunner().invoke(main, ["cases", "run", str(tmp_path)]).exit_code == 0
    (tmp_path / "a.yaml").write_text(case.replace("age: met", "age: not_met"), encoding="utf-8")
    assert CliRunner().invoke(main, ["cases", "run", str(tmp_path / "a.yaml")]).exit_code == 1


def test_an_empty_folder_is_misuse(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["cases", "run", str(tmp_path)]).exit_code == 2
