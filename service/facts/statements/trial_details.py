"""What a prescriber adds to the statement that a trial failed: why each therapy ended, from when to when."""

from collections.abc import Callable, Iterator

from service.facts.knowledge import Knowledge
from service.fhir.elements import objects, text
from service.fhir.record import Record
from service.fhir.values.days import DayRange, parse_day
from service.json_object import Json

# The ends of the ids under which a questionnaire asks them, behind the id of the criterion.
TRIAL, WHY, STARTED, ENDED = ":trial", ":why", ":started", ":ended"
# Whether the details below an answered question, of this id and authored on this day, contradict a yes.
Contradict = Callable[[Json, str, int], bool]


def details_reader(record: Record, knowledge: Knowledge) -> Contradict:
    """Details contradict a failure where a therapy ended for another reason, or a day cannot be."""
    outcome = knowledge.by_kind.get("outcome")
    failed = frozenset(outcome.value_sets if outcome else ())

    def is_failure(answer: Json) -> bool:
        written = answer.get("valueString")
        concept = {"text": written} if written else {"coding": [answer.get("valueCoding")]}
        return any(entry.value_set in failed for entry in record.entries_of_concept(concept))

    def days(siblings: list[Json], link_id: str) -> list[DayRange | None]:
        return [parse_day(answer.get("valueDate")) for answer in _answers(siblings, link_id)]

    def one_contradicts(siblings: list[Json], link_id: str, authored: int) -> bool:
        if not all(is_failure(answer) for answer in _answers(siblings, link_id + WHY)):
            return True
        read = days(siblings, link_id + STARTED), days(siblings, link_id + ENDED)
        begun, ended = ([day for day in each if day is not None] for each in read)
        if len(begun) + len(ended) < sum(map(len, read)):
            return True  # a day that cannot be read
        if any(day.first > authored for day in (*begun, *ended)):
            return True
        last_day = min((day.last for day in ended), default=authored)
        return any(day.first > last_day for day in begun)

    def contradict(item: Json, link_id: str, authored: int) -> bool:
        return any(
            one_contradicts(each, link_id, authored) for each in _below(item, link_id + TRIAL)
        )

    return contradict


def answers_below(item: Json, link_id: str) -> list[Json]:
    """The answers to one question right below another one."""
    return [
        answer
        for holder in (item, *objects(item.get("answer")))
        for answer in _answers(objects(holder.get("item")), link_id)
    ]


def _answers(siblings: list[Json], link_id: str) -> list[Json]:
    return [
        answer
        for one in siblings
        if text(one.get("linkId")) == link_id
        for answer in objects(one.get("answer"))
    ]


def _below(item: Json, group: str) -> Iterator[list[Json]]:
    """The items right below an answered question, and those in its groups of this id."""
    for holder in (item, *objects(item.get("answer"))):
        if inside := objects(holder.get("item")):
            yield inside
            for one in inside:
                if text(one.get("linkId")) == group:
                    yield objects(one.get("item"))
