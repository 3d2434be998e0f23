"""The cache of the library: used where it fits, and never else."""

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copy2, copytree, ignore_patterns

import orjson
import pytest
from support.paths import ROOT

from service import __version__
from service.errors import DocumentsError
from service.library import stored_library
from service.library.library import Library, content_hash
from service.library.stored_library import FILE, cache_key, library_at_start
from service.library.stored_policies import StoredPolicies

pytestmark = pytest.mark.slow

SHIPPED = "bcbsms"
LEFT_OUT = ("directories", "notes", "pathways", "therapies")
PAYERS = (SHIPPED, "plan001x", "plan002x")
POLICY = f"mappings/policies/{SHIPPED}/dupilumab/2025-10-01/ad.yaml"


def _add_payer(mappings: Path, payer: str) -> None:
    name = f"{payer.capitalize()} Mutual"
    (mappings / f"payers/{payer}.yaml").write_text(
        f"payer: {payer}\nname: {name}\nshort: {payer}\nsource: a test\n"
        f"identifiers: []\nnames: [{name}]\nelsewhere: []\nnetwork_pharmacies: []\n"
    )
    folder = copytree(mappings / f"policies/{SHIPPED}", mappings / f"policies/{payer}")
    for file in folder.rglob("*.yaml"):
        file.write_text(file.read_text("utf-8").replace(SHIPPED, payer), encoding="utf-8")


def _shorten(value_sets: Path) -> None:
    """Leaves the first code of each list: a start then takes a third of the time.

    Lists of inhalers stay whole, and those with intervals: other documents name what is in them.
    """
    for file in value_sets.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        if ".ics" not in file.name and "\nintervals:" not in text:
            file.write_text(
                re.sub(r"(?m)^(    - \{code:.*\n)(?:    - \{code:.*\n)+", r"\1", text), "utf-8"
            )


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shipped documents with short lists and without therapies, three payers, and `cache/` made of them."""
    folder = tmp_path_factory.mktemp("documents")
    for name in ("mappings", "cards"):
        copytree(ROOT / name, folder / name, ignore=ignore_patterns(*LEFT_OUT))
    _shorten(folder / "mappings/value_sets")
    for payer in PAYERS[1:]:
        _add_payer(folder / "mappings", payer)
    assert not is_from_cache(library_at_start(folder, None, folder / "cache"))
    return folder


@pytest.fixture
def content(documents: Path, tmp_path: Path) -> Iterator[Path]:
    """The same for one test to change."""
    folder = copytree(documents, tmp_path / "content")
    (folder / "cache").chmod(0o700)
    yield folder
    (folder / "cache").chmod(0o700)


def start(content: Path) -> Library:
    return library_at_start(content, None, content / "cache")


def is_from_cache(library: Library) -> bool:
    return isinstance(library.policies, StoredPolicies)


def test_library_of_the_same_documents_comes_from_the_cache_and_is_the_same(content: Path) -> None:
    known = start(content)
    assert is_from_cache(known)
    assert [policy.payer for policy in known.policies] == list(PAYERS)
    assert [review.policy.payer for review in known.reviews] == list(PAYERS)
    assert known.content == content_hash(content, None, __version__)
    assert known.counts["policies"] == len(PAYERS)
    assert known.client("local").id == "local"


def test_cache_is_for_this_user_alone_and_holds_no_client(content: Path) -> None:
    file = content / "cache" / FILE
    assert file.stat().st_mode & 0o777 == 0o600
    clients = content / "clients.yaml"
    clients.write_text("clients: [{id: a-client-of-ours}]")
    file.unlink()
    assert "a-client-of-ours" in library_at_start(content, clients, file.parent).clients
    assert b"a-client-of-ours" not in file.read_bytes()


def test_clients_are_read_at_every_start(content: Path) -> None:
    clients = content / "clients.yaml"
    clients.write_text("clients: [{id: first, default_payer: plan001x}]")
    known = library_at_start(content, clients, content / "cache")
    assert is_from_cache(known)
    assert list(known.clients) == ["first"]
    assert known.content == content_hash(content, clients, __version__)
    clients.write_text("clients: [{id: first, default_payer: plan001}]")
    with pytest.raises(DocumentsError) as refused:
        library_at_start(content, clients, content / "cache")
    assert "clients.yaml:1" in str(refused.value)
    assert "no payer 'plan001'; did you mean 'plan001x'?" in str(refused.value)


def test_without_a_folder_there_is_no_cache(content: Path) -> None:
    assert not is_from_cache(library_at_start(content, None, None))


def test_one_byte_more_in_a_document_makes_it_stale(content: Path) -> None:
    with (content / POLICY).open("a", encoding="utf-8") as file:
        file.write("#")
    assert not is_from_cache(start(content))
    assert is_from_cache(start(content))


def test_mistake_in_a_document_stops_the_start_with_its_line(content: Path) -> None:
    text = (content / POLICY).read_text("utf-8")
    (content / POLICY).write_text(text.replace("indication: ad", "indication: adx", 1))
    written = (content / "cache" / FILE).read_bytes()
    with pytest.raises(DocumentsError) as refused:
        start(content)
    assert f"{POLICY}:" in str(refused.value)
    assert (content / "cache" / FILE).read_bytes() == written


@pytest.mark.parametrize(
    ("name", "value"), [("__version__", "0.0.0"), ("CODE", ROOT / "tests/house")]
)
def test_another_version_or_other_code_makes_it_stale(
    content: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    key = cache_key(content)
    monkeypatch.setattr(stored_library, name, value)
    assert cache_key(content) != key


def test_new_file_makes_it_stale_whatever_it_is_called(content: Path) -> None:
    key = cache_key(content)
    (content / "mappings/value_sets/notes.txt").touch()
    assert cache_key(content) != key


@pytest.mark.parametrize("at", [0, 400, -1])
def test_damaged_file_is_ignored_and_written_again(content: Path, at: int) -> None:
    file = content / "cache" / FILE
    whole = file.read_bytes()
    damaged = bytearray(whole)
    damaged[at] ^= 1
    file.write_bytes(damaged)
    assert not is_from_cache(start(content))
    assert file.read_bytes() == whole


@pytest.mark.parametrize("sizes", [[10**14, 1], [-1], [1], []])
def test_file_of_other_sizes_than_it_says_is_ignored(content: Path, sizes: list[int]) -> None:
    file = content / "cache" / FILE
    head, rest = file.read_bytes().split(b"\n", 1)
    changed = {**orjson.loads(head), "sizes": sizes}
    file.write_bytes(orjson.dumps(changed) + b"\n" + rest)
    assert not is_from_cache(start(content))


@pytest.mark.parametrize("size", [0, 500, 100_000])
def test_file_that_is_cut_off_is_ignored(content: Path, size: int) -> None:
    os.truncate(content / "cache" / FILE, size)
    assert not is_from_cache(start(content))


@pytest.mark.parametrize(("name", "mode"), [(FILE, 0o620), (FILE, 0o602), (".", 0o777)])
def test_file_that_others_can_write_to_is_ignored(
    content: Path, caplog: pytest.LogCaptureFixture, name: str, mode: int
) -> None:
    (content / "cache" / name).chmod(mode)
    assert not is_from_cache(start(content))
    assert "others can write to it" in caplog.text


def test_file_of_another_user_is_ignored(
    content: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert not is_from_cache(start(content))
    assert "of another user" in caplog.text


def test_link_is_not_followed(content: Path) -> None:
    file = content / "cache" / FILE
    copy2(file, content / "elsewhere")
    file.unlink()
    file.symlink_to(content / "elsewhere")
    assert not is_from_cache(start(content))
    assert not file.is_symlink()


def test_folder_that_cannot_be_made_is_no_reason_to_stop(
    content: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (content / "file").touch()
    assert not is_from_cache(library_at_start(content, None, content / "file" / "cache"))
    assert "are not kept" in caplog.text


def test_two_starts_at_once_leave_a_whole_file_and_nothing_else(content: Path) -> None:
    (content / "cache" / FILE).unlink()
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(start, [content, content]))
    assert [len(one.policies) for one in both] == [len(PAYERS)] * 2
    assert [one.name for one in (content / "cache").iterdir()] == [FILE]
    assert is_from_cache(start(content))
