"""New documents of a server: sound ones are taken up, others are refused with file and line."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from support.fakes import empty_library, settings
from support.pristine import CLINICAL, copy_documents

from service.app import create_app
from service.errors import SettingsError
from service.library.library import Library
from service.server.document_reload import CHANGING, ContentRenewal
from service.settings import Settings, documents_folder
from service.web.runtime import Runtime

HEAD = "mappings/policies/bcbsms/dupilumab/2025-10-01/policy.yaml"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_documents(tmp_path_factory.mktemp("content"), *CLINICAL)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    served = create_app(settings(tmp_path), library=empty_library())
    yield served
    served.extensions["runtime"].store.close()


def renewal(
    app: Flask, content: Path, cache: Path | None, clients: Path | None = None
) -> ContentRenewal:
    def make(given: Settings, library: Library, before: Runtime) -> Flask:
        app = create_app(given, library=library, store=before.store)
        app.extensions["runtime"].change = before.change
        return app

    def read() -> Settings:
        documents_folder(content)
        return replace(settings(content.parent), content=content, cache=cache, clients=clients)

    return ContentRenewal(app, make, read)


def test_documents_are_refused_with_line_then_taken_up_once(app: Flask, content: Path) -> None:
    renew = renewal(app, content, None)
    head = content / HEAD
    sound = head.read_text(encoding="utf-8")
    line = sound.splitlines().index("payer: bcbsms") + 1
    head.write_text(sound.replace("\npayer: bcbsms", "\npayer: bcbsm", 1), encoding="utf-8")
    refused = renew.checked()
    assert refused.key == ""
    assert f"{HEAD}:{line}: no payer 'bcbsm'; did you mean 'bcbsms'?" in refused.reasons
    renew.refuse(refused.reasons)
    http = app.test_client()
    ready = http.get("/ready")
    assert ready.status_code == 200
    assert ready.get_json()["contentRefused"]["reasons"] == [*refused.reasons]
    moved = content.rename(content.with_name("moved"))
    (missing,) = renew.checked().reasons
    assert missing.startswith("CDS_CONTENT: ")
    moved.rename(content)
    head.write_text(sound, encoding="utf-8")
    accepted = renew.checked()
    assert (accepted.key != "", [*accepted.reasons]) == (True, [])
    taken = renew.renewed(accepted.key)
    renew.accept()
    assert taken is not None
    assert taken.extensions["runtime"].library.policies[0].payer == "bcbsms"
    assert "contentRefused" not in taken.test_client().get("/ready").get_json()
    assert renew.renewed(accepted.key) is None
    with pytest.raises(SettingsError, match=CHANGING):
        renew.renewed("another key")
    renew.close()


def test_clients_file_is_taken_up_alone_and_refused_if_it_changed_after_the_check(
    app: Flask, content: Path, tmp_path: Path
) -> None:
    clients = tmp_path / "clients.yaml"
    clients.write_text("clients:\n  - id: local\n", encoding="utf-8")
    renew = renewal(app, content, None, clients)
    first = renew.checked()
    assert renew.renewed(first.key) is not None
    clients.write_text("clients:\n  - id: local\n  - id: hospital\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=CHANGING):
        renew.renewed(first.key)
    taken = renew.renewed(renew.checked().key)
    assert taken is not None
    assert {*taken.extensions["runtime"].library.clients} == {"local", "hospital"}
    clients.write_text("clients:\n  - idd: local\n", encoding="utf-8")
    assert any("clients.yaml:2: " in reason for reason in renew.checked().reasons)
    renew.close()
