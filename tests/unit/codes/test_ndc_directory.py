"""FDA's directory adds packages of products that a set knows, and asks about the rest."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from support.official_files import directory, listed, package

from service.cli import main

NDC = "http://hl7.org/fhir/sid/ndc"
Import = Callable[[list[str], list[str]], tuple[int, str]]
OURS = """\
codes:
  http://hl7.org/fhir/sid/ndc:
    - {code: "00111222233", display: "tacrolimus ointment", ingredient: tacrolimus, route: topical}
    - {code: "11111022233", display: "tacrolimus ointment", ingredient: tacrolimus, route: topical}
    - {code: "11111222203", display: "tacrolimus ointment", ingredient: tacrolimus, route: topical}
"""


@pytest.fixture
def run(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Import:
    """Imports a directory into the content folder, where a set knows three made-up packages."""
    path = content / "mappings/value_sets/ad.tci.yaml"
    path.write_text(path.read_text().replace("codes:\n", OURS))

    def import_(products: list[str], packages: list[str]) -> tuple[int, str]:
        folder = directory(tmp_path_factory.mktemp("fda") / "ndctext", products, packages)
        given = ["--ndc", str(folder), "--ndc-release", "2026-11-20"]
        result = CliRunner().invoke(main, ["codes", "import", "--content", str(content), *given])
        return result.exit_code, result.output

    return import_


def known(content: Path) -> dict[str, dict[str, object]]:
    """The NDCs of the set by code."""
    text = (content / "mappings/value_sets/ad.tci.yaml").read_text(encoding="utf-8")
    return {line["code"]: line for line in yaml.safe_load(text)["codes"][NDC]}


OINTMENT = listed("a", "TACROLIMUS", "OINTMENT", "TOPICAL")


@pytest.mark.parametrize(
    ("written", "eleven"),
    [
        ("0111-2222-44", "00111222244"),
        ("11111-022-44", "11111002244"),
        ("11111-222-44", "11111022244"),
        ("11111-2222-4", "11111222204"),
    ],
    ids=["4-4-2", "5-3-2, another product", "5-3-2", "5-4-1"],
)
def test_ten_digit_ndc_is_written_with_eleven_digits(
    run: Import, content: Path, written: str, eleven: str
) -> None:
    status, printed = run([OINTMENT], [package("a", written)])
    assert status == 0, printed
    if eleven == "11111002244":
        assert eleven not in known(content)
        assert "? tacrolimus, ointment, topical: no other package of this product" in printed
        assert eleven in printed
    else:
        assert known(content)[eleven]["route"] == "topical"


def test_the_source_names_the_directory_and_its_day(run: Import, content: Path) -> None:
    run([OINTMENT], [package("a", "11111-222-44")])
    text = (content / "mappings/value_sets/ad.tci.yaml").read_text()
    assert 'imported: ["NDC directory 2026-11-20, imported 20' in text


@pytest.mark.parametrize(
    ("products", "packages", "told"),
    [
        ([OINTMENT], [package("a", "11111-222-44", sample="Y")], "a sample package"),
        (
            [listed("a", "UREA", "OINTMENT", "TOPICAL")],
            [package("a", "11111-222-44")],
            "the directory names another substance: urea",
        ),
        (
            [listed("a", "TACROLIMUS", "OINTMENT", "TOPICAL", exclude="E")],
            [package("a", "11111-222-44")],
            "left out, products that FDA flags as excluded: 1",
        ),
        (
            [OINTMENT],
            [package("a", "11111-222-44", exclude="U")],
            "left out, packages that FDA flags as excluded: 1",
        ),
        (
            [OINTMENT],
            [package("a", "1111122244")],
            "left out, packages whose NDC is not written as 4-4-2, 5-3-2 or 5-4-1 digits: 1",
        ),
    ],
    ids=["sample", "another substance", "excluded product", "excluded package", "no hyphens"],
)
def test_what_is_not_the_known_product_is_told(
    run: Import, content: Path, products: list[str], packages: list[str], told: str
) -> None:
    before = known(content)
    status, printed = run(products, packages)
    assert status == 0, printed
    assert told in printed
    assert known(content) == before


def test_another_package_may_hold_another_amount(run: Import, content: Path) -> None:
    ours = [listed("a", "DUPILUMAB", "INJECTION, SOLUTION", "SUBCUTANEOUS")]
    _, printed = run(ours, [package("a", "0024-5914-77")])
    assert "the set tells dose_mg, volume_ml, which another package may have" in printed
    assert "00024591477" not in (content / "mappings/value_sets/dupilumab.yaml").read_text()


def test_a_salt_is_the_same_ingredient(run: Import, content: Path) -> None:
    salt = listed("a", "TACROLIMUS MONOHYDRATE", "OINTMENT", "TOPICAL")
    run([salt], [package("a", "11111-222-44")])
    assert "11111022244" in known(content)
