"""The words of the project's own cases: the shipped ones, and those of the example library."""

from typing import Any

from support.paths import ROOT

from service.cases.case_words import WORDS as _FILE
from service.cases.case_words import born, day, read_words
from service.cases.strict_yaml import read_case_file

__all__ = ["EXAMPLE", "TABLE", "WORDS", "born", "coding", "day", "quantity"]
TABLE: dict[str, Any] = read_case_file(ROOT / _FILE)
EXAMPLE: dict[str, Any] = read_case_file(ROOT / "examples/library/words.yaml")
WORDS = read_words(ROOT / _FILE, ROOT / "examples/library/words.yaml")
coding, quantity = WORDS.coding, WORDS.quantity
