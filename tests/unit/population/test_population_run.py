"""A run judges every patient as HTTP does, goes on where it stopped, and refuses what it cannot do."""

import json
from pathlib import Path

import pytest
from support.membership import (
    AS_OF,
    CLIENTS,
    STORIES,
    documents,
    judge_members,
    rows_of,
)
from support.paths import ROOT

from service.app import create_app
from service.errors import PopulationError
from service.population.population_run import RunSettings
from service.population.run_folder import RunFolder
from service.settings import read_settings

EXTENSION = "org.dupilumab-cds.assessment"
COUNT = 2 * len(STORIES)


def test_assessments_are_those_of_the_service_byte_for_byte(finished: Path, tmp_path: Path) -> None:
    settings = {
        "CDS_CLIENTS": str(CLIENTS),
        "CDS_AS_OF": AS_OF.isoformat(),
        "CDS_DATABASE_URL": f"sqlite:///{tmp_path / 'cds.db'}",
        "CDS_CACHE_DIR": "",
    }
    app = create_app(read_settings(settings), library=documents()[1])
    caller, compared = app.test_client(), 0
    for row in rows_of(finished):
        answer = caller.post(
            "/cds-services/dupilumab-order-sign",
            data=row["request"],
            content_type="application/json",
        )
        cards = json.loads(answer.data)["cards"]
        served = next(card["extension"][EXTENSION] for card in cards if "extension" in card)
        known = json.loads(row["assessment"])
        # the service gives each answer a new id
        served["id"] = known["id"]
        assert json.dumps(served) == json.dumps(known)
        compared += 1
    assert compared == COUNT


def test_two_patients_of_one_story_have_one_outcome(finished: Path) -> None:
    by_story: dict[int, set[str]] = {}
    for row in rows_of(finished):
        story = int(row["patient"].rsplit("-", 1)[1]) % len(STORIES)
        by_story.setdefault(story, set()).add(row["outcome"])
    assert {len(outcomes) for outcomes in by_story.values()} == {1}
    assert len(by_story) == len(STORIES)


def test_every_story_has_the_outcome_that_it_has_alone(finished: Path) -> None:
    rows = {row["patient"].rsplit("-", 1)[1]: row["outcome"] for row in rows_of(finished)}
    outcomes = {story: rows[str(number)] for number, story in enumerate(STORIES)}
    assert outcomes["initial-fully-met"] == "met"
    assert outcomes["csu-order"] == "not_addressed"
    assert outcomes["other-payer"] == "no_policy"
    assert outcomes["p001-initial"] == "unknown"


def test_run_goes_on_where_it_stopped(export: Path, finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    judge_members(export, out, requests=COUNT)
    before = rows_of(out)
    # as if it had been killed before the summary: work is there, one part is not
    folder = RunFolder(out)
    (out / "summary.html").unlink()
    assert folder.is_finished()
    judge_members(export, out, requests=COUNT)
    assert rows_of(out) == before == rows_of(finished)


def test_folder_of_another_run_is_refused(export: Path, finished: Path) -> None:
    with pytest.raises(PopulationError, match="holds another run: requests differ"):
        judge_members(export, finished, requests=1)


def test_results_inside_the_input_are_refused(export: Path) -> None:
    with pytest.raises(PopulationError, match="--out is inside INPUT"):
        judge_members(export, export / "out")


def test_order_for_all_judges_those_with_its_diagnosis(export: Path, tmp_path: Path) -> None:
    story = json.loads((ROOT / "fixtures/p001-initial.json").read_text(encoding="utf-8"))
    order = story["context"]["draftOrders"]["entry"][0]["resource"]
    rows = judge_members(export, tmp_path / "out", order=json.dumps(order).encode())
    judged = {row["patient"] for row in rows if row["outcome"]}
    left_out = {row["patient"] for row in rows if row["not_judged"] == "no_diagnosis"}
    assert any(patient.startswith("p001") for patient in judged)
    assert left_out
    assert len(judged | left_out) == COUNT


def test_what_was_asked_says_nothing_of_patients(export: Path, finished: Path) -> None:
    written = (finished / "run.json").read_text(encoding="utf-8")
    assert not [row["patient"] for row in rows_of(finished) if row["patient"] in written]
    assert RunSettings(export, finished, documents()[0], "local", ("day", AS_OF)).requests == 0
