"""The steps of a launch without a browser: what is kept meanwhile, and what is refused."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from support.launched import Launched

from service.errors import PageError
from service.web.launch.launch_flow import LaunchFlow


def flow_of(at: Launched) -> LaunchFlow:
    runtime = at.http.application.extensions["runtime"]
    return LaunchFlow(runtime.library, at.origin, runtime.launch_memory.waiting, runtime.now)


def code_for(url: str) -> str:
    login = requests.get(url, allow_redirects=False, timeout=10)
    return parse_qs(urlsplit(login.headers["Location"]).query)["code"][0]


def test_launch_is_completed_with_its_secret_once(at: Launched) -> None:
    flow = flow_of(at)
    begun = flow.begin(at.launcher.fhir, at.launcher.launch("p001", "dr-amara-okafor"))
    code = code_for(begun.url)
    launched = flow.complete(begun.state, begun.secret, code)
    assert launched.user.reference == "Practitioner/dr-amara-okafor"
    assert (launched.client_id, launched.patient) == ("local", "p001")
    assert "openid" in launched.granted.scope
    with pytest.raises(PageError, match="state_unknown"):
        flow.complete(begun.state, begun.secret, code)


def test_wrong_secret_and_no_code_use_the_state_up(at: Launched) -> None:
    flow = flow_of(at)
    for secret, code, text in (("x", "c", "other_browser"), (None, None, "ehr_refused")):
        begun = flow.begin(at.launcher.fhir, "W10")
        with pytest.raises(PageError, match=text):
            flow.complete(begun.state, secret or begun.secret, code)
        with pytest.raises(PageError, match="state_unknown"):
            flow.complete(begun.state, begun.secret, code)


@pytest.mark.parametrize("patient", ["..", "p/1", "p 1", "x" * 129])
def test_patient_that_is_no_id_is_refused(at: Launched, patient: str) -> None:
    at.launcher.patient = patient
    flow = flow_of(at)
    begun = flow.begin(at.launcher.fhir, at.launcher.launch("p001", "dr-amara-okafor"))
    with pytest.raises(PageError, match="no_patient"):
        flow.complete(begun.state, begun.secret, code_for(begun.url))


@pytest.mark.parametrize("launch", ["", "x" * 5000])
def test_launch_without_its_value_is_refused(at: Launched, launch: str) -> None:
    with pytest.raises(PageError, match="launch_without_launch"):
        flow_of(at).begin(at.launcher.fhir, launch)
