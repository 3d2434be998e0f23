"""The page of a policy version: its parts, and the names that its criteria use."""

from dataclasses import replace
from datetime import date

from support.cases.run import library
from support.shipped import SHIPPED

from service.pages.policy_page import PHASES, page
from service.pages.version_by_name import find_version

VERSION = find_version(library(), SHIPPED, date(2026, 11, 21))


def test_page_has_both_phases_with_every_indication_that_is_encoded() -> None:
    shown = page(VERSION)
    assert (shown.title, shown.name) == (VERSION.policy.title, SHIPPED)
    assert [phase.id for phase in shown.phases] == [*PHASES]
    encoded = {
        indication.title.capitalize()
        for indication in VERSION.policy.indications.values()
        if indication.initial is not None and indication.not_encoded is None
    }
    assert encoded <= {part.title.capitalize() for part in shown.phases[0].parts}


def test_each_fact_is_shown_with_the_criteria_that_use_it() -> None:
    facts = {entry.name: entry for entry in page(VERSION).facts}
    assert any(id_.startswith("ad.") for id_ in facts["ad.bsa"].used_by)
    assert "no.fact" not in facts


def test_address_that_is_no_web_page_is_no_link() -> None:
    for url, shown in (("https://payer.example/p", "https://payer.example/p"), ("file:///x", None)):
        policy = replace(VERSION.policy, url=url)
        assert page(replace(VERSION, policy=policy)).url == shown


def test_end_of_a_version_is_said_only_if_it_has_one() -> None:
    ends = {
        dict(page(replace(VERSION, policy=replace(VERSION.policy, until=until))).about)[
            "In force until"
        ]
        for until in (None, date(2027, 1, 31))
    }
    assert ends == {"no end is set", "2027-01-31"}
