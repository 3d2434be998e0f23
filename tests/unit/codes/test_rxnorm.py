"""A release adds what the set's own lines decide, asks about the rest, and touches nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from support.official_files import atom, brand, drug, link, ndc, release

from service.cli import main

pytestmark = pytest.mark.slow

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NDC = "http://hl7.org/fhir/sid/ndc"
# The drugs of our sets with their codes; ingredients, forms and new drugs have made-up codes from 9800001.
KNOWN = [
    *(atom("9800001", "IN", "tacrolimus"), atom("9800002", "IN", "pimecrolimus")),
    *(atom("9800003", "IN", "clobetasol"), atom("9800004", "IN", "triamcinolone")),
    *(atom("9800005", "IN", "apremilast"), atom("9800011", "DF", "Topical Ointment")),
    *(atom("9800012", "DF", "Oral Capsule"), atom("9800013", "DF", "Injectable Suspension")),
    *(atom("9800014", "DF", "Oral Tablet"), atom("9800015", "DF", "Topical Lotion")),
    *drug("314266", "tacrolimus 0.001 MG/MG Topical Ointment", "9800001", "9800011"),
    *drug("861448", "clobetasol propionate 0.0005 MG/MG Topical Ointment", "9800003", "9800011"),
    *drug(
        "1085754", "triamcinolone acetonide 40 MG/ML Injectable Suspension", "9800004", "9800013"
    ),
    *drug("9901738", "apremilast 10 MG Oral Tablet", "9800005", "9800014"),
    *brand("1492738", "apremilast 10 MG Oral Tablet [Otezla]", "9901738"),
    ndc("314266", "999990001009", source="VANDF"),
]
Import = Callable[..., tuple[int, str]]


@pytest.fixture
def run(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Import:
    """Imports rows as a release into the content folder."""

    def import_(*rows: str, options: tuple[str, ...] = ()) -> tuple[int, str]:
        folder = release(tmp_path_factory.mktemp("rxnorm") / "full", [*KNOWN, *rows])
        given = ["--rxnorm", str(folder), "--rxnorm-release", "2026-09-08"]
        command = ["codes", "import", "--content", str(content), *given, *options]
        result = CliRunner().invoke(main, command)
        return result.exit_code, result.output

    return import_


def lines(content: Path, name: str, part: str, system: str) -> dict[str, dict[str, Any]]:
    """The lines of a set by code."""
    text = (content / f"mappings/value_sets/{name}.yaml").read_text(encoding="utf-8")
    found = yaml.safe_load(text).get(part, {}).get(system, [])
    return {line["code"]: line for line in found}


def test_another_brand_says_what_the_drug_says(run: Import, content: Path) -> None:
    name = "clobetasol propionate 0.0005 MG/MG Topical Ointment [Made Up]"
    status, printed = run(*brand("9900001", name, "861448"))
    assert status == 0, printed
    added = lines(content, "ad.tcs_medium_or_higher", "codes", RXNORM)["9900001"]
    assert added == {
        "code": "9900001",
        "display": name,
        "ingredient": "clobetasol",
        "form": "Topical Ointment",
        "route": "topical",
        "potency": "super-high",
    }


def test_a_brand_in_the_set_brings_its_generic_drug(run: Import, content: Path) -> None:
    assert run()[0] == 0
    found = lines(content, "immunomodulator.apremilast", "codes", RXNORM)["9901738"]
    assert (found["ingredient"], found["route"]) == ("apremilast", "oral")


def test_a_new_strength_in_a_known_form_is_added(run: Import, content: Path) -> None:
    run(*drug("9900002", "tacrolimus 0.002 MG/MG Topical Ointment", "9800001", "9800011"))
    assert lines(content, "ad.tci", "codes", RXNORM)["9900002"]["route"] == "topical"


def test_a_topical_set_takes_no_capsule(run: Import, content: Path) -> None:
    _, printed = run(*drug("9900003", "tacrolimus 1 MG Oral Capsule", "9800001", "9800012"))
    assert "9900003" not in lines(content, "ad.tci", "codes", RXNORM)
    assert "? tacrolimus, Oral Capsule: no line of this set has this ingredient in" in printed


def test_a_form_that_the_set_does_not_have_is_asked(run: Import, content: Path) -> None:
    _, printed = run(*drug("9900004", "tacrolimus 1 MG/ML Topical Lotion", "9800001", "9800015"))
    assert "9900004" not in lines(content, "ad.tci", "codes", RXNORM)
    assert "tacrolimus, Topical Lotion: " in printed


def test_a_set_may_name_the_salt(run: Import, content: Path) -> None:
    path = content / "mappings/value_sets/ad.tci.yaml"
    path.write_text(path.read_text().replace("tacrolimus, form", "tacrolimus monohydrate, form"))
    rows = drug("9900020", "tacrolimus 0.002 MG/MG Topical Ointment", "9800001", "9800011")
    salt = [atom("9800021", "PIN", "tacrolimus monohydrate")]
    run(*rows, *salt, link("89900020", "has_precise_ingredient", "9800021"))
    found = lines(content, "ad.tci", "codes", RXNORM)
    assert found["9900020"]["ingredient"] == "tacrolimus monohydrate"


def test_potency_is_never_guessed_from_a_form(run: Import, content: Path) -> None:
    _, printed = run(
        *drug("9900005", "clobetasol 0.9 MG/MG Topical Ointment", "9800003", "9800011")
    )
    assert "9900005" not in lines(content, "ad.tcs_medium_or_higher", "codes", RXNORM)
    assert "the set tells potency of each product, which no release says (1: 9900005)" in printed


def test_two_ingredients_are_asked(run: Import, content: Path) -> None:
    rows = drug("9900006", "tacrolimus / pimecrolimus Topical Ointment", "9800001", "9800011")
    _, printed = run(*rows, link("89900006", "has_ingredient", "9800002"))
    assert "9900006" not in lines(content, "ad.tci", "codes", RXNORM)
    assert "pimecrolimus + tacrolimus, Topical Ointment: more than one ingredient" in printed


def test_a_brand_of_a_question_is_a_question(run: Import, content: Path) -> None:
    run(*brand("9900007", "triamcinolone acetonide 40 MG/ML [Made Up]", "1085754"))
    name = "systemic_corticosteroid"
    assert "9900007" not in lines(content, name, "codes", RXNORM)
    why = lines(content, name, "questions", RXNORM)["9900007"]["why"]
    assert why == "may be injected into a joint or lesion, proves no systemic course"


def test_dose_form_listed_as_a_question_adds_no_code(run: Import, content: Path) -> None:
    rows = drug("9900008", "triamcinolone 1 MG/ML Injectable Suspension", "9800004", "9800013")
    _, printed = run(*rows)
    assert "9900008" not in lines(content, "systemic_corticosteroid", "codes", RXNORM)
    assert "this ingredient in this form stands under questions too" in printed


def test_a_pack_needs_every_drug_in_it(run: Import, content: Path) -> None:
    whole = [
        atom("9900009", "BPCK", "{4 (apremilast) } Pack"),
        link("9900009", "contains", "1492738"),
    ]
    mixed = [atom("9900010", "GPCK", "{4 (apremilast) / 1 (other) } Pack")]
    mixed += [link("9900010", "contains", one) for one in ("1492738", "314266")]
    run(*whole, *mixed)
    found = lines(content, "immunomodulator.apremilast", "codes", RXNORM)
    assert found["9900009"]["ingredient"] == "apremilast"
    assert "9900010" not in found


@pytest.mark.parametrize("suppress", ["O", "E", "Y"])
def test_code_out_of_use_is_left_out_and_reported(
    run: Import, content: Path, suppress: str
) -> None:
    name = "tacrolimus 0.002 MG/MG Topical Ointment"
    _, printed = run(*drug("9900011", name, "9800001", "9800011", suppress))
    assert "9900011" not in lines(content, "ad.tci", "codes", RXNORM)
    assert f"({suppress}): 1" in printed


def test_an_obsolete_code_of_the_set_stays_and_is_told(run: Import, content: Path) -> None:
    _, printed = run(*drug("284521", "tacrolimus 0.0003 MG/MG Ointment", "9800001", "9800011", "O"))
    assert "codes of this set, which stay: obsolete (O): 1" in printed
    assert "284521" in lines(content, "ad.tci", "codes", RXNORM)


def test_ndcs_come_from_rxnorm_only_and_in_use(run: Import, content: Path) -> None:
    _, printed = run(
        ndc("314266", "99999000101"),
        ndc("314266", "99999000102", "O"),
        ndc("314266", "99999000103", source="VANDF"),
        ndc("314266", "9999-0001-04"),
    )
    found = lines(content, "ad.tci", "codes", NDC)
    assert found.keys() == {"99999000101"}
    assert found["99999000101"]["display"] == "tacrolimus 0.001 MG/MG Topical Ointment"
    assert "NDCs: obsolete or suppressed in RXNSAT: 1" in printed


def test_the_ndc_of_a_question_is_a_question(run: Import, content: Path) -> None:
    run(ndc("1085754", "99999000301"))
    found = lines(content, "systemic_corticosteroid", "questions", NDC)
    assert found["99999000301"]["why"].startswith("may be injected into a joint")
    assert not lines(content, "systemic_corticosteroid", "codes", NDC)


def test_an_ndc_of_two_products_is_asked(run: Import, content: Path) -> None:
    capsule = drug("9900012", "tacrolimus 1 MG Oral Capsule", "9800001", "9800012")
    _, printed = run(*capsule, ndc("314266", "99999000105"), ndc("9900012", "99999000105"))
    assert not lines(content, "ad.tci", "codes", NDC)
    assert "RxNorm gives this NDC to different products" in printed


def test_a_code_that_a_person_left_out_stays_out(run: Import, content: Path) -> None:
    path = content / "mappings/value_sets/ad.tci.yaml"
    path.write_text(path.read_text() + '  - {what: "9900013", why: "not this one"}\n')
    run(*brand("9900013", "tacrolimus 0.001 MG/MG Topical Ointment [Made Up]", "314266"))
    assert "9900013" not in lines(content, "ad.tci", "codes", RXNORM)


def test_an_unknown_member_is_told(run: Import) -> None:
    assert "? delgocitinib: no ingredient of this name in the release" in run()[1]


def test_only_lines_are_added_and_the_source_says_from_where(run: Import, content: Path) -> None:
    path = content / "mappings/value_sets/ad.tci.yaml"
    path.write_text(path.read_text().replace("texts:", "# a person's remark\ntexts:"))
    before = path.read_text().splitlines()
    run(*brand("9900014", "tacrolimus 0.001 [Made Up]", "314266"), ndc("314266", "99999000101"))
    after = path.read_text().splitlines()
    kept = [line for line in before if not line.startswith("source:")]
    assert [line for line in after if line in kept] == kept
    (source,) = (line for line in after if line.startswith("source:"))
    assert 'imported: ["RxNorm 2026-09-08, imported 20' in source
    assert "checked: 2026-11-20" in source
    last = next(n for n, line in enumerate(after) if '"284520"' in line)
    assert after[last + 1].startswith("    # RxNorm 2026-09-08, imported 20")
    assert after[last + 2] == (
        '    - {code: "9900014", display: "tacrolimus 0.001 [Made Up]", ingredient: tacrolimus, '
        "form: Topical Ointment, route: topical}"
    )


def test_a_second_run_changes_nothing(run: Import, content: Path) -> None:
    rows = (*brand("9900015", "tacrolimus 0.001 [Made Up]", "314266"), ndc("314266", "99999000101"))
    run(*rows)
    first = {path: path.read_bytes() for path in content.rglob("*.yaml")}
    status, printed = run(*rows)
    assert (status, printed.splitlines()[-1][:8]) == (0, "0 lines ")
    assert {path: path.read_bytes() for path in content.rglob("*.yaml")} == first


def test_a_dry_run_tells_and_writes_nothing(run: Import, content: Path) -> None:
    before = {path: path.read_bytes() for path in content.rglob("*.yaml")}
    rows = brand("9900016", "tacrolimus 0.001 [Made Up]", "314266")
    _, printed = run(*rows, options=("--dry-run", "--set", "ad.tci"))
    assert "+ 9900016 tacrolimus 0.001 [Made Up] (same drug as 314266)" in printed
    assert "1 lines would be added to 1 value sets" in printed
    assert {path: path.read_bytes() for path in content.rglob("*.yaml")} == before


def test_what_was_written_is_sound(run: Import, content: Path) -> None:
    run(ndc("314266", "99999000101"), ndc("1492738", "99999000201"))
    result = CliRunner().invoke(main, ["check", str(content)])
    assert result.exit_code == 0, result.output
