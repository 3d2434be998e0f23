"""A library without a policy and a way to advise that knows no medicine, for tests of the edge alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

from service.auth.key_set import Trust
from service.cards.wording import Wording
from service.cds.discovery import ServiceDescription
from service.cds.request import AsOf, HookRequest
from service.facts.client import Client
from service.facts.knowledge import Knowledge
from service.fhir.terminology.terminology import Terminology
from service.library import Library
from service.settings import Settings
from service.watch.answer_counts import Counts

SIGN, SELECT = "fake-order-sign", "fake-order-select"
PREFETCH = {"patient": "Patient/{{context.patientId}}"}
SERVICES = (
    ServiceDescription(SIGN, "order-sign", "Sign", "When an order is signed.", PREFETCH),
    ServiceDescription(SELECT, "order-select", "Select", "When an order is chosen."),
)


def empty_library(clients: Iterable[str] = ("local",), trusts: Iterable[Trust] = ()) -> Library:
    """Two services, one client and no policy."""
    return Library(
        services=SERVICES,
        drugs={},
        drug_names={},
        sources=(),
        terminology=Terminology({}, {}, {}, frozenset()),
        knowledge=Knowledge({}, {}, {}, {}, {}, {}),
        payers={},
        policies=(),
        clients={id_: Client(id_, {}) for id_ in clients},
        accesses={},
        trusts={one.client: one for one in trusts},
        wording=Wording({}, {}),
        content="sha256:0",
        counts={},
        reviews=(),
    )


@dataclass(frozen=True)
class FakeAdvice:
    """One card for each draft order."""

    cards: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)


class FakeAdvise:
    """Counts the draft orders; can be told to fail; notices when two requests are judged at once."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.asked: list[tuple[HookRequest, Client, AsOf]] = []
        self.together = False
        self._alone = Lock()

    def __call__(
        self, _library: Library, request: HookRequest, client: Client, as_of: AsOf
    ) -> FakeAdvice:
        """One card and one decision for each draft order."""
        if not self._alone.acquire(blocking=False):
            self.together = True
            return FakeAdvice()
        try:
            self.asked.append((request, client, as_of))
            if self.failure:
                raise self.failure
            return FakeAdvice(
                [_card(n) for n, _ in enumerate(request.draft_orders)],
                [_decision(n, request.patient_id) for n, _ in enumerate(request.draft_orders)],
            )
        finally:
            self._alone.release()


def _card(n: int) -> dict[str, Any]:
    return {
        "uuid": str(uuid4()),
        "summary": f"order {n}",
        "indicator": "info",
        "source": {"label": "a"},
    }


def _decision(n: int, patient_id: str) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "order": f"MedicationRequest/{n}",
        "policy": "payer/policy",
        "effective": "2025-10-01",
        "content": "sha256:0",
        "path": "initial",
        "indication": "ad",
        "outcome": "unknown",
        "awaits": ["attestation"],
        "open": ["a.b"],
        "patient": patient_id,
        "evidence": "must not be kept",
    }


def settings(folder: Path, **changes: Any) -> Settings:
    """Settings that touch nothing outside a folder."""
    values: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": 8080,
        "public_url": "http://127.0.0.1:8080",
        "clients": None,
        "database_url": f"sqlite:///{folder}/var/cds.db",
        "content": folder,
        "workers": 1,
        "as_of": date(2026, 11, 20),
        # so that an answer does not depend on how fast the machine is
        "cpu_seconds": 60.0,
    }
    return Settings(**(values | changes))


def order(id_: str = "rx1") -> dict[str, Any]:
    """A draft order, which the fakes do not look into."""
    return {
        "resourceType": "MedicationRequest",
        "id": id_,
        "status": "draft",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "a drug"},
    }


def hook_request(hook: str = "order-sign", *orders: dict[str, Any]) -> dict[str, Any]:
    """A sound request; a test breaks what it is about."""
    context: dict[str, Any] = {
        "userId": "Practitioner/u1",
        "patientId": "p1",
        "encounterId": "e1",
        "draftOrders": {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [
                {"fullUrl": f"urn:uuid:{n}", "resource": one}
                for n, one in enumerate(orders or (order(),))
            ],
        },
    }
    if hook == "order-select":
        context["selections"] = ["MedicationRequest/rx1"]
    return {
        "hook": hook,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": context,
        "prefetch": {"patient": {"resourceType": "Patient", "id": "p1"}},
    }
