"""The documents of mappings/ in their folders, and the names of them."""

from pathlib import Path

from support.changed_documents import changed

from service.library.load import check_documents


def test_names_of_unsound_documents_count_as_known(tmp_path: Path) -> None:
    file = "mappings/facts/ad/bsa.yaml"
    checked = check_documents(changed(tmp_path, file, "fact: ad.bsa", "fakt: ad.bsa"), None)
    assert {mistake.file for mistake in checked.mistakes} == {file}
