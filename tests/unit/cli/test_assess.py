"""`assess` of an order that is not judged says in words why, and what is missing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support.paths import ROOT

from service.cli import main

Assessed = Callable[..., str]
Json = dict[str, Any]
UNKNOWN_PRODUCT = {
    "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "99999999"}],
    "text": "dupilumab",
}


@pytest.fixture
def assessed(tmp_path: Path) -> Assessed:
    """The text printed of a fixture, changed before it is read."""

    def run(name: str, change: Callable[[Json], None] = lambda _: None) -> str:
        request = json.loads((ROOT / f"fixtures/{name}.json").read_text(encoding="utf-8"))
        change(request)
        file = tmp_path / "request.json"
        file.write_text(json.dumps(request), encoding="utf-8")
        result = CliRunner().invoke(main, ["assess", str(file), "--as-of", "2026-11-21"])
        assert result.exit_code == 0
        return result.output

    return run


def unknown_product(request: Json) -> None:
    """An order with a code that is in no set."""
    for entry in request["context"]["draftOrders"]["entry"]:
        entry["resource"].pop("medicationReference", None)
        entry["resource"]["medicationCodeableConcept"] = UNKNOWN_PRODUCT


def test_a_code_that_is_in_no_set_is_told(assessed: Assessed) -> None:
    printed = assessed("initial-fully-met", unknown_product)
    assert "Is this an order for dupilumab? Choose a coded product" in printed


def test_unmapped_reason_is_reported_even_without_a_card(assessed: Assessed) -> None:
    printed = assessed("select-dupilumab", unknown_product)
    assert "the order names no drug of this service by a code" in printed


def test_an_order_that_was_judged_says_nothing_of_it(assessed: Assessed) -> None:
    printed = assessed("initial-fully-met")
    assert "Initial criteria" in printed
    assert "names no drug" not in printed


def payor(**given: Any) -> Callable[[Json], None]:
    """Every coverage names this payer."""

    def change(request: Json) -> None:
        for entry in request["prefetch"]["coverage"]["entry"]:
            entry["resource"]["payor"] = [given]

    return change


@pytest.mark.parametrize(
    "given",
    [
        {"display": "Riverbend\u001b Mutual"},
        {"display": "Riverbend Mutual", "reference": "Organization/9"},
        {"display": "Riverbend Mutual", "type": "Organization"},
    ],
    ids=["a name", "a reference", "a type"],
)
def test_a_payer_without_a_policy_is_named(assessed: Assessed, given: Json) -> None:
    printed = assessed("other-payer", payor(**given))
    assert "no coverage policy on file for this payer" in printed
    assert "payer named by the coverage: Riverbend Mutual\n" in printed


@pytest.mark.parametrize(
    "given",
    [{"reference": "RelatedPerson/9"}, {"type": "Patient"}, {"reference": "urn:uuid:9"}],
    ids=["a relative", "the patient", "nobody knows"],
)
def test_a_person_who_pays_is_not_named(assessed: Assessed, given: Json) -> None:
    printed = assessed("other-payer", payor(display="Ada Example", **given))
    assert ": no_policy as of" in printed
    assert "Ada Example" not in printed


def test_page_and_picture_are_written_as_files_that_need_no_server(tmp_path: Path) -> None:
    page, picture = tmp_path / "order.html", tmp_path / "timeline.svg"
    arguments = ["assess", str(ROOT / "fixtures/p001-initial.json"), "--as-of", "2026-11-21"]
    result = CliRunner().invoke(main, [*arguments, "--html", str(page), "--svg", str(picture)])
    assert (result.exit_code, result.output) == (0, "")
    html = page.read_text(encoding="utf-8")
    assert "0 of 42 days" in html
    assert "<svg" in html
    assert not any(word in html for word in ("<script", "<link", " src=", "data-src"))
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_order_without_a_timeline_says_so(tmp_path: Path) -> None:
    arguments = ["assess", str(ROOT / "fixtures/other-payer.json"), "--as-of", "2026-11-21"]
    result = CliRunner().invoke(main, [*arguments, "--svg", str(tmp_path / "none.svg")])
    assert result.exit_code == 0
    assert "no order in this request has a timeline" in result.output
    assert not (tmp_path / "none.svg").exists()


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ("2008-11-30", "time: met on 2026-11-30 if nothing else happens"),
        ("2010-01-01", "time: not met by itself until 2027-11-22"),
    ],
)
def test_the_day_on_which_time_alone_meets_it_is_told(
    assessed: Assessed, monkeypatch: pytest.MonkeyPatch, born: str, said: str
) -> None:
    def born_on(request: Json) -> None:
        request["prefetch"]["patient"]["birthDate"] = born

    monkeypatch.setenv("CDS_CLIENTS", str(ROOT / "fixtures/clients/claims_held.yaml"))
    assert said in assessed("pn-fully-met", born_on)
