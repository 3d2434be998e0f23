"""The settings and what is said when one is wrong."""

from datetime import date
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.settings import read_settings


def test_the_defaults_serve_this_machine_from_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = read_settings({})
    assert (found.host, found.port, found.workers, found.as_of) == ("127.0.0.1", 8080, 2, "today")
    assert found.cpu_seconds == 1.0
    assert found.public_url == "http://127.0.0.1:8080"
    assert found.database_url == f"sqlite:///{tmp_path}/var/dupilumab-cds.db"
    assert found.cache == tmp_path / "var/cache"
    assert (found.content / "mappings").is_dir()
    assert found.loopback


def test_every_setting_is_read(tmp_path: Path) -> None:
    for name in ("mappings", "cards"):
        (tmp_path / name).mkdir()
    clients = tmp_path / "clients.yaml"
    clients.write_text("clients: []")
    given = {
        "CDS_HOST": "::",
        "CDS_PORT": "9000",
        "CDS_PUBLIC_URL": "https://cds.example.org/",
        "CDS_CLIENTS": str(clients),
        "CDS_DATABASE_URL": "postgresql://db/cds",
        "CDS_CONTENT": str(tmp_path),
        "CDS_CACHE_DIR": str(tmp_path / "cache"),
        "CDS_WORKERS": "4",
        "CDS_AS_OF": "2026-11-20",
        "CDS_CPU_SECONDS": "2.5",
    }
    found = read_settings(given)
    assert (found.host, found.port, found.workers) == ("::", 9000, 4)
    assert (found.public_url, found.clients) == ("https://cds.example.org", clients)
    assert (found.content, found.as_of) == (tmp_path, date(2026, 11, 20))
    assert found.cpu_seconds == 2.5
    assert found.database_url == "postgresql://db/cds"
    assert found.cache == tmp_path / "cache"
    assert not found.loopback


def test_empty_cache_folder_turns_the_cache_off() -> None:
    assert read_settings({"CDS_CACHE_DIR": ""}).cache is None


WRONG = [
    ("CDS_PORT", "http", "whole number from 1 to 65535"),
    ("CDS_PORT", "0", "whole number from 1 to 65535"),
    ("CDS_PORT", "70000", "whole number from 1 to 65535"),
    ("CDS_PORT", "²", "whole number"),
    ("CDS_WORKERS", "-1", "whole number from 1 to 128"),
    ("CDS_PUBLIC_URL", "cds.example.org", "such as https://"),
    ("CDS_PUBLIC_URL", "ftp://cds.example.org", "such as https://"),
    ("CDS_PUBLIC_URL", "https://a/?q=1", "such as https://"),
    ("CDS_PUBLIC_URL", "https://[a", "no URL"),
    ("CDS_CLIENTS", "/nowhere/clients.yaml", "no file"),
    ("CDS_CONTENT", "/nowhere", "no folder mappings"),
    ("CDS_AS_OF", "tomorrow", "today, order, YYYY-MM-DD"),
    ("CDS_AS_OF", "2026-02-30", "today, order, YYYY-MM-DD"),
    ("CDS_AS_OF", "20261120", "2026-11-20"),
    ("CDS_CPU_SECONDS", "0", "number of seconds from 0.1 to 60"),
    ("CDS_CPU_SECONDS", "0.09", "number of seconds from 0.1 to 60"),
    ("CDS_CPU_SECONDS", "60.1", "number of seconds from 0.1 to 60"),
    ("CDS_CPU_SECONDS", "nan", "number of seconds from 0.1 to 60"),
    ("CDS_CPU_SECONDS", "one", "number of seconds from 0.1 to 60"),
]


@pytest.mark.parametrize(("name", "value", "help_"), WRONG)
def test_a_wrong_value_stops_the_start_and_says_what_would_be_right(
    name: str, value: str, help_: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: .*{help_}"):
        read_settings({name: value})


def test_an_empty_value_counts_as_absent() -> None:
    assert read_settings({"CDS_PORT": "", "CDS_AS_OF": ""}).port == 8080


@pytest.mark.parametrize(
    ("given", "demo", "pages"),
    [
        ({}, True, True),
        ({"CDS_HOST": "192.0.2.7"}, False, True),
        ({"CDS_HOST": "192.0.2.7", "CDS_DEMO": "on"}, True, True),
        ({"CDS_DEMO": "off", "CDS_PAGES": "off"}, False, False),
        ({"CDS_PAGES": "memory"}, True, True),
    ],
)
def test_demo_is_served_to_this_machine_and_pages_are_kept_unless_it_is_said_otherwise(
    given: dict[str, str], demo: bool, pages: bool
) -> None:
    found = read_settings(given)
    assert (found.demo, found.pages) == (demo, pages)


@pytest.mark.parametrize("name", ["CDS_DEMO", "CDS_PAGES"])
def test_another_word_for_demo_or_pages_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: 'yes' is none of "):
        read_settings({name: "yes"})


@pytest.mark.parametrize(
    ("given", "networks"),
    [
        (None, []),
        ("local", []),
        ("off", None),
        ("10.0.0.0/8, fd00::/8", ["10.0.0.0/8", "fd00::/8"]),
        ("192.0.2.7", ["192.0.2.7/32"]),
    ],
)
def test_metrics_are_for_this_machine_and_the_networks_that_are_named(
    given: str | None, networks: list[str] | None
) -> None:
    found = read_settings({} if given is None else {"CDS_METRICS": given}).metrics
    assert (None if found is None else [str(one) for one in found]) == networks


def test_log_is_text_and_traces_are_off_unless_it_is_said_otherwise() -> None:
    found = read_settings({})
    assert (found.log, found.traces) == ("text", False)
    other = read_settings({"CDS_LOG": "json", "CDS_TRACES": "otlp"})
    assert (other.log, other.traces) == ("json", True)


@pytest.mark.parametrize(
    ("name", "value", "help_"),
    [
        ("CDS_METRICS", "everybody", "none of local, off, networks"),
        ("CDS_METRICS", "10.0.0.1/8", "networks such as .* host bits set"),
        ("CDS_LOG", "xml", "none of text, json"),
        ("CDS_TRACES", "on", "none of otlp, off"),
    ],
)
def test_wrong_setting_of_what_is_watched_is_refused(name: str, value: str, help_: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: .*{help_}"):
        read_settings({name: value})
