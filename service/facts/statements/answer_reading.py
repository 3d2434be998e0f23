"""How the answers of a QuestionnaireResponse are read: a yes, a no, or what is neither."""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from service.facts.knowledge import Knowledge, Word
from service.facts.statements.author_of_answer import author_of_answer, authors_named_in
from service.facts.statements.trial_details import Contradict, details_reader
from service.facts.statements.who_may_state import Authors, StatementAuthor
from service.facts.yes_or_no import COUNTS, END, coded_word, values_of
from service.fhir.elements import (
    names,
    objects,
    same_name,
    text,
)
from service.fhir.record import Record
from service.fhir.sources.entries_not_understood import MODIFIER
from service.json_object import Json

CODING, STRING, INTEGER, DECIMAL = "valueCoding", "valueString", "valueInteger", "valueDecimal"
# A yes or a no; None where it is neither; a yes that the details below it contradict.
Said = bool | Literal["contradicted"] | None


class AnswerReading(NamedTuple):
    """How answers are read: what one of a kind (its `value[x]`) says, what the details below a yes do.

    The first is None where it is no yes and no no. `authors` tells who made a response.
    """

    says: Callable[[str, object], bool | None]
    contradict: Contradict
    authors: Authors


def answer_reader(
    record: Record, knowledge: Knowledge, authors: Authors | None = None
) -> AnswerReading:
    """How answers are read that are no boolean: by the value sets of yes and no, else a plain yes or no."""
    word_of, plain = knowledge.answers, knowledge.plain_words

    def said_in(name: str, value: object) -> Word | None:
        if name in (INTEGER, DECIMAL):
            return COUNTS.get(value) if isinstance(value, int | float) else None
        if name == STRING:
            return plain.get(same_name(END.sub("", value))) if isinstance(value, str) else None
        if name != CODING:
            return None
        concept = {"coding": value}
        named = {word for written in names(concept) if (word := plain.get(same_name(written)))}
        if word := coded_word(record, word_of, concept):
            named.add(word)
        elif record.is_coded(concept):
            return None
        return named.pop() if len(named) == 1 else None

    def read_answer(name: str, value: object) -> bool | None:
        word = said_in(name, value)
        return {"yes": True, "no": False}.get(word) if word else None

    by = authors or Authors(record, knowledge)
    return AnswerReading(read_answer, details_reader(record, knowledge), by)


def answered(
    response: Json, reading: AnswerReading, whole: StatementAuthor, day: int
) -> Iterable[tuple[str, Said, StatementAuthor]]:
    """LinkId, answer and its author of every item that has one, nested ones too, without recursion.

    `whole` is the author of the response; an item or an answer may name another.
    """
    # an item, and who answered the groups that it is in
    nobody: list[Json] = []
    waiting = [(item, nobody) for item in objects(response.get("item"))]
    while waiting:
        item, above = waiting.pop()
        if item.get(MODIFIER):
            continue
        named = authors_named_in(item) or above
        link_id = text(item.get("linkId"))
        contradicted: bool | None = None  # looked at once for an item, however many answers it has
        for answer in objects(item.get("answer")):
            if answer.get(MODIFIER):
                continue
            author = author_of_answer(reading.authors, response, whole, named, answer)
            for name, value in values_of(answer):
                if not link_id or value is None:
                    continue
                said = value if isinstance(value, bool) else reading.says(name, value)
                if said is True and contradicted is None:
                    contradicted = reading.contradict(item, link_id, day)
                yield link_id, "contradicted" if said is True and contradicted else said, author
            waiting.extend((below, named) for below in objects(answer.get("item")))
        waiting.extend((below, named) for below in objects(item.get("item")))
