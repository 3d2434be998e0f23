"""The OperationOutcome of an error."""

from service.cds.outcome import operation_outcome


def test_outcome_names_code_place_and_request() -> None:
    assert operation_outcome("value", "hookInstance is no UUID", "r-1") == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "value",
                "diagnostics": "hookInstance is no UUID (request r-1)",
            }
        ],
    }
