"""How a command ends when it cannot go on."""

import pytest

from service.cli.exits import UNSOUND, UNUSABLE, failing_plainly
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


def test_bug_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), failing_plainly():
        raise ZeroDivisionError


def test_command_without_an_error_goes_on() -> None:
    with failing_plainly():
        done = True
    assert done
