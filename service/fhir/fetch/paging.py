"""URLs below a FHIR base, and the pages of one search joined into one Bundle."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from service.fhir.elements import items, objects, text
from service.fhir.fetch.call import PageReader, Query, UnansweredError
from service.json_object import Json

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


PAGES = 20
ENTRIES = 5_000
FAILED: Json = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "transient"}],
}
CUT: Json = {
    "resource": {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "warning", "code": "incomplete"}],
    },
    "search": {"mode": "outcome"},
}


@dataclass
class FetchedKey:
    """The pages of one key so far; another thread reads them when the time is over."""

    query: Query
    pages: list[Json] = field(default_factory=list)
    whole: bool = False
    answered: bool = False

    def __post_init__(self) -> None:
        if self.query.page is not None:
            self.pages.append(self.query.page)

    def gather(self, asking: PageReader) -> None:
        """Fetches page after page; pages before an error stay."""
        url: str | None = self.query.url
        seen: set[str] = set()
        while url is not None and url not in seen and len(seen) < PAGES:
            seen.add(url)
            page = self._page(asking, url)
            self.answered = True
            if self.pages and not _is_bundle(page):
                return
            self.pages.append(page)
            link = next_link(page)
            if link is None:
                self.whole = not self._narrowed()
                return
            if _count(self.pages) >= ENTRIES:
                return
            url = below(asking.call.base, url, link)

    def _page(self, asking: PageReader, url: str) -> Json:
        """One page; if the server refuses the first one, the query's other URL is used."""
        other = None if self.pages else self.query.otherwise
        try:
            page = asking.get(url)
        except UnansweredError as error:
            if other is None or not error.refused:
                raise
        else:
            if other is None or _is_bundle(page):
                return page
        self.query = replace(self.query, url=other, otherwise=None)
        return asking.get(other)

    def _narrowed(self) -> bool:
        """Whether the Bundle's self link shows a narrower search than was asked for."""
        if self.query.page is not None or not self.query.url:
            return False
        return bool(narrowing(link_of(self.pages[0], "self")) - narrowing(self.query.url))

    def value(self) -> Json:
        """The prefetch value: an OperationOutcome if nothing came; with a warning entry if incomplete."""
        whole, pages = self.whole and self.query.whole, tuple(self.pages)
        if not pages:
            return FAILED
        return pages[0] if not _is_bundle(pages[0]) else self._together(pages, whole=whole)

    def _together(self, pages: tuple[Json, ...], *, whole: bool) -> Json:
        if len(pages) == 1 and whole and _count(pages) <= ENTRIES:
            return pages[0]
        # entries that the EHR itself sent are never cut
        most = max(ENTRIES, _count((self.query.page or {},)))
        cut = [] if whole and _count(pages) <= most else [CUT]
        kept = {name: value for name, value in pages[0].items() if name != "link"}
        return {**kept, "entry": [*_entries(pages)[:most], *cut]}


def next_link(page: Json) -> str | None:
    """The URL of a Bundle's next page; empty if its URL cannot be read, None if there is none."""
    links = items(page.get("link")) if _is_bundle(page) else []
    if any(not isinstance(link, dict) for link in links):
        return ""
    return link_of(page, "next")


def link_of(page: Json, relation: str) -> str | None:
    """The URL of one of a Bundle's links; empty if the link has no URL, None if there is no such link."""
    links = (link for link in objects(page.get("link")) if link.get("relation") == relation)
    return next((text(link.get("url")) or "" for link in links), None)


def _entries(pages: Iterable[Json]) -> list[Any]:
    return [entry for page in pages for entry in items(page.get("entry"))]


def _count(pages: Iterable[Json]) -> int:
    return sum(len(items(page.get("entry"))) for page in pages)


def _is_bundle(page: Json) -> bool:
    return page.get("resourceType") == "Bundle"
