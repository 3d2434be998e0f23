"""A log line for an error that is a mistake of ours."""

import logging
import traceback

log = logging.getLogger("service")


def log_bug(error: Exception, during: str) -> None:
    """Logs where an error was raised, without its own text: that may quote a patient."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " > ".join(f"{frame.name}:{frame.lineno}" for frame in frames[-8:])
    log.error("bug: %s at %s (%s)", type(error).__name__, places, during)
