"""What is given, in the project's own words, as an order-sign request and the client that sends it."""

from datetime import date
from typing import Any

from support.cases.words import WORDS

from service.cases import draft_order, given
from service.cases.case_words import CaseContext
from service.facts.client import Client

Json = dict[str, Any]


def request(raw: Json, as_of: date) -> Json:
    """The hook request of a case."""
    return given.request(raw, CaseContext(as_of, WORDS))


def client(raw: Json, as_of: date) -> Client:
    """Whose data it is."""
    return given.client(raw, CaseContext(as_of, WORDS))


def draft(raw: Json, as_of: date) -> Json:
    """The draft order of a case."""
    return draft_order.draft(raw, CaseContext(as_of, WORDS))
