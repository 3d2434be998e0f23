"""What a card shows of statements, and of what the record shows against them."""

import json
from datetime import date
from typing import Any

from support.asking import answered
from support.cases.run import library
from support.paths import ROOT

from service.advise.order_advice import Rendered
from service.cards.details.statements_shown import contradicting_records, stated_blocks
from service.cards.plain_names import InShort

Json = dict[str, Any]
BRIEF = InShort(library().wording, date(2026, 11, 21))
BY = "Dr. Amara Okafor, Nov 20, counts until Feb 18, 2027"


def recorded() -> Json:
    """A request that its statements meet."""
    file = ROOT / "fixtures/initial-fully-met.json"
    body: Json = json.loads(file.read_text(encoding="utf-8"))
    return body


def response(body: Json) -> Json:
    found: Json = body["prefetch"]["answers"]["entry"][0]["resource"]
    return found


def judged(body: Json) -> Rendered:
    (order,) = answered(body, library()).orders
    return order


def headings(body: Json) -> list[tuple[str, str]]:
    blocks = stated_blocks(BRIEF, judged(body).judgement.assessment, 1)
    return [(str(block.heading), str(block.lone)) for block in blocks]


def test_what_a_statement_decided_stands_behind_its_author_and_days() -> None:
    (block,) = stated_blocks(BRIEF, judged(recorded()).judgement.assessment, 1)
    assert block.heading == f"**Stated** ({BY}):"
    assert block.lone == f"**Stated** ({BY})"
    assert {"specialist", "skin care with dupilumab"} <= {*block.lines}


def test_each_author_has_a_block_and_the_first_is_always_shown() -> None:
    body = recorded()
    first = response(body)
    other = {**first, "id": "second", "authored": "2026-11-19"}
    other["author"] = {"reference": "Practitioner/d2", "display": "Dr. Bo"}
    first["item"], other["item"] = first["item"][:3], first["item"][3:]
    body["prefetch"]["answers"]["entry"].append({"resource": other})
    (_, lone), (heading, alone) = headings(body)
    assert lone == "**Stated** (Dr. Amara Okafor, Nov 20, counts until Nov 20, 2027)"
    assert heading == "**Stated** (Dr. Bo, Nov 19, counts until Feb 17, 2027):"
    assert alone == ""


def test_name_of_an_author_is_no_mark_up_and_a_long_one_is_left_out() -> None:
    body = recorded()
    response(body)["author"]["display"] = "<b>*Dr. X*</b>"
    ((heading, _),) = headings(body)
    assert "<b>" not in heading
    assert "\\*Dr. X\\*" in heading
    response(body)["author"]["display"] = "x" * 50
    assert headings(body)[0][0] == "**Stated** (Nov 20, counts until Feb 18, 2027):"


def test_line_against_a_statement_has_room_for_a_short_name_only() -> None:
    body = recorded()
    named = {"text": "upadacitinib " + "X" * 280}
    dispense = {
        "resourceType": "MedicationDispense",
        "id": "upa",
        "status": "completed",
        "subject": {"reference": f"Patient/{body['context']['patientId']}"},
        "medicationCodeableConcept": {
            "coding": [
                {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "2196894"}
            ],
            **named,
        },
        "whenHandedOver": "2026-11-08",
        "daysSupply": {"value": 30},
    }
    body["prefetch"]["dispenses"].setdefault("entry", []).append({"resource": dispense})
    (line,) = contradicting_records(BRIEF, judged(body).judgement.assessment)
    assert line.startswith("stated: No other immunomodulator at the same time")
    assert "until Dec 7" in line
    assert len(line) <= 300


def test_order_without_statements_shows_none() -> None:
    body = recorded()
    body["prefetch"]["answers"]["entry"] = []
    assert headings(body) == []
