"""`cases`: judges the cases that a pharmacist wrote, without a checkout or a test runner."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from service.cases.case_files import WrittenCase, read_cases
from service.cases.case_words import WORDS, CaseWords, read_words
from service.cases.judged_cases import check_stated, differences, twin
from service.cli.exits import UNSOUND, UNUSABLE, failing_plainly
from service.cli.terminal import say
from service.errors import CaseError, RequestError
from service.library import Library, load_library
from service.settings import read_settings

FOLDER = click.Path(exists=True, path_type=Path)
OWN_WORDS = "words.yaml"


@click.group()
def cases() -> None:
    """Judge written cases of policies: a patient in short words, and what must come out."""


@cases.command()
@click.argument("folder", metavar="FOLDER", type=FOLDER)
@click.option("--content", metavar="DIR", type=FOLDER, help="Another folder of documents.")
def run(folder: Path, content: Path | None) -> None:
    """Judge every case in the YAML files of FOLDER, or of one file.

    A words.yaml in FOLDER adds words. A file that cannot be read is reported, and the others are judged.
    Exit status: 0 all as expected, 1 a case is not, 2 a file or a case cannot be read, or there is none.
    """
    with failing_plainly():
        settings = read_settings()
        if content is not None:
            settings = replace(settings, content=content)
        library = load_library(settings.content, settings.clients)
        words = words_of(folder, settings.content)
    files = sorted(folder.rglob("*.yaml")) if folder.is_dir() else [folder]
    files = [file for file in files if file.name != OWN_WORDS]
    judged = wrong = unread = 0
    for file in sorted(folder.rglob("*.yml")):
        unread += 1
        say(f"{_name(file, folder)}: not read; its name must end in .yaml", err=True)
    for file in files:
        written, errors = _read(file, folder, words)
        unread += len(errors)
        for line in errors:
            say(line, err=True)
        for case in written:
            judged += 1
            try:
                lines = list(_wrong(case, library, words))
            except (CaseError, RequestError) as error:
                unread += 1
                say(f"{case.file}: {case.says}: {error}", err=True)
                continue
            wrong += bool(lines)
            for line in lines:
                say(line)
    say(f"{judged} cases of {len(files)} files: {wrong} not as expected, {unread} not read")
    if unread or not judged:
        raise SystemExit(UNUSABLE)
    if wrong:
        raise SystemExit(UNSOUND)


def _read(file: Path, folder: Path, words: CaseWords) -> tuple[list[WrittenCase], list[str]]:
    """The cases of a file, and what cannot be read of it."""
    try:
        written, errors = read_cases(file, _name(file, folder), words)
    except CaseError as error:
        return [], [str(error)]
    return written, [str(one) for one in errors]


def words_of(folder: Path, content: Path) -> CaseWords:
    """The shipped words, those of the content, and those of the folder itself."""
    shipped = read_settings({}).content / WORDS
    places = [shipped, content / WORDS]
    inside = folder if folder.is_dir() else folder.parent
    files = [*dict.fromkeys(place.resolve() for place in places if place.is_file())]
    own = [*sorted(inside.rglob(OWN_WORDS))]
    return read_words(*files, *own)


def _wrong(case: WrittenCase, library: Library, words: CaseWords) -> Iterator[str]:
    """Where the answer is not what the case expects; a disputed case must fail."""
    check_stated(case, library, words)
    lines = differences(case, twin(case, library, words))
    if case.disputed and not lines:
        yield f"{case.file}: {case.says}: is as expected, though disputed: {case.disputed}"
    if not case.disputed:
        yield from (f"{case.file}: {case.says}: {line}" for line in lines)


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix() if folder.is_dir() else file.name
