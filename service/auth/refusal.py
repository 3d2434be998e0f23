"""The one way in which a token is refused: which check failed, and nothing of the token itself."""

import logging

from service.errors import RequestError

UNAUTHORIZED = 401
log = logging.getLogger("service.auth")


def refused(check: str, what: str) -> RequestError:
    """The error for one failed check, named as in docs/reference/clients.md."""
    log.info("token refused: %s", check)
    # a header takes no text but ASCII, so the sentence itself stands in the body only
    challenge = f'Bearer error="invalid_token", error_description="failed check: {check}"'
    return RequestError(
        UNAUTHORIZED,
        "security",
        f"token refused, check '{check}': {what}",
        {"WWW-Authenticate": challenge},
    )
