"""What the page of questions shows."""

import json

from support.launched import Launched, recorded

PATIENT, DOCTOR = "p001", "dr-amara-okafor"
HOSTILE = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>"


def test_text_of_a_chart_is_no_mark_up(at: Launched) -> None:
    body = json.loads(json.dumps(recorded()).replace("triamcinolone", json.dumps(HOSTILE)[1:-1]))
    for one in at.launcher.held["Patient"]:
        one["name"] = [{"text": HOSTILE}]
    body["prefetch"]["patient"]["name"] = [{"text": HOSTILE}]
    at.sign(body | {"fhirServer": at.launcher.fhir})
    at.launch(PATIENT, DOCTOR)
    assert at.questions
    assert "<img" not in at.page
    assert "<script>" not in at.page
