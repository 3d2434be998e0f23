"""Feedback can be joined to what the card was about: its kind, its criteria, the therapy."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable
from support.cases.run import library
from support.clinical.run import all_cases, answer

from service.advise import Advice
from service.store import Store
from service.store.tables import cards

DAY = date(2026, 11, 20)
JOINED = """
select f.outcome, c.kind, c.criteria, d.outcome as coverage, f.reason_code, f.accepted, c.suggestions
from feedback f join cards c on c.card = f.card join decisions d on d.id = c.decision order by f.key
"""


@pytest.fixture
def advice() -> Advice:
    (case,) = (one for one in all_cases() if one.says.startswith("a recorded allergy to dupilumab"))
    return answer(case, library())


def item(card: str, outcome: str, **more: object) -> dict[str, Any]:
    return {"card": card, "outcome": outcome, "outcome_at": datetime.now(UTC), **more}


def rows(engine: Engine, query: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(one) for one in connection.execute(text(query)).mappings()]


def test_feedback_joins_to_kind_criteria_and_therapy(
    url: str, reader: Engine, advice: Advice
) -> None:
    store = Store.open(url)
    store.keep_decisions(advice.decisions, "sign", "order-sign", 1.0)
    by_kind = {one.kind: one for one in advice.shown_cards}
    other = by_kind["alternatives"]
    chosen = next(uuid for uuid, what in other.about.items() if what == "therapy:tralokinumab")
    store.keep_feedback(
        "sign",
        [
            item(other.card["uuid"], "accepted", accepted=(chosen,)),
            item(by_kind["coverage"].card["uuid"], "overridden", reason_code="record-wrong"),
        ],
    )
    store.close()
    accepted, overridden = rows(reader, JOINED)
    offered = json.loads(accepted["suggestions"])
    assert accepted["kind"] == "alternatives"
    assert [offered[one] for one in json.loads(accepted["accepted"])] == ["therapy:tralokinumab"]
    assert json.loads(accepted["criteria"]) == ["ad.contraindicated"]
    assert (overridden["kind"], overridden["reason_code"]) == ("coverage", "record-wrong")
    assert overridden["coverage"] == advice.twins[0]["outcome"]
    twin = advice.twins[0]
    # of an order that is not met, the twin's `open` says what would turn it: that did not make the card
    asked = [*twin["blocking"], *(twin["open"][0] if twin["outcome"] == "unknown" else [])]
    assert json.loads(overridden["criteria"]) == asked
    assert asked


def test_decisions_wait_for_their_cards(url: str, reader: Engine, advice: Advice) -> None:
    store = Store.open(url)
    with reader.begin() as connection:
        connection.execute(text("alter table cards rename to elsewhere"))
    store.keep_decisions(advice.decisions, "sign", "order-sign", 1.0)
    assert "decisions" in store.failures()
    with reader.begin() as connection:
        assert connection.execute(text("select * from decisions")).all() == []
        connection.execute(text("alter table elsewhere rename to cards"))
    store.close()
    assert store.missed == 0
    assert len(rows(reader, "select * from decisions")) == 1
    assert len(rows(reader, "select * from cards")) == len(advice.shown_cards)


def test_malformed_cards_cost_no_decision(url: str, reader: Engine, advice: Advice) -> None:
    store = Store.open(url)
    broken = {**advice.decisions[0], "cards": [("only", "two")]}
    store.keep_decisions([broken, advice.decisions[0]], "sign", "order-sign", 1.0)
    store.close()
    assert len(rows(reader, "select * from decisions")) == 2


def test_a_decision_without_cards_is_kept(url: str, reader: Engine, advice: Advice) -> None:
    store = Store.open(url)
    bare = {name: value for name, value in advice.decisions[0].items() if name != "cards"}
    store.keep_decisions([bare], "sign", "order-sign", 1.0)
    store.close()
    assert len(rows(reader, "select * from decisions")) == 1
    assert rows(reader, "select * from cards") == []


def test_the_rows_fit_the_columns_of_postgresql(url: str, reader: Engine, advice: Advice) -> None:
    store = Store.open(url)
    store.keep_decisions(advice.decisions, "sign", "order-sign", 1.0)
    store.close()
    made = str(CreateTable(cards).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert "key SERIAL" in made
    for row in rows(reader, "select * from cards"):
        for column in cards.columns:
            length = getattr(column.type, "length", None)
            assert length is None or len(row[column.name] or "") <= length
            assert "\0" not in str(row[column.name])
