"""Records calls beside the service: each is made fit to be kept, judged again, and written or counted."""

import logging
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from queue import Full, Queue
from threading import Thread
from typing import NamedTuple

import orjson

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.errors import RecordingError, RequestError
from service.facts.client import Client
from service.json_object import Json
from service.library import Library
from service.recordings.deidentified_request import Deidentified, Deidentifier
from service.recordings.recording import Recording, service_name
from service.recordings.reduced_answer import known_alone, reduced
from service.recordings.safe.known_words import KnownWords
from service.recordings.shifted_days import moved
from service.watch.bug_log import log_bug
from service.web.runtime import ServiceCall

WAITING = 200
TRIES = 4
log = logging.getLogger("service.recordings")
CHANGED = "calls left out: the answer to the recorded request would be another"
UNFIT = "calls left out: no shift of days keeps every age and span"
UNREAD = "calls left out: the request or the answer cannot be read"
UNWRITTEN = "calls left out: the file of the recording cannot be written"
BUSY = "calls left out: more came than could be recorded"


class RecordedCall(NamedTuple):
    """A call and its answer, as they went over the line."""

    service: str
    client: Client | None
    as_of: AsOf
    body: bytes
    answer: bytes


def secret_of(environment: dict[str, str]) -> bytes:
    """The secret of `CDS_RECORD_SECRET`, else one that no other start knows."""
    given = environment.get("CDS_RECORD_SECRET")
    return given.encode() if given else os.urandom(32)


class Recorder:
    """Takes calls and writes recordings; what it leaves out is counted in `left_out`, by reason."""

    def __init__(
        self,
        folder: Path,
        library: Library,
        secret: bytes,
        judged: Callable[[Library, Json, Client, AsOf], Json] | None = None,
    ) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordingError(f"'{folder}' cannot be made: {error.strerror}") from None
        self.folder, self.library = folder, library
        self.left_out: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self._words = KnownWords(library)
        self._safe = Deidentifier(self._words, secret)
        self._judged = judged or judged_again
        self._queue: Queue[RecordedCall] = Queue(WAITING)
        self._thread: Thread | None = None
        self._process = 0

    def take(self, call: RecordedCall) -> None:
        """Takes a call to record it later; where too many wait, it is counted and left out."""
        if (
            self._process != os.getpid()
        ):  # a worker was forked: threads and what waits are not its own
            self._queue, self._process = Queue(WAITING), os.getpid()
            self._thread = Thread(target=self._run, name="recorder", daemon=True)
            self._thread.start()
        try:
            self._queue.put_nowait(call)
        except Full:
            self._leave_out(BUSY)

    def took(self, call: ServiceCall, client: Client, as_of: AsOf, cards: bytes) -> None:
        """Takes a call of our own server."""
        self.take(RecordedCall(call.service_id, client, as_of, call.body, cards))

    def wait(self) -> None:
        """Waits until all that was taken is recorded."""
        self._queue.join()

    def _run(self) -> None:
        while True:
            call = self._queue.get()
            try:
                self.record(call)
            except OSError as error:
                self._leave_out(f"{UNWRITTEN} ({error.strerror})")
            except Exception as error:  # noqa: BLE001 - one call never stops the recording of others
                self._leave_out(UNREAD)
                log_bug(error, "recording")
            finally:
                self._queue.task_done()

    def record(self, call: RecordedCall) -> Path | None:
        """Writes one recording; None if the call is left out, which is counted."""
        try:
            body, answer = orjson.loads(call.body), reduced(orjson.loads(call.answer))
            service = service_name(call.service)
        except (ValueError, RecordingError):
            self._leave_out(UNREAD)
            return None
        if not isinstance(body, dict) or not answer["readable"]:
            self._leave_out(UNREAD)
            return None
        candidates = self._safe.candidates(body, call.as_of.day, TRIES)
        if not candidates:
            self._leave_out(UNFIT)
            return None
        for safe in candidates:
            if self._answers_the_same(call, safe, answer):
                return self._written(service, call, safe, answer)
        self._leave_out(CHANGED)
        return None

    def _leave_out(self, why: str) -> None:
        """Counts a call that is not recorded, and says so: nobody else knows of it."""
        self.left_out[why] += 1
        log.warning("%s: %d", why, self.left_out[why])

    def _answers_the_same(self, call: RecordedCall, safe: Deidentified, answer: Json) -> bool:
        """Whether our service answers the safe request as it answered the call; of others nobody knows."""
        if call.client is None:
            return True
        client = _moved_client(call.client, safe.offset)
        as_of = AsOf(call.as_of.kind, safe.as_of)
        try:
            again = self._judged(self.library, safe.body, client, as_of)
        except RequestError:
            return False
        return without_cards(again) == without_cards(answer)

    def _written(self, service: str, call: RecordedCall, safe: Deidentified, answer: Json) -> Path:
        holds = _moved_client(call.client, safe.offset).holds if call.client else {}
        written = {name: v if isinstance(v, bool) else v.isoformat() for name, v in holds.items()}
        # Some callers send one hookInstance with every call: the content tells the calls apart.
        content = sha256(orjson.dumps(safe.body)).hexdigest()[:8]
        id_ = f"{service}-{safe.body.get('hookInstance', '')[:18]}-{content}"
        if call.client is None:
            answer = known_alone(answer, self._words.of_answers)
        self.dropped.update(safe.dropped)
        recording = Recording(id_, service, safe.as_of, written, safe.body, answer, safe.dropped)
        return recording.write(self.folder)


def _moved_client(client: Client, offset: int) -> Client:
    """The client with the days since which its data are whole moved too."""
    holds = {
        name: value if isinstance(value, bool) else _moved_day(value, offset)
        for name, value in client.holds.items()
    }
    return replace(client, holds=holds)


def _moved_day(day: date, offset: int) -> date:
    return date.fromisoformat(moved(day.isoformat(), offset) or day.isoformat())


def judged_again(library: Library, body: Json, client: Client, as_of: AsOf) -> Json:
    """What is kept of our own answer to a request."""
    request = parse_hook_request(body, library.hooks)
    return reduced({"cards": advise(library, request, client, as_of).cards})


def without_cards(answer: Json) -> Json:
    """The judgement alone: links to pages and the like are no part of it."""
    return {name: value for name, value in answer.items() if name != "cards"}
