"""URLs below the client's FHIR server."""

import pytest

from service.fhir.fetch.urls import below, filled, is_id, narrowing

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
