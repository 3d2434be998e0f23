"""What is printed cannot move a terminal's cursor, change its title or hide anything."""

import pytest

from service.cli.terminal import say


def test_lines_stay_lines_and_control_sequences_are_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say("payer \x1b[2J\u202ename\n  + met\x07")
    assert capsys.readouterr().out == "payer  [2Jname\n  + met \n"


def test_bytes_are_text_and_the_line_break_at_the_end_may_be_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say('["\u009b2J ≥ 5"]'.encode(), nl=False)
    say("error: none", err=True)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ('[" 2J ≥ 5"]', "error: none\n")
