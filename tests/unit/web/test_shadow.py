"""A candidate beside the documents that serve: what it judges otherwise is counted, and answers stay."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from support.cases.run import library
from support.paths import ROOT

from service.app import create_app
from service.cds.request import AsOf
from service.errors import RequestError, StoreError
from service.library.library import Library
from service.policy.model import ReviewState
from service.settings import read_settings
from service.store import Store
from service.web.runtime import Runtime
from service.web.shadow import MOST_WAITING, NOT_JUDGED, Shadow, ShadowCall

BODY = (ROOT / "fixtures/p001-initial.json").read_bytes()
SIGN = "dupilumab-order-sign"
CALL = ShadowCall(SIGN, "local", BODY, AsOf("day", date(2026, 11, 21)))
SERVING, DRAFT = "bcbsms/L.5.01.513@2025-10-01", "bcbsms/L.5.01.513@2027-01-01"
LEAF = "common.initial.dsp_pharmacy"
NOT_SUPPORTED = RequestError(400, "not-supported", "hook")


@pytest.fixture
def drafted() -> Library:
    """The shipped documents, with a draft that does not ask for the pharmacy and begins next year."""
    serving = library()
    (policy,), (review,) = serving.policies, serving.reviews
    changes: dict[str, Any] = {"effective": date(2027, 1, 1), "state": ReviewState.DRAFT}
    fewer = tuple(one for one in policy.common_initial if one.id != LEAF)
    draft = replace(policy, **changes, common_initial=fewer)
    of_draft = replace(
        review, policy=review.policy.model_copy(update={**changes, "state": "draft"})
    )
    return replace(serving, policies=(policy, draft), reviews=(review, of_draft))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/cds.db")
    yield opened
    opened.close()


def served(drafted: Library, store: Store, **more: str) -> Flask:
    settings = read_settings({"CDS_AS_OF": "2026-11-21", "CDS_PAGES": "off", **more})
    return create_app(settings, library=drafted, store=store)


def judged(shadow: Shadow) -> None:
    """Waits until nothing waits."""
    until = monotonic() + 30
    while shadow.waits and monotonic() < until:
        sleep(0.01)
    assert shadow.waits == 0


def cards_of(app: Flask) -> list[str]:
    answer = app.test_client().post(
        f"/cds-services/{SIGN}", data=BODY, content_type="application/json"
    )
    assert answer.status_code == 200
    answer.close()
    return [card["summary"] for card in answer.json["cards"]]  # type: ignore[index]


def test_differences_are_counted_without_changing_the_answer(
    drafted: Library, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "service.shadow")
    app = served(drafted, store, CDS_SHADOW="drafts")
    runtime: Runtime = app.extensions["runtime"]
    assert cards_of(app) == cards_of(app) == cards_of(served(drafted, store))
    assert runtime.shadow is not None
    judged(runtime.shadow)
    runtime.shadow.close()
    counts = {
        (one.policy, one.candidate, one.criterion): (one.answered, one.shadow, one.count)
        for one in store.shadow_counts()
    }
    assert counts.pop((SERVING, DRAFT, "")) == ("unknown", "unknown", 2)
    assert counts == {(SERVING, DRAFT, LEAF): ("unknown", "not_asked", 2)}
    line = f"policy={SERVING} candidate={DRAFT} criterion={LEAF} answered=unknown shadow=not_asked"
    assert [
        record.getMessage() for record in caplog.records if record.name == "service.shadow"
    ] == [line, line]


def test_nothing_judges_in_shadow_without_a_draft_or_the_setting(
    drafted: Library, store: Store
) -> None:
    for app in (served(drafted, store), served(library(), store, CDS_SHADOW="drafts")):
        assert app.extensions["runtime"].shadow is None


def test_counts_are_added_up_in_the_store(drafted: Library, store: Store) -> None:
    found = NOT_JUDGED._replace(policy="a", answered="met", in_shadow="unknown")
    for _ in range(2):
        runtime: Runtime = served(drafted, store, CDS_SHADOW="drafts").extensions["runtime"]
        assert runtime.shadow is not None
        runtime.shadow.count(found)
        runtime.shadow.close()
    (count,) = [one for one in store.shadow_counts() if one.policy == "a"]
    assert (count.answered, count.shadow, count.count) == ("met", "unknown", 2)


class Kept:
    """Takes counts, and fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.counts: Counter[object] = Counter()
        self._failures = failures

    def __call__(self, counts: Counter[object]) -> None:
        """Takes them."""
        self._failures -= 1
        if self._failures >= 0:
            raise StoreError("gone")
        self.counts.update(counts)


@pytest.mark.parametrize("error", [NOT_SUPPORTED, ZeroDivisionError()])
def test_a_request_that_fails_in_shadow_is_counted_as_not_judged(
    drafted: Library, error: Exception
) -> None:
    def fails(_: ShadowCall) -> list[object]:
        raise error

    kept = Kept()
    shadow = Shadow(drafted, fails, kept)  # type: ignore[arg-type]  # counts what it is given
    for _ in range(3):
        shadow.add(CALL)
    judged(shadow)
    shadow.close()
    assert kept.counts == {NOT_JUDGED: 3}


def test_what_cannot_be_stored_is_stored_later(drafted: Library) -> None:
    kept = Kept(failures=1)
    shadow = Shadow(drafted, lambda _: [], kept)  # type: ignore[arg-type]  # as above
    shadow.count(NOT_JUDGED)
    shadow.write()
    assert kept.counts == {}
    shadow.close()
    assert kept.counts == {NOT_JUDGED: 1}


def test_requests_that_find_too_many_waiting_are_counted(drafted: Library) -> None:
    kept = Kept()
    shadow = Shadow(drafted, lambda _: [], kept, start=lambda _: None)  # type: ignore[arg-type]  # no thread takes any
    for _ in range(MOST_WAITING + 5):
        shadow.add(CALL)
    assert shadow.waits == MOST_WAITING
    shadow.close()
    assert kept.counts == {NOT_JUDGED: MOST_WAITING + 5}
