"""What differs from the version before, as a page."""

from dataclasses import replace
from datetime import date

from support.cases.run import library
from support.site import http

from service.app import create_app
from service.pages.difference.tighter_or_looser import TITLES, Change, Kind
from service.settings import read_settings
from service.store import Store
from service.web.site.version_differences import grouped

NAME = "bcbsms/L.5.01.513"


def test_first_version_has_none_before_it() -> None:
    client = http()
    assert client.get(f"/differences/{NAME}@2025-10-01").status_code == 404
    assert client.get("/differences/nobody/nothing").status_code == 404


def test_two_versions_are_compared() -> None:
    known = library()
    policy, review = known.policies[0], known.reviews[0]
    later = replace(policy, effective=date(2026, 7, 1), document="L.5.01.513, second edition")
    shape = review.policy.model_copy(update={"effective": date(2026, 7, 1)})
    both = replace(known, policies=[policy, later], reviews=(review, replace(review, policy=shape)))
    settings = read_settings({"CDS_AS_OF": "2026-11-21", "CDS_PAGES": "off"})
    client = create_app(settings, library=both, store=Store.open("sqlite://")).test_client()
    page = client.get(f"/differences/{NAME}@2026-07-01")
    assert page.status_code == 200
    assert "second edition" in page.text
    assert f'href="/differences/{NAME}@2026-07-01"' in client.get("/policies").text


def test_differences_are_grouped_in_the_order_of_their_titles() -> None:
    changes = [Change(Kind.NEW, "a", "b"), Change(Kind.TIGHTER, "c", "d")]
    assert [title for title, _ in grouped(changes)] == [TITLES[Kind.TIGHTER], TITLES[Kind.NEW]]
