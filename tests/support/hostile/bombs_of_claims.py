"""Bombs of claims: lines beside headers, hand-overs beside hand-overs, what takes them back."""

from copy import deepcopy

from support.hostile.bombs import ICD10, Json, bundle, days, draft, encounters, first, recorded


def lines_and_prescriptions(n: int) -> Json:
    """A claim of so many lines without a product and as many prescriptions."""
    body = recorded()
    claim = deepcopy(first(body, "claims"))
    line = {k: v for k, v in claim["item"][0].items() if k != "productOrService"}
    claim["item"] = [dict(line) for _ in range(n)]
    claim["prescription"] = [{"reference": f"MedicationRequest/none{i}"} for i in range(n)]
    body["prefetch"]["claims"] = bundle(claim)
    return body


def lines_and_diagnoses(n: int) -> Json:
    """A claim of so many lines and as many diagnoses."""
    body = recorded()
    claim = deepcopy(steroid_claim(body))
    claim["item"] = [{**claim["item"][0], "diagnosisSequence": list(range(1, 9))} for _ in range(n)]
    code = {"coding": [{"system": ICD10, "code": "J45.901"}]}
    claim["diagnosis"] = [{"sequence": i, "diagnosisCodeableConcept": code} for i in range(n)]
    body["prefetch"]["claims"] = bundle(claim)
    return body


def lines_and_supporting(n: int) -> Json:
    """A claim of so many lines and as many pieces of supporting information."""
    body = recorded()
    claim = deepcopy(steroid_claim(body))
    claim["item"] = [claim["item"][0]] * n
    claim["supportingInfo"] = claim.get("supportingInfo", [{}])[:1] * n
    body["prefetch"]["claims"] = bundle(claim)
    return body


def steroid_claim(body: Json) -> Json:
    for entry in body["prefetch"]["claims"]["entry"]:
        if "prednis" in str(entry).lower():
            found: Json = entry["resource"]
            return found
    raise LookupError("no steroid claim")


def dated(claim: Json, n: int, id_: str, day: str) -> Json:
    line = {**claim["item"][0], "servicedDate": day}
    return {**claim, "id": f"{id_}{n}", "item": [line]}


def steroid_fills(n: int) -> Json:
    """So many hand-overs of one drug on days of their own, without a reason."""
    return _fills(n, 1)


def _fills(n: int, step: int) -> Json:
    body = recorded()
    claim = deepcopy(steroid_claim(body))
    claim.pop("diagnosis", None)
    claim.pop("prescription", None)
    found = [dated(claim, i, "f", day) for i, day in enumerate(days(n, step))]
    body["prefetch"]["claims"] = bundle(*found)
    return body


def courses_apart(n: int) -> Json:
    """So many courses, each of its own."""
    return _fills(n, 120)


def undated_fills(n: int) -> Json:
    """So many hand-overs of which only the year is told."""
    body = steroid_fills(n)
    for entry in body["prefetch"]["claims"]["entry"]:
        entry["resource"]["item"][0]["servicedDate"] = "2026"
    return body


def reversals(n: int) -> Json:
    """So many hand-overs and as many reversals of them."""
    body = steroid_fills(n)
    entries = body["prefetch"]["claims"]["entry"]
    for entry in list(entries):
        taken = deepcopy(entry["resource"])
        taken["id"] = "r" + taken["id"]
        taken["payment"] = {"amount": {"value": -1}}
        taken["related"] = [{"claim": {"reference": "ExplanationOfBenefit/none"}}]
        entries.append({"resource": taken})
    return body


def claims_and_dispenses(n: int) -> Json:
    """The same hand-overs as claims and as dispenses, far apart."""
    body = steroid_fills(n)
    line = first(body, "claims")["item"][0]
    body["prefetch"]["dispenses"] = bundle(
        *(
            {
                "resourceType": "MedicationDispense",
                "id": f"d{i}",
                "status": "completed",
                "subject": draft(body)["subject"],
                "medicationCodeableConcept": line["productOrService"],
                "whenHandedOver": day,
            }
            for i, day in enumerate(days(n))
        )
    )
    return body


def reasons_of_reasons(n: int) -> Json:
    """So many orders, each for the same so many stays, each for the same diagnoses."""
    body = encounters(n)
    claim = deepcopy(steroid_claim(recorded()))
    claim.pop("diagnosis", None)
    order = {k: v for k, v in draft(body).items() if k != "reasonCode"} | {"status": "active"}
    stays = [{"reference": f"Encounter/e{i}"} for i in range(n)]
    body["prefetch"]["medications"] = bundle({**order, "id": "o", "reasonReference": stays})
    claim["prescription"] = {"reference": "MedicationRequest/o"}
    found = [dated(claim, i, "f", day) for i, day in enumerate(days(n, 120))]
    body["prefetch"]["claims"] = bundle(*found)
    return body
