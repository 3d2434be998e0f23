"""Pages as self-contained HTML documents: no script, no outside links to load, everything escaped."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from service.memo import per_value
from service.pages.page import Page
from service.pages.story.order_story import OUTCOMES, OrderStory
from service.pages.story.story_words import StoryWords
from service.pages.text import ABOUT_THERAPIES
from service.pages.therapy import TherapyPage

TEMPLATES = Path(__file__).with_name("templates")
ASSETS = Path(__file__).with_name("assets")
STYLE = "site.css"


def as_html(page: Page) -> str:
    """The whole page of a policy."""
    return _template("policy.html").render(page=page)


def therapy_html(page: TherapyPage) -> str:
    """The whole page of a therapy."""
    return _template("therapy.html").render(page=page, about=ABOUT_THERAPIES)


def story_html(
    stories: Sequence[OrderStory], words: StoryWords, *, kept: str = "", address: str = ""
) -> str:
    """The page of the orders of one request.

    It fetches its pictures from below its `address`; without one it is a file that needs no server.
    """
    return _template("story.html").render(
        stories=stories,
        words=words,
        marks=OUTCOMES,
        kept=kept,
        address=address,
        style="" if address else (ASSETS / STYLE).read_text(encoding="utf-8"),
        scripts=["story.js"] if address else [],
    )


def site_html(name: str, *, scripts: Sequence[str] = (), **values: object) -> str:
    """A page of the running service from the template of this name."""
    return _template(f"{name}.html").render(style="", scripts=scripts, **values)


@per_value
def _template(name: str) -> Template:
    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
