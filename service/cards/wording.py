"""The wording of cards: Jinja strings inside YAML, compiled at start, chart text escaped."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, UndefinedError, nodes
from jinja2.meta import find_undeclared_variables
from markupsafe import Markup

from service.memo import per_document
from service.policy.amount import Amount, Span
from service.policy.remark import Remark, Value

REMARKS = "misses"

_MARKDOWN = re.compile(r"([\\`*_\[\]|~#])")
# Renderers decode entities before they look for addresses: only a space in an address parts it.
_LINKS = re.compile(r"(?i)(?:https?|ftp|mailto|xmpp):(?=\S)|www(?=\.)|(?<!\s)(?=@)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\ufeff]+")
_HARMLESS = str.maketrans("", "", string.ascii_letters + string.digits + " %.,:;()?'/+≥≤…-")


@dataclass(frozen=True, eq=False)
class Wording:
    """Every template by card and name."""

    templates: Mapping[str, Mapping[str, Template]]
    fixed: Mapping[str, Mapping[str, Markup]]
    overrides: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    def say(self, card: str, name: str, **values: Any) -> Markup:
        """One text of a card; escaped already, so it may stand inside another."""
        if (said := self.fixed[card].get(name)) is not None:
            return said
        # Everything that comes from a chart was escaped on its way into the template.
        return Markup(self.templates[card][name].render(**values).strip())  # noqa: S704

    def text(self, said: str | Remark | None) -> str:
        """A remark in words, a text as it is, nothing as an empty text; not escaped.

        Behind the name of a card ("alternatives.label") it is a text of that card, with its values in
        single braces.
        """
        if not isinstance(said, Remark):
            return said or ""
        card, _, name = said.kind.rpartition(".")
        if card:
            own = {key: self._shown(value) for key, value in said.values}
            return plain(self.fixed[card][name]).format(**own)
        if (fixed := self.fixed[REMARKS].get(said.kind)) is not None:
            return str(fixed)
        values = {name: self._shown(value) for name, value in said.values}
        words = self.templates[REMARKS][said.kind].render(values)
        return words if said.longest is None else shortened(words, said.longest)

    def _shown(self, value: Value) -> object:
        """A value as a text takes it: counts and yes or no as they are, all else in words."""
        match value:
            case tuple():
                return [self._shown(one) for one in value]
            case Remark() | None:
                return self.text(value)
            case float():
                return f"{value:g}"
            case date():
                return value.isoformat()
            case Amount() | Span():
                return str(value)
            case _:
                return value

    def own(self, card: str, name: str, **values: str) -> Markup:
        """A text that names only what our documents say, rendered once and kept."""
        return _own(self, card, name, tuple(values.items()))


@per_document
def _own(wording: Wording, card: str, name: str, values: tuple[tuple[str, str], ...]) -> Markup:
    return wording.say(card, name, **dict(values))


def plain(text: str) -> str:
    """Plain text: what the Markdown escape wrote is written back."""
    text = str(text)
    for written, meant in (("&amp;", "&"), ("&lt;", "("), ("&gt;", ")"), ("\\", "")):
        text = text.replace(written, meant)
    return text


def shortened(text: str, longest: int) -> str:
    """A text of at most so many characters; what is left out is marked."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def escape(value: object) -> object:
    """Text made harmless in Markdown and in HTML; no link, no mark-up, no line break survives."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if not value.translate(_HARMLESS) and not _speaks_of_links(value.lower()):
        return value
    plain = _CONTROL.sub(" ", value)
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = _MARKDOWN.sub(r"\\\1", plain)
    return _LINKS.sub(r"\g<0> ", plain)


def _speaks_of_links(lower: str) -> bool:
    # one by one: a loop or an expression over the words takes five times as long
    return (
        "www" in lower or "http" in lower or "ftp" in lower or "mailto" in lower or "xmpp" in lower
    )


_ENVIRONMENT = Environment(
    finalize=escape,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701 - `finalize` escapes for Markdown and HTML at once
)


# Remarks are escaped where they stand on a card; in the twin they stand as they are.
_UNESCAPED = _ENVIRONMENT.overlay(finalize=None)


@dataclass(frozen=True, slots=True)
class Text:
    """One compiled text with the variables that it asks for, and what it asks of them."""

    template: Template
    variables: frozenset[str]
    parts: frozenset[str]


def compile_text(text: str, *, escaped: bool = True) -> Text:
    """One text of a card; TemplateSyntaxError with its line when it cannot be compiled."""
    environment = _ENVIRONMENT if escaped else _UNESCAPED
    tree = environment.parse(text)
    variables = frozenset(find_undeclared_variables(tree))
    parts = frozenset(one.attr for one in tree.find_all(nodes.Getattr))
    template = environment.from_string(tree)
    # Our texts use no globals; copying Jinja's for each rendering costs more than the text.
    template.globals = {}
    return Text(template, variables, parts)


def wording_of(
    cards: Mapping[str, Mapping[str, Template]],
    overrides: Mapping[str, tuple[Mapping[str, str], ...]],
) -> Wording:
    """The wording of these cards, texts without variables rendered once."""
    return Wording(cards, {name: _fixed(one) for name, one in cards.items()}, overrides)


def add_overrides(card: dict[str, Any], wording: Wording, name: str) -> None:
    """The reasons that a clinician may give for setting a card aside, as codings."""
    if reasons := wording.overrides.get(name):
        card["overrideReasons"] = [dict(one) for one in reasons]


def _fixed(templates: Mapping[str, Template]) -> dict[str, Markup]:
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
