"""A tree of criteria as numbered lines with notes: question, evidence, sources, statements."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace

from service.library.shapes import ReadingShape
from service.pages.glossary import Glossary, lines_of
from service.pages.words.field_words import BRANCHES, STATEMENTS, nesting
from service.pages.words.operator_words import FACT_KINDS, operator_words
from service.policy.model import Criterion, Op
from service.policy.operators import Operator

Labelled = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PageReading:
    """How an unclear line of the policy is read, and how else it could be."""

    name: str
    used: str
    confidence: str
    lines: str
    why: str | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """One criterion on the page; `notes` are labels with their words, in a fixed order."""

    number: str
    id: str
    says: str
    lines: str
    branch: str | None = None
    nest: str | None = None
    notes: tuple[Labelled, ...] = ()
    readings: tuple[PageReading, ...] = ()
    children: tuple["OutlineLine", ...] = ()


@dataclass(frozen=True)
class Outline:
    """Turns criteria into lines; remembers which facts and value sets they name."""

    glossary: Glossary
    readings: Mapping[str, ReadingShape]
    facts: dict[str, list[str]] = field(default_factory=dict)
    value_sets: dict[str, list[str]] = field(default_factory=dict)
    citing: Callable[[str], str] = lines_of  # how a citation is worded

    def line(self, criterion: Criterion, number: str, branch: str | None = None) -> OutlineLine:
        """One criterion with everything below it."""
        if criterion.op is Op.ONE_CLASS:
            return self._one_class(criterion, number, branch)
        branches = BRANCHES if criterion.op is Op.CHOOSE else ()
        children = tuple(
            self.line(child, f"{number}.{n}", branches[n - 1] if branches else None)
            for n, child in enumerate(criterion.children, 1)
        )
        return OutlineLine(
            number,
            criterion.id,
            criterion.says,
            self.citing(criterion.cite),
            branch,
            nesting(criterion.op, criterion.n) if children else None,
            tuple(self._notes(criterion)),
            tuple(self.reading(name) for name in criterion.readings),
            children,
        )

    def _one_class(self, criterion: Criterion, number: str, branch: str | None) -> OutlineLine:
        """The tests of `one_class` written once, with "the class" in place of each class."""
        first, names = (
            criterion.children[0],
            [child.id.rpartition(":")[2] for child in criterion.children],
        )
        for name in names:
            self.value_sets.setdefault(name, []).append(criterion.id)
        glossary = replace(self.glossary, bound=names[0])
        once = replace(criterion, op=first.op, children=first.children)
        line = replace(self, glossary=glossary).line(once, number, branch)
        classes = "; ".join(self.glossary.short(name) for name in names)
        return replace(line, nest=f"{nesting(criterion.op, None)}: {classes}. It meets all below")

    def reading(self, name: str) -> PageReading:
        """One reading with the other possible ones; empty words if the policy has none of that name."""
        shape = self.readings.get(name)
        if shape is None:
            return PageReading(name, "", "", "")
        others = tuple(shape.also.values())
        return PageReading(
            name, shape.used, shape.confidence, lines_of(shape.cite), shape.why, others
        )

    def _notes(self, criterion: Criterion) -> Iterator[Labelled]:
        if criterion.operator is not None:
            yield from self._asked(criterion.operator, criterion.id)
        if criterion.statement:
            yield "Statement", STATEMENTS.get(criterion.statement, criterion.statement)
        if criterion.asks:
            yield "Question to the prescriber", criterion.asks
        for notice in criterion.notices:
            yield (
                "Notice",
                f"{notice.says} (Shown while not met and: {self._notice_test(notice.when)}.)",
            )

    def _asked(self, operator: Operator, id_: str) -> Iterator[Labelled]:
        words = operator_words(operator, self.glossary)
        yield "Asks", words.sentence
        if words.proof:
            yield "Evidence accepted", words.proof
        facts = list(self._facts(operator))
        for name in facts:
            self.facts.setdefault(name, []).append(id_)
        if looked := self._sources(facts):
            yield "Looked for in", looked
        for name in names_in(operator, self.glossary.knowledge.titles):
            self.value_sets.setdefault(name, []).append(id_)

    def _facts(self, operator: Operator) -> Iterator[str]:
        yield from names_in(operator, self.glossary.knowledge.facts)
        kind = FACT_KINDS.get(type(operator).__name__)
        yield from (
            fact.name for fact in self.glossary.knowledge.facts.values() if fact.kind == kind
        )

    def _sources(self, facts: list[str]) -> str:
        found_facts = [self.glossary.fact(name) for name in facts]
        keys = dict.fromkeys(
            source.source for fact in found_facts if fact for source in fact.sources
        )
        return "; ".join(self.glossary.source(key) for key in keys)

    def _notice_test(self, criterion: Criterion) -> str:
        for leaf in (criterion, *criterion.children):
            if leaf.operator is not None:
                list(self._asked(leaf.operator, leaf.id))
        return criterion.says[:1].lower() + criterion.says[1:]


def names_in(operator: Operator, names: Mapping[str, object]) -> Iterator[str]:
    """The known names that occur anywhere in an operator, each once."""
    yield from dict.fromkeys(text for text in _texts(asdict(operator)) if text in names)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from _texts(part)
        case list() | tuple():
            for part in value:
                yield from _texts(part)
