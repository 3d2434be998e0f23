"""No request is answered with much more than it sent: an answer has a size of its own, and little on top."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from support.hostile import bombs, bombs_of_claims
from support.hostile.bombs import bundle, copies, draft, recorded
from support.hostile.served import TWIN, assert_sound, library, post

from service.advise import Advice, advise
from service.cds.request import AsOf, parse_hook_request
from service.cds.strict_json import parse_body
from service.fhir.elements import LONGEST_ID, LONGEST_REFERENCE

Json = dict[str, Any]
OWN = 64 * 1024  # one order's cards and twin, whatever was sent
TIMES = 3
MOST = 2 * 1024 * 1024
LONG = "x" * 20_000
CASES = ("p001-initial", "renewal-worse", "wrong-dose-weekly")


def parts_of(value: Any) -> Iterator[Json]:
    """Every object of a JSON value."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, dict | list):
            yield from parts_of(part)


def chart(body: Json) -> Iterator[Json]:
    return parts_of([body["prefetch"], body["context"]["draftOrders"]])


def long_texts(body: Json) -> None:
    for part in chart(body):
        for name in (
            "display",
            "text",
            "name",
            "unit",
            "value",
            "valueString",
            "preAuthRef",
            "comment",
        ):
            if isinstance(part.get(name), str):
                part[name] += LONG


def long_codes(body: Json) -> None:
    for part in chart(body):
        if isinstance(part.get("code"), str) and "system" in part:
            part["code"] += LONG


def long_ids(body: Json) -> None:
    for part in chart(body):
        for name in ("id", "reference"):
            text = part.get(name)
            if isinstance(text, str) and not text.endswith(body["context"]["patientId"]):
                part[name] = text + LONG


def long_servers(body: Json) -> None:
    for part in chart(body):
        if isinstance(part.get("reference"), str):
            part["reference"] = f"https://a.example/{LONG}/{part['reference']}"


def many_codings(body: Json) -> None:
    for part in chart(body):
        if isinstance(part.get("coding"), list):
            part["coding"] += [{"system": "http://a.example", "code": f"{n}"} for n in range(100)]


def many_coverages(body: Json) -> None:
    one = body["prefetch"]["coverage"]["entry"][0]["resource"]
    others = [{**one, "id": f"c{n}", "payor": [{"display": f"Payer {n}"}]} for n in range(300)]
    body["prefetch"]["coverage"] = bundle(one, *others)


def many_insurances(body: Json) -> None:
    draft(body)["insurance"] = [{"reference": f"Coverage/not-sent-{n}"} for n in range(300)]


def large_draft(body: Json) -> None:
    draft(body)["note"] = [{"text": "y" * 300_000}]


def many_drafts(body: Json) -> None:
    entries = body["context"]["draftOrders"]["entry"]
    entries[:] = [{"resource": one} for one in copies(draft(body), 20)]


def nearly_nothing(body: Json) -> None:
    body["prefetch"] = {
        "patient": body["prefetch"]["patient"],
        "coverage": body["prefetch"]["coverage"],
    }
    many_drafts(body)


CHANGES: list[Callable[[Json], None]] = [
    *(long_texts, long_codes, long_ids, long_servers, many_codings, many_coverages),
    *(many_insurances, large_draft, many_drafts, nearly_nothing),
]


def judge(body: Json) -> tuple[int, int, Advice]:
    """The bytes of a request, of its answer, and the answer; without a limit of CPU time."""
    raw = orjson.dumps(body)
    request = parse_hook_request(parse_body(raw), frozenset({"order-sign"}))
    known = library()
    answer = advise(known, request, known.client("local"), AsOf("day", date(2026, 11, 21)))
    return len(raw), len(orjson.dumps({"cards": answer.cards})), answer


def assert_small(body: Json) -> None:
    sent, answered, _ = judge(body)
    assert answered <= min(MOST, TIMES * sent + OWN)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_hostile_charts_have_small_answers(change: Callable[[Json], None]) -> None:
    for name in CASES:
        body = deepcopy(recorded(name))
        change(body)
        assert_small(body)


BOMBS = {
    name: bomb
    for module in (bombs, bombs_of_claims)
    for name, bomb in vars(module).items()
    if getattr(bomb, "__module__", "") == module.__name__
    and list(bomb.__annotations__) == ["n", "return"]
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BOMBS.keys() - {"drafts"}))
def test_requests_that_are_large_to_read_have_small_answers(name: str) -> None:
    _, few, _ = judge(BOMBS[name](2))
    sent, answered, _ = judge(BOMBS[name](60))
    assert answered <= min(MOST, TIMES * sent + OWN)
    assert answered - few < 8 * 1024  # thirty times as much to read, and hardly more to say


def twins_of(answer: Advice) -> list[Json]:
    return [card["extension"][TWIN] for card in answer.cards if "extension" in card]


def nodes(criteria: list[Json]) -> Iterator[Json]:
    for node in criteria:
        yield node
        yield from nodes(node.get("children", []))


def test_later_twins_of_an_answer_refer_to_the_first_for_what_is_the_same(
    http: FlaskClient,
) -> None:
    body = deepcopy(recorded())
    many_drafts(body)
    answer = post(http, orjson.dumps(body))
    assert_sound(answer)
    cards = answer.get_json()["cards"]
    first, *later = [card["extension"][TWIN] for card in cards]
    known = {node["id"]: node for node in nodes(first["criteria"])}
    assert len(later) == 4
    assert not any("sameAs" in node for node in known.values())
    for twin in later:
        assert len(orjson.dumps(twin)) < len(orjson.dumps(first)) / 2
        same = [node for node in nodes(twin["criteria"]) if "sameAs" in node]
        assert same
        for node in same:
            head = {name: value for name, value in node.items() if name != "sameAs"}
            assert node["sameAs"] == first["id"]
            assert head.items() <= known[node["id"]].items()
            assert not head.keys() & {"children", "evidence"}


def test_an_order_on_its_own_has_the_whole_twin() -> None:
    _, _, answer = judge(deepcopy(recorded()))
    assert not any(
        "sameAs" in node for twin in twins_of(answer) for node in nodes(twin["criteria"])
    )


@pytest.mark.parametrize(("length", "counts"), [(LONGEST_ID, True), (LONGEST_ID + 1, False)])
def test_an_entry_with_an_id_longer_than_fhir_allows_is_no_evidence(
    length: int, *, counts: bool
) -> None:
    body = deepcopy(recorded("asthma-fully-met"))
    for key in ("observations", "claims", "conditions"):
        for number, entry in enumerate(body["prefetch"][key]["entry"]):
            entry["resource"]["id"] = f"{key}-{number}".ljust(length, "x")
    _, _, answer = judge(body)
    (twin,) = twins_of(answer)
    cited = {
        proof["reference"]
        for node in nodes(twin["criteria"])
        for proof in node.get("evidence", [])
        if proof.get("reference")
    }
    aside = {
        (key["key"], one["why"]) for key in twin["data"] for one in key.get("setAside", [])
    } & {(key, "id") for key in ("observations", "claims", "conditions")}
    assert any(len(reference.split("/")[1]) == length for reference in cited) is counts
    assert bool(aside) is not counts
    assert (twin["outcome"] == "met") is counts
    assert twin["outcome"] != "not_met"
    assert ("its id is longer than FHIR allows" in answer.cards[0]["detail"]) is not counts


def test_a_reference_with_a_long_address_is_not_repeated() -> None:
    body = deepcopy(recorded())
    server = "https://a.example/".ljust(LONGEST_REFERENCE, "y")
    draft(body)["dispenseRequest"] = {"performer": {"reference": f"{server}/Organization/o1"}}
    _, _, answer = judge(body)
    assert server not in orjson.dumps(answer.cards).decode()


def test_coverages_beyond_the_first_ten_are_counted() -> None:
    body = deepcopy(recorded())
    many_coverages(body)
    _, _, answer = judge(body)
    (twin,) = twins_of(answer)
    assert (len(twin["coverages"]), twin["coveragesLeftOut"]) == (10, 291)


def test_a_large_draft_is_not_sent_back_in_a_suggestion() -> None:
    body = deepcopy(recorded("wrong-dose-weekly"))
    assert any("suggestions" in card for card in judge(body)[2].cards)
    large_draft(body)
    _, _, answer = judge(body)
    updates = [
        action
        for card in answer.cards
        for suggestion in card.get("suggestions", [])
        for action in suggestion["actions"]
        if action["type"] == "update"
    ]
    assert updates == []
