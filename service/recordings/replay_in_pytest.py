"""Recordings run within pytest: every difference is one line of the failure."""

from datetime import datetime
from pathlib import Path

import pytest

from service.recordings.recording import recordings_in
from service.recordings.recording_replay import (
    Answering,
    Replayed,
    accept,
    by_content,
    by_server,
    replay_file,
)


def replayed(
    folder: str | Path,
    *,
    url: str | None = None,
    content: str | Path | None = None,
    default_url: str | None = None,
    default_content: str | None = None,
    keep: bool = False,
) -> list[Replayed]:
    """What was run of a folder; fails the test where an answer is not the kept one."""
    answer = _answering(url or default_url, content or default_content)
    each = [_run(path, answer, keep=keep) for path in recordings_in(Path(folder))]
    wrong = [one for one in each if not one.same]
    if wrong:
        lines = [f"{one.name}: {line}" for one in wrong for line in (*_error(one), *one.lines)]
        head = f"{len(wrong)} of {len(each)} recordings differ"
        pytest.fail("\n".join([head, *lines]), pytrace=False)
    return each


def _run(path: Path, answer: Answering, *, keep: bool) -> Replayed:
    """One recording; with `keep` its answer becomes the kept one."""
    one = replay_file(path, answer)
    if keep and one.answer is not None and one.lines:
        accept(path, one.answer)
        return Replayed(one.name, answer=one.answer)
    return one


def _error(one: Replayed) -> tuple[str, ...]:
    return (one.error,) if one.error is not None else ()


def _answering(url: str | None, content: str | Path | None) -> Answering:
    if url:
        return by_server(url, datetime.now().astimezone().date())
    return by_content(content)
