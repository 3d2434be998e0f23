"""Kept statements at the next sign: they count for their patient alone, and an answer waits for no store."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from support.cases.run import by_id, library
from support.fakes import hook_request
from support.paths import ROOT

from service.app import create_app
from service.cds.request import parse_hook_request
from service.facts.statements.statement_responses import STATEMENT
from service.fhir.fetch import Access
from service.settings import read_settings
from service.store import Delivery, KeptStatement, PatientKey, StatementStore, Store
from service.web.statements_from_store import as_answered, patient_of

Json = dict[str, Any]
EHR, OTHER = "https://ehr.example.org/fhir", "https://other.example.org/fhir"
SIGN = "/cds-services/dupilumab-order-sign"
TWIN = "org.dupilumab-cds.assessment"
PATIENT = "fully-met"
FREE = "common.initial.no_concurrent_immunomodulator"


@dataclass(frozen=True, slots=True)
class Service:
    """The whole service with a store of its own."""

    http: FlaskClient
    kept: StatementStore
    file: Path

    def sign(self, body: Json, **headers: str) -> Json:
        """The coverage card of a signed order."""
        answer = self.http.post(SIGN, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        card: Json = answer.get_json()["cards"][0]
        return card

    def outcome(self, body: Json, **headers: str) -> str:
        """The outcome of a signed order."""
        return str(self.sign(body, **headers)["extension"][TWIN]["outcome"])


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    file = tmp_path / "cds.db"
    given = {"CDS_AS_OF": "2026-11-21", "CDS_PAGES": "off", "CDS_STATEMENTS": "store"}
    settings = read_settings(given)
    store = Store.open(f"sqlite:///{file}", settings.statement_days)
    known = replace(library(), accesses={"local": Access((EHR, OTHER), without_token=False)})
    app = create_app(settings, library=known, store=store)
    assert store.statements is not None
    yield Service(app.test_client(), store.statements, file)
    store.close()


def recorded() -> tuple[Json, Json]:
    """A request whose criteria are met by its statements: without them, and they alone."""
    file = ROOT / "fixtures/initial-fully-met.json"
    body: Json = {**json.loads(file.read_text(encoding="utf-8")), "fhirServer": EHR}
    (entry,) = body["prefetch"].pop("answers")["entry"]
    body["prefetch"]["answers"] = {"resourceType": "Bundle", "type": "searchset", "entry": []}
    return body, entry["resource"]


def made(response: Json, **change: Any) -> KeptStatement:
    kept = KeptStatement(
        uuid4().hex,
        PatientKey("local", EHR, PATIENT),
        {name: part for name, part in response.items() if name not in {"id", "subject", "author"}},
        "Practitioner/d1",
        "Dr. Ada",
        date(2026, 11, 20),
        date(2027, 11, 20),
        "sha256:0",
    )
    return replace(kept, **change)


def test_kept_statement_turns_unknown_into_met_and_is_shown_as_one(service: Service) -> None:
    body, response = recorded()
    assert service.outcome(body) == "unknown"
    kept = made(response)
    service.kept.keep(kept)
    card = service.sign(body)
    twin = card["extension"][TWIN]
    assert twin["outcome"] == "met"
    (shown,) = by_id(twin)["common.initial.specialist"]["evidence"][:1]
    assert shown == {
        "reference": f"QuestionnaireResponse/{kept.id}",
        "date": "2026-11-20",
        "value": "stated: yes, by Dr. Ada, counts until 2027-11-20",
        "kind": "attestation",
        "author": "Dr. Ada",
        "until": "2027-11-20",
    }
    assert "**Stated** (Dr. Ada, Nov 20, counts until Feb 18, 2027)" in card["detail"]


@pytest.mark.parametrize(
    "whose",
    [
        PatientKey("local", EHR, "somebody-else"),
        PatientKey("local", OTHER, PATIENT),
        PatientKey("hospital", EHR, PATIENT),
    ],
)
def test_statement_about_another_patient_server_or_client_does_not_count(
    service: Service, whose: PatientKey
) -> None:
    body, response = recorded()
    service.kept.keep(made(response, of=whose))
    assert service.outcome(body) == "unknown"


def test_nothing_kept_is_used_where_the_server_is_not_told_or_not_listed(service: Service) -> None:
    body, response = recorded()
    service.kept.keep(made(response))
    untold = {name: part for name, part in body.items() if name != "fhirServer"}
    assert service.outcome(untold) == "unknown"
    assert service.outcome({**body, "fhirServer": "https://evil.example.org/fhir"}) == "unknown"
    assert service.outcome({**body, "fhirServer": f"{EHR}/"}) == "met"


def test_web_page_of_another_origin_learns_nothing_of_what_is_kept(service: Service) -> None:
    body, response = recorded()
    service.kept.keep(made(response))
    assert service.outcome(body, Origin="https://evil.example.org") == "unknown"


def test_answer_says_that_kept_statements_could_not_be_read(service: Service) -> None:
    body, response = recorded()
    service.kept.keep(made(response))
    engine = create_engine(f"sqlite:///{service.file}")
    with engine.begin() as connection:
        connection.execute(text("alter table statements rename to elsewhere"))
    twin = service.sign(body)["extension"][TWIN]
    engine.dispose()
    assert twin["outcome"] == "unknown"
    assert {"key": "answers", "state": "incomplete"} in twin["data"]


def test_statement_of_the_ehr_does_not_decide_while_kept_ones_cannot_be_read(
    service: Service,
) -> None:
    body, response = recorded()
    body["prefetch"]["answers"]["entry"] = [{"resource": response}]
    assert service.outcome(body) == "met"
    engine = create_engine(f"sqlite:///{service.file}")
    with engine.begin() as connection:
        connection.execute(text("alter table statements rename to elsewhere"))
    twin = service.sign(body)["extension"][TWIN]
    engine.dispose()
    found = by_id(twin)["ad.initial.will_use_maintenance"]
    assert (found["truth"], found["reason"], "data" in twin["awaits"]) == (
        "unknown",
        "incomplete",
        True,
    )
    assert found["miss"].endswith("could not be read; one of them may say otherwise")
    assert found["evidence"][0]["value"].startswith("stated: yes")
    assert by_id(twin)[FREE]["truth"] == "unknown"


@pytest.mark.parametrize(("hours", "outcome"), [(1, "unknown"), (0, "met")])
def test_statement_that_left_the_ehr_counts_until_the_ehr_must_have_sent_it(
    service: Service, hours: int, outcome: str
) -> None:
    body, response = recorded()
    at = datetime.now(UTC) - timedelta(hours=hours)
    written = Delivery("done", "QuestionnaireResponse/there", None, 1, at)
    service.kept.keep(made(response, delivery=written))
    assert service.outcome(body) == outcome
    del body["prefetch"]["answers"]
    assert service.outcome(body) == "met"


@pytest.mark.parametrize("status", ["completed", "entered-in-error"])
def test_of_a_statement_that_is_in_the_ehr_too_only_that_one_counts(
    service: Service, status: str
) -> None:
    body, response = recorded()
    kept = made(response, delivery=Delivery("done", "QuestionnaireResponse/there"))
    service.kept.keep(kept)
    assert service.outcome(body) == "met"
    there = {**as_answered(kept), "status": status}
    body["prefetch"]["answers"]["entry"] = [{"resource": there}]
    assert service.outcome(body) == ("met" if status == "completed" else "unknown")
    known_by_identifier = {**there, "id": "another"}
    body["prefetch"]["answers"]["entry"] = [{"resource": known_by_identifier}]
    assert service.outcome(body) == ("met" if status == "completed" else "unknown")


def test_patient_and_author_are_those_it_was_kept_with() -> None:
    _, response = recorded()
    kept = made(response)
    other = {"subject": {"reference": "Patient/x"}, "author": {"reference": "Patient/x"}}
    kept = replace(kept, response={**kept.response, **other})
    shown = as_answered(kept)
    assert shown["subject"] == {"reference": f"Patient/{PATIENT}"}
    assert shown["author"] == {"reference": "Practitioner/d1", "display": "Dr. Ada"}
    assert shown["identifier"] == {"system": STATEMENT, "value": kept.id}


def test_request_that_names_no_server_is_about_the_only_one_of_its_client() -> None:
    asked = parse_hook_request(hook_request(), frozenset({"order-sign"}))
    asked = replace(asked, fhir_server=None, patient_id="p1")
    assert patient_of(Access((EHR,)), "a", asked) == PatientKey("a", EHR, "p1")
    assert patient_of(Access((EHR, OTHER)), "a", asked) is None
    assert patient_of(Access(), "a", asked) is None


def test_record_against_a_statement_is_on_the_card_and_in_the_twin(service: Service) -> None:
    body, response = recorded()
    service.kept.keep(made(response))
    body = deepcopy(body)
    body["prefetch"]["dispenses"].setdefault("entry", []).append({"resource": _upadacitinib()})
    card = service.sign(body)
    stated = "stated: No other immunomodulator at the same time (Dr. Ada, Nov 20, counts until Feb 18, 2027)"
    first, both, *_ = card["detail"].splitlines()
    assert first == "**A statement and the record differ**"
    assert both.startswith(f"- {stated}; dispenses: ")
    assert both.endswith("until Dec 7")
    assert "upadacitinib" in both
    (said, *_) = by_id(card["extension"][TWIN])[FREE]["notes"]
    assert said.startswith("stated: No other immunomodulator")
    assert said.endswith("until 2026-12-07")


def _upadacitinib() -> Json:
    return {
        "resourceType": "MedicationDispense",
        "id": "upa",
        "status": "completed",
        "subject": {"reference": f"Patient/{PATIENT}"},
        "medicationCodeableConcept": {
            "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "2196894"}]
        },
        "whenHandedOver": "2026-11-08",
        "quantity": {"value": 30},
        "daysSupply": {"value": 30},
    }
