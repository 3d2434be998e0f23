"""`therapy list`, `therapy show` and `/therapies/<name>`: all that is known of a therapy, as a document."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from support.fakes import settings
from support.paths import ROOT

from service.app import create_app
from service.cli import main
from service.store import Store

FILE = "mappings/therapies/upadacitinib.yaml"
Changed = Callable[[str, str], None]


def run(*arguments: str) -> tuple[int, str]:
    """`dupilumab-cds therapy …`: the exit status and all that was printed."""
    result = CliRunner().invoke(main, ["therapy", *arguments])
    return result.exit_code, result.output


class Links(HTMLParser):
    """Which elements there are, which ids, and where the links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps what the element is, what it is called and where it leads."""
        given = dict(attrs)
        self.tags.add(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if tag == "a" else []


def parsed(html: str) -> Links:
    found = Links()
    found.feed(html)
    found.close()
    return found


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch, shipped_copy: Path) -> Changed:
    """The shipped documents with a text of the therapy put in place of another."""
    monkeypatch.setenv("CDS_CONTENT", str(shipped_copy))

    def change(old: str, new: str) -> None:
        text = (shipped_copy / FILE).read_text(encoding="utf-8")
        assert old in text
        (shipped_copy / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def test_the_list_names_every_therapy_with_its_label() -> None:
    status, printed = run("list")
    assert status == 0
    assert "upadacitinib  oral JAK1 inhibitor (drug): ad approved\n" in printed
    assert len(printed.splitlines()) == len(list((ROOT / "mappings/therapies").glob("*.yaml")))


@pytest.mark.parametrize("how", ["--text", "--html"])
def test_a_therapy_is_shown_whole(how: str) -> None:
    status, printed = run("show", "upadacitinib", how)
    assert status == 0
    told = " ".join(re.sub(r"<[^>]+>", " ", printed).split())
    for words in (
        "oral JAK1 inhibitor",
        "serious infection, death, cancer, heart attack and stroke, clots",  # boxed warning
        "approved in the US",
        "strength strong",
        "certainty moderate (not verified)",
        "40 kg or more below 18 years",  # a limit of the label
        "not older than 90 days",
        "15 mg by mouth once daily",  # a dose
        "RxNorm 2196894",
        "30 tablets for 30 days",
        "[rules it out]" if how == "--text" else "rules it out",
        "heart attack or stroke in the history",
        "LOINC 71775-1",  # a check that is ordered
        "named, not ordered",
        "signs of infection and tuberculosis",  # monitoring
        "place 1",  # a pathway
        "Not verified; never shown on a card",
        "zoster and other vaccines before the start",
        "https://prescriberpoint.com/therapies/rinvoq-2966aec",
    ):
        assert words in told or words in printed, words


def test_verified_statement_is_not_marked(changed: Changed) -> None:
    changed("certainty_seen: false", "certainty_seen: true")
    changed("strength_seen: true", "strength_seen: false")
    _, printed = run("show", "upadacitinib")
    told = " ".join(printed.split())
    assert "strength strong (not verified), certainty moderate (AAD 2024" in told


def test_a_dose_without_a_verified_code_says_so() -> None:
    _, printed = run("show", "cyclosporine")
    assert "Order: none: no verified code of the product" in printed


@pytest.mark.parametrize("name", [path.stem for path in (ROOT / "mappings/therapies").glob("*")])
def test_therapy_page_loads_nothing_from_elsewhere(http: FlaskClient, name: str) -> None:
    html = http.get(f"/therapies/{name}").text
    found = parsed(html)
    assert html.lstrip().startswith("<!doctype html>")
    assert not found.tags & {"script", "img", "iframe", "object"}
    assert len(found.ids) == len({*found.ids})
    inside = {link[1:] for link in found.links if link.startswith("#")}
    assert inside <= {*found.ids}
    # a style sheet and the site's own pages, and sources on the web
    outside = {link.partition(":")[0] for link in found.links if link[0] not in "#/"}
    assert outside <= {"http", "https"}


def test_what_documents_say_is_escaped(changed: Changed) -> None:
    changed('title: "Copy of the US label of Rinvoq"', 'title: "<script>alert(1)</script>"')
    changed("class: oral JAK1 inhibitor", "class: <b>oral</b>")
    _, html = run("show", "upadacitinib", "--html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;oral&lt;/b&gt;" in html
    assert "<script" not in html


def test_a_link_that_does_not_lead_to_the_web_is_no_link(changed: Changed) -> None:
    changed("https://prescriberpoint.com/therapies/rinvoq-2966aec", "javascript:alert(1)")
    for how in ("--html", "--text"):
        _, printed = run("show", "upadacitinib", how)
        assert "Copy of the US label of Rinvoq" in printed
        assert "javascript" not in printed


def test_a_name_that_means_nothing_is_told() -> None:
    status, printed = run("show", "upadacitinip")
    assert status == 2
    assert printed == "error: there is no therapy 'upadacitinip'; did you mean 'upadacitinib'?\n"


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The service with the shipped documents."""
    wanted = settings(tmp_path_factory.mktemp("web"), content=ROOT)
    return create_app(wanted, store=Store.open(wanted.database_url)).test_client()


def test_a_therapy_is_served_as_a_page(http: FlaskClient) -> None:
    answer = http.get("/therapies/upadacitinib")
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert "oral JAK1 inhibitor" in answer.text


def test_an_unknown_therapy_is_not_found(http: FlaskClient) -> None:
    answer = http.get("/therapies/nothing")
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["resourceType"] == "OperationOutcome"


def test_condition_checked_first_is_marked() -> None:
    _, printed = run("show", "baricitinib")
    assert (
        "[rules it out, checked first where unknown, not of a patient recorded as male] pregnancy"
        in printed
    )
