"""A service that a SMART launcher launches, and a browser without JavaScript that follows the launch."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import requests
from flask.testing import FlaskClient
from support.cases.run import library
from support.paths import ROOT
from support.smart_launcher import SmartLauncher
from werkzeug.test import TestResponse

from service.app import create_app
from service.errors import Mistake
from service.library.clients_file import load_clients
from service.settings import read_settings
from service.store import KeptStatement, PatientKey, Store
from service.web.shared_memory import folder_in_memory

Json = dict[str, Any]
SIGN = "/cds-services/dupilumab-order-sign"
TWIN = "org.dupilumab-cds.assessment"
CLIENTS = """
clients:
  - id: local
    holds: {holds}
    fhir: [{fhir}]
    smart: {{client_id: dupilumab-cds}}
    origins: ["http://ehr.test"]
"""
_QUESTION = re.compile(r'data-question="([^"]+)"')
_ANSWER = re.compile(r'name="([^"]+)" value="(yes|no)" checked')
_VERSION = re.compile(r'name="version" value="(\d+)"')
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Launched:
    """One browser that has no JavaScript, at a service and its launcher."""

    http: FlaskClient
    launcher: SmartLauncher
    origin: str
    path: str = ""
    page: str = ""

    @property
    def store(self) -> Store:
        """Where statements are kept."""
        store: Store = self.http.application.extensions["runtime"].store
        return store

    def patient(self, id_: str) -> PatientKey:
        """A patient of the launcher's FHIR server."""
        return PatientKey("local", self.launcher.fhir, id_)

    @property
    def patients(self) -> list[PatientKey]:
        """Those whom its FHIR server has."""
        return [self.patient(one["id"]) for one in self.launcher.held.get("Patient", [])]

    def kept(self, id_: str) -> tuple[KeptStatement, ...]:
        """The statements about a patient that are stored."""
        assert self.store.statements is not None
        return self.store.statements.of(self.patient(id_))

    def sign(self, body: Json) -> Json:
        """The coverage card of a signed order."""
        answer = self.http.post(SIGN, json=body, base_url=self.origin)
        assert answer.status_code == 200, answer.text
        card: Json = answer.get_json()["cards"][0]
        return card

    def launch(self, patient: str, provider: str) -> TestResponse:
        """The whole launch, up to the page."""
        return self.follow(self.begin(patient, provider))

    def begin(self, patient: str, provider: str) -> str:
        """The callback to which the EHR's login leads."""
        launch = self.launcher.launch(patient, provider)
        query = {"iss": self.launcher.fhir, "launch": launch}
        began = self.http.get("/launch", query_string=query, base_url=self.origin)
        assert began.status_code == 302, began.text
        login = requests.get(began.headers["Location"], allow_redirects=False, timeout=10)
        assert login.status_code == 302, login.text
        return login.headers["Location"]

    def follow(self, callback: str) -> TestResponse:
        """The page behind a callback."""
        answer = self.http.get(callback.removeprefix(self.origin), base_url=self.origin)
        if answer.status_code == 303:
            self.path = answer.headers["Location"]
            answer = self.get()
        return answer

    def get(self) -> TestResponse:
        """The page as it is now."""
        answer = self.http.get(self.path, base_url=self.origin)
        self.page = answer.text
        return answer

    @property
    def questions(self) -> list[str]:
        """The ids of the questions on the page."""
        return [unescape(one) for one in _QUESTION.findall(self.page)]

    @property
    def answers(self) -> dict[str, str]:
        """The answers on the page."""
        return {unescape(name): value for name, value in _ANSWER.findall(self.page)}

    @property
    def outcome(self) -> str:
        """The outcome on the page, by the class of its mark."""
        found = re.search(r'class="truth (\w+)"', self.page)
        return found[1] if found else ""

    def send(self, **fields: str) -> TestResponse:
        """Sends the form with these fields besides its token, and shows what it leads to."""
        token = _CSRF.search(self.page)
        version = _VERSION.search(self.page)
        hidden = {"csrf": token, "version": version}
        sent = {**{name: one[1] if one else "" for name, one in hidden.items()}, **fields}
        answer = self.http.post(self.path, data=sent, base_url=self.origin)
        if answer.status_code == 303 and answer.headers["Location"] == self.path:
            return self.get()
        self.page = answer.text
        return answer

    def answer_all(self, value: str, most: int = 40) -> list[str]:
        """Answers the first open question again and again, and says which were asked."""
        asked: list[str] = []
        while left := [one for one in self.questions if one not in self.answers]:
            assert len(asked) < most
            asked.append(left[0])
            assert self.send(**{left[0]: value}).status_code == 200
        return asked


@contextmanager
def launched(
    launcher: SmartLauncher,
    folder: Path,
    *,
    port: int | None = None,
    holds: str = "{record: true}",
    **more: str,
) -> Iterator[Launched]:
    """A service that lists the launcher, and a browser."""
    # each process of the tests has folders of its own in memory
    port = port or 20_000 + os.getpid() % 40_000
    clients = folder / "clients.yaml"
    clients.write_text(CLIENTS.format(holds=holds, fhir=launcher.fhir), encoding="utf-8")
    given = {"CDS_PORT": str(port), "CDS_AS_OF": "2026-11-21", "CDS_STATEMENTS": "store", **more}
    settings = read_settings(given)
    store = Store.open(f"sqlite:///{folder / 'cds.db'}", settings.statement_days)
    mistakes: list[Mistake] = []
    read = load_clients(clients, (), library().payers, mistakes)
    assert not mistakes
    known = replace(
        library(),
        clients=read.known,
        accesses=read.accesses,
        origins=read.origins,
        registrations=read.registrations,
    )
    app = create_app(settings, library=known, store=store)
    try:
        yield Launched(app.test_client(), launcher, f"http://127.0.0.1:{port}")
    finally:
        store.close()
        for what in ("", "-launches", "-sessions", "-newest"):
            place = folder_in_memory(port, what)
            if place.is_dir():
                for file in place.iterdir():
                    file.unlink()
                place.rmdir()


def recorded(name: str = "p001-claims") -> Json:
    """A recorded request."""
    body: Json = json.loads((ROOT / f"fixtures/{name}.json").read_text(encoding="utf-8"))
    return body
