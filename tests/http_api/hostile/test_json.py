"""Odd JSON, and references in rings: refused or rightly answered, and it serves on."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from support.hostile.bombs import bundle, draft, recorded
from support.hostile.served import assert_sound, post, without_ids


def deep(levels: int, *, hidden: bool) -> bytes:
    """Lists in lists; hidden ones have brackets in texts beside them, which deceive a count of brackets."""
    opening, closing = (b'["]",', b',"["]') if hidden else (b"[", b"]")
    return opening * levels + b"0" + closing * levels


def with_draft(raw: bytes) -> bytes:
    """A sound order with raw JSON in an extension."""
    body = recorded("wrong-dose-weekly")
    draft(body)["extension"] = "here"
    return orjson.dumps(body).replace(b'"here"', raw)


NUMBERS = ["1e400", "-1e400", "9" * 5000, "1" + "0" * 5000 + ".5", "NaN", "Infinity", "-Infinity"]
RAW = {
    **{f"the number {one[:9]} ({len(one)})": with_draft(one.encode()) for one in NUMBERS},
    "0.<5000 digits>": with_draft(b"0." + b"3" * 5000),
    **{
        f"{levels} levels, {hidden=}": with_draft(deep(levels, hidden=hidden))
        for levels in (50, 90, 200, 300, 900, 5000)
        for hidden in (False, True)
    },
    "a lone surrogate": with_draft(rb'"\ud800"'),
    "surrogates the wrong way round": with_draft(rb'"\udc00\ud800"'),
    "invalid UTF-8": with_draft(b'"\xff\xfe"'),
    "overlong UTF-8": with_draft(b'"\xc0\xaf"'),
    "doubled names": with_draft(b'{"url": 1, "url": {"url": []}}'),
    "names of Python and JavaScript": with_draft(
        b'{"__proto__": {"a": 1}, "constructor": {"prototype": {}}, "__class__": 1, "__init__": {}}'
    ),
    "an escaped NUL": with_draft(rb'"\u0000"'),
}


@pytest.mark.parametrize("raw", RAW.values(), ids=RAW)
def test_odd_json_inside_a_sound_order_is_refused_or_answered(
    http: FlaskClient, raw: bytes
) -> None:
    assert_sound(post(http, raw))


@pytest.mark.parametrize("levels", [200, 300, 900])
def test_depth_that_brackets_in_texts_hide_is_refused_too(http: FlaskClient, levels: int) -> None:
    assert post(http, with_draft(deep(levels, hidden=True))).status_code == 400


@pytest.mark.parametrize(
    "name", ["__proto__", "constructor", "__class__", "", "toString", "\0", "a" * 9999]
)
def test_names_that_mean_something_elsewhere_change_no_answer(http: FlaskClient, name: str) -> None:
    body = recorded()
    plain = without_ids(post(http, orjson.dumps(body)).json)
    for holder in (body, body["prefetch"], body["context"], draft(body)):
        holder[name] = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "X"}}]}
    assert without_ids(post(http, orjson.dumps(body)).get_json()["cards"][0]["summary"]) in plain


def contained_in_itself(body: Any) -> None:
    draft(body)["contained"] = [
        {"resourceType": "Medication", "id": "m", "medicationReference": {"reference": "#m"}}
    ]
    draft(body)["contained"][0]["contained"] = deepcopy(draft(body)["contained"])
    del draft(body)["medicationCodeableConcept"]
    draft(body)["medicationReference"] = {"reference": "#m"}


def medication_of_itself(body: Any) -> None:
    one = {
        "resourceType": "Medication",
        "id": "m",
        "medicationReference": {"reference": "Medication/m"},
    }
    body["prefetch"]["medications"] = bundle(one)
    del draft(body)["medicationCodeableConcept"]
    draft(body)["medicationReference"] = {"reference": "Medication/m"}


def order_of_itself(body: Any) -> None:
    draft(body)["medicationReference"] = {"reference": f"MedicationRequest/{draft(body)['id']}"}
    draft(body)["reasonReference"] = draft(body)["basedOn"] = [draft(body)["medicationReference"]]


def visit_and_diagnosis(body: Any) -> None:
    subject, code = draft(body)["subject"], draft(body)["reasonCode"][0]
    there, back = [{"reference": "Encounter/e"}], [{"reference": "Condition/c"}]
    visit = {"resourceType": "Encounter", "id": "e", "status": "finished", "subject": subject}
    visit |= {"class": {"code": "EMER"}, "period": {"start": "2026-06-01"}}
    visit |= {"reasonReference": [*back, *there], "diagnosis": [{"condition": back[0]}]}
    diagnosis = {"resourceType": "Condition", "id": "c", "subject": subject, "code": code}
    diagnosis |= {
        "encounter": there[0],
        "category": [{"coding": [{"code": "encounter-diagnosis"}]}],
    }
    diagnosis |= {"evidence": [{"detail": back}]}
    body["prefetch"]["encounters"] = bundle(visit)
    body["prefetch"]["conditions"]["entry"].append({"resource": diagnosis})


RINGS = [contained_in_itself, medication_of_itself, order_of_itself, visit_and_diagnosis]


@pytest.mark.parametrize("ring", RINGS, ids=lambda one: one.__name__)
def test_circular_references_end(http: FlaskClient, ring: Callable[[Any], None]) -> None:
    body = recorded()
    ring(body)
    answer = post(http, orjson.dumps(body))
    assert_sound(answer)
    assert answer.status_code == 200


def test_identifiers_of_any_shape_beside_a_reversal_are_no_failure(http: FlaskClient) -> None:
    body = recorded()
    for entry in body["prefetch"]["claims"]["entry"]:
        entry["resource"]["identifier"] = [{"value": []}, {"value": {}}, None]
    taken = deepcopy(body["prefetch"]["claims"]["entry"][0])
    taken["resource"] |= {"id": "back", "payment": {"amount": {"value": -1}}}
    taken["resource"]["related"] = [{"claim": {"identifier": [{"value": []}], "reference": []}}, 7]
    body["prefetch"]["claims"]["entry"].append(taken)
    assert post(http, orjson.dumps(body)).status_code == 200
