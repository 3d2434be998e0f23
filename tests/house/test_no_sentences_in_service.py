"""No sentence for a clinician stands in the code: `cards/` and `mappings/` have the words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.paths import ROOT

SERVICE = ROOT / "service"
PACKAGES = ("facts", "clinical", "policy", "advise", "cards")
WORD = re.compile(r"[A-Za-z]{2,}")
# What no card shows, with the reason.
ALLOWED: dict[str, str] = {}


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _annotations(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if (written := getattr(node, name, None)) is not None:
                yield from ast.walk(written)


def _pieces(tree: ast.AST) -> Iterator[ast.AST]:
    """The constants inside f-strings, which are read as parts of the whole."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from (one for one in node.values if isinstance(one, ast.Constant))
            yield from (
                part
                for one in node.values
                if isinstance(one, ast.FormattedValue) and one.format_spec is not None
                for part in ast.walk(one.format_spec)
            )


def _text(node: ast.AST) -> str | None:
    """A string as it stands in the code, each value in it as `{}`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else "{}" for one in node.values)
        return "".join(map(str, parts))
    return None


def _is_prose(text: str) -> bool:
    """A word with a space beside it, and something behind that space."""
    return " " in text and bool(WORD.search(text))


def sentences(code: str) -> list[str]:
    """The strings of some code that read as a sentence or a part of one."""
    tree = ast.parse(code)
    apart = {id(one) for of in (_docstrings, _annotations, _pieces) for one in of(tree)}
    texts = (_text(node) for node in ast.walk(tree) if id(node) not in apart)
    return [one for one in texts if one is not None and _is_prose(one)]
