"""A version of a policy by its name, by its day and by its folder."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from support.cases.run import library
from support.paths import ROOT
from support.shipped import FOLDER, SHIPPED

from service.errors import DocumentsError, UnknownPolicyError
from service.pages.version_by_name import find_version, read_folder, versions

ID, _, DAY = SHIPPED.partition("@")
TODAY = date(2026, 11, 21)


def test_shipped_version_is_found_with_and_without_its_day() -> None:
    found = find_version(library(), SHIPPED, TODAY)
    assert found.name == find_version(library(), ID, TODAY).name == SHIPPED
    assert found.payer is not None
    assert found.payer.id == found.policy.payer
    assert found.head.effective == date.fromisoformat(DAY)


@pytest.mark.parametrize(
    ("name", "today", "says"),
    [
        (ID, date(2025, 9, 30), f"no version of '{ID}' is in force on 2025-09-30; there are {DAY}"),
        (f"{ID}@2020-01-01", TODAY, f"no version of '{ID}' begins on 2020-01-01; there are {DAY}"),
        ("bcbsms/L.5.01.51", TODAY, f"there is no policy 'bcbsms/L.5.01.51'; did you mean '{ID}'?"),
        ("zzz", TODAY, f"there is no policy 'zzz'; there are {ID}"),
        ("", TODAY, f"there is no policy ''; there are {ID}"),
    ],
)
def test_name_that_means_no_version_is_told_with_those_that_are_there(
    name: str, today: date, says: str
) -> None:
    with pytest.raises(UnknownPolicyError) as told:
        find_version(library(), name, today)
    assert str(told.value) == says


def test_versions_are_sorted_by_name_and_day() -> None:
    names = [one.name for one in versions(library())]
    assert names == sorted(names)
    assert SHIPPED in names
    assert versions(replace(library(), policies=(), reviews=())) == []


def test_folder_without_documents_means_no_version(tmp_path: Path) -> None:
    with pytest.raises(UnknownPolicyError, match=r"holds neither policy\.yaml nor mappings/"):
        read_folder(tmp_path, ROOT, None)


def test_folder_whose_head_names_no_place_is_refused(tmp_path: Path) -> None:
    folder = copytree(FOLDER, tmp_path / "copy")
    head = folder / "policy.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("payer: bcbsms", "payer: ../b", 1))
    with pytest.raises(DocumentsError, match="'payer' is missing or is no plain name"):
        read_folder(folder, ROOT, None)
