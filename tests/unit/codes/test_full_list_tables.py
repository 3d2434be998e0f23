"""A release of FDA replaces the directory of drug products: a folder or the zip file, tried first."""

from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from click.testing import CliRunner
from support.official_files import directory, listed, package

from service.cli import main
from service.library import load_library

pytestmark = pytest.mark.slow

NDC = "http://hl7.org/fhir/sid/ndc"
TABLE, PAGE = "mappings/directories/ndc.txt.xz", "mappings/directories/ndc.yaml"
PRODUCTS = [
    listed("11111-222", "TACROLIMUS", "OINTMENT", "TOPICAL"),
    listed("22222-333", "SEMAGLUTIDE", "INJECTION, SOLUTION", "SUBCUTANEOUS"),
]
PACKAGES = [package("11111-222", "11111-222-01"), package("22222-333", "22222-333-01")]


def imported(content: Path, given: Path, *options: str) -> tuple[int, str]:
    command = ["codes", "import", "--content", str(content), "--ndc", str(given)]
    result = CliRunner().invoke(main, [*command, "--ndc-release", "2026-11-20", *options])
    return result.exit_code, result.output


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return directory(tmp_path / "ndctext", PRODUCTS, PACKAGES)


def test_a_dry_run_tells_what_would_change_and_writes_nothing(content: Path, release: Path) -> None:
    before = [(content / name).read_bytes() for name in (TABLE, PAGE)]
    status, printed = imported(content, release, "--dry-run")
    assert status == 0, printed
    assert "directory of drug products: 2 products" in printed
    assert [(content / name).read_bytes() for name in (TABLE, PAGE)] == before


def test_one_set_alone_renews_no_directory(content: Path, release: Path) -> None:
    before = (content / TABLE).read_bytes()
    status, printed = imported(content, release, "--set", "ad.tci")
    assert status == 0, printed
    assert (content / TABLE).read_bytes() == before


def test_the_zip_file_replaces_the_directory(content: Path, release: Path, tmp_path: Path) -> None:
    archive = tmp_path / "ndctext.zip"
    with ZipFile(archive, "w") as file:
        for path in release.iterdir():
            file.write(path, f"ndc/{path.name}")
    status, printed = imported(content, archive)
    assert status == 0, printed
    page = yaml.safe_load((content / PAGE).read_text(encoding="utf-8"))
    assert (page["release"], page["rows"]) == ("FDA NDC Directory of 2026-11-20", 2)
    assert page["of"].isoformat() == "2026-11-20"
    terminology = load_library(content, None).terminology
    assert terminology.is_other(NDC, "22222-0333-01")
    assert {one.value_set for one in terminology.of_code(NDC, "11111-222-01")} == {"ad.tci"}
    assert all(one.question for one in terminology.of_code(NDC, "11111-222-01"))
    assert not terminology.is_other(NDC, "68382002801")
    again = (content / TABLE).read_bytes()
    assert imported(content, archive)[0] == 0
    assert (content / TABLE).read_bytes() == again


def test_what_is_neither_folder_nor_zip_is_refused(content: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "ndc.zip"
    wrong.write_text("no archive")
    status, printed = imported(content, wrong)
    assert status != 0
    assert "neither a folder nor a zip file" in printed


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("sha256: ", "sha256: 0", "String should match"),
        ("table: ndc.txt.xz", "table: none.xz", "there is no file"),
        ("holds: products", "holds: descriptors", "holds no descriptors"),
        ("rows: ", "rows: 1", "rows, not"),
        ("system: http://hl7.org/fhir/sid/ndc", "system: http://hl7.org/sid/ndc", "no code system"),
    ],
)
def test_a_directory_that_is_not_what_it_says_is_refused(
    content: Path, old: str, new: str, told: str
) -> None:
    page = content / PAGE
    page.write_text(page.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(content)])
    assert result.exit_code != 0
    assert PAGE in result.output
    assert told in result.output or "sha256" in result.output
