"""How long one request may be read and judged."""

import pytest

from service.errors import RequestError
from service.fhir.deadline import Deadline


def test_request_within_its_time_goes_on() -> None:
    Deadline(60).check()


def test_request_over_its_time_is_refused_as_too_costly() -> None:
    with pytest.raises(RequestError, match="the record takes too long to be judged") as refused:
        Deadline(-1).check()
    assert (refused.value.status, refused.value.code) == (413, "too-costly")
