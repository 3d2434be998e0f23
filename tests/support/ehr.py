"""An EHR that sends little and whose FHIR server has the rest: the recorded story of a met order."""

import json
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import responses
from support.paths import ROOT
from werkzeug.test import TestResponse

from service.fhir.fetch import Access
from service.library import load_library
from service.library.library import Library

BASE = "https://ehr.example.org/fhir"
TOKEN = "kept-nowhere-4711"  # noqa: S105 - made up
PATIENT = "fully-met"
SIGN, SELECT = "dupilumab-order-sign", "dupilumab-order-select"
ANSWER = "org.dupilumab-cds.assessment"
Json = dict[str, Any]


@cache
def _library() -> Library:
    return load_library(ROOT, ROOT / "fixtures/clients/claims_held.yaml")


def library(base: str = BASE, deadline: float = 2.5, client: str = "local") -> Library:
    """The shipped documents for a client that lists one server."""
    access = Access((base,), deadline, without_token=client == "local")
    return replace(_library(), accesses={client: access})


@cache
def _recorded() -> bytes:
    return (ROOT / "fixtures/initial-fully-met.json").read_bytes()


def story() -> Json:
    """The request as it was recorded, with every key that is asked for."""
    body: Json = json.loads(_recorded())
    body["prefetch"]["encounters"] = {"resourceType": "Bundle", "type": "searchset", "total": 0}
    return body


def sent(*missing: str, base: str = BASE, scope: str | None = "user/*.read") -> Json:
    """The same with some keys left out, or all of them, and access to the EHR's server."""
    body = story()
    for key in missing or tuple(body["prefetch"]):
        del body["prefetch"][key]
    body["fhirServer"] = base
    body["fhirAuthorization"] = {
        "access_token": TOKEN,
        "token_type": "Bearer",
        "expires_in": 300,
        "subject": "cds",
        **({} if scope is None else {"scope": scope}),
    }
    return body


@dataclass
class Ehr:
    """The FHIR server: answers each search with what was recorded under its key."""

    mock: responses.RequestsMock
    held: Json = field(default_factory=lambda: deepcopy(story()["prefetch"]))

    def url(self, key: str) -> str:
        """Where a key is asked for, without its parameters."""
        template = next(s for s in _library().services if s.id == SIGN).prefetch[key]
        filled = template.replace("{{context.patientId}}", PATIENT)
        return f"{BASE}/{filled.replace('{{userPractitionerId}}', 'dr-amara-okafor')}".split("?")[0]

    def serve(self, *but: str) -> None:
        """Every key but these."""
        empty = {"resourceType": "Bundle", "type": "searchset", "total": 0}
        for key, value in self.held.items():
            if key not in but:
                self.mock.get(self.url(key), json=empty if value is None else value)

    def asked(self) -> list[str]:
        """The URLs that were asked, in order of the alphabet."""
        return sorted(str(call.request.url) for call in self.mock.calls)


def twin(answer: TestResponse) -> Json:
    """The assessment in the one card of an answer that has it; considerations stand beside it."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    cards = [one for one in answer.get_json()["cards"] if ANSWER in one.get("extension", {})]
    assert len(cards) == 1
    found: Json = cards[0]["extension"][ANSWER]
    return found


def states(answer: TestResponse) -> dict[str, str]:
    """How each key came."""
    return {one["key"]: one["state"] for one in twin(answer)["data"]}
