"""The clients file: who is served, and every mistake in it."""

from pathlib import Path

import pytest

from service.errors import Mistake
from service.library.clients_file import LOCAL, Clients, load_clients


def read(folder: Path, text: str) -> tuple[Clients, list[str]]:
    path = folder / "clients.yaml"
    path.write_text(text, encoding="utf-8")
    mistakes: list[Mistake] = []
    return load_clients(path, {}, ["bcbsms"], mistakes), [one.what for one in mistakes]


def test_without_a_file_there_is_only_this_machine_with_the_record() -> None:
    mistakes: list[Mistake] = []
    found = load_clients(None, {}, [], mistakes)
    assert ([*found.known], found.accesses, found.trusts) == ([LOCAL], {}, {})
    assert found.known[LOCAL].holds == {"record": True}
    assert mistakes == []


def test_client_has_its_servers_its_holdings_and_its_zone(tmp_path: Path) -> None:
    found, mistakes = read(
        tmp_path,
        "clients:\n  - id: hospital\n    fhir: [https://ehr.example/r4]\n    deadline: 1.5\n"
        "    holds: {claims: 2020-01-31}\n    timezone: America/Chicago\n  - id: local\n",
    )
    assert mistakes == []
    client, access = found.known["hospital"], found.accesses["hospital"]
    assert set(client.holds) == {"record", "claims"}
    assert str(client.zone) == "America/Chicago"
    assert (access.bases, access.deadline, access.without_token) == (
        ("https://ehr.example/r4",),
        1.5,
        False,
    )
    assert found.accesses["local"].without_token
    assert found.trusts == {}


def test_client_says_in_which_form_it_takes_replacements_and_links(tmp_path: Path) -> None:
    lines = "    replacing: delete_create\n    links: smart\n"
    found, mistakes = read(tmp_path, f"clients:\n  - id: hospital\n{lines}  - id: local\n")
    assert mistakes == []
    hospital, local = found.known["hospital"], found.known["local"]
    assert (hospital.replacing, hospital.links) == ("delete_create", "smart")
    assert (local.replacing, local.links) == ("update", "absolute")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("default_payer: bcbsm", "no payer 'bcbsm'; did you mean 'bcbsms'?"),
        (
            "timezone: Chicago",
            (
                "timezone 'Chicago' is no name of the IANA database, like America/Chicago; "
                "did you mean 'America/Chicago'?"
            ),
        ),
        (
            "fhir: [http://ehr.example]",
            "fhir: 'http://ehr.example' is not https; http is for 'local' on this machine only",
        ),
        (
            "fhir: [https://me:secret@ehr.example]",
            "fhir: this has more than a server and a path",
        ),
        (
            "issuer: https://ehr.example",
            "an issuer needs keys; add keys: {jku: 'https://…'} or {file: name.json}",
        ),
        (
            "keys: {jku: https://ehr.example/keys}",
            "keys need an issuer; add issuer: with the 'iss' of the tokens",
        ),
    ],
)
def test_mistake_of_a_client_is_told(tmp_path: Path, line: str, says: str) -> None:
    assert read(tmp_path, f"clients:\n  - id: hospital\n    {line}\n")[1] == [says]


def test_two_clients_have_two_ids_and_two_issuers(tmp_path: Path) -> None:
    client = "  - id: a\n    issuer: urn:x\n    keys: {jku: https://ehr.example/keys}\n"
    assert read(tmp_path, f"clients:\n{client}{client}")[1] == [
        "client 'a' stands twice",
        "client 'a' has this issuer; write one client for each",
    ]


def test_file_that_cannot_be_read_serves_nobody(tmp_path: Path) -> None:
    found, mistakes = read(tmp_path, "clients: 7\n")
    assert found == Clients({}, {}, {}, {}, (), {})
    assert mistakes == ["clients is a list"]


@pytest.mark.parametrize(
    ("id_", "line", "has_pages"),
    [
        ("local", "", True),
        ("local", "pages: false", False),
        ("ehr", "", False),
        ("ehr", "pages: true", True),
    ],
)
def test_pages_of_orders_are_for_this_machine_unless_it_is_said(
    tmp_path: Path, id_: str, line: str, has_pages: bool
) -> None:
    found, mistakes = read(tmp_path, f"clients:\n  - id: {id_}\n    {line}\n")
    assert mistakes == []
    assert found.known[id_].pages is has_pages
