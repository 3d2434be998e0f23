"""The clients file: what it may say, and how its mistakes are told."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from support.paths import ROOT

from service.errors import RequestError
from service.library import load_library
from service.library.clients_file import OUR_CODES

Mistakes = Callable[[Path], list[str]]

BROKEN = {
    "an unknown key": (
        "clients:\n  - id: local\n    hold: {}\n",
        "3: unknown key 'hold'; did you mean 'holds'?",
    ),
    "a client without an id": ("clients:\n  - holds: {}\n", "2: 'id' is missing"),
    "a client that stands twice": (
        "clients:\n  - id: local\n  - id: local\n",
        "3: client 'local' stands twice",
    ),
    "an alias for a number": (
        'clients:\n  - id: local\n    aliases:\n      - {system: "urn:x", code: 7, means: IGA}\n',
        "4: code is text; put it in quotes",
    ),
    "an unknown treatment of repeated tokens": (
        "clients:\n  - id: local\n    replay: always\n",
        "3: replay is one of refuse, retry, off",
    ),
    "an unknown payer": (
        "clients:\n  - id: local\n    default_payer: bcbs\n",
        "3: no payer 'bcbs'; did you mean 'bcbsms'?",
    ),
    "a zone without its continent": (
        "clients:\n  - id: local\n    timezone: Chicago\n",
        (
            "3: timezone 'Chicago' is no name of the IANA database, like America/Chicago; "
            "did you mean 'America/Chicago'?"
        ),
    ),
    "a mistyped zone": (
        "clients:\n  - id: local\n    timezone: Amerika/Denver\n",
        (
            "3: timezone 'Amerika/Denver' is no name of the IANA database, like America/Chicago; "
            "did you mean 'America/Denver'?"
        ),
    ),
    "an alias for a code that no set holds": (
        'clients:\n  - id: local\n    aliases:\n      - {system: "urn:x", code: "7", means: IGAA}\n',
        f"4: no value set holds the code 'IGAA' of {OUR_CODES}; did you mean 'IGA'?",
    ),
    "a code with two meanings": (
        (
            "clients:\n  - id: local\n    aliases:\n"
            '      - {system: "urn:x", code: "7", means: BSA_PCT}\n'
            '      - {system: "urn:x", code: "7", means: IGA}\n'
        ),
        "5: the code '7' of urn:x stands twice; a code has one meaning",
    ),
    "a word for a truth": (
        'clients:\n  - id: local\n    pages: "yes"\n',
        "3: pages is true or false, without quotes",
    ),
    "a word that YAML takes for a truth": (
        "clients:\n  - id: local\n    holds: {claims: yes}\n",
        "3: 'yes' is a truth in YAML; write true or false, or put it in quotes",
    ),
    "a truth in quotes": (
        'clients:\n  - id: local\n    holds: {claims: "true"}\n',
        "3: claims: write true, false or a day like 2026-01-31",
    ),
    "a server without https": (
        "clients:\n  - id: hospital\n    fhir:\n      - http://127.0.0.1/fhir\n",
        "4: fhir: 'http://127.0.0.1/fhir' is not https; http is for 'local' on this machine only",
    ),
    "a server elsewhere without https": (
        "clients:\n  - id: local\n    fhir: http://ehr.example.org/fhir\n",
        "3: fhir: 'http://ehr.example.org/fhir' is not https; http is for 'local' on this machine only",
    ),
    "a server that is no URL": (
        "clients:\n  - id: local\n    fhir: ehr.example.org/fhir\n",
        "3: fhir: 'ehr.example.org/fhir' is no base URL such as https://ehr.example.org/fhir",
    ),
    "a server with a password": (
        "clients:\n  - id: local\n    fhir: https://a:b@ehr.example.org/fhir\n",
        "3: fhir: this has more than a server and a path",
    ),
    "a search for a server": (
        "clients:\n  - id: local\n    fhir: https://ehr.example.org/fhir?a=b\n",
        "3: fhir: 'https://ehr.example.org/fhir?a=b' has more than a server and a path",
    ),
    "a port that is no number": (
        "clients:\n  - id: local\n    fhir: https://ehr.example.org:fhir\n",
        "3: fhir: 'https://ehr.example.org:fhir' is no URL",
    ),
    "a server with a blank": (
        "clients:\n  - id: local\n    fhir: https://ehr.example.org/f hir\n",
        "3: fhir: 'https://ehr.example.org/f hir' holds a character that has no place in a base URL",
    ),
    "a deadline in words": (
        "clients:\n  - id: local\n    deadline: 2.5 s\n",
        "3: deadline is a number, without quotes and with a point",
    ),
    "no time at all": (
        "clients:\n  - id: local\n    deadline: 0\n",
        "3: deadline is more than 0",
    ),
    "more time than a clinician has": (
        "clients:\n  - id: local\n    deadline: 30\n",
        "3: deadline is at most 10",
    ),
    "a page in place of an origin": (
        "clients:\n  - id: local\n    origins: https://ehr.example.org/app/\n",
        (
            "3: origins: 'https://ehr.example.org/app/' is no origin such as https://ehr.example.org; "
            "write 'https://ehr.example.org'"
        ),
    ),
    "every origin": (
        "clients:\n  - id: local\n    origins:\n      - '*'\n",
        "4: origins: '*' is no origin such as https://ehr.example.org",
    ),
    "the origin of a file": (
        "clients:\n  - id: local\n    origins: ['null']\n",
        "3: origins: 'null' is no origin such as https://ehr.example.org",
    ),
    "a host with its port": (
        "clients:\n  - id: local\n    hosts: [cds.test, 'cds.test:8080']\n",
        (
            "3: hosts: 'cds.test:8080' is no name such as cds.example.org, in lower case, without port"
        ),
    ),
    "a host of a client with tokens": (
        "clients:\n  - id: hospital\n    hosts: cds.test\n",
        "3: hosts is for 'local' only: a call with a token may use any name",
    ),
    "an empty file": ("", "1: the document is empty"),
}


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, mistakes: Mistakes, text: str, says: str
) -> None:
    file = tmp_path / "clients.yaml"
    file.write_text(text)
    assert mistakes(file) == [f"clients.yaml:{says}"]


def test_a_source_that_nobody_knows_is_told(tmp_path: Path, mistakes: Mistakes) -> None:
    file = tmp_path / "clients.yaml"
    file.write_text("clients:\n  - id: local\n    holds: {claim: true}\n")
    (told,) = mistakes(file)
    assert told.startswith("clients.yaml:3: ")
    assert "'claims'" in told


def test_an_ehr_holds_its_own_record_and_no_more_unless_told() -> None:
    assert load_library(ROOT, None).client("local").holds == {"record": True}


def test_what_a_client_holds_and_calls_things_is_read(tmp_path: Path) -> None:
    file = tmp_path / "clients.yaml"
    file.write_text(
        "clients:\n"
        "  - id: local\n"
        "    holds: {claims: 2015-01-01, dispenses: false}\n"
        "    aliases:\n"
        '      - {system: "urn:oid:1.2.3", code: "77", means: BSA_PCT}\n'
        '      - {system: "urn:oid:1.2.3", code: "78", means: "29463-7", means_system: "http://loinc.org"}\n'
    )
    client = load_library(ROOT, file).client("local")
    assert client.holds == {"record": True, "claims": date(2015, 1, 1), "dispenses": False}
    assert client.aliases == {
        ("urn:oid:1.2.3", "77"): (
            "https://dupilumab-cds.github.io/fhir/CodeSystem/finding",
            "BSA_PCT",
        ),
        ("urn:oid:1.2.3", "78"): ("http://loinc.org", "29463-7"),
    }


def test_the_servers_of_a_client_and_how_long_they_may_take_are_read(tmp_path: Path) -> None:
    file = tmp_path / "clients.yaml"
    file.write_text(
        "clients:\n"
        "  - {id: local, fhir: ['http://localhost:8081/fhir/', 'http://[::1]/fhir'], deadline: 1.5}\n"
        "  - {id: hospital, fhir: 'https://ehr.example.org/fhir'}\n"
    )
    library = load_library(ROOT, file)
    local, hospital = library.access("local"), library.access("hospital")
    assert (local.deadline, local.without_token) == (1.5, True)
    assert local.base("http://localhost:8081/fhir") == "http://localhost:8081/fhir/"
    assert (hospital.deadline, hospital.without_token) == (2.5, False)
    assert hospital.base("https://ehr.example.org/fhir/") == "https://ehr.example.org/fhir"
    assert hospital.base("https://ehr.example.org/fhir2") is None
    assert load_library(ROOT, None).access("local").bases == ()


def test_what_is_held_since_a_day_is_held_from_that_day_on(tmp_path: Path) -> None:
    file = tmp_path / "clients.yaml"
    file.write_text("clients:\n  - {id: local, holds: {claims: 2026-01-01}}\n")
    client = load_library(ROOT, file).client("local")
    first = date(2026, 1, 1).toordinal()
    assert client.holds_since("claims", first) is True
    assert client.holds_since("claims", first - 1) is None
    assert client.holds_since("dispenses", first) is False


def test_a_client_that_is_not_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "clients.yaml"
    file.write_text("clients:\n  - id: local\n")
    with pytest.raises(RequestError, match="not configured"):
        load_library(ROOT, file).client("hospital")


def test_the_clients_file_is_part_of_the_content_hash(tmp_path: Path) -> None:
    file = tmp_path / "clients.yaml"
    file.write_text("clients:\n  - id: local\n")
    assert load_library(ROOT, file).content != load_library(ROOT, None).content
