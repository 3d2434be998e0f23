"""What is given, as a request and a client."""

from datetime import date

from support.cases.words import WORDS

from service.cases.case_words import CaseContext
from service.cases.given import client, request, stated

AT = CaseContext(date(2026, 11, 20), WORDS)


def test_a_request_of_few_words() -> None:
    sent = request({"age": "6 years", "not_sent": "claims", "paged": "observations"}, AT)
    assert sent["prefetch"]["patient"]["birthDate"] == "2020-11-20"
    assert "claims" not in sent["prefetch"]
    assert sent["prefetch"]["observations"]["link"][0]["relation"] == "next"


def test_what_the_client_holds() -> None:
    held = client({"claims_held": "2015-01-01", "record_held": "no"}, AT).holds
    assert held == {"record": False, "claims": date(2015, 1, 1)}


def test_what_is_stated() -> None:
    given = {"statements": {"yes": "a.b", "no": ["a.c"]}, "policy": "p@2026-01-01"}
    assert stated(given, AT) == [("p@2026-01-01", "a.b"), ("p@2026-01-01", "a.c")]
