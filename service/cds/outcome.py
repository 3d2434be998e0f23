"""The OperationOutcome that every error answer carries."""


def operation_outcome(code: str, diagnostics: str, request_id: str) -> dict[str, object]:
    """One issue, findable in the log by the request's id."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": code,
                "diagnostics": f"{diagnostics} (request {request_id})",
            }
        ],
    }
