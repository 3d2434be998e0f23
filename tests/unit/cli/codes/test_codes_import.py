"""`codes import`: what is added, what is only shown, and what is refused before anything is written."""

from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from click.testing import CliRunner
from support.official_files import directory, listed, package
from support.paths import ROOT

from service.cli import main

SET = "mappings/value_sets/ad.tci.yaml"
KNOWN = """\
codes:
  http://hl7.org/fhir/sid/ndc:
    - {code: "11111022233", display: "tacrolimus ointment", ingredient: tacrolimus, route: topical}
"""
NEW = "11111022244"
# Therapies name ingredients of the value sets, which these tests change.
CLINICAL = ("therapies", "pathways", "notes", "gaps.yaml")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the shipped documents in which a set knows one package."""
    folder = tmp_path / "content"
    for name in ("mappings", "cards"):
        copytree(ROOT / name, folder / name, ignore=ignore_patterns(*CLINICAL))
    path = folder / SET
    path.write_text(path.read_text(encoding="utf-8").replace("codes:\n", KNOWN), encoding="utf-8")
    return folder


@pytest.fixture
def fda(tmp_path: Path) -> Path:
    """FDA's files with another package of that product."""
    products = [listed("a", "TACROLIMUS", "OINTMENT", "TOPICAL")]
    return directory(tmp_path / "ndctext", products, [package("a", "11111-222-44")])


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["codes", "import", *map(str, arguments)])
    return result.exit_code, result.output


def text(content: Path) -> str:
    return (content / SET).read_text(encoding="utf-8")


def test_package_of_a_known_product_is_added_with_its_release(content: Path, fda: Path) -> None:
    given = ("--content", content, "--ndc", fda, "--ndc-release", "2026-11-20")
    status, printed = run(*given, "--set", "ad.tci")
    assert status == 0, printed
    assert f"+ {NEW}" in printed
    assert "1 lines added to 1 value sets" in printed
    assert NEW in text(content)
    assert "2026-11-20" in text(content)


def test_dry_run_shows_the_same_and_writes_nothing(content: Path, fda: Path) -> None:
    before = text(content)
    given = ("--content", content, "--ndc", fda, "--ndc-release", "2026-11-20")
    status, printed = run(*given, "--set", "ad.tci", "--dry-run")
    assert status == 0, printed
    assert f"+ {NEW}" in printed
    assert "1 lines would be added to 1 value sets" in printed
    assert text(content) == before


def test_only_the_named_set_is_looked_at(content: Path, fda: Path) -> None:
    given = ("--content", content, "--ndc", fda, "--ndc-release", "2026-11-20")
    status, printed = run(*given, "--set", "dupilumab")
    assert status == 0, printed
    assert NEW not in text(content)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((), "--rxnorm"),
        (("--ndc", "{fda}"), "--ndc-release"),
        (("--ndc", "{fda}", "--ndc-release", "yesterday"), "--ndc-release"),
        (("--ndc", "{fda}/gone", "--ndc-release", "2026-11-20"), "--ndc"),
        (
            ("--ndc", "{fda}", "--ndc-release", "2026-11-20", "--set", "unheard"),
            "no value set unheard",
        ),
    ],
    ids=["no source", "no day", "no such day", "no such folder", "no such set"],
)
def test_wrong_arguments_are_refused_before_anything_is_written(
    content: Path, fda: Path, given: tuple[str, ...], told: str
) -> None:
    before = text(content)
    arguments = [one.replace("{fda}", str(fda)) for one in given]
    status, printed = run("--content", content, *arguments)
    assert status == 2
    assert told in printed
    assert text(content) == before


@pytest.mark.parametrize(("command", "status"), [("import", 0), ("unmapped", 0), ("export", 2)])
def test_codes_are_imported_or_looked_for_in_requests(command: str, status: int) -> None:
    assert CliRunner().invoke(main, ["codes", command, "--help"]).exit_code == status
