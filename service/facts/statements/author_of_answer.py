"""Who gave a single answer of a response, where the response says so: a person, or software."""

from collections.abc import Iterator

from service.facts.statements.who_may_state import OTHERS, Authors, StatementAuthor
from service.fhir.elements import first_object, objects, text
from service.json_object import Json

# FHIR R4, on an item or a group of items: who answered it, if not the author of the response.
ITEM_AUTHOR = "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-author"
# Da Vinci DTR, on an answer: `auto` (2.1), `auto-client` and `auto-server` (2.2) are what software filled in.
ORIGIN = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/information-origin"
BY_A_PERSON = frozenset({"manual", "override"})
SOFTWARE = OTHERS["Device"]


def authors_named_in(item: Json) -> list[Json]:
    """The references to those who answered an item and what is below it; empty where none is named."""
    return [first_object(one.get("valueReference")) for one in _extensions(item, ITEM_AUTHOR)]


def author_of_answer(
    authors: Authors, response: Json, whole: StatementAuthor, named: list[Json], answer: Json
) -> StatementAuthor:
    """The author of one answer: named in it, else by its item or a group above (`named`), else of the whole.

    Where several are named, all must be prescribers here. What software filled in is no statement.
    """
    origins = list(_extensions(answer, ORIGIN))
    if not all(_is_of_person(one) for one in origins):
        return whole._replace(refused=SOFTWARE)
    of_answer = [
        first_object(reference)
        for origin in origins
        for author in _extensions(origin, "author")
        for reference in _parts(author, "practitioner", "valueReference")
    ]
    read = [authors.named(one, response) for one in of_answer or named]
    return next((one for one in read if one.refused is not None), (read or [whole])[0])


def _is_of_person(origin: Json) -> bool:
    sources = _parts(origin, "source", "valueCode")
    return bool(sources) and all(text(source) in BY_A_PERSON for source in sources)


def _extensions(holder: Json, url: str) -> Iterator[Json]:
    return (one for one in objects(holder.get("extension")) if text(one.get("url")) == url)


def _parts(extension: Json, url: str, value: str) -> list[object]:
    return [part.get(value) for part in _extensions(extension, url)]
