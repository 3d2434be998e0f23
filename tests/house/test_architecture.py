"""The page of the architecture is drawn from the code as it is."""

import re
import sys
from subprocess import run

from support.paths import ROOT


def test_the_page_is_current() -> None:
    found = run(  # noqa: S603 - our own tool
        [sys.executable, str(ROOT / "tools/architecture.py"), "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, "")


def test_every_place_that_the_page_names_is_there() -> None:
    page = (ROOT / "docs/why/architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`", page)
    missing = [
        one for one in named if not ((ROOT / "service" / one).exists() or (ROOT / one).exists())
    ]
    assert named
    assert not missing
