"""The texts of cards: Jinja templates in YAML, checked at start; text from charts is escaped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, nodes
from jinja2.meta import find_undeclared_variables
from markupsafe import Markup

from service.cards.packet_texts import PACKET
from service.escaped_text import in_markdown, visible
from service.memo import per_document, per_value
from service.policy.amount import Amount, Span
from service.policy.finding import Remark, Value

REMARKS = "misses"
LONGEST_VALUE = 600  # characters; values of charts that are evidence are cut shorter before
LONGEST_REMARK = 1000


@dataclass(frozen=True, eq=False)
class Wording:
    """Every text by card and name, as it is written; `fixed` are those without variables."""

    texts: Mapping[str, Mapping[str, str]]
    fixed: Mapping[str, Mapping[str, Markup]]
    overrides: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    def prepare(self) -> None:
        """Compiles every text, before workers share it: else the first orders would wait for some of them."""
        for card, texts in self.texts.items():
            for name in texts.keys() - self.fixed[card].keys():
                _template(self, card, name)

    def say(self, card: str, name: str, /, **values: Any) -> Markup:
        """One text of a card; it is escaped, so it may be put into another one."""
        if (fixed_text := self.fixed[card].get(name)) is not None:
            return fixed_text
        # Values from charts were escaped when they were put into the template.
        return Markup(_template(self, card, name).render(**values).strip())  # noqa: S704

    def text(self, content: str | Remark | None) -> str:
        """A remark in words, a text, nothing as an empty text; all of it visible and cut, not escaped.

        Behind the name of a card ("alternatives.label") it is a text of that card, with its values in
        single braces.
        """
        if not isinstance(content, Remark):
            return visible(shortened(content or "", LONGEST_VALUE))
        card, _, name = content.kind.rpartition(".")
        if card:
            own = {key: self._shown(value) for key, value in content.values}
            return plain(self.fixed[card][name]).format(**own)
        if (fixed := self.fixed[REMARKS].get(content.kind)) is not None:
            return str(fixed)
        values = {name: self._shown(value) for name, value in content.values}
        words = _template(self, REMARKS, content.kind).render(values)
        return shortened(words, content.longest or LONGEST_REMARK)

    def _shown(self, value: Value) -> object:
        """A value as a text takes it: counts and yes or no as they are, all else in words."""
        match value:
            case tuple():
                return [self._shown(item) for item in value]
            case Remark() | str() | None:
                return self.text(value)
            case float():
                return f"{value:g}"
            case date():
                return value.isoformat()
            case Amount() | Span():
                return str(value)
            case _:
                return value

    def own(self, card: str, name: str, /, **values: str) -> Markup:
        """A text whose values come from documents only; rendered once and cached."""
        return _own(self, card, name, tuple(values.items()))


@per_document
def _own(wording: Wording, card: str, name: str, values: tuple[tuple[str, str], ...]) -> Markup:
    return wording.say(card, name, **dict(values))


@per_document
def _template(wording: Wording, card: str, name: str) -> Template:
    """A text, compiled once."""
    return _compiled(wording.texts[card][name], _environment(card))


def plain(text: str) -> str:
    """Plain text without the escapes for Markdown."""
    text = str(text)
    for written, meant in (("&amp;", "&"), ("&lt;", "("), ("&gt;", ")"), ("\\", "")):
        text = text.replace(written, meant)
    return text


def shortened(text: str, longest: int) -> str:
    """A text of at most so many characters; "…" marks what is left out."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def escape(value: object) -> object:
    """Text fit to stand on a card (`in_markdown`); anything else as it is."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return in_markdown(value)


_ENVIRONMENT = Environment(
    finalize=escape,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701 - `finalize` escapes for Markdown and HTML at once
)


# Remarks are escaped where they are put on a card, and the letter where it is set; in the twin they are not.
_UNESCAPED = _ENVIRONMENT.overlay(finalize=None)


def _environment(card: str) -> Environment:
    return _UNESCAPED if card in (REMARKS, PACKET) else _ENVIRONMENT


def _compiled(text: str | nodes.Template, environment: Environment) -> Template:
    template = environment.from_string(text)
    # speed: our texts use no globals; a text is rendered in 11 µs, with Jinja's copied into it in 32
    template.globals = {}
    return template


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a card, with the variables and attributes that it uses; `template` is None if none."""

    written: str
    template: Template | None = None
    variables: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


def compile_text(text: str, card: str) -> Text:
    """Compiles one text of a card; raises TemplateSyntaxError with its line."""
    if "{" not in text:
        return Text(text)
    tree = _environment(card).parse(text)
    variables = frozenset(find_undeclared_variables(tree))
    parts = frozenset(access.attr for access in tree.find_all(nodes.Getattr))
    return Text(text, _compiled(tree, _environment(card)), variables, parts)


def wording_of(
    cards: Mapping[str, Mapping[str, Text]],
    overrides: Mapping[str, tuple[Mapping[str, str], ...]],
) -> Wording:
    """The wording of cards; texts without variables are rendered here, once."""
    texts = {
        card: {name: text.written for name, text in of_card.items()}
        for card, of_card in cards.items()
    }
    return Wording(texts, {card: _fixed(of_card) for card, of_card in cards.items()}, overrides)


def add_overrides(card: dict[str, Any], wording: Wording, name: str) -> None:
    """Adds the reasons that a clinician may give for overriding a card, as codings."""
    if reasons := wording.overrides.get(name):
        card["overrideReasons"] = [dict(reason) for reason in reasons]


def _fixed(texts: Mapping[str, Text]) -> dict[str, Markup]:
    return {
        name: Markup((text.template.render() if text.template else text.written).strip())  # noqa: S704 - our own documents
        for name, text in texts.items()
        if not text.variables
    }


@per_value
def own_words(text: str) -> Markup:
    """A text of the documents, escaped and cached; never use it for text of a chart."""
    return Markup(escape(text))  # noqa: S704 - escaped in this very line
