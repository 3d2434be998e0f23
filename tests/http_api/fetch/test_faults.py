"""Whatever goes wrong at the EHR's server: the card comes, and says what could not be had."""

import gzip
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from requests import ConnectionError as Refused
from requests import ConnectTimeout, PreparedRequest, ReadTimeout
from requests.exceptions import ChunkedEncodingError, ContentDecodingError, SSLError
from support.ehr import BASE, PATIENT, SIGN, TOKEN, Ehr, Json, sent, states, twin
from support.empty_store import empty_store
from werkzeug.test import TestResponse

Call = Callable[..., TestResponse]
CLAIMS = f"{BASE}/ExplanationOfBenefit"
ELSEWHERE = "https://evil.example/fhir/ExplanationOfBenefit"
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "x"}]}
MEGABYTE = 1024 * 1024


def bundle(*resources: Any, **more: Any) -> Json:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": one} for one in resources],
        **more,
    }


def claim(n: int = 1, patient: str = PATIENT) -> Json:
    return {
        "resourceType": "ExplanationOfBenefit",
        "id": f"c{n}",
        "status": "active",
        "patient": {"reference": f"Patient/{patient}"},
    }


def to(url: str) -> dict[str, Any]:
    return {"link": [{"relation": "next", "url": url}]}


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "cannot connect in time": ({"body": ConnectTimeout()}, "failed"),
    "does not answer in time": ({"body": ReadTimeout()}, "failed"),
    "refuses the connection": ({"body": Refused()}, "failed"),
    "breaks off": ({"body": ChunkedEncodingError()}, "failed"),
    "sends broken gzip": ({"body": ContentDecodingError()}, "failed"),
    "has no trusted certificate": ({"body": SSLError()}, "failed"),
    "nothing": ({"status": 204}, "failed"),
    "not allowed 401": ({"status": 401}, "failed"),
    "not allowed 403": ({"status": 403, "json": OUTCOME}, "failed"),
    "not there 404": ({"status": 404, "json": OUTCOME}, "failed"),
    "a whole answer with 404": ({"status": 404, "json": bundle()}, "failed"),
    "too often 429": ({"status": 429, "headers": {"Retry-After": "7"}}, "failed"),
    "too often, until a date": (
        {"status": 429, "headers": {"Retry-After": "Fri, 20 Nov 2026 10:00:00 GMT"}},
        "failed",
    ),
    "broken 500": ({"status": 500, "body": "<html>Traceback</html>"}, "failed"),
    "a redirect to another host": ({"status": 302, "headers": {"Location": ELSEWHERE}}, "failed"),
    "HTML": ({"body": "<html>please log in</html>", "content_type": "text/html"}, "failed"),
    "half a JSON": ({"body": '{"resourceType": "Bundle", "entry": ['}, "failed"),
    "a number that JSON has not": ({"body": '{"resourceType": "Bundle", "total": NaN}'}, "failed"),
    "not UTF-8": ({"body": b'{"resourceType": "Bundle\xff"}'}, "failed"),
    "an empty body": ({"body": b""}, "failed"),
    "nested too deep": ({"body": '{"a":' * 500 + "1" + "}" * 500}, "failed"),
    "nested far too deep": ({"body": "[" * 100_000}, "failed"),
    "a list": ({"json": [claim()]}, "failed"),
    "null": ({"json": None, "body": "null"}, "failed"),
    "a text": ({"body": '"claims"'}, "failed"),
    "50 MB": ({"body": b'{"a":"' + b"x" * 50 * MEGABYTE + b'"}'}, "failed"),
    "an OperationOutcome": ({"json": OUTCOME}, "failed"),
    "an error among the entries": ({"json": bundle(claim(), OUTCOME)}, "failed"),
    "another type": ({"json": bundle({"resourceType": "Claim", "id": "x"})}, "invalid"),
    "something else": ({"json": {"resourceType": "Basic"}}, "invalid"),
    "no resource at all": ({"json": {}}, "invalid"),
    "entries of a wrong shape": ({"json": {"resourceType": "Bundle", "entry": 7}}, "invalid"),
    "another patient's": ({"json": bundle(claim(patient="somebody-else"))}, "foreign"),
    "one claim instead of all": ({"json": claim()}, "incomplete"),
    "fewer than it says": ({"json": bundle(claim(), total=9)}, "incomplete"),
    "too many entries": ({"json": bundle(*map(claim, range(5_001)))}, "incomplete"),
    "a next page without a place": (
        {"json": bundle(claim(), link=[{"relation": "next"}])},
        "incomplete",
    ),
    "a broken link": ({"json": bundle(claim(), link=["next"])}, "incomplete"),
    "no claims": ({"json": bundle(total=0)}, "empty"),
}


@pytest.mark.conforms("FHA-04", "FHA-05")
@pytest.mark.parametrize(("fault", "state"), FAULTS.values(), ids=FAULTS)
def test_failed_query_gives_the_state_of_its_key(
    call: Call, ehr: Ehr, fault: dict[str, Any], state: str
) -> None:
    options = dict(fault)
    if "body" in options:
        options.pop("json", None)
    ehr.mock.get(CLAIMS, **options)
    ehr.serve("claims")
    answer = call(sent())
    found = states(answer)
    assert found["claims"] == state
    assert {one for key, one in found.items() if key != "claims"} <= {"complete", "empty"}
    detail = answer.get_json()["cards"][0]["detail"]
    told = "**Not available here:** paid pharmacy and medical claims" in detail
    assert told is (state != "empty")
    assert not any("evil" in one for one in ehr.asked())


def self_link(query: str) -> Json:
    """A claim in a Bundle whose own link says what was searched for."""
    url = f"{BASE}/ExplanationOfBenefit?{query}"
    return bundle(claim(), link=[{"relation": "self", "url": url}])


@pytest.mark.conforms("FHA-07")
@pytest.mark.parametrize(
    ("query", "state"),
    [
        ("patient=fully-met&_count=50&_getpages=abc", "complete"),
        ("patient=fully-met&status=active", "incomplete"),
        ("patient=fully-met&created:ge=2026-01-01", "incomplete"),
        ("", "complete"),
    ],
)
def test_search_with_fewer_parameters_than_asked_is_incomplete(
    call: Call, ehr: Ehr, query: str, state: str
) -> None:
    ehr.serve("claims")
    ehr.mock.get(ehr.url("claims"), json=self_link(query))
    assert states(call(sent()))["claims"] == state


def test_a_compressed_answer_counts_as_large_as_it_becomes(call: Call, ehr: Ehr) -> None:
    bomb = gzip.compress(b'{"a":"' + b"x" * 50 * MEGABYTE + b'"}')
    ehr.mock.get(CLAIMS, body=bomb, headers={"Content-Encoding": "gzip"})
    assert states(call(sent("claims")))["claims"] == "failed"


NEXT = f"{BASE}?_getpages=2"
AWAY = [
    ELSEWHERE,
    "//evil.example/fhir?page=2",
    "https://ehr.example.org@evil.example/fhir/x",
    "https://ehr.example.org/other/ExplanationOfBenefit?page=2",
    "https://ehr.example.org/fhir/../admin?page=2",
    "https://ehr.example.org/fhir/%2e%2e/admin?page=2",
    "https://ehr.example.org/fhir/%252e%252e/admin",
    "https://ehr.example.org/fhir/..;/admin",
    "https://ehr.example.org/fhirother?page=2",
    "http://ehr.example.org/fhir?page=2",
    "https://ehr.example.org:444/fhir?page=2",
    "https://[/fhir",
    "file:///etc/passwd",
    "https://ehr.example.org/fhir\\@evil.example/",
]


@pytest.mark.conforms("FHA-03", "FHA-05")
@pytest.mark.parametrize("link", AWAY)
def test_a_next_link_off_the_server_is_not_followed(call: Call, ehr: Ehr, link: str) -> None:
    ehr.mock.get(CLAIMS, json=bundle(claim(), **to(link)))
    assert states(call(sent("claims")))["claims"] == "incomplete"
    assert len(ehr.asked()) == 1


@pytest.mark.conforms("FHA-02")
@pytest.mark.parametrize(
    "link", [NEXT, "ExplanationOfBenefit?page=2", "/fhir/ExplanationOfBenefit?page=2", "?page=2"]
)
def test_pages_are_followed_on_the_same_server_with_the_token(
    call: Call, ehr: Ehr, link: str
) -> None:
    first = ehr.held["claims"]
    ehr.mock.get(CLAIMS, json={**first, "entry": first["entry"][:1], **to(link)})
    rest = {**first, "entry": first["entry"][1:]}
    ehr.mock.get(NEXT if link == NEXT else CLAIMS, json=rest)
    answer = call(sent("claims"))
    assert states(answer)["claims"] == "complete"
    assert twin(answer)["outcome"] == "met"
    assert [one.request.headers["Authorization"] for one in ehr.mock.calls] == [
        f"Bearer {TOKEN}"
    ] * 2


@pytest.mark.conforms("PRE-07")
def test_a_prefetch_that_is_only_the_first_page_is_completed(call: Call, ehr: Ehr) -> None:
    body = sent("procedures")
    whole = body["prefetch"]["claims"]
    body["prefetch"]["claims"] = {**whole, "entry": whole["entry"][:1], **to(NEXT)}
    ehr.serve()
    ehr.mock.get(NEXT, json={**whole, "entry": whole["entry"][1:]})
    answer = call(body)
    assert (states(answer)["claims"], twin(answer)["outcome"]) == ("complete", "met")


LATER = {
    "500": {"status": 500},
    "HTML": {"body": "<html>"},
    "an OperationOutcome": {"json": OUTCOME},
    "a redirect": {"status": 302, "headers": {"Location": ELSEWHERE}},
    "time-out": {"body": ReadTimeout()},
    "50 MB": {"body": b'{"a":"' + b"x" * 50 * MEGABYTE + b'"}'},
}


@pytest.mark.conforms("PRE-07", "FHA-04", "FHA-05")
@pytest.mark.parametrize("fault", LATER.values(), ids=LATER)
@pytest.mark.parametrize("prefetched", [True, False])
def test_a_page_that_fails_leaves_the_ones_before_it(
    call: Call, ehr: Ehr, fault: dict[str, Any], *, prefetched: bool
) -> None:
    body = sent("claims")
    first = {**ehr.held["claims"], **to(NEXT)}
    if prefetched:
        body["prefetch"]["claims"] = first
    ehr.mock.get(CLAIMS, json=first)
    ehr.mock.get(NEXT, **fault)
    answer = call(body)
    assert (states(answer)["claims"], twin(answer)["outcome"]) == ("incomplete", "met")


def test_endless_pages_are_cut_off(call: Call, ehr: Ehr) -> None:
    def page(request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        n = 1 + int(str(request.url).partition("page=")[2] or 0)
        return 200, {}, json.dumps(bundle(claim(n), **to(f"{CLAIMS}?page={n}")))

    ehr.mock.add_callback("GET", CLAIMS, page)
    assert states(call(sent("claims")))["claims"] == "incomplete"
    assert len(ehr.asked()) == 20


def test_a_page_that_leads_to_itself_is_asked_once(call: Call, ehr: Ehr) -> None:
    ehr.mock.get(CLAIMS, json=bundle(claim(), **to(NEXT)))
    ehr.mock.get(NEXT, json=bundle(claim(2), **to(NEXT)))
    assert states(call(sent("claims")))["claims"] == "incomplete"
    assert len(ehr.asked()) == 2


NO_PATIENT = {
    "refused": {"status": 403},
    "time-out": {"body": ReadTimeout()},
    "HTML": {"body": "<html>"},
    "an OperationOutcome": {"json": OUTCOME},
    "another patient": {"json": {"resourceType": "Patient", "id": "somebody-else"}},
    "a search's answer": {"json": bundle({"resourceType": "Patient", "id": PATIENT})},
}


@pytest.mark.conforms("PRE-03", "FHA-04")
@pytest.mark.parametrize("fault", NO_PATIENT.values(), ids=NO_PATIENT)
def test_only_without_the_patient_the_request_is_refused(
    call: Call, ehr: Ehr, fault: dict[str, Any]
) -> None:
    ehr.mock.get(f"{BASE}/Patient/{PATIENT}", **fault)
    ehr.serve("patient")
    answer = call(sent())
    assert answer.status_code == 412
    assert answer.get_json()["resourceType"] == "OperationOutcome"


@pytest.mark.conforms("PRE-03", "FHA-04")
def test_everything_but_the_patient_may_be_missing(call: Call, ehr: Ehr) -> None:
    ehr.mock.get(f"{BASE}/Patient/{PATIENT}", json=ehr.held["patient"])
    answer = call(sent())
    found = states(answer)
    assert found.pop("patient") == "complete"
    assert set(found.values()) == {"failed"}


@pytest.mark.conforms("FHA-03")
def test_the_token_is_nowhere_but_in_the_calls(
    house: Callable[..., Flask], ehr: Ehr, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store = empty_store(tmp_path)
    http = house(on=store).test_client()
    ehr.mock.get(CLAIMS, body=Refused(f"no {TOKEN} {PATIENT}"))
    ehr.serve("claims")
    answer = http.post(f"/cds-services/{SIGN}", json=sent())
    assert states(answer)["claims"] == "failed"
    assert TOKEN not in answer.get_data(as_text=True)
    assert TOKEN not in caplog.text
    assert PATIENT not in caplog.text
    store.close()
    kept = b"".join(file.read_bytes() for file in (tmp_path / "var").iterdir())
    assert b"initial" in kept
    assert TOKEN.encode() not in kept
