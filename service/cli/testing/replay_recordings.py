"""`replay`: runs recordings again and tells which outcomes, criteria or cards differ."""

from dataclasses import replace
from pathlib import Path

import click

from service.app import clock
from service.cli.exits import UNSOUND, UNUSABLE, failing_plainly
from service.cli.terminal import say
from service.errors import RecordingError
from service.recordings.junit_report import write_junit
from service.recordings.recording import recordings_in
from service.recordings.recording_replay import (
    Answering,
    accept,
    by_content,
    by_server,
    replay_file,
)

FOLDER = click.Path(path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--url", metavar="URL", help="Run them on this service, all days moved to its today.")
@click.option(
    "--content", metavar="DIR", type=FOLDER, help="Run them by the documents of this folder."
)
@click.option("--junit", metavar="FILE", type=FOLDER, help="Write the result as JUnit XML too.")
@click.option(
    "--accept", "keep", is_flag=True, help="Keep what is answered now as the expected answer."
)
def replay(
    folder: Path, url: str | None, content: Path | None, junit: Path | None, *, keep: bool
) -> None:
    """Run the recordings in DIR again and print what differs from the answers that were kept.

    By the documents of this installation unless --url or --content says otherwise. Exit status: 0 no
    difference, 1 differences, 2 a recording that cannot be read or run, or none.
    """
    with failing_plainly():
        answer = _answering(url, content)
        replayed = []
        for path in recordings_in(folder):
            one = replay_file(path, answer)
            if keep and one.answer is not None and one.lines:
                accept(path, one.answer)
                one = replace(one, lines=())
                say(f"{one.name}: accepted")
            replayed.append(one)
        if junit is not None:
            write_junit(junit, replayed)
    for one in replayed:
        for line in (one.error,) if one.error else one.lines:
            say(f"{one.name}: {line}")
    broken, different = (
        sum(bool(one.error) for one in replayed),
        sum(bool(one.lines) for one in replayed),
    )
    say(f"{len(replayed)} recordings: {different} differ, {broken} could not be run")
    if broken:
        raise SystemExit(UNUSABLE)
    if different:
        raise SystemExit(UNSOUND)


def _answering(url: str | None, content: Path | None) -> Answering:
    if url and content:
        raise RecordingError("--url and --content exclude each other")
    if url:
        return by_server(url, clock("today")().day)
    return by_content(content)
