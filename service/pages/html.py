"""The page as one self-contained HTML document: no script, nothing from outside, everything escaped."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from service.pages.page import Page

TEMPLATES = Path(__file__).with_name("templates")


def as_html(page: Page) -> str:
    """The whole page."""
    return _template().render(page=page)


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("policy.html")
