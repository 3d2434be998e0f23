"""A small EHR to try the service with: recorded, synthetic requests and a page that sends them."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import orjson
from flask import Blueprint, Response

from service.cds.strict_json import parse_body
from service.errors import RequestError
from service.pages.html import site_html
from service.pages.story.shown_tree import MARKS
from service.pages.story.story_words import StoryWords
from service.web.http.error_answers import rendered
from service.web.http.page_policy import allow_on_page
from service.web.runtime import Runtime
from service.web.site.assets import ALLOWED

NONE = "there is no recorded request of this name"
_STORY = re.compile(r"^\| `([a-z0-9-]+)` \| ([^|]+) \|", re.MULTILINE)
_AS_OF = re.compile(r"All stories are as of (\d{4}-\d\d-\d\d)")
_DAY = re.compile(r"(?<![\w|-])(\d{4}-\d\d-\d\d)(?=$|T)")


def demo_blueprint(runtime: Runtime, content: Path) -> Blueprint:
    """`/demo` and the requests that it loads; nothing here reads or judges anything."""
    pages = Blueprint("demo", __name__)
    folder = content / "fixtures"
    words = StoryWords(runtime.library.wording)

    @pages.get("/demo")
    def demo() -> str:
        # the script names the object URL of a download, and sends requests to this service alone
        allow_on_page(**ALLOWED)
        return site_html(
            "demo",
            scripts=["demo.js"],
            libraries=["markdown-it.min.js"],
            day=runtime.as_of().day.isoformat(),
            stories=[*_stories(folder)],
            truths=[(str(truth), mark, words[str(truth)]) for truth, mark in MARKS.items()],
        )

    @pages.get("/demo/requests/<name>.json")
    def request(name: str) -> Response:
        if name not in dict(_stories(folder)):
            raise RequestError(404, "not-found", NONE)
        recorded = parse_body((folder / f"{name}.json").read_bytes())
        by = runtime.as_of().day - _recorded_on(folder)
        return rendered(orjson.dumps(moved(recorded, by)))

    return pages


def _stories(folder: Path) -> Iterator[tuple[str, str]]:
    """The names of the recorded requests with what each shows, as their README lists them."""
    for name, says in _STORY.findall(_readme(folder)):
        if (folder / f"{name}.json").is_file():
            yield name, says.strip()


def _recorded_on(folder: Path) -> date:
    """The day on which the recorded requests are meant to be judged."""
    found = _AS_OF.search(_readme(folder))
    return date.fromisoformat(found[1]) if found else date.today()  # noqa: DTZ011 - nothing is moved then


def _readme(folder: Path) -> str:
    file = folder / "README.md"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def moved(value: object, by: timedelta) -> object:
    """A JSON value with every day in it later by so much; versions of documents stay as they are."""
    match value:
        case str():
            return _DAY.sub(lambda day: str(date.fromisoformat(day[1]) + by), value)
        case dict():
            return {name: moved(part, by) for name, part in value.items()}
        case list():
            return [moved(part, by) for part in value]
        case _:
            return value
