"""The detail of a card as blocks of whole lines, shortened to a length without cutting any line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

# How the lines of a block are written under its heading.
Form = Literal["bullets", "numbers", "sentence", "words", "paragraphs"]

# The weight of what lines say in brackets.
BRACKETS = 65
# Of blocks of this weight the first lines are never left out; of lighter ones after all else.
NEVER_LEFT_OUT = 90
KEPT = 1000


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; all are Markdown, escaped already.

    `weight` decides what is left out first: the last lines of the lightest block. The first `keep` lines
    are left out after all else, of the heaviest blocks never, unless they are `soft`. `short` are the same
    lines without brackets; brackets go before whole lines of any block that is heavier than they are. A
    `sentence` joins its lines by commas behind the heading, `words` by spaces. `lone` stands for the
    heading where no line is left.
    """

    heading: str
    lines: tuple[str, ...]
    weight: int
    keep: int = 0
    form: Form = "bullets"
    short: tuple[str, ...] = ()
    lone: str = ""
    soft: bool = False


@dataclass(frozen=True, slots=True)
class WordsForMore:
    """The words for what is left out: within a block, and in whole blocks."""

    in_block: Callable[[int], str]
    in_card: Callable[[int], str]


def fitted(blocks: Iterable[Block], longest: int, counted: WordsForMore) -> str:
    """The blocks as one text of at most `longest` characters, with the number of lines left out.

    The last block is the foot of the card: what whole blocks lack is counted in it.
    """
    shown = [_Shown(block, list(block.lines)) for block in blocks if block.lines or block.lone]
    text = _written(shown, counted)
    if len(text) <= longest:
        return text
    while len(text) > longest and (losing := [each for each in shown if each.can_lose]):
        # of equal ones the last
        min(reversed(losing), key=lambda each: each.cost).lose()
        text = _written(shown, counted)
    return _filled(shown, longest, counted, text)


def _filled(shown: list["_Shown"], longest: int, counted: WordsForMore, text: str) -> str:
    """The text with the lines that fit again after a longer one was left out, the heaviest first."""
    for each in sorted(shown, key=lambda each: -each.block.weight):
        while each.left:
            lines = each.lines
            each.lines = [*lines, each.next_line]
            longer = _written(shown, counted)
            if len(longer) > longest:
                each.lines = lines
                break
            text = longer
    return text


@dataclass(slots=True)
class _Shown:
    """A block with the lines that are shown of it."""

    block: Block
    lines: list[str]
    in_short: bool = False

    @property
    def can_lose(self) -> bool:
        return len(self.lines) > self.kept or self.has_brackets

    @property
    def kept(self) -> int:
        """How many of its lines are never left out."""
        firm = self.block.weight >= NEVER_LEFT_OUT and not self.block.soft
        return self.block.keep if firm else 0

    @property
    def has_brackets(self) -> bool:
        return bool(self.block.short) and not self.in_short

    @property
    def cost(self) -> int:
        """How much is lost by the next step."""
        if self.has_brackets:
            return BRACKETS
        return self.block.weight + (KEPT if len(self.lines) <= self.block.keep else 0)

    @property
    def left(self) -> int:
        return len(self.block.lines) - len(self.lines)

    @property
    def next_line(self) -> str:
        """The first line that is left out."""
        return (self.block.short if self.in_short else self.block.lines)[len(self.lines)]

    def lose(self) -> None:
        if self.has_brackets:
            self.lines, self.in_short = list(self.block.short), True
        else:
            self.lines.pop()


def within(
    first: str, parts: Iterable[str], longest: int, joined: Callable[[list[str]], str]
) -> str:
    """A line with as many of its parts, whole and in their order, as fit into `longest` characters."""
    kept: list[str] = []
    for part in parts:
        if part and len(joined([first, *kept, part])) <= longest:
            kept.append(part)
    return joined([first, *kept])


def _written(shown: Sequence[_Shown], counted: WordsForMore) -> str:
    texts, hidden = [], 0
    for each in shown:
        if each.lines:
            texts.append(_block(each, counted.in_block(each.left) if each.left else ""))
        elif each.block.lone:
            texts.append(each.block.lone)
        else:
            hidden += each.left
    if hidden and shown[-1].block.form == "paragraphs":
        texts[-1] = f"{texts[-1]} {counted.in_card(hidden)}"
    elif hidden:
        texts.append(counted.in_card(hidden))
    return "\n\n".join(texts)


def _block(shown: _Shown, more: str) -> str:
    block, lines = shown.block, [*shown.lines, *([more] if more else ())]
    headed = [block.heading] if block.heading else []
    match block.form:
        case "words":
            return " ".join([*headed, *shown.lines])
        case "sentence":
            return " ".join([*headed, ", ".join(lines)])
        case "paragraphs":
            return "\n\n".join([*headed, *lines])
        case "numbers":
            listed = "\n".join(f"{n}. {line}" for n, line in enumerate(shown.lines, 1))
            # A line behind a list needs a blank line, or it is taken as part of the last item.
            return "\n\n".join([*headed, listed, *([more] if more else ())])
        case _:
            return "\n".join([*headed, *(f"- {line}" for line in lines)])
