"""A case built from words, as the engine has it when it writes orders."""

from datetime import date
from typing import Any

from support.cases.request import client, request
from support.cases.run import library

from service.facts.case import Case, Order
from service.facts.operator_table import answer
from service.fhir.record import Record

DAY = date(2026, 11, 20)
Json = dict[str, Any]


def case_of(given: Json, indication: str, changes: Json | None = None) -> Case:
    """A case for one disease; `changes` are made to the draft."""
    known, sent = library(), request(given, DAY)
    draft = sent["context"]["draftOrders"]["entry"][0]["resource"] | (changes or {})
    draft = {name: value for name, value in draft.items() if value != "absent"}
    who = client(given, DAY)
    record = Record("p1", "https://ehr.example/r4", known.terminology, who.aliases)
    record.load(sent["prefetch"], known.sources)
    order = Order("MedicationRequest/rx1", draft, {}, (indication,), reason_given=True, label="x")
    return Case(
        knowledge=known.knowledge,
        record=record,
        client=who,
        order=order,
        day=DAY,
        drug="dupilumab",
        indications=(indication,),
        is_payer=lambda _: None,
        in_network=lambda _: None,
        answers={},
        answer=answer,
    )
