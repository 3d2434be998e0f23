"""A request judged by two libraries: outcomes are always compared, criteria told where they differ."""

from dataclasses import replace
from datetime import date

from support.cases.run import library
from support.paths import ROOT

from service.advise.shadow_comparison import ABSENT, OUTCOME, compared
from service.cds.request import AsOf, parse_hook_request
from service.cds.strict_json import parse_body
from service.library.library import Library
from service.policy.model import ReviewState

AS_OF = AsOf("day", date(2026, 11, 21))
NAME = "bcbsms/L.5.01.513@2025-10-01"


def told(candidate: Library, name: str = "p001-initial") -> list[tuple[str, ...]]:
    body = parse_body((ROOT / f"fixtures/{name}.json").read_bytes())
    requests = [parse_hook_request(body, frozenset({"order-sign"})) for _ in range(2)]
    found = compared((library(), candidate), requests, "local", AS_OF)
    assert {one.policy for one in found} == {NAME}
    return [(one.candidate, one.criterion, one.answered, one.in_shadow) for one in found]


def test_same_documents_differ_in_nothing() -> None:
    assert told(library()) == [(NAME, OUTCOME, "unknown", "unknown")]


def test_policy_that_judges_no_order_is_told_with_every_criterion_it_does_not_ask() -> None:
    (policy,) = library().policies
    without = replace(library(), policies=(replace(policy, state=ReviewState.DRAFT),))
    first, *criteria = told(without)
    assert first == ("no_policy", OUTCOME, "unknown", "no_policy")
    assert criteria
    assert {truth for *_, truth in criteria} == {ABSENT}


def test_draft_judges_as_candidate_before_its_first_day() -> None:
    (policy,) = library().policies
    draft = replace(policy, state=ReviewState.DRAFT, effective=date(2030, 1, 1))
    candidate = replace(library(), policies=(policy, draft)).as_candidate()
    assert told(candidate)[0] == (NAME.replace("2025-10", "2030-01"), OUTCOME, "unknown", "unknown")
