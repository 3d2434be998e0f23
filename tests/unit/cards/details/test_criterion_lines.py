"""The detail of the coverage card: each thing once, and what it was found in."""

import json
from datetime import date
from typing import Any

from support.cases.request import client, request
from support.cases.run import library

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request

DAY = date(2026, 11, 20)
HOOKS = frozenset({"order-sign"})
EOE: dict[str, Any] = {
    "order": {"reason": "eosinophilic esophagitis", "every": "7 days"},
    "diagnoses": [{"is": "eosinophilic esophagitis"}],
}


def detail(given: dict[str, Any]) -> str:
    read = parse_hook_request(request(given, DAY), HOOKS)
    card, *_ = advise(library(), read, client(given, DAY), AsOf("day", DAY)).cards
    return str(card["detail"])


def test_only_the_branch_for_the_age_is_shown() -> None:
    said = detail({**EOE, "age": "36 years", "weight": None})
    assert said.count("Weight at least 15 kg") == 1
    assert "Younger than 18 years" not in said


def test_the_specialty_that_was_found_is_shown_though_it_comes_as_a_bare_code() -> None:
    given = {**EOE, "prescriber": "dermatology"}
    sent = request(given, DAY)
    (role,) = (one["resource"] for one in sent["prefetch"]["practitionerRoles"]["entry"])
    (coding,) = role["specialty"][0]["coding"]
    role["specialty"] = [{"coding": [{"system": coding["system"], "code": coding["code"]}]}]
    read = parse_hook_request(sent, HOOKS)
    (twin,) = advise(library(), read, client(given, DAY), AsOf("day", DAY)).twins
    assert '"value": "Dermatolog' in json.dumps(twin)
