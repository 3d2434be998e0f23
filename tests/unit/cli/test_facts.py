"""`facts`: what a pharmacist may name in a policy, read from the documents."""

from pathlib import Path
from shutil import copytree

from click.testing import CliRunner
from support.paths import ROOT

from service.cli import main


def _listed(folder: Path) -> dict[str, list[str]]:
    result = CliRunner().invoke(main, ["facts", str(folder)])
    assert result.exit_code == 0, result.output
    return {line.split()[0]: line.split() for line in result.output.splitlines()}


def test_a_fact_stands_there_with_kind_unit_and_sentence() -> None:
    listed = _listed(ROOT)
    assert listed["ad.bsa"] == [
        *("ad.bsa", "quantity", "%", "BSA"),
        *["Body", "surface", "affected", "by", "atopic", "dermatitis"],
    ]
    assert listed["asthma.diagnosis"][1:3] == ["diagnosis", "-"]


def test_a_fact_that_operators_find_by_themselves_is_not_named() -> None:
    kinds = {line[1] for line in _listed(ROOT).values()}
    assert kinds & {"supply", "sessions", "outcome", "exclusion", "specialty", "approval"} == set()
    assert {"age", "episodes", "quantity"} <= kinds


def test_a_score_stands_there_with_its_scales(tmp_path: Path) -> None:
    for name in ("mappings", "cards"):
        copytree(ROOT / name, tmp_path / name)
    copytree(ROOT / "examples/library/mappings", tmp_path / "mappings", dirs_exist_ok=True)
    assert _listed(tmp_path)["ad.iga_0_4"][1:5] == ["score", "score", "(0-4,", "0-5)"]


def test_an_unsound_fact_is_told(tmp_path: Path) -> None:
    (tmp_path / "mappings/facts").mkdir(parents=True)
    (tmp_path / "cards").mkdir()
    (tmp_path / "mappings/facts/one.yaml").write_text("fact: a.b\nkinnd: age\n")
    result = CliRunner().invoke(main, ["facts", str(tmp_path)])
    assert result.exit_code == 1
    assert "mappings/facts/one.yaml:2: unknown key 'kinnd'; did you mean 'kind'?" in result.output
