"""How a command ends when it cannot go on."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from support.paths import ROOT

from service.cli import main
from service.cli.exits import UNSOUND, UNUSABLE, Commands, failing_plainly
from service.errors import DocumentsError, Mistake, UnknownPolicyError


def test_unsound_documents_end_with_their_mistakes_and_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended, failing_plainly():
        raise DocumentsError([Mistake("a.yaml", 3, "wrong")])
    assert ended.value.code == UNSOUND == 1
    assert capsys.readouterr().err == "a.yaml:3: wrong\n"


def test_other_errors_of_ours_end_with_one_line_and_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, failing_plainly():
        raise UnknownPolicyError("no policy 'x'")
    assert ended.value.code == UNUSABLE == 2
    assert capsys.readouterr().err == "error: no policy 'x'\n"


def command(error: BaseException) -> click.Group:
    """Commands of which one, `go`, ends with this error."""
    group = Commands()

    @group.command()
    def go() -> None:
        raise error

    return group


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (FileNotFoundError(2, "No such file or directory", "no/x"), 2, "error: no/x: No such"),
        (OSError(28, "No space left on device"), 2, "error: No space left on device"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_path_that_cannot_be_used_ends_with_one_line(
    error: BaseException, code: int, says: str
) -> None:
    ended = CliRunner().invoke(command(error), ["go"])
    assert ended.exit_code == code
    assert ended.output.startswith(says)
    assert ended.output.count("\n") == 1


def test_error_of_no_path_keeps_its_traceback() -> None:
    ended = CliRunner().invoke(command(OSError("odd")), ["go"])
    assert isinstance(ended.exception, OSError)


def test_files_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    request = str(ROOT / "fixtures/p001-initial.json")
    page = str(tmp_path / "no" / "x.html")
    ended = CliRunner().invoke(main, ["assess", request, "--as-of", "2026-11-21", "--html", page])
    assert ended.exit_code == UNUSABLE
    assert f"error: {page}: No such file or directory" in ended.output


def test_bug_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), failing_plainly():
        raise ZeroDivisionError


def test_command_without_an_error_goes_on() -> None:
    with failing_plainly():
        done = True
    assert done
