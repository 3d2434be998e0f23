"""The details below a yes as fields of a form, and back as items of a response.

A detail is a date, a quantity or a choice; those of a trial are in a group that repeats. A field is named
by the detail's `linkId`, in a group with `#` and the number of its repetition.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from service.fhir.elements import objects, text
from service.json_object import Json
from service.questionnaires.form import UNIT

MOST_REPETITIONS = 8
LONGEST = 40  # characters of a number
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
Fields = Mapping[str, str]


class Choice(NamedTuple):
    """A coded answer to choose; `value` stands for it in a form."""

    value: str
    display: str


class Field(NamedTuple):
    """One field of a form: its name, what it asks, and of which kind it is (date, quantity or choice)."""

    name: str
    label: str
    kind: str
    unit: str = ""
    choices: tuple[Choice, ...] = ()


class DetailsRead(NamedTuple):
    """Details as items of a response, and the names of the fields that cannot be read."""

    items: tuple[Json, ...]
    wrong: frozenset[str]


def rows_of(questionnaire: Json, question: Json, filled: Fields) -> list[list[Field]]:
    """The fields below a question: a row for each repetition that is filled, and an empty one."""
    rows: list[list[Field]] = []
    single = [one for one in question.get("item", ()) if one["type"] != "group"]
    if single:
        rows.append([_field(questionnaire, one, one["linkId"]) for one in single])
    for group in question.get("item", ()):
        if group["type"] == "group":
            rows += _repetitions(questionnaire, group, filled)
    return rows


def _repetitions(questionnaire: Json, group: Json, filled: Fields) -> Iterator[list[Field]]:
    used = [
        number
        for number in range(MOST_REPETITIONS)
        if any(filled.get(f"{one['linkId']}#{number}") for one in group["item"])
    ]
    for number in range(min(max(used, default=-1) + 2, MOST_REPETITIONS)):
        yield [_field(questionnaire, one, f"{one['linkId']}#{number}") for one in group["item"]]


def _field(questionnaire: Json, item: Json, name: str) -> Field:
    unit = _unit(item)
    choices = tuple(
        Choice(f"{one['system']}|{one['code']}", one["display"])
        for one in _codings(questionnaire, item)
    )
    return Field(name, item["text"], item["type"], unit.get("display", ""), choices)


def details_read(questionnaire: Json, question: Json, filled: Fields) -> DetailsRead:
    """What is filled in below a question; an empty field says nothing."""
    items: list[Json] = []
    wrong: set[str] = set()
    for item in question.get("item", ()):
        if item["type"] != "group":
            items += _answered(questionnaire, item, item["linkId"], filled, wrong)
            continue
        for number in range(MOST_REPETITIONS):
            inside = [
                answered
                for one in item["item"]
                for answered in _answered(
                    questionnaire, one, f"{one['linkId']}#{number}", filled, wrong
                )
            ]
            if inside:
                items.append({"linkId": item["linkId"], "text": item["text"], "item": inside})
    return DetailsRead(tuple(items), frozenset(wrong))


def _answered(
    questionnaire: Json, item: Json, name: str, filled: Fields, wrong: set[str]
) -> Iterator[Json]:
    written = filled.get(name, "").strip()
    if not written:
        return
    value = _value(questionnaire, item, written)
    if value is None:
        wrong.add(name)
        return
    yield {"linkId": item["linkId"], "text": item["text"], "answer": [value]}


def _value(questionnaire: Json, item: Json, written: str) -> Json | None:
    """An answer of FHIR; None if what is written is no date, number or code of the list."""
    match item["type"]:
        case "date":
            try:
                return {"valueDate": date.fromisoformat(written).isoformat()}
            except ValueError:
                return None
        case "quantity":
            number = _number(written)
            unit = _unit(item)
            named = {"unit": unit.get("display"), "system": unit.get("system")}
            if number is None:
                return None
            return {"valueQuantity": {"value": number, **named, "code": unit.get("code")}}
        case _:
            for one in _codings(questionnaire, item):
                if written == f"{one['system']}|{one['code']}":
                    return {"valueCoding": dict(one)}
            return None


def _number(written: str) -> int | float | None:
    if len(written) > LONGEST or not _NUMBER.fullmatch(written):
        return None
    try:
        number = Decimal(written.replace(",", "."))
    except InvalidOperation:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _unit(item: Json) -> Json:
    found = (one for one in objects(item.get("extension")) if one.get("url") == UNIT)
    return next((one.get("valueCoding", {}) for one in found), {})


def _codings(questionnaire: Json, item: Json) -> list[Json]:
    wanted = (text(item.get("answerValueSet")) or "").removeprefix("#")
    for listed in objects(questionnaire.get("contained")):
        if listed.get("id") == wanted:
            return objects(listed["expansion"]["contains"])
    return []


def fields_filled(details: tuple[Json, ...]) -> dict[str, str]:
    """The fields of a form as these items of a response fill them."""
    filled: dict[str, str] = {}
    seen: dict[str, int] = {}
    for item in details:
        id_ = item["linkId"]
        if inside := objects(item.get("item")):
            number = seen.get(id_, 0)
            seen[id_] = number + 1
            for one in inside:
                filled[f"{one['linkId']}#{number}"] = _written(one)
        else:
            filled[id_] = _written(item)
    return filled


def _written(item: Json) -> str:
    for answer in objects(item.get("answer")):
        if isinstance(day := answer.get("valueDate"), str):
            return day
        if isinstance(amount := answer.get("valueQuantity"), dict):
            return str(amount.get("value", ""))
        if isinstance(coding := answer.get("valueCoding"), dict):
            return f"{coding.get('system')}|{coding.get('code')}"
    return ""
