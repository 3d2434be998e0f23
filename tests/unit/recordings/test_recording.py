"""A recording as a file."""

from datetime import date
from pathlib import Path

import pytest

from service.errors import RecordingError
from service.recordings.recording import Recording, read_recording, recordings_in, service_name

ONE = Recording("s-1", "s", date(2026, 11, 21), {"claims": "2015-01-01"}, {}, {"cards": []}, {})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert read_recording(ONE.write(tmp_path)) == ONE
    assert [file.name for file in recordings_in(tmp_path)] == ["s-1.json"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"recording": 2}'])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content, encoding="utf-8")
    with pytest.raises(RecordingError, match=r"x\.json"):
        read_recording(tmp_path / "x.json")


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no folder of recordings"):
        list(recordings_in(tmp_path))


def test_a_service_s_id_is_no_path() -> None:
    with pytest.raises(RecordingError):
        service_name("../x")
