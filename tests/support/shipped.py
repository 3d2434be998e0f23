"""The shipped policy as tests of `policy …` name it."""

from collections.abc import Callable
from pathlib import Path

from support.paths import ROOT

SHIPPED = "bcbsms/L.5.01.513@2025-10-01"
FOLDER = ROOT / "mappings/policies/bcbsms/dupilumab/2025-10-01"
Run = Callable[..., tuple[int, str]]
Changed = Callable[..., Path]
