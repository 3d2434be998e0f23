"""`policy list` and `policy show`."""

import pytest
from click.testing import CliRunner
from support.shipped import SHIPPED

from service.cli import main

ID = SHIPPED.partition("@")[0]


def run(*arguments: str, as_of: str = "2026-11-20") -> tuple[int, str]:
    result = CliRunner(env={"CDS_AS_OF": as_of}).invoke(main, ["policy", *arguments])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("as_of", "state"),
    [("2025-10-01", "in force on 2025-10-01"), ("2025-09-30", "not in force on 2025-09-30")],
)
def test_version_is_listed_with_its_end_and_whether_it_decides_today(
    as_of: str, state: str
) -> None:
    status, printed = run("list", as_of=as_of)
    assert status == 0
    (line,) = [line for line in printed.splitlines() if line.startswith(SHIPPED)]
    assert "until no end set" in line
    assert line.endswith(f", {state}")


@pytest.mark.parametrize(
    ("option", "is_html"), [((), False), (("--text",), False), (("--html",), True)]
)
def test_version_is_shown_as_text_or_as_a_page(option: tuple[str, ...], is_html: bool) -> None:
    status, printed = run("show", ID, *option)
    assert status == 0
    assert ("<html" in printed) is is_html
    assert "L.5.01.513" in printed


def test_version_before_its_first_day_is_shown_by_its_day_only() -> None:
    assert run("show", SHIPPED, as_of="2025-09-30")[0] == 0
    status, printed = run("show", ID, as_of="2025-09-30")
    assert (status, printed.startswith("error: ")) == (2, True)


def test_unknown_policy_is_told_in_one_line() -> None:
    status, printed = run("show", "bcbsms/unheard")
    assert status == 2
    assert printed.startswith("error: there is no policy 'bcbsms/unheard'")
    assert len(printed.splitlines()) == 1
