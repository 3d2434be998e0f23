"""A token used twice, over workers and restarts."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import time
from typing import Any

import pytest
from support.fakes import SELECT, hook_request, order, settings
from support.signing import OURS, PATH, Signer

from service.store import Store

ES = Signer()
OTHER = hook_request("order-sign", order("another"))
# what becomes of the same token for the same call, and of the same token for another body
POLICIES = {"refuse": (401, 401), "retry": (200, 401), "off": (200, 200)}


@pytest.fixture(autouse=True)
def _keys(serves: Callable[..., None]) -> None:
    serves(ES)


@pytest.fixture
def reopened(tmp_path: Path) -> Iterator[Store]:
    """The same database, opened by another process or after a restart."""
    again = Store.open(settings(tmp_path).database_url)
    yield again
    again.close()


@pytest.mark.conforms("SEC-13")
@pytest.mark.parametrize(("replay", "statuses"), POLICIES.items())
@pytest.mark.parametrize("where", ["one process", "another process"])
def test_token_is_accepted_once_or_repeatedly_as_the_client_is_configured(
    open_site: Any, reopened: Store, where: str, replay: str, statuses: tuple[int, int]
) -> None:
    first = open_site(replay=replay)
    second = first if where == "one process" else open_site(replay=replay, on=reopened)
    token = ES.token()
    assert first.call(token).status_code == 200
    assert second.call(token).status_code == statuses[0]
    refused = second.call(token, OTHER)
    assert refused.status_code == statuses[1]
    if statuses[1] == 401:
        assert "check 'jti'" in refused.json["issue"][0]["diagnostics"]
    assert second.call(ES.token(), OTHER).status_code == 200


@pytest.mark.conforms("SEC-13")
def test_a_token_of_a_stopped_service_is_known_after_the_start(
    open_site: Any, store: Store, reopened: Store
) -> None:
    token = ES.token()
    assert open_site().call(token).status_code == 200
    store.close()
    assert open_site(on=reopened).call(token, OTHER).status_code == 401


def test_the_same_body_for_another_address_is_another_call(open_site: Any) -> None:
    elsewhere = f"/cds-services/{SELECT}"
    token = ES.token(aud=[f"{OURS}{PATH}", f"{OURS}{elsewhere}"])
    site, body = open_site(), hook_request("order-select")
    assert site.call(token, body, elsewhere).status_code == 200
    assert site.call(token, body, PATH).status_code == 401


@pytest.mark.conforms("SEC-13")
def test_a_new_token_under_a_used_id_is_refused(open_site: Any) -> None:
    site = open_site()
    assert site.call(ES.token(jti="one")).status_code == 200
    assert site.call(ES.token(jti="one", sub="another")).status_code == 401


def test_an_unsound_token_does_not_use_up_its_id(open_site: Any) -> None:
    site = open_site()
    assert site.call(ES.token(jti="one", exp=int(time()) - 999)).status_code == 401
    assert site.call(ES.token(jti="one")).status_code == 200


@pytest.mark.conforms("SEC-13")
def test_of_two_workers_at_once_one_is_first(open_site: Any, reopened: Store) -> None:
    sites = (open_site(replay="refuse"), open_site(replay="refuse", on=reopened))
    for site in sites:
        assert site.call(ES.token()).status_code == 200
    for _ in range(10):
        token = ES.token()
        with ThreadPoolExecutor(8) as callers:
            answers = list(callers.map(lambda n, t=token: sites[n % 2].call(t), range(8)))
        assert sorted(one.status_code for one in answers) == [200, *[401] * 7]


def kept(folder: Path) -> list[tuple[Any, ...]]:
    """The rows of the table."""
    with sqlite3.connect(folder / "var/cds.db") as connection:
        rows = connection.execute("select * from seen_tokens").fetchall()
    connection.close()
    return rows


def test_only_hashes_are_kept_and_only_while_a_token_lives(
    open_site: Any, tmp_path: Path, reopened: Store
) -> None:
    token = ES.token(jti="a-telling-id", exp=int(time()) + 60)
    assert open_site().call(token).status_code == 200
    ((id_, call, expires_at),) = kept(tmp_path)
    assert (len(id_), len(call)) == (64, 64)
    assert time() + 60 < expires_at < time() + 120
    reopened.note_token("0" * 64, "0" * 64, int(time()) + 999, int(time()) + 500)
    assert [row[0] for row in kept(tmp_path)] == ["0" * 64]


def test_an_id_is_free_again_once_its_token_has_expired(store: Store) -> None:
    assert store.note_token("a", "first", 100, 50) == "new"
    assert store.note_token("a", "second", 100, 50) == "otherwise"
    assert store.note_token("a", "second", 200, 101) == "new"
    assert store.note_token("a", "second", 200, 101) == "again"


@pytest.mark.parametrize(("replay", "status"), [("refuse", 503), ("retry", 200), ("off", 200)])
def test_without_a_store_cards_come_unless_no_token_may_come_twice(
    open_site: Any, tmp_path: Path, replay: str, status: int
) -> None:
    (tmp_path / "down").write_text("a file where the folder should be")
    down = Store.open(f"sqlite:///{tmp_path}/down/cds.db")
    site = open_site(replay=replay, on=down)
    for _ in range(2):
        assert site.call(ES.token()).status_code == status
    down.close()
