"""URLs below a FHIR base: filled prefetch templates, and links that a server gave."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

_TOKEN = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_ID = re.compile(r"[A-Za-z0-9._\-]{1,128}")
_IN_QUERY = "/?&=,:;+%"
# Search parameters of R4 that narrow a search; paging parameters do not.
_NARROWING = frozenset(
    {
        *("status", "clinical-status", "verification-status", "category", "code", "type", "class"),
        *("combo-code", "component-code"),
        *("intent", "date", "onset-date", "recorded-date", "authoredon", "created", "service-date"),
        *("effective", "whenhandedover", "encounter", "context", "_lastUpdated", "_filter", "_has"),
    }
)


def filled(template: str, tokens: Mapping[str, str]) -> str | None:
    """A prefetch template with its tokens replaced, percent-encoded; None if a token has no valid value."""
    pieces = _TOKEN.split(template)
    # every second piece is the name of a token
    values = [tokens.get(name) for name in pieces[1::2]]
    if not all(value is not None and is_id(value) for value in values):
        return None
    pieces = [quote(piece, safe=_IN_QUERY) for piece in pieces]
    pieces[1::2] = [quote(str(value), safe="") for value in values]
    return "".join(pieces)


def is_id(value: str) -> bool:
    """Whether a text can be a FHIR id; dots alone are refused, as they would change the path."""
    return bool(_ID.fullmatch(value)) and bool(value.strip("."))


def below(base: str, url: str, link: str) -> str | None:
    """The absolute URL of a link on the page `url`; None if it leaves the base."""
    base = base.rstrip("/")
    if not link.isascii() or not link.isprintable() or set(link) & set(" \\"):
        return None
    try:
        target = urljoin(url, link)
    except ValueError:
        return None
    rest = target.removeprefix(base)
    if rest == target or (rest and rest[0] not in "/?") or "#" in rest:
        return None
    path = unquote(unquote(rest.split("?", 1)[0]))
    return None if {".", ".."} & set(re.split(r"[/\\;]", path)) else target


def narrowing(url: str | None) -> frozenset[str]:
    """The narrowing parameters of a search URL, without modifiers."""
    try:
        query = urlsplit(url or "").query
        names = {name.split(":")[0] for name, _ in parse_qsl(query, keep_blank_values=True)}
    except ValueError:
        return frozenset()
    return _NARROWING & names
