"""The scripts of tools/, run in this process: each needs no interpreter and no import of its own."""

import sys
from collections.abc import Callable, Sequence
from runpy import run_path

from support.paths import ROOT

TOOLS = ROOT / "tools"
Main = Callable[[Sequence[str]], int]


def main_of(name: str) -> Main:
    """The `main` of a script; its neighbours can be imported while it is read."""
    sys.path.insert(0, str(TOOLS))
    try:
        found: Main = run_path(str(TOOLS / name))["main"]
    finally:
        sys.path.remove(str(TOOLS))
    return found
