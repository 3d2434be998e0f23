"""One recorded call as a file: the request that names nobody, what was kept of the answer, the day."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from service.atomic_file import write_whole
from service.errors import RecordingError
from service.json_object import Json

VERSION = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")


@dataclass(frozen=True)
class Recording:
    """A call of a service; `holds` says what the client's data hold, each wholly or since a day."""

    id: str
    service: str
    as_of: date
    holds: Mapping[str, bool | str]
    request: Json
    answer: Json
    dropped: Mapping[str, int]

    def as_json(self) -> bytes:
        """The file's content."""
        content = {
            "recording": VERSION,
            "id": self.id,
            "service": self.service,
            "asOf": self.as_of.isoformat(),
            "holds": dict(self.holds),
            "answer": self.answer,
            "dropped": dict(self.dropped),
            "request": self.request,
        }
        return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    def write(self, folder: Path) -> Path:
        """Writes it whole or not at all; the name tells nothing of the patient."""
        place = folder / f"{self.id}.json"
        write_whole(place, self.as_json())
        return place


def read_recording(path: Path) -> Recording:
    """A recording of a file; a RecordingError names the file."""
    try:
        content = orjson.loads(path.read_bytes())
        if content["recording"] != VERSION:
            raise RecordingError(
                f"{path}: recordings of version {content['recording']} are not read"
            )
        return Recording(
            id=str(content["id"]),
            service=service_name(content["service"]),
            as_of=date.fromisoformat(content["asOf"]),
            holds=dict(content["holds"]),
            request=dict(content["request"]),
            answer=dict(content["answer"]),
            dropped=dict(content["dropped"]),
        )
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise RecordingError(f"{path}: is no recording: {type(error).__name__}") from None


def recordings_in(folder: Path) -> Iterator[Path]:
    """The files of a folder of recordings, by name; a RecordingError if there is none."""
    files = sorted(folder.rglob("*.json")) if folder.is_dir() else []
    if not files:
        raise RecordingError(f"'{folder}' is no folder of recordings (*.json)")
    yield from files


def service_name(value: object) -> str:
    """The id of a service, which is part of an address."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise RecordingError("the id of a service has letters, digits and '-' only")
    return value
