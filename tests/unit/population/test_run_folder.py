"""The folder of a run: whole files, and what an earlier run wrote."""

from pathlib import Path

import pytest

from service.errors import PopulationError
from service.population.input_files import Chunk, InputFile, TypesRead
from service.population.run_folder import RunFolder, RunPlan, read_done


def test_first_run_writes_what_was_asked_and_the_next_reads_it(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "out")
    folder.begin({"parts": 3})
    assert RunFolder(tmp_path / "out").begin({"parts": 3}) == {"parts": 3}


def test_other_run_is_refused_with_what_differs(tmp_path: Path) -> None:
    RunFolder(tmp_path / "out").begin({"parts": 3, "client": "a"})
    with pytest.raises(PopulationError, match="holds another run: client differ"):
        RunFolder(tmp_path / "out").begin({"parts": 3, "client": "b"})


def test_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    with pytest.raises(PopulationError, match="is not empty and holds no run"):
        RunFolder(tmp_path).begin({})


def test_unreadable_settings_are_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{", encoding="utf-8")
    with pytest.raises(PopulationError, match="cannot be read"):
        RunFolder(tmp_path).begin({})


def test_result_of_a_task_is_read_once_it_is_there(tmp_path: Path) -> None:
    file = tmp_path / "part.json"
    assert read_done(file) is None
    file.write_bytes(b'{"patients": 3}')
    assert read_done(file) == {"patients": 3}


def test_result_that_no_worker_left_here_is_reported(tmp_path: Path) -> None:
    file = InputFile("/in/Patient.ndjson", "Patient.ndjson", 1, 1)
    folder = RunFolder(tmp_path)
    plan = RunPlan(folder, (Chunk(file),), 1, TypesRead(frozenset(), frozenset()))
    with pytest.raises(PopulationError, match="every worker must see the folder of --out"):
        plan.grouped()
    with pytest.raises(PopulationError, match="part-00000"):
        plan.judged()
    with pytest.raises(PopulationError, match="chunk-00000"):
        plan.tables()
