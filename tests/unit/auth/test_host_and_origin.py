"""Which names and which web pages are the service's own."""

import pytest

from service.auth.host_and_origin import OwnNames, origin_of, read_authority

NAMES = OwnNames("https://cds.example.org/base", ("cds.test",), ("https://ehr.example.org",))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("localhost", ("localhost", None)),
        ("LOCALHOST.:80", ("localhost", 80)),
        ("[::1]:8080", ("::1", 8080)),
        ("a:", ("a", None)),
        ("a:b", None),
        ("a:123456", None),
        ("a b", None),
        ("a,b", None),
        ("a@b", None),
        ("", None),
    ],
)
def test_host_is_read_with_its_port(value: str, read: object) -> None:
    assert read_authority(value) == read


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://ehr.example.org", "https://ehr.example.org"),
        ("HTTPS://EHR.example.org.:443/a?b#c", "https://ehr.example.org"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://a:443", "http://a:443"),
        ("ftp://a", None),
        ("https://a@b", None),
        ("https://[a", None),
        ("null", None),
        ("*", None),
    ],
)
def test_origin_of_a_url_is_written_as_browsers_write_it(url: str, origin: str | None) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.9", "::1", "localhost", "cds.test", "cds.example.org"]
)
def test_names_of_this_machine_the_public_one_and_listed_ones_are_ours(host: str) -> None:
    assert NAMES.has(host)


@pytest.mark.parametrize(
    "host", ["evil.test", "cds.example.org.evil.test", "192.0.2.7", "2130706433", ""]
)
def test_other_names_are_not_ours(host: str) -> None:
    assert not NAMES.has(host)


@pytest.mark.parametrize(
    ("origin", "fetch_site", "host", "foreign"),
    [
        (None, None, "localhost", False),
        (None, "same-origin", "localhost", False),
        (None, "none", "localhost", False),
        (None, "same-site", "localhost", True),
        (None, "cross-site", "localhost", True),
        ("https://ehr.example.org", "cross-site", "localhost", False),
        ("https://cds.example.org", "cross-site", "127.0.0.1:8080", False),
        ("http://cds.example.org", "cross-site", "127.0.0.1:8080", True),
        ("http://localhost:8080", "same-origin", "localhost:8080", False),
        ("http://127.0.0.1:8080", "cross-site", "localhost:8080", False),
        ("http://localhost", "same-origin", "localhost:80", False),
        ("https://localhost", "same-origin", "localhost", False),
        ("http://localhost:3000", "same-site", "localhost:8080", True),
        ("http://evil.test:8080", "same-origin", "evil.test:8080", True),
        ("http://ehr.example.org", "cross-site", "localhost", True),
        ("null", "cross-site", "localhost", True),
        ("", "same-origin", "localhost", True),
        ("http://localhost:8080", "same-origin", None, True),
    ],
)
def test_page_is_foreign_unless_its_origin_is_ours_or_listed(
    origin: str | None, fetch_site: str | None, host: str | None, foreign: bool
) -> None:
    assert NAMES.foreign_page(origin, fetch_site, host) == foreign
