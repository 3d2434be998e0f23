"""Pages as HTML: alone in one file without script, or served with our own style sheet and scripts."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from service.escaped_text import visible
from service.memo import per_value
from service.pages.plain_text import ABOUT_THERAPIES
from service.pages.policy_page import Page
from service.pages.story.order_story import OUTCOMES, OrderStory
from service.pages.story.story_words import StoryWords
from service.pages.therapy_page import TherapyPage

TEMPLATES = Path(__file__).with_name("templates")
ASSETS = Path(__file__).with_name("assets")
STYLE = "site.css"
# In the address of every asset, so that a browser may keep it: other content has another address.
ASSETS_VERSION = sha256(
    b"".join(path.read_bytes() for path in sorted(ASSETS.iterdir()) if path.is_file())
).hexdigest()[:12]


def as_html(page: Page, *, alone: bool = True) -> str:
    """The whole page of a policy; `alone` is one file without script, all else folded and searched."""
    return _template("policy.html").render(
        page=page,
        folded=not alone,
        style=_style() if alone else "",
        scripts=[] if alone else ["policy.js"],
    )


def therapy_html(page: TherapyPage, *, alone: bool = True) -> str:
    """The whole page of a therapy; `alone` is one file that needs no server."""
    return _template("therapy.html").render(
        page=page,
        about=ABOUT_THERAPIES,
        folded=False,
        style=_style() if alone else "",
        scripts=[],
    )


def _style() -> str:
    return (ASSETS / STYLE).read_text(encoding="utf-8")


class KeptPage(NamedTuple):
    """A page that a server keeps: its address, how long it is kept, and that its documents were exchanged."""

    address: str = ""
    kept: str = ""
    changed: str = ""


def story_html(
    stories: Sequence[OrderStory],
    words: StoryWords,
    *,
    page: KeptPage | None = None,
    packets: Mapping[int, bool] | None = None,
    asking: str = "",
) -> str:
    """The page of the orders of one request.

    It fetches its pictures from below its address; without one it is a file that needs no server.
    `packets` are the numbers of the orders that have a packet, and whether it has a PDF.
    `asking` is the label of the button that opens the questions; empty without one.
    """
    shown = page or KeptPage()
    return _template("story.html").render(
        stories=stories,
        words=words,
        marks=OUTCOMES,
        **shown._asdict(),
        packets=packets or {},
        asking=asking,
        style="" if shown.address else _style(),
        scripts=["story.js"] if shown.address else [],
    )


def population_html(summary: Mapping[str, object], charts: Mapping[str, str]) -> str:
    """The summary of a membership as one file that needs no server; `charts` are SVG by name."""
    return _template("population.html").render(
        summary=summary, charts=charts, style=_style(), scripts=[]
    )


def site_html(name: str, *, scripts: Sequence[str] = (), **values: object) -> str:
    """A page of the running service from the template of this name."""
    return _template(f"{name}.html").render(style="", scripts=scripts, **values)


def questions_html(page: object, words: object, *, whole: bool) -> str:
    """The page of questions; not `whole`: what changes on it after an answer."""
    name = "questions.html" if whole else "question_answers.html"
    return _template(name).render(
        page=page, words=words, style="", scripts=[], libraries=["htmx.min.js"]
    )


@per_value
def _template(name: str) -> Template:
    environment = Environment(
        autoescape=True,
        finalize=_shown,
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["assets"] = f"/assets/{ASSETS_VERSION}"
    return environment.get_template(name)


def _shown(value: object) -> object:
    """A text without what cannot be seen; markup and all else as it is."""
    return visible(value) if type(value) is str else value
