"""`$populate` of SDC: a response in progress with what the record shows, and no answer.

A statement is made by a person, so no question is answered here. What the record shows stands beside each
question in an extension of our own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from service.fhir.elements import objects
from service.fhir.resource_types import RESPONSE
from service.json_object import Json
from service.questionnaires.answer_lists import BASE

SHOWS = f"{BASE}/StructureDefinition/record-shows"
MOST = 20  # entries beside one question
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


class RecordEntry(NamedTuple):
    """One entry of the record beside a question: what it says, its day, kind and reference."""

    value: str
    day: str | None
    kind: str
    reference: str | None


def populated(
    questionnaire: Json, subject: Json, day: date, shows: Mapping[str, Sequence[RecordEntry]]
) -> Json:
    """The response with its context: whose, to which questionnaire, when, and what the record shows."""
    return {
        "resourceType": RESPONSE,
        "questionnaire": f"{questionnaire['url']}|{questionnaire['version']}",
        "status": "in-progress",
        "subject": subject,
        "authored": day.isoformat(),
        "item": [*_items(objects(questionnaire.get("item")), shows)],
    }


def _items(asked: Sequence[Json], shows: Mapping[str, Sequence[RecordEntry]]) -> Iterator[Json]:
    for item in asked:
        extensions = [_extension(one) for one in shows.get(item["linkId"], ())[:MOST]]
        shown = {"extension": extensions} if extensions else {}
        inside = [*_items(objects(item.get("item")), shows)] if item["type"] == "group" else []
        below = {"item": inside} if inside else {}
        yield {**shown, "linkId": item["linkId"], "text": item["text"], **below}


def _extension(entry: RecordEntry) -> Json:
    parts: list[Json] = [
        {"url": "value", "valueString": entry.value},
        {"url": "kind", "valueCode": entry.kind},
    ]
    if entry.day and _DAY.fullmatch(entry.day):
        parts.append({"url": "date", "valueDateTime": entry.day})
    if entry.reference:
        parts.append({"url": "source", "valueReference": {"reference": entry.reference}})
    return {"url": SHOWS, "extension": parts}
