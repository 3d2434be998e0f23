"""The OperationOutcome that every error answer carries."""


def operation_outcome(code: str, diagnostics: str, request_id: str) -> dict[str, object]:
    """An OperationOutcome with one issue; the request's id is in the log too."""
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
