"""Pages as self-contained HTML documents: no script, no outside links to load, everything escaped."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from service.memo import per_value
from service.pages.page import Page
from service.pages.text import ABOUT_THERAPIES
from service.pages.therapy import TherapyPage
from service.shown_text import visible

TEMPLATES = Path(__file__).with_name("templates")


def as_html(page: Page) -> str:
    """The whole page of a policy."""
    return _template("policy.html").render(page=page)


def therapy_html(page: TherapyPage) -> str:
    """The whole page of a therapy."""
    return _template("therapy.html").render(page=page, about=ABOUT_THERAPIES)


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
    return environment.get_template(name)


def _shown(value: object) -> object:
    """A text without what cannot be seen; markup and all else as it is."""
    return visible(value) if type(value) is str else value
