"""A hook request without what names a patient: known elements are kept, all others dropped and counted.

The rules of 45 CFR 164.514(b)(2) say what goes: names, places, numbers, contacts, pictures, and ages over 89.
Days are shifted by an offset of each patient, where that section would leave the year alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from service.fhir.elements import objects
from service.json_object import Json
from service.recordings.deidentified_resource import (
    SERVER,
    Walk,
    element_name,
    id_of,
    reference_of,
    structure_of,
)
from service.recordings.pseudonyms import Pseudonyms
from service.recordings.safe.known_words import KnownWords
from service.recordings.shifted_days import exact_day, first_day, keeps_spans, oldest_birth


@dataclass(frozen=True)
class Deidentified:
    """A request to record, the day to judge it by, and how many elements of which name were dropped."""

    body: Json
    as_of: date
    offset: int
    dropped: Mapping[str, int]


class Deidentifier:
    """Makes requests fit to be recorded."""

    def __init__(self, words: KnownWords, secret: bytes) -> None:
        self.words, self.names = words, Pseudonyms(secret)

    def candidates(self, body: Json, as_of: date, most: int) -> "list[Deidentified]":
        """Up to so many ways to shift the days of a request in which all its spans stay as they are."""
        contexts = objects(body.get("context"))
        patient = str(contexts[0].get("patientId")) if contexts else ""
        patient = patient.removeprefix("Patient/")
        server = body.get("fhirServer")
        seen = Walk(self.words, self.names, server if isinstance(server, str) else None)
        _request(seen, body)
        oldest = oldest_birth(as_of)
        days = [day for day in seen.days if day >= oldest]
        decisive = [as_of, *_answered(body)]
        found: list[Deidentified] = []
        for offset in self._offsets(patient, days, as_of, decisive, most):
            there = date.fromordinal(as_of.toordinal() + offset)
            born, is_old = oldest_birth(there), _may_be_old(body, oldest)
            walk = Walk(self.words, self.names, seen.server, offset, oldest, born, is_old)
            found.append(Deidentified(_request(walk, body), there, offset, dict(walk.dropped)))
        return found

    def _offsets(
        self, patient: str, days: Sequence[date], as_of: date, decisive: Sequence[date], most: int
    ) -> list[int]:
        """The first offsets that keep all spans, else those that keep the spans to the day of judging."""
        allowed = [
            one for one in self.names.offsets(patient) if self._keeps_policies(decisive, one)
        ]
        for strict in (True, False):
            fitting = (one for one in allowed if keeps_spans(days, as_of, one, pairs=strict))
            if chosen := list(islice(fitting, most)):
                return chosen
        return []

    def _keeps_policies(self, days: Sequence[date], offset: int) -> bool:
        """Whether the same versions of policies are in force on these days as before."""
        return all(
            self.words.policies_on(day)
            == self.words.policies_on(date.fromordinal(day.toordinal() + offset))
            for day in days
        )


def _may_be_old(body: Json, oldest: date) -> bool:
    """Whether somebody was born on that day or before, or no day of birth can be read."""
    births = [first_day(str(written)) for written in _values(body, "birthDate")]
    return not births or any(birth is None or birth <= oldest for birth in births)


def _answered(body: Json) -> list[date]:
    """The days on which questionnaires were answered: answers from before a policy do not count for it."""
    written = [str(one) for one in _values(body, "authored")]
    return [day for text in written if (day := exact_day(text[:10]))]


def _values(value: Any, name: str) -> Iterator[Any]:
    for one in (
        objects(value) if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        if isinstance(one, dict):
            for key, content in one.items():
                if key == name:
                    yield content
                yield from _values(content, name)


def _request(walk: Walk, body: Json) -> Json:
    """The members of a hook request that CDS Hooks defines."""
    safe: Json = {}
    known = {"hook", "hookInstance", "context", "prefetch", "fhirServer"}
    walk.dropped.update(element_name(name) for name in body if name not in known)
    if isinstance(body.get("hook"), str) and walk.words.is_hook(body["hook"]):
        safe["hook"] = body["hook"]
    if "hookInstance" in body:
        safe["hookInstance"] = walk.names.uuid(str(body["hookInstance"]))
    if "fhirServer" in body:
        safe["fhirServer"] = SERVER
    context = body.get("context")
    if isinstance(context, dict):
        safe["context"] = _context(walk, context)
    prefetch = body.get("prefetch")
    if isinstance(prefetch, dict):
        keys = walk.words.prefetch_keys
        walk.dropped.update("prefetch key" for key in prefetch if key not in keys)
        kept = {key: value for key, value in prefetch.items() if key in keys}
        safe["prefetch"] = {
            key: structure_of(walk, value, 0) if isinstance(value, dict) else None
            for key, value in kept.items()
        }
    return safe


def _context(walk: Walk, context: Json) -> Json:
    safe: Json = {}
    for name, value in context.items():
        if name == "draftOrders" and isinstance(value, dict):
            safe[name] = structure_of(walk, value, 0)
        elif name == "selections" and isinstance(value, list):
            safe[name] = [reference_of(walk, str(one)) for one in value]
        elif name == "userId" and isinstance(value, str):
            safe[name] = reference_of(walk, value)
        elif name in ("patientId", "encounterId") and isinstance(value, str):
            safe[name] = id_of(walk, value)
        else:
            walk.dropped[element_name(name)] += 1
    return safe
