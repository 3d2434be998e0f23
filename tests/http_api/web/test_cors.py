"""Any origin may ask and read, with nobody's credentials."""

import pytest
from flask.testing import FlaskClient
from support.fakes import SIGN, hook_request

SERVICE = f"/cds-services/{SIGN}"
PREFLIGHTS = [
    ("/cds-services", "GET"),
    (SERVICE, "POST"),
    (f"{SERVICE}/feedback", "POST"),
    ("/health", "GET"),
    ("/ready", "GET"),
    ("/schemas/assessment.json", "GET"),
]


@pytest.mark.conforms("CORS-01", "CORS-02", "CORS-04")
@pytest.mark.parametrize(("path", "method"), PREFLIGHTS)
def test_a_preflight_is_granted_without_authentication(
    http: FlaskClient, path: str, method: str
) -> None:
    asked = {
        "Origin": "https://ehr.example.org",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type,authorization",
        "Access-Control-Request-Private-Network": "true",
    }
    answer = http.options(path, headers=asked)
    assert answer.status_code == 204
    assert answer.data == b""
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert method in answer.headers["Access-Control-Allow-Methods"].split(", ")
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"content-type", "authorization"} <= set(allowed)
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert "Access-Control-Allow-Private-Network" not in answer.headers
    assert "Access-Control-Allow-Credentials" not in answer.headers


ANSWERS = [
    ("GET", "/cds-services", None, 200),
    ("POST", SERVICE, hook_request(), 200),
    ("POST", SERVICE, {}, 400),
    ("POST", "/cds-services/nobody", {}, 404),
    ("GET", SERVICE, None, 405),
    ("GET", "/nothing", None, 404),
    ("OPTIONS", "/nothing", None, 404),
]


@pytest.mark.conforms("CORS-03", "CORS-04")
@pytest.mark.parametrize(("method", "path", "body", "status"), ANSWERS)
def test_every_answer_may_be_read_and_none_is_cached(
    http: FlaskClient, method: str, path: str, body: object, status: int
) -> None:
    answer = http.open(
        path, method=method, json=body, headers={"Origin": "https://ehr.example.org"}
    )
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    # discovery may be kept, if it is asked for again each time
    is_discovery = (path, status) == ("/cds-services", 200)
    assert answer.headers["Cache-Control"] == ("no-cache" if is_discovery else "no-store")
