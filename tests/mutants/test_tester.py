"""The run of mutants itself: a mutant that no case kills is told, and so is a listed one that is killed."""

from pathlib import Path

import pytest
from mutants.edits import changed, edits_of
from mutants.killing import passing
from mutants.shipped import judged
from mutants.survivors import Listed
from mutants.versions import Version
from support.cases.run import cases_of
from support.language import VERSION, lay_out

from service.library import Library, load_library
from service.library.documents.folders import read_documents
from service.library.mapping_folders import names_of, read_mappings

POLICY = """
indication: ad
initial:
  {id: ad.initial, says: Body surface, cite: "1", fact: ad.bsa, at_least: 10 % BSA, within: 90 days}
renewal:
  {id: ad.renewal, says: Diagnosis, cite: "2", recorded: ad.diagnosis}
"""
HEAD = "as_of: 2026-11-20\ncases:\n"
ENOUGH = """
  - says: 10 % of 90 days ago
    given: {findings: [{what: affected body surface, value: 10 %, on: 90 days ago}]}
    expect: {ad.initial: met}
  - says: 9 %
    given: {findings: [{what: affected body surface, value: 9 %}]}
    expect: {ad.initial: not_met}
  - says: 10 % of 91 days ago
    given: {findings: [{what: affected body surface, value: 10 %, on: 91 days ago}]}
    expect: {ad.initial: [unknown, stale]}
"""
WEAK = """
  - says: 40 % of today
    given: {findings: [{what: affected body surface, value: 40 %}]}
    expect: {ad.initial: met}
"""
TOO_FEW = {
    "ad.yaml: ad.initial: at_least -1",
    "ad.yaml: ad.initial: at_least +1",
    "ad.yaml: ad.initial: at_least is more_than",
    "ad.yaml: ad.initial: within dropped",
    "ad.yaml: ad.initial: within -1",
    "ad.yaml: ad.initial: within +1",
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny policy among the shipped documents."""
    folder = tmp_path_factory.mktemp("tiny")
    lay_out("scores", folder)
    (folder / VERSION / "ad.yaml").write_text(POLICY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def tiny(content: Path) -> Library:
    """The library with the tiny policy."""
    return load_library(content, None)


def _judged(content: Path, tiny: Library, tmp_path: Path, cases: str) -> dict[str, str | None]:
    documents = read_documents(content)
    names = names_of(read_mappings(documents, []))
    path = tmp_path / "ad.yaml"
    path.write_text(HEAD + cases, encoding="utf-8")
    version = Version(documents, VERSION, names)
    return dict(judged(version, "ad.yaml", passing(cases_of(path, "ad.yaml"), tiny), tiny))


def test_cases_at_the_boundary_kill_every_mutant(
    content: Path, tiny: Library, tmp_path: Path
) -> None:
    found = _judged(content, tiny, tmp_path, ENOUGH)
    assert found.keys() >= TOO_FEW
    assert [name for name, killer in found.items() if killer is None] == []


def test_a_mutant_that_no_case_kills_fails_the_run(
    content: Path, tiny: Library, tmp_path: Path
) -> None:
    found = _judged(content, tiny, tmp_path, WEAK)
    wrong = Listed(()).wrong(found.items())
    assert {f"{name}: no case fails" for name in TOO_FEW} <= {*wrong}


def test_a_listed_survivor_that_a_case_kills_fails_the_run(
    content: Path, tiny: Library, tmp_path: Path
) -> None:
    listed = Listed(("ad.yaml: ad.initial: at_least ?1",))
    wrong = listed.wrong(_judged(content, tiny, tmp_path, ENOUGH).items())
    assert len(wrong) == 2
    assert all("listed as a survivor, but killed by" in one for one in wrong)


def test_a_pattern_that_fits_nothing_is_told() -> None:
    assert Listed(("ad.yaml: *", "pn.yaml: *")).idle(["ad.yaml: ad.initial: within +1"]) == [
        "pn.yaml: *"
    ]


def test_a_margin_moves_by_one_unit() -> None:
    asked = {"trend": {"of": ["ad.easi"], "better": "lower", "by": "50 %"}}
    document = {"initial": {"id": "ad.initial", **asked}}
    found = {one.name: one.value for one in edits_of(document, "ad.yaml") if ".by" in one.name}
    assert {name: found[name] for name in found if "1" in name} == {
        "ad.initial: trend.by -1": "49 %",
        "ad.initial: trend.by +1": "51 %",
    }


def test_an_edit_leaves_the_document_as_it_is() -> None:
    document = {"initial": {"id": "ad.initial", "all": [{"id": "ad.a"}, {"id": "ad.b"}]}}
    dropped = next(one for one in edits_of(document, "ad.yaml") if one.way == "without ad.b")
    assert changed(document, dropped.at, dropped.value)["initial"]["all"] == [{"id": "ad.a"}]
    assert len(document["initial"]["all"]) == 2
