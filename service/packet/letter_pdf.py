"""The letter as PDF: tagged for screen readers (PDF/UA-1), the same bytes for the same letter."""

import importlib.util
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import orjson

from service.errors import CdsError
from service.packet.letter_parts import Letter

TEMPLATE = Path(__file__).with_name("letter.typ")
STANDARD: Literal["ua-1"] = "ua-1"
# Scripts of the fonts that come with typst: Latin, Greek, Cyrillic, and signs of text and of mathematics.
BEYOND = re.compile("[^\\x20-\\u052f\\u1e00-\\u20bf\\u2100-\\u22ff\\u2713\\u2715]")
_NOT_ASCII = re.compile("[^\\x20-\\x7e]")


class NoPdfError(CdsError):
    """The PDF cannot be made here; the text says why."""


def can_make_pdf() -> bool:
    """Whether the library that makes PDFs is installed."""
    return importlib.util.find_spec("typst") is not None


def letter_pdf(letter: Letter) -> bytes:
    """The PDF; a sign that no font has is shown by its number in Unicode. Raises NoPdfError."""
    if not can_make_pdf():
        message = "a PDF needs the package typst: install dupilumab-cds with the extra 'pdf'"
        raise NoPdfError(message)
    import typst  # noqa: PLC0415 - an optional package, imported where it is used

    for shown in (_as_it_is, by_number(BEYOND), by_number(_NOT_ASCII)):
        content = _each_text(asdict(letter), shown)
        try:
            made = typst.compile(
                TEMPLATE.read_bytes(),
                format="pdf",
                sys_inputs={"letter": orjson.dumps(content).decode()},
                ignore_system_fonts=True,
                pdf_standards=STANDARD,
            )
        except typst.TypstError as error:
            reason = str(error)
        else:
            return bytes(made)
    raise NoPdfError(f"the PDF could not be set: {reason.splitlines()[0]}")


def _as_it_is(text: str) -> str:
    return text


def by_number(signs: re.Pattern[str]) -> Callable[[str], str]:
    """Writes these signs by their numbers in Unicode."""

    def shown(text: str) -> str:
        return signs.sub(lambda sign: f"[U+{ord(sign.group()):04X}]", text)

    return shown


def _each_text(value: Any, shown: Callable[[str], str]) -> Any:
    """The content of the letter with every text as it is shown."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, list | tuple):
        return [_each_text(member, shown) for member in value]
    if isinstance(value, dict):
        return {name: _each_text(member, shown) for name, member in value.items()}
    return value
