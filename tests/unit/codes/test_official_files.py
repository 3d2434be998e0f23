"""Files of a wrong layout are refused with file and line, and nothing is written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from support.official_files import atom, brand, directory, drug, link, listed, ndc, package, release

from service.cli import main

pytestmark = pytest.mark.slow

ROWS = [
    *(atom("9800001", "IN", "tacrolimus"), atom("9800011", "DF", "Topical Ointment")),
    *drug("314266", "tacrolimus 0.001 MG/MG Topical Ointment", "9800001", "9800011"),
    *(link("314266", "has_dose_form", "9800011"), ndc("314266", "99999000101")),
]
TABLES = ([listed("a", "TACROLIMUS", "OINTMENT", "TOPICAL")], [package("a", "11111-222-44")])
Change = Callable[[str], str]


def _replaced(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new)


def _import(content: Path, *given: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["codes", "import", "--content", str(content), *given])
    return result.exit_code, result.output


BROKEN: dict[str, tuple[str, Change, str]] = {
    "a column too few": (
        "rxnorm/rrf/RXNCONSO.RRF",
        _replaced("9800011|ENG|", "9800011|"),
        "RXNCONSO.RRF:2: 17 columns that end with |, not the 18 of RXNCONSO.RRF",
    ),
    "no last mark": (
        "rxnorm/rrf/RXNREL.RRF",
        lambda text: text.replace("|\n", "\n", 1),
        "RXNREL.RRF:1: 15 columns that end with |, not the 16",
    ),
    "another file under this name": (
        "rxnorm/rrf/RXNSAT.RRF",
        lambda _: link("1", "contains", "2"),
        "RXNSAT.RRF:1: 16 columns that end with |, not the 13",
    ),
    "an empty file": ("rxnorm/rrf/RXNSAT.RRF", lambda _: "", "RXNSAT.RRF:1: the file is empty"),
    "a column that is missing": (
        "fda/product.txt",
        _replaced("SUBSTANCENAME", "SUBSTANCE"),
        "product.txt:1: no column SUBSTANCENAME",
    ),
    "a row too short": (
        "fda/package.txt",
        _replaced("\t1 TUBE", ""),
        "package.txt:2: 7 columns, not the 8 of line 1",
    ),
}


@pytest.mark.parametrize(("name", "change", "message"), BROKEN.values(), ids=BROKEN)
def test_a_wrong_layout_is_refused(
    content: Path, tmp_path_factory: pytest.TempPathFactory, name: str, change: Change, message: str
) -> None:
    root = tmp_path_factory.mktemp("files")
    release(root / "rxnorm", ROWS)
    directory(root / "fda", *TABLES)
    (root / name).write_text(change((root / name).read_text(encoding="cp1252")))
    before = {path: path.read_bytes() for path in content.rglob("*.yaml")}
    given = ["--rxnorm", str(root / "rxnorm"), "--rxnorm-release", "2026-09-08"]
    status, printed = _import(
        content, *given, "--ndc", str(root / "fda"), "--ndc-release", "2026-11-20"
    )
    assert status == 1
    assert message in printed
    assert {path: path.read_bytes() for path in content.rglob("*.yaml")} == before


def test_a_folder_without_the_files_is_refused(content: Path, tmp_path: Path) -> None:
    status, printed = _import(content, "--rxnorm", str(tmp_path), "--rxnorm-release", "2026-09-08")
    assert status == 1
    assert "no file RXNCONSO.RRF here" in printed


def test_a_name_in_latin_letters_is_read(content: Path, tmp_path: Path) -> None:
    folder = release(tmp_path / "latin", ROWS)
    path = folder / "rrf" / "RXNCONSO.RRF"
    path.write_bytes(
        path.read_bytes().replace(b"tacrolimus 0.001", "tacrolimus é".encode("latin-1"))
    )
    status, printed = _import(content, "--rxnorm", str(folder), "--rxnorm-release", "2026-09-08")
    assert status == 0, printed
    assert "+ 99999000101" in printed


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "name a folder: --rxnorm, --ndc or both"),
        (["--rxnorm", "."], "--rxnorm-release: say the day of these files"),
        (["--ndc", ".", "--ndc-release", "soon"], "--ndc-release: say the day of these files"),
        (
            ["--ndc", ".", "--ndc-release", "2026-11-20", "--set", "ad.tcx"],
            "--set: no value set ad.tcx",
        ),
    ],
    ids=["no files", "no day", "a wrong day", "a wrong set"],
)
def test_wrong_arguments_exit_with_2(content: Path, given: list[str], message: str) -> None:
    status, printed = _import(content, *given)
    assert status == 2
    assert message in printed


def test_codes_that_are_not_one_to_a_line_are_left_alone(content: Path, tmp_path: Path) -> None:
    path = content / "mappings/value_sets/ad.tci.yaml"
    path.write_text(json.dumps(yaml.safe_load(path.read_text()), default=str))
    before = path.read_text()
    rows = [*ROWS, *brand("9900001", "tacrolimus [X]", "314266")]
    folder = release(tmp_path / "full", rows)
    status, printed = _import(content, "--rxnorm", str(folder), "--rxnorm-release", "2026-09-08")
    assert status == 1, printed
    assert "ad.tci.yaml:1: nothing was written: the codes of a system are not a list" in printed
    assert path.read_text() == before


def test_a_source_in_lines_gets_a_line_each_time(content: Path, tmp_path: Path) -> None:
    path = content / "mappings/value_sets/ad.tci.yaml"
    head, rest = path.read_text().split("source: {", 1)
    source, rest = rest.split("}\n", 1)
    path.write_text(f"{head}source:\n  " + source.replace(", ", "\n  ") + f"   # kept\n{rest}")
    folders = [
        release(tmp_path / str(n), [*ROWS, ndc("314266", f"9999900020{n}")]) for n in range(2)
    ]
    for folder in folders:
        given = ("--rxnorm", str(folder), "--rxnorm-release", "2026-09-08")
        status, printed = _import(content, *given)
        assert status == 0, printed
    found = yaml.safe_load(path.read_text())["source"]
    assert [one[:18] for one in found["imported"]] == ["RxNorm 2026-09-08,"] * 2
    assert "# kept" in path.read_text()
