"""One file of a version is read by itself, once for the same documents and names."""

from pathlib import Path

import pytest
from support.changed_documents import changed, shipped, shipped_names

from service.library.documents.folders import Documents
from service.library.policies.criteria_file import (
    CriteriaFile,
    Head,
    read_criteria,
    read_criteria_alone,
    read_head,
)
from service.library.policies.policy_versions import load_version

FOLDER = "mappings/policies/bcbsms/dupilumab/2025-10-01"
AD, COMMON, HEAD = (f"{FOLDER}/{name}.yaml" for name in ("ad", "common", "policy"))


def head_of(documents: Documents) -> Head:
    head, mistakes = read_head(documents.read[HEAD])
    assert mistakes == ()
    assert head is not None
    return head


def alone(documents: Documents, file: str = AD) -> CriteriaFile:
    name = Path(file).stem
    return read_criteria_alone(documents.read[file], name, head_of(documents), shipped_names())


def test_a_sound_file_has_both_phases_and_the_place_of_each_id() -> None:
    file = alone(shipped())
    assert file.mistakes == ()
    assert [len(file.phases[phase]) for phase in ("initial", "renewal")] == [1, 1]
    assert file.ids.keys() == file.places.keys()
    assert all(id_.startswith("ad.") for id_ in file.ids)


def test_the_same_file_is_read_once_whatever_becomes_of_another(tmp_path: Path) -> None:
    other = changed(tmp_path, COMMON, "says: ", "says: Now ")
    assert alone(shipped()) is alone(shipped())
    assert head_of(shipped()) is head_of(other)
    assert alone(shipped()) is alone(other)


def test_a_changed_file_or_head_is_read_anew(tmp_path: Path) -> None:
    file = changed(tmp_path, AD, "at_least: 10 % BSA", "at_least: 15 % BSA")
    assert alone(file) is not alone(shipped())
    head = changed(tmp_path, HEAD, "last_checked: ", "last_checked:  ")
    assert alone(head) is not alone(shipped())


def test_a_version_of_which_one_file_changed_is_as_one_that_is_read_for_the_first_time(
    tmp_path: Path,
) -> None:
    load_version(shipped(), FOLDER, shipped_names())
    documents = changed(tmp_path, AD, "at_least: 10 % BSA", "at_least: 1000 % BSA")
    found = load_version(documents, FOLDER, shipped_names())
    assert [one.what for one in found.mistakes] == ["1000 % BSA lies outside the range of 'ad.bsa'"]
    assert load_version(shipped(), FOLDER, shipped_names()).mistakes == ()


def test_an_id_that_another_file_has_taken_is_told() -> None:
    document, head = shipped().read[AD], head_of(shipped())
    taken = {"ad.initial": "elsewhere.yaml:3"}
    file = read_criteria(document, "ad", head, shipped_names(), taken)
    assert [one.what for one in file.mistakes] == [
        "the id 'ad.initial' stands already at elsewhere.yaml:3"
    ]
    assert "ad.initial" not in file.ids


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("indication: ad\n", "indication: adx\n", "'adx' is not the file's name"),
        ("indication: ad\n", "", "'indication' is missing: the file's name"),
    ],
)
def test_a_file_names_its_indication(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert [one.what for one in alone(changed(tmp_path, AD, old, new)).mistakes] == [says]


def test_a_head_with_mistakes_is_none(tmp_path: Path) -> None:
    documents = changed(tmp_path, HEAD, "payer: bcbsms", "payr: bcbsms")
    head, mistakes = read_head(documents.read[HEAD])
    assert head is None
    assert any("did you mean 'payer'?" in one.what for one in mistakes)
