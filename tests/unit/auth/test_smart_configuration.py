"""The SMART configuration of an EHR: read from its FHIR server, and not believed in everything."""

import pytest
import responses

from service.auth.smart_configuration import SmartConfiguration, read_configuration
from service.errors import FetchError

BASE = "https://ehr.example.org/fhir"
RIGHT = {
    "issuer": "https://login.example.org",
    "authorization_endpoint": "https://login.example.org/authorize",
    "token_endpoint": "https://login.example.org/token",
    "jwks_uri": "https://login.example.org/keys",
}


def read(body: object, openid: object = None) -> SmartConfiguration:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(f"{BASE}/.well-known/smart-configuration", json=body)
        mock.get("https://login.example.org/.well-known/openid-configuration", json=openid)
        return read_configuration(f"{BASE}/")


def test_configuration_is_read() -> None:
    assert read(RIGHT) == SmartConfiguration(**RIGHT)


def test_keys_are_those_of_the_issuer_where_smart_names_none() -> None:
    without = {name: value for name, value in RIGHT.items() if name != "jwks_uri"}
    assert read(without, RIGHT).jwks_uri == RIGHT["jwks_uri"]
    with pytest.raises(FetchError, match="another issuer"):
        read(without, RIGHT | {"issuer": "https://evil.example"})


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"token_endpoint": "http://login.example.org/token"}, "this machine only"),
        ({"token_endpoint": "http://127.0.0.1:8080/token"}, "leads to this machine"),
        ({"jwks_uri": "https://localhost/keys"}, "leads to this machine"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "is no URL"),
        ({"issuer": None}, "without issuer"),
    ],
)
def test_addresses_that_lead_elsewhere_are_refused(changed: dict[str, object], why: str) -> None:
    with pytest.raises(FetchError, match=why):
        read(RIGHT | changed)


@pytest.mark.parametrize("body", [[], "x"])
def test_anything_but_an_object_is_refused(body: object) -> None:
    with pytest.raises(FetchError, match="no JSON object"):
        read(body)
