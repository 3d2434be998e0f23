"""National Drug Codes in every spelling: what digits a written code may mean.

Forms as in NLM's RxNorm Technical Documentation ("Normalizing NDC codes": 5-4-2 of eleven digits, 4-4-2,
5-3-2, 5-4-1, the same with an asterisk for a zero, a labeler of six digits with a leading zero) and, for
`N4` with a quantity behind, X12's LIN and CTP segments as instructions for claim forms print them.
"""

import re

PACKAGE, PRODUCT = 11, 9
# Widths of labeler, product and package in the code of eleven digits.
WIDTHS = (5, 4, 2)
_LABEL = re.compile(r"(?:N4|NDC)[\s:#-]*", re.IGNORECASE)
_QUANTITY = re.compile(r"\s+(?:F2|GR|ME|ML|UN)\s*[\d.]+\s*$", re.IGNORECASE)
_PARTS = re.compile(r"[\s-]+")


def ndc11(code: str) -> str:
    """A National Drug Code as its 11 digits in the 5-4-2 form, from any hyphenated spelling."""
    if code.isdigit():
        return code
    meant = readings(code)
    return meant[0] if len(meant) == 1 else "".join(_PARTS.split(_bare(code)))


def readings(code: str) -> tuple[str, ...]:
    """The packages (11 digits) or products (9 digits) that a written code may mean."""
    bare = _bare(code)
    if not bare.isascii():
        return ()
    parts = _PARTS.split(bare)
    if not all(part.isdigit() for part in parts):
        return ()
    if len(parts) == 1:
        return _of_digits(bare)
    if len(parts[0]) == WIDTHS[0] + 1 and parts[0].startswith("0"):
        parts[0] = parts[0][1:]
    if len(parts) > len(WIDTHS) or not all(
        width - 1 <= len(part) <= width for part, width in zip(parts, WIDTHS, strict=False)
    ):
        return ()
    return ("".join(part.zfill(width) for part, width in zip(parts, WIDTHS, strict=False)),)


def _bare(code: str) -> str:
    """Without the qualifier before, the quantity behind, and with zeros where asterisks stand."""
    text = code.strip()
    if label := _LABEL.match(text):
        text = _QUANTITY.sub("", text[label.end() :])
    return text.replace("*", "0").strip("- ")


def _of_digits(digits: str) -> tuple[str, ...]:
    """Bare digits: a number that was stored as such may have lost the zeros before it."""
    match len(digits):
        case 11:
            return (digits,)
        case 9:
            return (digits, f"00{digits}")
        case 12 if digits.startswith("0"):
            return (digits[1:],)
        case 10:
            padded = (f"0{digits}", f"{digits[:5]}0{digits[5:]}", f"{digits[:9]}0{digits[9:]}")
            return tuple(dict.fromkeys(padded))
        case 8:
            return (f"0{digits}", f"{digits[:5]}0{digits[5:]}", f"000{digits}")
        case _:
            return ()
