"""Whose patient a claim names where no server was told, and which version of a claim is the newest."""

from typing import Any

import pytest
from support.claims import TRIAL, Json, answer, claim, fixture, truth

HOME, OTHER = "https://a.example/r4", "https://b.example/r4"


def asked(entries: list[Json], *, server: str | None = None, type_: str = "searchset") -> Json:
    """The answer with these entries for claims; the other keys come from HOME if it is told by none."""
    body = fixture("initial-fully-met")
    body.pop("fhirServer", None)
    if server:
        body["fhirServer"] = server
    for bundle in body["prefetch"].values():
        for entry in bundle.get("entry", []) if isinstance(bundle, dict) else []:
            one = entry["resource"]
            entry["fullUrl"] = f"{HOME}/{one['resourceType']}/{one['id']}"
    whole = {"resourceType": "Bundle", "type": type_, "entry": entries}
    return answer({**body, "prefetch": {**body["prefetch"], "claims": whole}}, "claims_held")


def paid(patient: str, **more: Any) -> Json:
    """A fill of four weeks."""
    id_ = fixture("initial-fully-met")["context"]["patientId"]
    return claim("c", "2026-08-05", 28, **more) | {"patient": {"reference": patient.format(id_)}}


@pytest.mark.parametrize(
    ("patient", "server", "counts"),
    [
        ("Patient/{}", None, True),
        (HOME + "/Patient/{}", None, True),
        (HOME + "/Patient/{}/_history/2", None, True),
        (OTHER + "/Patient/{}", None, False),
        ("http://x.test/Patient/{}", None, False),
        # the client's own server under another name, as behind a proxy
        (HOME + "/Patient/{}", "https://proxy.example/r4/", True),
        ("https://proxy.example/r4/Patient/{}", "https://proxy.example/r4/", True),
        (OTHER + "/Patient/{}", "https://proxy.example/r4/", False),
    ],
)
def test_a_patient_of_another_server_is_not_ours(
    patient: str, server: str | None, counts: bool
) -> None:
    one = paid(patient)
    found = asked([{"fullUrl": f"{HOME}/ExplanationOfBenefit/c", "resource": one}], server=server)
    assert (truth(found, TRIAL) == "met") is counts


def test_patient_of_another_server_after_ours_is_ignored() -> None:
    assert truth(asked([{"resource": paid("Patient/{}")}]), TRIAL) == "met"
    assert truth(asked([{"resource": paid(OTHER + "/Patient/{}")}]), TRIAL) == "unknown"


def version(status: str, **response: str) -> Json:
    """An entry as a history has it."""
    return {
        "fullUrl": f"{HOME}/ExplanationOfBenefit/c",
        "resource": paid("Patient/{}", status=status),
        "request": {"method": "PUT", "url": "ExplanationOfBenefit/c"},
        "response": {"status": "200", **response},
    }


def meta(status: str, tag: str) -> Json:
    """An entry whose resource tells its version."""
    one = paid("Patient/{}", status=status, meta={"versionId": tag})
    return {"fullUrl": f"{HOME}/ExplanationOfBenefit/c", "resource": one}


EARLY, LATE = "2026-10-01T08:00:00+02:00", "2026-10-01T07:00:00Z"


@pytest.mark.parametrize(
    ("newest", "oldest"),
    [
        (lambda s: version(s, etag='W/"12"'), lambda s: version(s, etag='W/"9"')),
        (lambda s: version(s, etag='"3"'), lambda s: version(s, etag='w/"2"')),
        (lambda s: version(s, lastModified=LATE), lambda s: version(s, lastModified=EARLY)),
        (lambda s: version(s, etag='W/"10"'), lambda s: meta(s, "9")),
        (lambda s: meta(s, 'W/"10"'), lambda s: meta(s, 'W/"9"')),
        (lambda s: meta(s, '"10"'), lambda s: meta(s, "9")),
        (lambda s: meta(s, "4"), lambda s: version(s, etag='W/"3"')),
    ],
)
@pytest.mark.parametrize("type_", ["searchset", "history", "collection"])
def test_newest_version_counts_by_any_of_its_times(newest: Any, oldest: Any, type_: str) -> None:
    for new, old, expected in (("cancelled", "active", False), ("active", "cancelled", True)):
        for entries in ([newest(new), oldest(old)], [oldest(old), newest(new)]):
            assert (truth(asked(entries, type_=type_), TRIAL) == "met") is expected


@pytest.mark.parametrize("odd", ["", "W/", 'W/"x"', "W/7/8", "9" * 30, '"-1"'])
def test_version_tag_that_is_no_number_is_ignored(odd: str) -> None:
    entries = [version("active", etag=odd), version("cancelled", etag=odd)]
    assert truth(asked(entries), TRIAL) != "met"
    assert truth(asked(entries[::-1]), TRIAL) == "met"
    strange = {"resource": paid("Patient/{}"), "response": [3, {"etag": 4}]}
    assert truth(asked([{**strange, "fullUrl": 5}, version("active")]), TRIAL) in ("met", "unknown")
