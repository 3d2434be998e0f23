"""The links of a Bundle's pages, and the one Bundle that the pages become."""

from typing import Any

import pytest

from service.fhir.fetch.call import Query
from service.fhir.fetch.paging import (
    CUT,
    ENTRIES,
    FAILED,
    FetchedKey,
    below,
    filled,
    is_id,
    link_of,
    narrowing,
    next_link,
)

Json = dict[str, Any]
QUERY = Query("conditions", "https://ehr.example/Condition?patient=p1")


def bundle(*ids: str, **more: Any) -> Json:
    return {"resourceType": "Bundle", "entry": [{"resource": {"id": id_}} for id_ in ids], **more}


def fetched(*pages: Json, whole: bool = True, query: Query = QUERY) -> Json:
    return FetchedKey(query, [*pages], whole=whole).value()


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([], None),
        (None, None),
        ([{"relation": "self", "url": "a"}], None),
        ([{"relation": "next", "url": "b"}], "b"),
        ([{"relation": "next"}], ""),
        ([{"relation": "next", "url": 7}], ""),
        (["next"], ""),
    ],
)
def test_next_page_is_named_unreadable_or_absent(links: object, expected: str | None) -> None:
    assert next_link({"resourceType": "Bundle", "link": links}) == expected


def test_link_of_a_patient_to_another_one_is_no_next_page() -> None:
    page = {"resourceType": "Patient", "link": [{"other": {}, "type": "seealso"}, "odd"]}
    assert next_link(page) is None
    assert link_of(page, "self") is None


def test_without_a_page_the_value_says_that_fetching_failed() -> None:
    assert fetched(whole=False) == FAILED


def test_single_whole_page_stays_as_it_came() -> None:
    page = bundle("a", link=[{"relation": "self", "url": "x"}])
    assert fetched(page) is page


def test_several_pages_become_one_bundle_without_links() -> None:
    first = bundle("a", link=[{"relation": "next", "url": "x"}], total=2)
    assert fetched(first, bundle("b")) == bundle("a", "b", total=2)


@pytest.mark.parametrize(
    ("whole", "query"), [(False, QUERY), (True, Query("conditions", QUERY.url, whole=False))]
)
def test_pages_that_are_not_all_carry_a_warning(whole: bool, query: Query) -> None:
    value = fetched(bundle("a"), whole=whole, query=query)
    assert value["entry"] == [*bundle("a")["entry"], CUT]


def test_entries_above_the_limit_are_cut_with_a_warning() -> None:
    value = fetched(bundle(*map(str, range(ENTRIES))), bundle("one more"))
    assert len(value["entry"]) == ENTRIES + 1
    assert value["entry"][-1] is CUT


def test_page_that_the_ehr_sent_is_the_first_and_is_never_cut() -> None:
    sent = bundle(*map(str, range(ENTRIES + 1)))
    key = FetchedKey(Query("conditions", QUERY.url, page=sent))
    assert key.pages == [sent]
    assert key.value()["entry"] == [*sent["entry"], CUT]


BASE = "https://ehr.example.org/fhir"
PAGE = f"{BASE}/Observation?patient=p1"


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("Patient/{{context.patientId}}", "Patient/p1"),
        ("Observation?patient={{ context.patientId }}", "Observation?patient=p1"),
        ("Observation?code=http://loinc.org|1", "Observation?code=http://loinc.org%7C1"),
        ("Patient/{{context.userId}}", None),
    ],
)
def test_template_is_filled_with_its_tokens_or_not_at_all(template: str, url: str | None) -> None:
    assert filled(template, {"context.patientId": "p1"}) == url


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("p1", True),
        ("a.b-c_d", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("..", False),
        (".", False),
        ("a/b", False),
        ("a b", False),
        ("", False),
    ],
)
def test_id_holds_no_path_and_is_not_of_dots_alone(value: str, is_one: bool) -> None:
    assert is_id(value) is is_one
    assert (filled("Patient/{{id}}", {"id": value}) is not None) is is_one


@pytest.mark.parametrize(
    ("link", "url"),
    [
        (f"{BASE}/Observation?page=2", f"{BASE}/Observation?page=2"),
        ("Observation?page=2", f"{BASE}/Observation?page=2"),
        ("?page=2", f"{BASE}/Observation?page=2"),
        (f"{BASE}?_getpages=x", f"{BASE}?_getpages=x"),
        ("https://other.example.org/fhir/Observation?page=2", None),
        (f"{BASE}x/Observation", None),
        ("https://ehr.example.org/admin", None),
        (f"{BASE}/../admin", None),
        (f"{BASE}/%2e%2e/admin", None),
        (f"{BASE}/%252e%252e/admin", None),
        (f"{BASE}/Observation#x", None),
        (f"{BASE}/Obser vation", None),
        (f"{BASE}/\\..\\admin", None),
        ("http://[", None),
    ],
)
def test_link_is_followed_only_below_the_base(link: str, url: str | None) -> None:
    assert below(BASE, PAGE, link) == url


@pytest.mark.parametrize(
    ("url", "names"),
    [
        (f"{BASE}/Observation?patient=p1&_count=50", set()),
        (f"{BASE}/Observation?patient=p1&status=final&code:in=x", {"status", "code"}),
        (None, set()),
        ("http://[", set()),
    ],
)
def test_parameters_that_leave_results_out_are_named(url: str | None, names: set[str]) -> None:
    assert narrowing(url) == names
