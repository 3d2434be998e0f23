"""Runs recordings again, by documents or on a server, and tells what differs from the kept answers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from service.atomic_file import write_whole
from service.cds.request import AsOf
from service.errors import RecordingError, RequestError
from service.facts.client import Client
from service.json_object import Json
from service.library import Library
from service.library.stored_library import library_by
from service.recordings.posted_request import posted
from service.recordings.recorder import judged_again
from service.recordings.recording import Recording, read_recording
from service.recordings.reduced_answer import as_comparable, differences, reduced
from service.recordings.shifted_days import with_days_moved
from service.settings import documents_folder, read_settings
from service.watch.bug_log import log_bug

Answering = Callable[[Recording], Json]


@dataclass(frozen=True)
class Replayed:
    """A recording that was run again: what differs, or why it could not be run."""

    name: str
    lines: tuple[str, ...] = ()
    error: str | None = None
    answer: Json | None = None

    @property
    def same(self) -> bool:
        """Whether the answer is the kept one."""
        return not self.lines and self.error is None


def by_documents(library: Library) -> Answering:
    """Answers a recording by a library, on the day of the recording and with the data that were held."""

    def answer(recording: Recording) -> Json:
        holds = {
            name: value if isinstance(value, bool) else date.fromisoformat(str(value))
            for name, value in recording.holds.items()
        }
        client = Client("local", holds or {"record": True})
        try:
            return judged_again(library, recording.request, client, AsOf("day", recording.as_of))
        except RequestError as error:
            raise RecordingError(f"the request is refused: {error}") from None

    return answer


def by_content(content: str | Path | None) -> Answering:
    """Answers a recording by the documents of a folder, or of the settings, as the service judges by them."""
    settings = read_settings()
    if content is not None:
        settings = replace(settings, content=documents_folder(Path(content).resolve(), "content"))
    return by_documents(library_by(replace(settings, clients=None)))


def by_server(url: str, today: date, token: str | None = None) -> Answering:
    """Answers a recording by a server, which judges by its own today: all days are moved to it."""

    def answer(recording: Recording) -> Json:
        body = with_days_moved(recording.request, (today - recording.as_of).days)
        address = f"{url.rstrip('/')}/cds-services/{recording.service}"
        got = reduced(posted(address, body, token))
        if not got["readable"]:
            raise RecordingError("the service answers no list of cards")
        return got

    return answer


def replay_file(path: Path, answer: Answering) -> Replayed:
    """One recording, run again."""
    name = path.stem
    try:
        recording = read_recording(path)
        got = as_comparable(answer(recording), recording.answer)
        return Replayed(name, tuple(differences(recording.answer, got)), answer=got)
    except RecordingError as error:
        return Replayed(name, error=str(error))
    except Exception as error:  # noqa: BLE001 - one recording never stops the others
        log_bug(error, "replay")
        return Replayed(name, error=f"it cannot be run: {type(error).__name__}")


def accept(path: Path, answer: Json) -> None:
    """Makes an answer the kept one of a recording, whatever its file is called."""
    write_whole(path, replace(read_recording(path), answer=answer).as_json())
