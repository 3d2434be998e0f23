"""Inferno's checks of a CRD server, as requests: what its suites for 2.0.1 and 2.2 ask of the answers."""

from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from support.crd.answered import asking
from support.crd.inferno_checks import kinds_of, wrong_actions, wrong_answer, wrong_discovery
from support.sent import recorded

Json = dict[str, Any]
SENT = {
    "order-sign": ("initial-fully-met", "wrong-dose-weekly", "p001-initial", "renewal-stable"),
    "order-select": ("select-dupilumab", "select-wrong-dose"),
}


def _asked(name: str, version: str) -> Json:
    """A recorded request as Inferno sends it: a fresh hookInstance, and drafts that meet CRD's profile."""
    body = asking({**deepcopy(recorded(name)), "hookInstance": str(uuid4())}, version)
    for entry in body["context"]["draftOrders"]["entry"]:
        entry["resource"].setdefault("authoredOn", "2026-11-21")
        entry["resource"].setdefault("requester", {"reference": body["context"]["userId"]})
    return body


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_server_passes_the_checks_of_inferno(version: str, http: FlaskClient) -> None:
    discovery = http.get("/cds-services").get_json()
    assert [*wrong_discovery(discovery)] == []
    kinds: set[str] = set()
    for hook, names in SENT.items():
        # Inferno calls the first service of a hook
        service = next(one["id"] for one in discovery["services"] if one["hook"] == hook)
        for name in names:
            body = _asked(name, version)
            answer = http.post(f"/cds-services/{service}", json=body)
            assert answer.status_code == 200, answer.text
            drafts = {
                f"{one['resource']['resourceType']}/{one['resource']['id']}"
                for one in body["context"]["draftOrders"]["entry"]
            }
            said = answer.get_json()
            assert [*wrong_answer(said, hook, drafts)] == []
            assert [*wrong_actions(said, version)] == []
            kinds |= {kind for card in said["cards"] for kind in kinds_of(card)}
    # server_required_card_response_validation_group.rb: over all hooks these must have been seen
    assert {"external_reference", "instructions", "propose_alternate_request"} <= kinds
