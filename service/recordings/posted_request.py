"""A request posted to a CDS service, and its answer."""

from typing import Any

import orjson
import requests

from service.errors import RecordingError

SECONDS = 30
ACCEPTED = 200


def posted(address: str, body: Any, token: str | None = None) -> Any:
    """The JSON that a service answers; a RecordingError says what came instead."""
    status, _, content = sent(
        address, orjson.dumps(body), {"Content-Type": "application/json"}, token
    )
    if status != ACCEPTED:
        raise RecordingError(f"the service answers {status}")
    try:
        return orjson.loads(content)
    except ValueError:
        raise RecordingError("the service answers no JSON") from None


def sent(
    address: str,
    body: bytes | None,
    headers: dict[str, str],
    token: str | None = None,
    method: str = "POST",
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body that a server answers; a RecordingError if it does not."""
    authorized = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        answer = requests.request(
            method,
            address,
            data=body,
            headers={**headers, **authorized},
            timeout=SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise RecordingError(f"the service cannot be reached: {type(error).__name__}") from None
    return answer.status_code, dict(answer.headers), answer.content
