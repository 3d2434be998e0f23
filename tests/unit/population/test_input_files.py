"""Which files are read, how they are cut, and how many parts the patients are divided into."""

import gzip
from pathlib import Path

import pytest
from support.membership import documents

from service.errors import PopulationError
from service.population.input_files import (
    Chunk,
    TypesRead,
    chunks_of,
    files_not_read,
    fingerprint,
    input_files,
    number_of_parts,
    types_of_names,
    types_read,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a plain file of 100 bytes, a compressed one below, and one that is not read."""
    (tmp_path / "more").mkdir()
    (tmp_path / "Patient.000.ndjson").write_bytes(b"x" * 100)
    (tmp_path / "more/Observation.ndjson.gz").write_bytes(gzip.compress(b"x" * 100))
    (tmp_path / "manifest.txt").write_bytes(b"x")
    return tmp_path


def test_files_of_subfolders_are_read_by_their_endings(folder: Path) -> None:
    assert [file.name for file in input_files(folder)] == [
        "Patient.000.ndjson",
        "more/Observation.ndjson.gz",
    ]


def test_one_file_may_be_named(folder: Path) -> None:
    assert [file.name for file in input_files(folder / "Patient.000.ndjson")] == [
        "Patient.000.ndjson"
    ]


def test_folder_without_such_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PopulationError, match=r"holds no file that ends in \.ndjson, \.jsonl"):
        input_files(tmp_path)


def test_only_plain_files_are_cut_and_no_byte_is_lost(folder: Path) -> None:
    plain, zipped = input_files(folder)
    cut = [*chunks_of([plain, zipped], 30)]
    assert [(chunk.start, chunk.end) for chunk in cut[:-1]] == [
        (0, 30),
        (30, 60),
        (60, 90),
        (90, 100),
    ]
    assert cut[-1] == Chunk(zipped)
    assert sum(chunk.size for chunk in cut) == plain.size + zipped.size


def test_parts_grow_with_the_input(folder: Path) -> None:
    files = input_files(folder)[:1]
    assert (number_of_parts(files, 1000), number_of_parts(files, 30)) == (1, 4)


def test_another_size_is_another_input(folder: Path) -> None:
    before = fingerprint(input_files(folder))
    (folder / "Patient.000.ndjson").write_bytes(b"x" * 101)
    assert fingerprint(input_files(folder)) != before


def test_names_of_files_say_their_types(folder: Path) -> None:
    assert types_of_names(input_files(folder)) == {"Patient", "Observation"}


def test_types_are_those_of_the_sources_and_what_they_refer_to() -> None:
    types = types_read([documents()[1]])
    assert {"Patient", "Observation", "ExplanationOfBenefit", "Claim"} <= types.of_patients
    assert types.shared == {
        "Location",
        "Medication",
        "Organization",
        "Practitioner",
        "PractitionerRole",
    }


TYPES = TypesRead(frozenset({"Patient", "AllergyIntolerance"}), frozenset({"Practitioner"}))


def test_files_that_hold_no_resources_are_named(folder: Path) -> None:
    (folder / ".Patient.ndjson.crc").touch()
    (folder / "more/_SUCCESS").touch()
    assert files_not_read(folder, TYPES) == (".Patient.ndjson.crc", "manifest.txt", "more/_SUCCESS")
    assert files_not_read(folder / "manifest.txt", TYPES) == ()


@pytest.mark.parametrize(
    "name",
    [
        *("AllergyIntolerance.json", "Patient.000.NDJSON", "Practitioner.csv", "Patient"),
        *("export.ndjson.zst", "part-1.parquet.bz2", "more/a.jsonl.zip"),
    ],
)
def test_a_file_whose_resources_would_be_missed_is_refused(folder: Path, name: str) -> None:
    (folder / name).touch()
    with pytest.raises(PopulationError, match=f"they cannot be read: {name};"):
        files_not_read(folder, TYPES)


def test_links_that_lead_nowhere_or_to_a_folder_are_refused(folder: Path, tmp_path: Path) -> None:
    for name, target in (("Patient.9.ndjson", "nowhere"), ("older", "more")):
        (folder / name).symlink_to(tmp_path / target, target_is_directory=True)
        with pytest.raises(PopulationError, match=f"cannot be read: {name};"):
            files_not_read(folder, TYPES)
        (folder / name).unlink()
