"""A request to record: nothing of what it said of a person is left, and it is judged as before."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
import pytest
from support.recordings import fixture, words

from service.recordings.deidentified_request import Deidentifier
from service.recordings.shifted_days import oldest_birth

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


def born(id_: str, birth: str, type_: str = "Patient") -> dict[str, Any]:
    """A person with a date of birth."""
    return {"resourceType": type_, "id": id_, "birthDate": birth}


def in_bundles(resource: dict[str, Any], depth: int) -> dict[str, Any]:
    """The resource in a Bundle in a Bundle and so on."""
    for _ in range(depth):
        resource = {"resourceType": "Bundle", "entry": [{"resource": resource}]}
    return resource


def births(value: Any) -> Iterator[str]:
    """Every date of birth, however deep it stands."""
    if isinstance(value, dict):
        yield from (one for name, one in value.items() if name == "birthDate")
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            yield from births(one)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
@pytest.mark.parametrize("birth", ["1936-11-21", "1936-03-02", "1936", "1930-05", "1921-03-02"])
def test_ages_over_89_are_pooled_at_any_depth(birth: str, depth: int) -> None:
    body = fixture("p001-claims")
    body["prefetch"]["patient"] = in_bundles(born("p", birth), depth)
    (safe,) = SAFE.candidates(body, DAY, 1)
    assert [*births(safe.body)] == [oldest_birth(safe.as_of).isoformat()]


def test_an_age_of_89_is_kept() -> None:
    body = fixture("p001-claims")
    body["prefetch"]["patient"] = born("p", "1936-11-22")
    (safe,) = SAFE.candidates(body, DAY, 1)
    (kept,) = births(safe.body)
    assert (date.fromisoformat(kept) - safe.as_of) == (date(1936, 11, 22) - DAY)


def test_ages_of_others_are_pooled_each_by_itself() -> None:
    body = fixture("p001-claims")
    body["prefetch"]["patient"] |= {
        "birthDate": "1980-05-02",
        "contained": [born("x", "1921-01-01"), born("m", "1931-01-01", "RelatedPerson")],
    }
    entry = {"resource": born("d", "1970-01-01", "Practitioner")}
    body["prefetch"]["conditions"]["entry"].append(entry)
    (safe,) = SAFE.candidates(body, DAY, 1)
    oldest = oldest_birth(safe.as_of).isoformat()
    kept = [*births(safe.body)]
    assert len(kept) == 4
    assert kept.count(oldest) == 2


def test_days_of_more_than_90_years_ago_are_dropped() -> None:
    body = fixture("p001-claims")
    resource = body["prefetch"]["conditions"]["entry"][0]["resource"]
    resource |= {"onsetDateTime": "1931-05-05", "recordedDate": "2020-05-05"}
    (safe,) = SAFE.candidates(body, DAY, 1)
    kept = safe.body["prefetch"]["conditions"]["entry"][0]["resource"]
    assert "onsetDateTime" not in kept
    assert "recordedDate" in kept
    assert safe.dropped["onsetDateTime"] >= 1


AGE_IN_CODE = {"coding": [{"system": "http://loinc.org", "code": "30525-0"}]}


@pytest.mark.parametrize(
    ("birth", "are_kept"),
    [("1936-11-22", True), ("1928-05-05", False), (None, False)],
    ids=["89 years old", "98 years old", "birth unknown"],
)
def test_an_age_with_its_day_does_not_tell_a_birth_of_more_than_90_years_ago(
    birth: str | None, are_kept: bool
) -> None:
    body = fixture("p001-claims")
    body["prefetch"]["patient"] = {"resourceType": "Patient", "id": "p", "birthDate": birth}
    condition = body["prefetch"]["conditions"]["entry"][0]["resource"]
    condition |= {"onsetAge": {"value": 20, "code": "a"}, "recordedDate": "1948-05-05"}
    condition |= {"abatementRange": {"low": {"value": 30}}, "onsetString": "20 years"}
    result = {"resourceType": "Observation", "effectiveDateTime": "1948-05-05"}
    results = [
        result | {"code": AGE_IN_CODE, "valueInteger": 20},
        result | {"code": AGE_IN_CODE, "valueString": "20"},
        result | {"code": {"text": "Body weight"}, "valueQuantity": {"value": 20, "unit": "kg"}},
    ]
    body["prefetch"]["observations"] = {"entry": [{"resource": one} for one in results]}
    (safe,) = SAFE.candidates(body, DAY, 1)
    kept = safe.body["prefetch"]["conditions"]["entry"][0]["resource"]
    number, words, weight = (
        one["resource"] for one in safe.body["prefetch"]["observations"]["entry"]
    )
    assert ("value" in kept["onsetAge"]) is are_kept
    assert ("abatementRange" in kept) is are_kept
    assert (kept["onsetString"] == "20 years") is are_kept
    assert ("valueInteger" in number) is are_kept
    assert (words["valueString"] == "20") is are_kept
    assert weight["valueQuantity"]["value"] == 20


def test_an_answer_to_a_question_of_others_may_be_an_age() -> None:
    body = fixture("p001-claims")
    answer = {"linkId": "how-old", "answer": [{"valueInteger": 95}]}
    form = {"resourceType": "QuestionnaireResponse", "item": [answer]}
    body["prefetch"]["answers"] = {"entry": [{"resource": form}]}
    (safe,) = SAFE.candidates(body, DAY, 1)
    (entry,) = safe.body["prefetch"]["answers"]["entry"]
    assert entry["resource"]["item"][0]["answer"] == [{"valueInteger": 90}]


@pytest.mark.parametrize(
    "body", [{}, {"context": 7, "prefetch": []}, {"prefetch": {"patient": None}}]
)
def test_any_object_is_a_request(body: dict[str, Any]) -> None:
    assert len(SAFE.candidates(body, DAY, 1)) == 1
