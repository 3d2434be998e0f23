"""The value sets without the rest of the library."""

from pathlib import Path
from shutil import copytree

import pytest
from support.paths import ROOT

from service.errors import DocumentsError
from service.library.value_sets_alone import read_value_sets

SET = "{value_set: a, kind: drug, says: x, source: {}}"


def laid_out(content: Path, **files: str) -> Path:
    for name, text in files.items():
        path = content / "mappings" / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return content


def test_sets_have_their_shape_and_their_file(tmp_path: Path) -> None:
    found = read_value_sets(laid_out(tmp_path, value_sets__a=SET, code_systems="code_systems: []"))
    assert [*found.shapes] == ["a"]
    assert found.files == {"a": "mappings/value_sets/a.yaml"}
    assert found.systems.code_systems == ()


def test_shipped_value_sets_each_stand_in_a_file_of_their_name(tmp_path: Path) -> None:
    copytree(ROOT / "mappings/value_sets", tmp_path / "mappings/value_sets")
    text = (ROOT / "mappings/code_systems.yaml").read_text(encoding="utf-8")
    found = read_value_sets(laid_out(tmp_path, code_systems=text))
    assert found.files
    assert all(file.endswith(f"/{name}.yaml") for name, file in found.files.items())


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    content = laid_out(tmp_path, value_sets__a="{value_set: a}", value_sets__b="- x")
    with pytest.raises(DocumentsError) as told:
        read_value_sets(content)
    files = {one.file for one in told.value.mistakes}
    assert files == {
        "mappings/code_systems.yaml",
        "mappings/value_sets/a.yaml",
        "mappings/value_sets/b.yaml",
    }
