"""Results are asked for with `combo-code`, which finds components; a server without it is asked by `code`."""

from collections.abc import Callable

import pytest
from responses import matchers
from support.ehr import BASE, Ehr, sent, states, twin
from werkzeug.test import TestResponse

Call = Callable[..., TestResponse]
OBSERVATIONS = f"{BASE}/Observation"
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "x"}]}


def by(ehr: Ehr, name: str, status: int = 200, **answer: object) -> None:
    """What the server says to a search by one parameter."""
    codes = matchers.query_param_matcher({"patient": "fully-met"}, strict_match=False)

    def asked(request: object) -> tuple[bool, str]:
        return f"&{name}=" in str(getattr(request, "url", "")), "another parameter"

    ehr.mock.get(OBSERVATIONS, status=status, match=[codes, asked], json=answer["json"])


@pytest.mark.parametrize("status", [400, 404, 422, 501])
def test_a_server_that_refuses_the_parameter_is_asked_by_code(
    ehr: Ehr, call: Call, status: int
) -> None:
    ehr.serve("observations")
    by(ehr, "combo-code", status, json=OUTCOME)
    by(ehr, "code", json=ehr.held["observations"])
    answer = call(sent())
    assert states(answer)["observations"] == "complete"
    assert twin(answer)["outcome"] == "met"


def test_operation_outcome_in_place_of_a_bundle_is_a_refusal(ehr: Ehr, call: Call) -> None:
    ehr.serve("observations")
    by(ehr, "combo-code", json=OUTCOME)
    by(ehr, "code", json=ehr.held["observations"])
    assert states(call(sent()))["observations"] == "complete"


def test_key_is_failed_when_both_queries_are_refused(ehr: Ehr, call: Call) -> None:
    ehr.serve("observations")
    by(ehr, "combo-code", 400, json=OUTCOME)
    by(ehr, "code", 400, json=OUTCOME)
    assert states(call(sent()))["observations"] == "failed"


def test_forbidden_query_is_asked_once(ehr: Ehr, call: Call) -> None:
    ehr.serve("observations")
    by(ehr, "combo-code", 403, json=OUTCOME)
    assert states(call(sent()))["observations"] == "failed"
    assert sum("Observation" in url for url in ehr.asked()) == 1


def test_an_ehr_that_could_not_fill_the_template_is_asked_by_code(ehr: Ehr, call: Call) -> None:
    ehr.serve("observations")
    by(ehr, "code", json=ehr.held["observations"])
    body = sent("observations")
    body["prefetch"]["observations"] = OUTCOME
    assert states(call(body))["observations"] == "complete"
