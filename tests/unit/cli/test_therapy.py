"""`therapy`: every therapy in a list, one as a page."""

import pytest
from click.testing import CliRunner
from support.cases.run import library

from service.cli import main


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["therapy", *arguments])
    return result.exit_code, result.output


def test_every_therapy_is_listed_with_what_the_label_says_of_each_disease() -> None:
    status, printed = run("list")
    lines = {line.split()[0]: line for line in printed.splitlines()}
    assert status == 0
    assert list(lines) == list(library().clinical.therapies)
    assert "ad approved" in lines["tralokinumab"]
    assert "ad off label" in lines["methotrexate"]


@pytest.mark.parametrize(("option", "start"), [((), ""), (("--text",), ""), (("--html",), "<!")])
def test_therapy_is_shown_as_text_or_as_a_page(option: tuple[str, ...], start: str) -> None:
    status, printed = run("show", "tralokinumab", *option)
    assert status == 0
    assert printed.startswith(start)
    assert ("<html" in printed) is bool(start)
    assert "tralokinumab" in printed.lower()


def test_therapy_of_no_document_is_told_with_a_likely_name() -> None:
    status, printed = run("show", "tralokinumap")
    assert status == 2
    assert printed.startswith("error: ")
    assert "tralokinumab" in printed
