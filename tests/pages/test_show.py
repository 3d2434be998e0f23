"""`policy list` and `policy show`: a policy as a document for a pharmacist and a doctor."""

import re
from html.parser import HTMLParser
from pathlib import Path
from shutil import copytree

import pytest
from support.paths import ROOT
from support.shipped import SHIPPED, Changed, Run

from service.pages.html import as_html
from service.pages.plain_text import as_text
from service.pages.policy_page import page
from service.pages.version_by_name import read_folder


class Outline(HTMLParser):
    """Which elements stand open at the end, which ids there are and which links lead to them."""

    VOID = frozenset({"meta", "link", "br", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps what the element is, what it is called and where it leads."""
        given = dict(attrs)
        self.tags.add(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if tag == "a" else []
        self.loads += [str(value) for name, value in attrs if name in {"src", "srcset", "style"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An end tag closes the element that was opened last."""
        assert self.open.pop() == tag


def parsed(html: str) -> Outline:
    outline = Outline()
    outline.feed(html)
    outline.close()
    return outline


def test_the_list_names_every_version(run: Run) -> None:
    status, printed = run("list")
    assert status == 0
    assert f"{SHIPPED}  Dupixent (dupilumab), until no end set, in force on 2026-11-21" in printed


@pytest.mark.parametrize("name", [SHIPPED, "bcbsms/L.5.01.513"])
@pytest.mark.parametrize("how", ["--text", "--html"])
def test_a_version_is_shown_whole(run: Run, name: str, how: str) -> None:
    status, printed = run("show", name, how)
    assert status == 0
    told = " ".join(re.sub(r"<[^>]+>", " ", printed).split())
    for words in (
        "ALL of these",
        "ANY of these (one is enough)",
        "NOT this",
        "At least 10 % of the body surface affected",  # a criterion's sentence
        "at least 10 % BSA; once treated, the last value before the first dose counts",
        "(without one, a newer value that passes)",
        "if never treated, or for a newer value, not older than 90 days",
        "Recorded: Severity: once treated, the last value before the first dose counts",
        "ad.initial.severity.bsa10",
        "line 24",
        "paid claims, dispenses, records of outside pharmacies",  # evidence accepted
        "medium confidence",
        "the whole trial lies inside the window",  # the other reading
        "Were the palms or the soles involved before dupilumab?",  # a question
        "The text names no route for a failed topical steroid",  # a notice
        "Topical calcineurin inhibitors: tacrolimus ointment, pimecrolimus cream",  # a value set
        "four-part definition of medical necessity",  # not encoded
        "2025-10-01",
        "2027-06-30",
        "12 months",
        "State and School Employees",  # decided elsewhere
        "at least 42 days covered in all",
        "at least 90 days from the first to the last",
        "a child is below 18 years",
        "a value of 0 needs no baseline",
        "Ruled out by intolerance or contraindication or hypersensitivity: every one of “Systemic",
        "in the last 12 months; only episodes while on “Inhaled corticosteroids",
        "only values taken while on Inhaled corticosteroids, alone",
        "combination inhaler (only days at a high daily dose or above), or on Systemic cort",
    ):
        assert words in told, words
    assert ": :" not in told


def test_html_page_loads_nothing_from_elsewhere(run: Run) -> None:
    _, html = run("show", SHIPPED, "--html")
    outline = parsed(html)
    assert html.startswith("<!doctype html>")
    assert not outline.open
    assert not outline.tags & {"script", "link", "img", "iframe", "object"}
    assert not outline.loads
    assert "@import" not in html
    assert "url(" not in html
    assert len(outline.ids) == len({*outline.ids})
    inside = [link[1:] for link in outline.links if link.startswith("#")]
    assert inside
    assert {*inside} <= {*outline.ids}


def test_what_documents_say_is_escaped(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("mappings", "cards"):
        copytree(ROOT / name, tmp_path / name)
    file = tmp_path / "mappings/policies/bcbsms/dupilumab/2025-10-01/ad.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("says: Age at least 6 months", 'says: "<script>alert(1)</script>"')
    )
    monkeypatch.setenv("CDS_CONTENT", str(tmp_path))
    _, html = run("show", SHIPPED, "--html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html


def test_a_margin_says_how_far_and_from_which_value(changed: Changed) -> None:
    itch = "[pn.worst_itch], better: lower, stable_counts: false"
    folder = changed("pn.yaml", itch, f"{itch}, by: 50 %")
    told = " ".join(as_text(page(read_folder(folder, ROOT, None))).split())
    assert (
        "lower than before the drug; by at least 50 % of the value before;"
        " the value before taken at most 12 months before the first dose;"
        " the current value not older than 90 days"
    ) in told


def test_what_is_asked_of_each_class_is_shown_once(bound: Path) -> None:
    found = page(read_folder(bound, ROOT, None))
    text, html = as_text(found), as_html(found)
    assert text.count("ad.initial.steady.long") == 1
    assert "Topical calcineurin inhibitors; Topical corticosteroids of medium" in html
    assert "Supply of the class: at least 90 days covered in all" in text
    outline = parsed(html)
    assert len(outline.ids) == len({*outline.ids})


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("bcbsms/L.5.01.514", "did you mean 'bcbsms/L.5.01.513'?"),
        ("bcbsms/L.5.01.513@2024-01-01", "begins on 2024-01-01; there are 2025-10-01"),
    ],
)
def test_a_name_that_means_nothing_is_told(run: Run, name: str, told: str) -> None:
    status, printed = run("show", name)
    assert status == 2
    assert printed.startswith("error: ")
    assert told in printed
    assert printed.count("\n") == 1


def test_before_its_first_day_a_policy_is_found_by_its_day_only(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDS_AS_OF", "2025-09-30")
    assert run("show", "bcbsms/L.5.01.513")[0] == 2
    assert run("show", SHIPPED)[0] == 0
