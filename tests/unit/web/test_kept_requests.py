"""Requests kept for their pages: for a short time, under an id that nobody can guess, without tokens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import sleep, time

import orjson
import pytest

from service.cds.request import AsOf
from service.errors import RequestError
from service.store import Store
from service.web import kept_requests, shared_memory
from service.web.kept_requests import MINUTES, KeptRequest, KeptRequests, StoredRequests
from service.web.shared_memory import folder_in_memory

CONTENT = {"hook": "order-sign", "fhirAuthorization": {"access_token": "secret"}}
REQUEST = KeptRequest("service", "local", AsOf("day", date(2026, 11, 21)), CONTENT)


def names(folder: Path) -> list[str]:
    """The files in the folder of kept requests."""
    return [path.name for path in (folder / "kept").iterdir()]


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        """The time of the machine, and as much more as the test wants."""
        return time() + self.ahead


def kept_in(folder: Path) -> tuple[KeptRequests, Clock]:
    clock = Clock()
    return KeptRequests(folder / "kept", clock), clock


def test_request_is_read_again_by_another_process_without_its_token(tmp_path: Path) -> None:
    kept, _ = kept_in(tmp_path)
    id_ = kept.keep(REQUEST)
    assert id_ is not None
    again = KeptRequests(tmp_path / "kept").read(id_)
    assert again is not None
    assert (again.service_id, again.client_id, again.as_of) == ("service", "local", REQUEST.as_of)
    assert again.content == {"hook": "order-sign"}


def test_request_that_was_kept_before_documents_were_noted_is_read() -> None:
    raw = orjson.loads(REQUEST.as_bytes())
    assert KeptRequest.of_bytes(orjson.dumps(raw)) == replace(
        REQUEST, content={"hook": "order-sign"}
    )
    del raw["documents"]
    assert KeptRequest.of_bytes(orjson.dumps(raw)).documents == ""


def test_only_this_user_can_read_it(tmp_path: Path) -> None:
    kept, _ = kept_in(tmp_path)
    id_ = kept.keep(REQUEST)
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    assert (tmp_path / "kept" / str(id_)).stat().st_mode & 0o077 == 0


def test_two_ids_differ_and_have_192_random_bits(tmp_path: Path) -> None:
    kept, _ = kept_in(tmp_path)
    ids = {kept.keep(REQUEST) for _ in range(20)}
    assert len(ids) == 20
    assert all(len(str(id_)) == 32 for id_ in ids)


def test_it_is_gone_after_its_time(tmp_path: Path) -> None:
    kept, clock = kept_in(tmp_path)
    id_ = str(kept.keep(REQUEST))
    clock.ahead = MINUTES * 60 - 5
    assert kept.read(id_) is not None
    clock.ahead = MINUTES * 60 + 5
    assert kept.read(id_) is None
    assert names(tmp_path) == []


def test_old_ones_nobody_reads_are_deleted_when_others_come(tmp_path: Path) -> None:
    kept, clock = kept_in(tmp_path)
    kept.keep(REQUEST)
    clock.ahead = MINUTES * 60 + 5
    id_ = kept.keep(REQUEST)
    assert names(tmp_path) == [id_]


def test_oldest_go_when_the_memory_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_requests, "MOST_BYTES", 2 * len(REQUEST.as_bytes()))
    kept, _ = kept_in(tmp_path)
    for _ in range(6):
        kept.keep(REQUEST)
    assert len(names(tmp_path)) == 3


@pytest.mark.parametrize("id_", ["", "..", "../../etc/passwd", "x" * 31, "x" * 32, "x" * 4000])
def test_nothing_else_is_read(tmp_path: Path, id_: str) -> None:
    kept, _ = kept_in(tmp_path)
    assert kept.read(id_) is None


def test_nothing_is_kept_without_a_folder_or_in_that_of_others(tmp_path: Path) -> None:
    assert KeptRequests().keep(REQUEST) is None
    assert KeptRequests().read("x" * 32) is None
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)
    (tmp_path / "link").symlink_to(tmp_path / "open")
    for name in ("open", "link"):
        assert KeptRequests(tmp_path / name).keep(REQUEST) is None


def test_large_request_is_not_kept(tmp_path: Path) -> None:
    kept, _ = kept_in(tmp_path)
    large = replace(REQUEST, content={"hook": "x" * kept_requests.LARGEST})
    assert kept.keep(large) is None
    assert names(tmp_path) == []


def test_folder_that_is_gone_keeps_nothing(tmp_path: Path) -> None:
    kept, _ = kept_in(tmp_path)
    (tmp_path / "kept").rmdir()
    kept.swept = kept.now()
    assert kept.keep(REQUEST) is None


def test_each_server_has_a_folder_of_its_own() -> None:
    assert folder_in_memory(8080) != folder_in_memory(8081)


def test_old_request_is_deleted_though_no_other_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_memory, "SECONDS_BETWEEN_SWEEPS", 0.01)
    kept, clock = kept_in(tmp_path)
    kept.keep(REQUEST)
    assert len(names(tmp_path)) == 1
    clock.ahead = MINUTES * 60 + 1
    until = time() + 30
    while names(tmp_path) and time() < until:
        sleep(0.01)
    assert names(tmp_path) == []


def test_nothing_is_left_when_the_server_ends(tmp_path: Path) -> None:
    kept, _ = kept_in(tmp_path)
    kept.keep(REQUEST)
    kept.clear()
    assert names(tmp_path) == []
    KeptRequests().clear()


def test_folder_that_is_gone_holds_nothing_and_harms_nothing(tmp_path: Path) -> None:
    kept, clock = kept_in(tmp_path)
    kept.keep(REQUEST)
    for file in (tmp_path / "kept").iterdir():
        file.unlink()
    (tmp_path / "kept").rmdir()
    clock.ahead = MINUTES * 60 + 1
    assert kept.keep(REQUEST) is None
    kept.clear()


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[StoredRequests]:
    store = Store.open(f"sqlite:///{tmp_path}/cds.db", keeps_requests=True)
    assert store.requests is not None
    yield StoredRequests(store.requests)
    store.close()


def test_request_in_the_database_comes_back_without_its_token(stored: StoredRequests) -> None:
    id_ = stored.keep(REQUEST)
    assert id_ is not None
    kept = stored.read(id_)
    assert kept is not None
    assert kept.content == {
        name: one for name, one in CONTENT.items() if name != "fhirAuthorization"
    }
    assert replace(kept, content={}) == replace(REQUEST, content={})


def test_larger_request_is_not_kept_in_the_database(stored: StoredRequests) -> None:
    assert stored.keep(replace(REQUEST, content={"hook": "x" * kept_requests.LARGEST})) is None


def test_pages_of_a_database_stay_when_one_of_its_servers_ends(stored: StoredRequests) -> None:
    id_ = stored.keep(REQUEST)
    assert id_ is not None
    stored.clear()
    assert stored.read(id_) is not None


@pytest.mark.parametrize("id_", ["", "x" * 32, "x" * 31, "../" * 10])
def test_database_has_nothing_under_another_id(stored: StoredRequests, id_: str) -> None:
    assert stored.read(id_) is None


def test_database_that_does_not_answer_is_no_missing_page(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    store = Store.open(f"sqlite:///{tmp_path}/file/cds.db", keeps_requests=True)
    assert store.requests is not None
    with pytest.raises(RequestError, match="try again") as refused:
        StoredRequests(store.requests).read("x" * 32)
    assert refused.value.status == 503
    store.close()
