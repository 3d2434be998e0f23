"""The wording of cards: Jinja strings inside YAML, compiled at start, chart text escaped."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined, Template, TemplateSyntaxError, UndefinedError
from markupsafe import Markup

from service.errors import Mistake

_MARKDOWN = re.compile(r"([\\`*_\[\]|~#])")
_LINKS = re.compile(r"(?i)(https?|ftp|mailto|xmpp)(:)|(www)(\.)|(@)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\ufeff]+")
_HARMLESS = str.maketrans("", "", string.ascii_letters + string.digits + " %.,:;()?'/+≥≤…-")
_LINK_WORDS = ("www", "http", "ftp", "mailto", "xmpp")
CARDS = ("coverage",)


@dataclass(frozen=True, eq=False)
class Wording:
    """Every template by card and name."""

    templates: Mapping[str, Mapping[str, Template]]
    fixed: Mapping[str, Mapping[str, Markup]]

    def say(self, card: str, name: str, **values: Any) -> Markup:
        """One text of a card; escaped already, so it may stand inside another."""
        if (said := self.fixed[card].get(name)) is not None:
            return said
        # Everything that comes from a chart was escaped on its way into the template.
        return Markup(self.templates[card][name].render(**values).strip())  # noqa: S704

    def own(self, card: str, name: str, **values: str) -> Markup:
        """A text that names only what our documents say, rendered once and kept."""
        return _own(self, card, name, tuple(values.items()))


@lru_cache(maxsize=1024)
def _own(wording: Wording, card: str, name: str, values: tuple[tuple[str, str], ...]) -> Markup:
    return wording.say(card, name, **dict(values))


def escape(value: object) -> object:
    """Text made harmless in Markdown and in HTML; no link, no mark-up, no line break survives."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if not value.translate(_HARMLESS) and not _speaks_of_links(value.lower()):
        return value
    plain = _CONTROL.sub(" ", value)
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = _MARKDOWN.sub(r"\\\1", plain)
    return _LINKS.sub(_unlink, plain)


def _speaks_of_links(lower: str) -> bool:
    return any(word in lower for word in _LINK_WORDS)


def _unlink(found: re.Match[str]) -> str:
    """An address without the mark that would make it a link."""
    if found[5]:
        return "&#64;"
    return f"{found[1]}&#58;" if found[1] else f"{found[3]}&#46;"


def load_wording(folder: Path, mistakes: list[Mistake]) -> Wording | None:
    """All card templates; a template that does not compile is a mistake."""
    environment = Environment(
        finalize=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - `finalize` escapes for Markdown and HTML at once
    )
    found = {}
    for name in CARDS:
        found[name] = _load_card(environment, folder / f"{name}.yaml", mistakes)
    return Wording(found, {name: _fixed(one) for name, one in found.items()})


def _fixed(templates: Mapping[str, Template]) -> dict[str, Markup]:
    """Texts without variables, rendered once."""
    said = {}
    for name, template in templates.items():
        try:
            said[name] = Markup(template.render().strip())  # noqa: S704 - our own documents
        except UndefinedError:
            continue
    return said


@lru_cache(maxsize=4096)
def own_words(text: str) -> Markup:
    """A text of our documents, escaped once; never for text of a chart, which must not be kept."""
    return Markup(escape(text))  # noqa: S704 - escaped in this very line


def _load_card(
    environment: Environment, path: Path, mistakes: list[Mistake]
) -> dict[str, Template]:
    file = f"cards/{path.name}"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        mistakes.append(Mistake(file, 1, f"cannot be read: {type(error).__name__}"))
        return {}
    texts = data.get("texts") if isinstance(data, dict) else None
    if not isinstance(texts, dict):
        mistakes.append(Mistake(file, 1, "'texts' with the templates is missing"))
        return {}
    compiled = {}
    for name, text in texts.items():
        try:
            template = compiled[str(name)] = environment.from_string(str(text))
            # Our texts use no globals; copying Jinja's for each rendering costs more than the text.
            template.globals = {}
        except TemplateSyntaxError as error:
            mistakes.append(Mistake(file, error.lineno, f"{name}: {error.message}"))
    return compiled
