"""Recordings run within pytest."""

from pathlib import Path

import pytest
from support.recordings import recorded

from service.errors import RecordingError
from service.recordings.replay_in_pytest import replayed


def test_a_folder_is_run(tmp_path: Path) -> None:
    recorded(tmp_path, "eoe-fully-met")
    assert [one.same for one in replayed(tmp_path)] == [True]


def test_a_broken_recording_fails(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(pytest.fail.Exception, match="is no recording"):
        replayed(tmp_path)


def test_a_folder_without_recordings_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordingError):
        replayed(tmp_path)
