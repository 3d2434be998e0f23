"""A replay under changed documents finds the planted flips, and only these."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
import responses
from support.cases.run import library
from support.recordings import SERVICE, recorded

from service.errors import SettingsError
from service.library import Library
from service.policy.model import Criterion, Policy
from service.policy.operators import Compare
from service.recordings.recording import read_recording, recordings_in
from service.recordings.recording_replay import (
    Answering,
    Replayed,
    accept,
    by_content,
    by_documents,
    by_server,
    replay_file,
)

NAMES = ("initial-fully-met", "asthma-fully-met", "eoe-fully-met", "crswnp-fully-met")


def replay_folder(folder: Path, answer: Answering) -> list[Replayed]:
    """Every recording of a folder, run again."""
    return [replay_file(path, answer) for path in recordings_in(folder)]


def older(policy: Policy, id_: str, years: float) -> Policy:
    """The policy with another least age in one criterion."""

    def changed(one: Criterion) -> Criterion:
        if one.id == id_ and isinstance(one.operator, Compare) and one.operator.at_least:
            amount = replace(one.operator.at_least, value=years, unit="years")
            return replace(one, operator=replace(one.operator, at_least=amount))
        return replace(one, children=tuple(map(changed, one.children)))

    indications = {
        name: replace(about, initial=changed(about.initial) if about.initial else None)
        for name, about in policy.indications.items()
    }
    return replace(policy, indications=indications)


def planted() -> Library:
    policy = library().policies[0]
    return replace(library(), policies=(older(policy, "crswnp.initial.age", 89),))


def test_exactly_the_planted_flip_is_found(tmp_path: Path) -> None:
    files = recorded(tmp_path, *NAMES)
    assert len(files) == len(NAMES)
    before = [*replay_folder(tmp_path, by_documents(library()))]
    assert all(one.same for one in before)
    after = [one for one in replay_folder(tmp_path, by_documents(planted())) if not one.same]
    assert [line for one in after for line in one.lines if "outcome" in line] == [
        "outcome: met → not_met"
    ]
    assert "crswnp.initial.age: met → not_met" in after[0].lines


@pytest.mark.parametrize(("evaluation", "same"), [("on", True), ("off", False)])
def test_versions_for_evaluation_judge_only_where_the_settings_allow_it(
    tmp_path: Path, evaluation: str, same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(tmp_path, "crswnp-fully-met")
    monkeypatch.setenv("CDS_EVALUATION", evaluation)
    (one,) = replay_folder(tmp_path, by_content(None))
    assert one.same is same
    assert same or one.lines[0] == "outcome: met → no_policy"


def test_a_folder_without_documents_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no folder mappings"):
        by_content(tmp_path)


def test_what_is_answered_now_can_be_accepted(tmp_path: Path) -> None:
    (file,) = recorded(tmp_path, "crswnp-fully-met")
    other = by_documents(planted())
    one = replay_file(file, other)
    assert one.answer is not None
    accept(file, one.answer)
    assert replay_file(file, other).same


def test_a_broken_or_strange_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (file,) = recorded(tmp_path, "crswnp-fully-met")
    strange: dict[str, tuple[Any, ...]] = {
        "holds": ({"claims": "soon"}, {"claims": 7}),
        "request": ({}, {"context": 7}, {"prefetch": []}),
        "answer": ({"cards": 7, "orders": 7}, {"orders": [7]}, {}),
        "asOf": ("tomorrow", 7),
    }
    whole = orjson.loads(file.read_bytes())
    count = 0
    for name, value in [(name, value) for name, values in strange.items() for value in values]:
        count += 1
        (tmp_path / f"{count}.json").write_bytes(orjson.dumps({**whole, name: value}))
    for content in ("{", "[]", "7", '"x"', "null"):
        count += 1
        (tmp_path / f"{count}.json").write_text(content, encoding="utf-8")
    (tmp_path / "folder.json").mkdir()
    replayed = replay_folder(tmp_path, by_documents(library()))
    assert len(replayed) == count + 2
    assert [one.name for one in replayed if one.same] == [file.stem]


def test_a_mistake_of_ours_is_said_without_what_was_read(tmp_path: Path) -> None:
    recorded(tmp_path, "crswnp-fully-met")

    def fails(_: object) -> dict[str, Any]:
        raise ValueError("Amara Okafor")

    (one,) = replay_folder(tmp_path, fails)
    assert one.error == "it cannot be run: ValueError"


def test_an_accepted_answer_is_written_to_its_own_file(tmp_path: Path) -> None:
    (file,) = recorded(tmp_path, "crswnp-fully-met")
    renamed = file.rename(tmp_path / "renamed.json")
    answer = replay_file(renamed, by_documents(planted())).answer
    assert answer is not None
    accept(renamed, answer)
    assert [*tmp_path.iterdir()] == [renamed]
    assert read_recording(renamed).answer == answer


@responses.activate
@pytest.mark.parametrize("answer", [[], {}, 7, {"cards": None}, {"error": "x"}])
def test_what_is_no_answer_is_an_error_and_no_difference(tmp_path: Path, answer: Any) -> None:
    (file,) = recorded(tmp_path, "crswnp-fully-met")
    responses.post(f"https://cds.example/cds-services/{SERVICE}", json=answer)
    one = replay_file(file, by_server("https://cds.example/", date(2027, 1, 5)))
    assert (one.error, one.answer) == ("the service answers no list of cards", None)


@responses.activate
def test_a_server_is_asked_with_days_of_today(tmp_path: Path) -> None:
    (file,) = recorded(tmp_path, "crswnp-fully-met")
    address = f"https://cds.example/cds-services/{SERVICE}"
    responses.post(address, json={"cards": []})
    one = replay_file(file, by_server("https://cds.example/", date(2027, 1, 5)))
    assert one.lines[0] == "orders: 1 → 0"
    sent = responses.calls[0].request.body
    assert isinstance(sent, bytes)
    assert (
        b'"authoredOn":"2027-01-05"' in sent
        or read_recording(file).as_of.isoformat().encode() not in sent
    )
