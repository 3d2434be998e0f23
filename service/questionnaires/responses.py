"""A QuestionnaireResponse from answers, and the answers of one: yes or no, with the details below a yes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from service.fhir.elements import objects, text
from service.fhir.resource_types import RESPONSE
from service.json_object import Json


class StatedAnswer(NamedTuple):
    """A yes or a no; `details` are the items of a response that stand below it."""

    is_yes: bool
    details: tuple[Json, ...] = ()


Answers = Mapping[str, StatedAnswer]


@dataclass(frozen=True, slots=True)
class Stated:
    """By whom, about whom and when statements are made, as FHIR writes each."""

    patient: str
    author: Json
    authored: str
    encounter: str | None = None


def response(questionnaire: Json, answers: Answers, stated: Stated, status: str) -> Json:
    """The response to a questionnaire, in its groups; of a question that it hides there is no answer."""
    hidden = hidden_questions(questionnaire, answers)
    shown = {id_: answer for id_, answer in answers.items() if id_ not in hidden}
    encounter = {"encounter": {"reference": f"Encounter/{stated.encounter}"}}
    return {
        "resourceType": RESPONSE,
        "questionnaire": f"{questionnaire['url']}|{questionnaire['version']}",
        "status": status,
        "subject": {"reference": f"Patient/{stated.patient}"},
        **(encounter if stated.encounter else {}),
        "authored": stated.authored,
        "author": stated.author,
        "item": [*_items(questionnaire["item"], shown)],
    }


def _items(asked: Sequence[Json], answers: Answers) -> Iterator[Json]:
    for item in asked:
        id_ = item["linkId"]
        if item["type"] == "group":
            if inside := [*_items(item.get("item", ()), answers)]:
                yield {"linkId": id_, "text": item["text"], "item": inside}
        elif id_ in answers:
            yes, details = answers[id_]
            below = {"item": [*details]} if yes and details else {}
            yield {"linkId": id_, "text": item["text"], "answer": [{"valueBoolean": yes, **below}]}


def answers_of(response: Json) -> dict[str, StatedAnswer]:
    """The answers of a response that this service made."""
    found: dict[str, StatedAnswer] = {}
    for item in _walk(objects(response.get("item"))):
        for answer in objects(item.get("answer")):
            id_, yes = text(item.get("linkId")), answer.get("valueBoolean")
            if id_ and isinstance(yes, bool):
                found[id_] = StatedAnswer(yes, tuple(objects(answer.get("item"))))
    return found


def questions_in_words(response: Json) -> dict[str, str]:
    """The questions of a response as they were asked."""
    items = _walk(objects(response.get("item")))
    return {
        str(id_): asked
        for item in items
        if (id_ := item.get("linkId")) and (asked := text(item.get("text")))
    }


def _walk(items: Sequence[Json]) -> Iterator[Json]:
    for item in items:
        yield item
        yield from _walk(objects(item.get("item")))


def hidden_questions(questionnaire: Json, answers: Answers) -> set[str]:
    """The questions that the questionnaire's own `enableWhen` hides after these answers.

    An answer to a hidden question hides nothing (R4), so it is left out and the rest is looked at again.
    """
    counted, hidden = dict(answers), set[str]()
    while True:
        found = {*_hidden(questionnaire["item"], counted, within=False)}
        if not found & counted.keys():
            return found | hidden
        first = next(id_ for id_ in counted if id_ in found)
        hidden.add(first)
        del counted[first]


def _hidden(items: Sequence[Json], answers: Answers, *, within: bool) -> Iterator[str]:
    for item in items:
        hidden = within or not all(_holds(one, answers) for one in item.get("enableWhen", ()))
        if hidden:
            yield item["linkId"]
        yield from _hidden(item.get("item", ()), answers, within=hidden)


def _holds(condition: Json, answers: Answers) -> bool:
    """A condition of R4: `!=` holds for a question without an answer, `=` does not."""
    answer = answers.get(condition["question"])
    wanted = condition["answerBoolean"]
    if condition["operator"] == "!=":
        return answer is None or answer.is_yes is not wanted
    return answer is not None and answer.is_yes is wanted


def question_item(questionnaire: Json, id_: str) -> Json | None:
    """The item of a question in a questionnaire; None if it has none of this id."""
    return next((item for item in _walk(questionnaire["item"]) if item["linkId"] == id_), None)
