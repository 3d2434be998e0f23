"""A request to record: nothing of what it said of a person is left, and it is judged as before."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
import pytest
from support.recordings import fixture, words

from service.recordings.deidentified import NO_ELEMENT, Deidentifier

DAY = date(2026, 11, 21)
SAFE = Deidentifier(words(), b"secret")


class Marks:
    """Texts that stand nowhere else."""

    def __init__(self) -> None:
        self.count = 0

    def one(self) -> str:
        """A text that was not there before."""
        self.count += 1
        return f"Zq{self.count}xMARK"


def marked(value: Any, marks: Marks, key: str = "") -> Any:
    """The same with a mark in every string, and with all that a resource may hold of a person."""
    if isinstance(value, list):
        return [marked(one, marks, key) for one in value]
    if isinstance(value, str):
        kept = key == "resourceType"
        prefix = value.rpartition("/")[0] if key in ("reference", "fullUrl") else ""
        return value if kept else f"{prefix}/{marks.one()}".removeprefix("/")
    if not isinstance(value, dict):
        return value
    changed = {name: marked(one, marks, name) for name, one in value.items()}
    if "resourceType" in value:
        mark = marks.one
        changed |= {
            mark(): mark(),
            "text": {"status": mark(), "div": f"<div>{mark()}</div>"},
            "identifier": [{"system": f"http://{mark()}", "value": mark()}],
            "extension": [{"url": f"http://x/{mark()}", "valueAttachment": {"data": mark()}}],
            "modifierExtension": [{"url": mark(), "valueString": mark()}],
            "contained": [
                {
                    "resourceType": "Patient",
                    "id": mark(),
                    "name": [{"family": mark(), "given": [mark()]}],
                    "telecom": [{"value": mark()}],
                    "photo": [{"data": mark(), "url": mark()}],
                }
            ],
            "meta": {
                "source": f"http://{mark()}",
                "lastUpdated": mark(),
                "tag": [{"code": mark()}],
            },
            "_birthDate": {"extension": [{"url": mark(), "valueDateTime": mark()}]},
        }
    return changed


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("name", ["initial-fully-met", "asthma-fully-met", "p000-renewal-approved"])
def test_no_mark_is_left(name: str) -> None:
    marks = Marks()
    (safe,) = SAFE.candidates(marked(fixture(name), marks), DAY, 1)
    assert marks.count > 200
    assert "MARK" not in orjson.dumps([safe.body, dict(safe.dropped)]).decode()


def test_nothing_of_a_story_is_left_but_codes() -> None:
    body = fixture("asthma-fully-met")
    (safe,) = SAFE.candidates(body, DAY, 1)
    both = {*texts(body)} & {*texts(safe.body)}
    assert not [text for text in both if text[:2] in ("19", "20") and text[4:5] == "-"]
    assert "Okafor" not in orjson.dumps(safe.body).decode()
    assert safe.dropped["address"] >= 1


def test_the_same_patient_has_the_same_ids_and_offset() -> None:
    first, second = (SAFE.candidates(fixture("p001-claims"), DAY, 1)[0] for _ in range(2))
    assert first == second
    other = Deidentifier(words(), b"other").candidates(fixture("p001-claims"), DAY, 1)[0]
    assert other.body["context"]["patientId"] != first.body["context"]["patientId"]


def test_references_still_resolve() -> None:
    safe = SAFE.candidates(fixture("order-contained-medication"), DAY, 1)[0].body
    draft = safe["context"]["draftOrders"]["entry"][0]["resource"]
    assert draft["medicationReference"]["reference"] == f"#{draft['contained'][0]['id']}"
    assert draft["subject"]["reference"] == f"Patient/{safe['context']['patientId']}"


def test_ages_over_89_are_pooled() -> None:
    births = []
    for year in ("1936", "1930", "1921"):
        body = fixture("p001-claims")
        body["prefetch"]["patient"]["birthDate"] = f"{year}-03-02"
        (safe,) = SAFE.candidates(body, DAY, 1)
        born = date.fromisoformat(safe.body["prefetch"]["patient"]["birthDate"])
        births.append(safe.as_of.year - born.year)
    assert births == [90, 90, 90]


def test_a_modifier_extension_is_still_seen() -> None:
    body = fixture("p001-claims")
    entry = body["prefetch"]["observations"]["entry"][0]["resource"]
    entry["modifierExtension"] = [{"url": "https://secret.example/x", "valueBoolean": True}]
    (safe,) = SAFE.candidates(body, DAY, 1)
    kept = safe.body["prefetch"]["observations"]["entry"][0]["resource"]
    assert kept["modifierExtension"] == [{"url": "https://dupilumab-cds.github.io/fhir/removed"}]


@pytest.mark.parametrize(
    "body", [{}, {"context": 7, "prefetch": []}, {"prefetch": {"patient": None}}]
)
def test_any_object_is_a_request(body: dict[str, Any]) -> None:
    assert len(SAFE.candidates(body, DAY, 1)) == 1


def test_names_that_fhir_does_not_give_are_counted_as_one() -> None:
    body = fixture("p001-claims")
    body["prefetch"]["patient"] |= {"okafor": "x", "amaraOkafor": {"a": 1}, "photo": [{"url": "x"}]}
    body["context"]["okafor"] = body["okafor"] = 1
    (safe,) = SAFE.candidates(body, DAY, 1)
    assert (safe.dropped[NO_ELEMENT], safe.dropped["photo"]) == (4, 1)
    assert "kafor" not in " ".join(safe.dropped)


def test_a_payer_is_named_by_the_words_of_the_documents_and_a_person_by_none() -> None:
    body = fixture("p001-claims")
    coverage = {"resourceType": "Coverage", "payor": [{"display": "Blue Cross Okafor"}]}
    body["prefetch"]["coverage"] = {"entry": [{"resource": coverage}]}
    person = {"reference": "Patient/x", "display": "Cross Okafor with asthma"}
    body["context"]["draftOrders"]["entry"][0]["resource"]["subject"] = person
    (safe,) = SAFE.candidates(body, DAY, 1)
    kept = safe.body["prefetch"]["coverage"]["entry"][0]["resource"]["payor"][0]["display"]
    assert kept.startswith("blue cross ")
    assert "kafor" not in kept
    subject = safe.body["context"]["draftOrders"]["entry"][0]["resource"]["subject"]["display"]
    assert subject.startswith("text ")


@pytest.mark.parametrize(
    ("payor", "kept"),
    [
        ({"display": "Commercial Insurance"}, "commercial insurance"),
        ({"reference": "Patient/x", "display": "Ann Cross"}, "text"),
    ],
)
def test_a_payer_that_is_not_told_apart(payor: dict[str, str], kept: str) -> None:
    body = fixture("p001-claims")
    entry = {"resource": {"resourceType": "Coverage", "payor": [payor]}}
    body["prefetch"]["coverage"] = {"entry": [entry]}
    (safe,) = SAFE.candidates(body, DAY, 1)
    (named,) = safe.body["prefetch"]["coverage"]["entry"][0]["resource"]["payor"]
    assert named["display"].startswith(kept)
    assert "cross" not in named["display"].lower()
