"""`clients check` through its own face; `responses` plays the clients' servers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import responses
from click.testing import CliRunner
from support.signing import ISSUER, JKU, Signer, key_set

from service.cli import main

FHIR = f"{ISSUER}/fhir"
USELESS = "key 2 is not for signatures ('use', 'key_ops')"
CAPABLE = {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1"}


@pytest.fixture
def clients(tmp_path: Path) -> str:
    file = tmp_path / "clients.yaml"
    file.write_text(
        f"clients:\n  - id: local\n  - id: hospital\n    issuer: {ISSUER}\n"
        f"    keys: {{jku: {JKU}}}\n    fhir: [{FHIR}]\n"
    )
    return str(file)


@pytest.fixture
def servers() -> Iterator[responses.RequestsMock]:
    """The client's key server and FHIR server, both well."""
    with responses.RequestsMock() as mock:
        mock.add("GET", JKU, body=key_set(Signer().jwk(), Signer("x").jwk(use="enc")))
        mock.add("GET", f"{FHIR}/metadata", json=CAPABLE)
        yield mock


def run(*arguments: str) -> tuple[int, list[str]]:
    """The exit status and the lines."""
    result = CliRunner().invoke(main, ("clients", "check", *arguments))
    return result.exit_code, result.output.splitlines()


def test_client_without_a_failure_is_listed_with_status_0(
    clients: str, servers: responses.RequestsMock
) -> None:
    assert run("--clients", clients) == (
        0,
        [
            "local: no issuer and no FHIR server, nothing to try",
            f"hospital: keys {JKU}: 'first' ES384, not used: {USELESS}; FHIR {FHIR} answers as FHIR 4.0.1",
        ],
    )
    assert all("Authorization" not in one.request.headers for one in servers.calls)


@pytest.mark.parametrize(
    ("url", "change", "says"),
    [
        (JKU, {"status": 404}, f"FAILED: keys {JKU} answered 404"),
        (JKU, {"body": key_set()}, f"FAILED: keys {JKU}: no key for ES384 or RS384"),
        (f"{FHIR}/metadata", {"status": 500}, f"FAILED: FHIR {FHIR} answered 500"),
        (
            f"{FHIR}/metadata",
            {"body": "<html>"},
            f"FAILED: FHIR {FHIR} gave no CapabilityStatement",
        ),
        (f"{FHIR}/metadata", {"json": []}, f"FAILED: FHIR {FHIR} gave no CapabilityStatement"),
    ],
)
def test_failing_client_is_reported_with_status_1(
    clients: str, servers: responses.RequestsMock, url: str, change: dict[str, Any], says: str
) -> None:
    servers.replace("GET", url, **change)
    status, lines = run("--clients", clients)
    assert status == 1
    assert says in lines[1]


def test_without_a_clients_file_there_is_nothing_to_try() -> None:
    status, lines = run()
    assert status == 2
    assert "CDS_CLIENTS" in lines[0]


def test_an_unsound_clients_file_is_told_first(tmp_path: Path) -> None:
    file = tmp_path / "clients.yaml"
    file.write_text("clients:\n  - {id: a, issuer: x}\n")
    assert run("--clients", str(file))[0] == 1
