"""Answers of the CRD services to requests, without HTTP and with it."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
from support.cases.run import library

from service.advise import advise
from service.advise.crd_answer import crd_answer
from service.cards.assessment_json import as_sent
from service.cds.crd_request import parse_crd_request
from service.cds.request import AsOf, parse_hook_request
from service.cds.strict_json import parse_body
from service.facts.client import Client
from service.library import Library

Json = dict[str, Any]
VERSIONS = ("2.0", "2.1", "2.2")
DAY = date(2026, 11, 21)


def asking(body: Json, version: str | None = None, **options: object) -> Json:
    """The request as a CRD client sends it: a version, and options with `_` for `-`."""
    extension = dict(body.get("extension", {}))
    if version is not None:
        extension["davinci-crd.requestedVersion"] = version
    if options:
        set_options = {name.replace("_", "-"): value for name, value in options.items()}
        extension["davinci-crd.configuration"] = set_options
    return {**deepcopy(body), "extension": extension} if extension else deepcopy(body)


def answered(
    body: Json, known: Library | None = None, client: Client | None = None, day: date = DAY
) -> Json:
    """What a client that takes system actions is answered; RequestError is not caught."""
    known = known or library()
    client = replace(client or known.client("local"), system_actions=True)
    raw = orjson.dumps(body)
    content = parse_body(raw)
    request = parse_hook_request(content, frozenset({"order-sign", "order-select"}))
    assert known.crd is not None
    asked = parse_crd_request(content, known.crd.versions, known.crd.default)
    advice = advise(known, request, client, AsOf("day", day))
    answer = crd_answer(known, request, asked, advice)
    both = {"cards": as_sent(answer.cards), "systemActions": answer.system_actions}
    said: Json = orjson.loads(orjson.dumps(both))
    return said


def updated(answer: Json) -> list[Json]:
    """The orders as the system actions change them."""
    return [action["resource"] for action in answer["systemActions"]]
