"""Log lines as text or as JSON; each has the id of the request that it is about, where it is about one."""

import logging
import sys
from datetime import UTC, datetime
from logging import Filter, Formatter, LogRecord, StreamHandler
from typing import Literal

from pythonjsonlogger.orjson import OrjsonFormatter

from service.watch.request_ids import CURRENT


class Fields(dict[str, object]):
    """A log message of named values: `name=value …` in text, members of their own in JSON."""

    def __str__(self) -> str:
        return " ".join(f"{name}={value}" for name, value in self.items())


class WithRequestId(Filter):
    """Gives a line the id of the request that its thread works for; fields may bring an id of their own."""

    def filter(self, record: LogRecord) -> bool:
        """Keeps every line."""
        id_ = CURRENT.get()
        if id_ and not isinstance(record.msg, Fields):
            record.id = id_
        return True


class TextLines(Formatter):
    """Lines for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: LogRecord) -> str:
        """The line, with the id at its end."""
        line = super().format(record)
        return f"{line} id={record.id}" if hasattr(record, "id") else line


class JsonLines(OrjsonFormatter):
    """One JSON object a line: time, level, logger, and the message or its fields."""

    def __init__(self) -> None:
        super().__init__(
            ("asctime", "levelname", "name", "message"),
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )

    def formatTime(self, record: LogRecord, _datefmt: str | None = None) -> str:  # noqa: N802 - logging's
        """The time in UTC (RFC 3339)."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def process_log_record(self, log_data: dict[str, object]) -> dict[str, object]:
        """Leaves out the message of a line that has fields in its place."""
        if not log_data["message"]:
            del log_data["message"]
        return log_data


def write_log(kind: Literal["text", "json"]) -> None:
    """Has all log lines of this process, and of those forked from it, written to standard error."""
    handler = StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if kind == "json" else TextLines())
    handler.addFilter(WithRequestId())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
