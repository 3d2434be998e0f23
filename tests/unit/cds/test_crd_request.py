"""What a request says to a CRD service."""

import pytest

from service.cds.crd_request import CrdRequest, parse_crd_request
from service.errors import RequestError

VERSIONS = ("2.0", "2.2")


def parsed(extension: object) -> CrdRequest:
    return parse_crd_request({"extension": extension}, VERSIONS, "2.0")


@pytest.mark.parametrize("extension", [None, [], "x", {}, {"davinci-crd.configuration": ["x"]}])
def test_without_a_readable_extension_the_default_is_asked_for(extension: object) -> None:
    assert parsed(extension) == CrdRequest("2.0", {})
    assert parse_crd_request([], VERSIONS, "2.2") == CrdRequest("2.2", {})


@pytest.mark.parametrize("asked", ["2.2", "2.2.1", ["2.2"]])
def test_version_is_that_of_the_first_two_numbers(asked: object) -> None:
    assert parsed({"davinci-crd.requestedVersion": asked}).version == "2.2"


@pytest.mark.parametrize("asked", ["2", "2.1", "", 2.2, [], ["2.0", "2.2"], False])
def test_other_version_is_refused(asked: object) -> None:
    with pytest.raises(RequestError, match=r"versions 2\.0, 2\.2") as refused:
        parsed({"davinci-crd.requestedVersion": asked})
    assert refused.value.status == 422


def test_options_are_taken_as_they_are() -> None:
    given = {"max-cards": "x", "no-such": None}
    assert parsed({"davinci-crd.configuration": given}).options == given
