"""What is given, in short words, as an order-sign request and the client that sends it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from support.cases import resources, words
from support.cases.documents import CaseError, only
from support.cases.order import STARTING, draft

from service.facts.model import Client
from service.policy.model import QUESTIONNAIRES

Json = dict[str, Any]
LISTS: dict[str, tuple[str, Callable[[Json, str, date], Json]]] = {
    "findings": ("observations", resources.finding),
    "diagnoses": ("conditions", resources.diagnosis),
    "claims": ("claims", resources.claim),
    "dispenses": ("dispenses", resources.dispense),
    "chart": ("medicationStatements", resources.listed),
    "orders": ("medications", resources.ordered),
    "procedures": ("procedures", resources.procedure),
    "visits": ("encounters", resources.visit),
    "allergies": ("allergies", resources.allergy),
    "approvals": ("authorizations", resources.approval),
}
HOLDS = {
    f"{name}_held": name
    for name in ("record", "claims", "dispenses", "authorizations", "pharmacies")
}
ONES = {
    "age",
    "born",
    "gender",
    "weight",
    "coverage",
    "prescriber",
    "order",
    "statements",
    "policy",
}
STATES = {"not_sent", "paged", "failed", "null"}
KEYS = {*(key for key, _ in LISTS.values()), "patient", "coverage", "answers", "practitioner"}
KEYS |= {"practitionerRoles"}
SENSIBLE: Json = {
    "age": "36 years",
    "coverage": "BCBSMS",
    "policy": "bcbsms/L.5.01.513@2025-10-01",
    "prescriber": "dermatology",
    "diagnoses": [{"is": "atopic dermatitis (SNOMED)", "severity": "severe"}],
}


def request(given: Json, as_of: date) -> Json:
    """The hook request of a case: an adult with severe disease unless a part is said otherwise."""
    only(given, {*LISTS, *HOLDS, *ONES, *STATES}, "given")
    said = SENSIBLE | given
    return {
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": f"Practitioner/{resources.PRESCRIBER}",
            "patientId": resources.PATIENT,
            "draftOrders": _bundle([draft(said.get("order", {}), as_of)]),
        },
        "prefetch": _broken(_prefetch(said, as_of), said),
    }


def stated(given: Json) -> list[tuple[str, str]]:
    """Every id that the case answers yes or no to, with the policy version it is asked in."""
    said = SENSIBLE | given
    return [
        (str(one.get("policy", said["policy"])), id_)
        for one in _listed(said, "statements")
        for word in ("yes", "no")
        for id_ in _ids(one, word)
    ]


def client(given: Json, as_of: date) -> Client:
    """Whose data it is: what its sources hold, by default the EHR's own record and no more."""
    holds: dict[str, bool | date] = {"record": True}
    for word, name in HOLDS.items():
        if word in given:
            value = given[word]
            known = value in resources.YES
            day = None if known else date.fromisoformat(words.day(value, as_of))
            holds[name] = resources.YES[value] if day is None else day
    return Client("local", holds)


def _bundle(found: list[Json]) -> Json:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": one} for one in found],
    }


def _prefetch(said: Json, as_of: date) -> dict[str, Any]:
    prefetch: dict[str, Any] = {"patient": _patient(said, as_of)}
    for word, (key, build) in LISTS.items():
        entries = list(said.get(word) or [])
        prefetch[key] = _bundle(
            [build(one, f"{word}-{n}", as_of) for n, one in enumerate(entries, start=1)]
        )
    prefetch["coverage"] = _bundle(_coverage(said["coverage"]))
    prefetch["answers"] = _bundle(
        [
            _answer({"policy": said["policy"]} | one | {"about": _indication(said)}, n, as_of)
            for n, one in enumerate(_listed(said, "statements"), start=1)
        ]
    )
    return prefetch | _prescriber(said["prescriber"]) | _weight(said, prefetch, as_of)


def _listed(said: Json, word: str) -> list[Json]:
    value = said.get(word) or []
    return value if isinstance(value, list) else [value]


def _patient(said: Json, as_of: date) -> Json:
    patient: Json = {"resourceType": "Patient", "id": resources.PATIENT}
    patient |= {"gender": said["gender"]} if said.get("gender") else {}
    birth = words.day(said["born"], as_of) if said.get("born") else None
    if "born" not in said:
        birth = words.born(said["age"], as_of)
    return patient | ({"birthDate": birth} if birth else {})


def _weight(said: Json, prefetch: Json, as_of: date) -> Json:
    """`weight: 30 kg` is measured on the day; `{is: 30 kg, on: 91 days ago}` says when."""
    if said.get("weight") is None:
        return {}
    raw = said["weight"] if isinstance(said["weight"], dict) else {"is": said["weight"]}
    only(raw, {"is", "on"}, "weight")
    entry = {"what": "weight", "value": raw["is"], "on": raw.get("on", "today")}
    prefetch["observations"]["entry"].append(
        {"resource": resources.finding(entry, "weight-1", as_of)}
    )
    return {}


def _coverage(payer: str | None) -> list[Json]:
    if payer is None:
        return []
    return [
        {
            "resourceType": "Coverage",
            "id": "c1",
            "status": "active",
            "beneficiary": {"reference": f"Patient/{resources.PATIENT}"},
            "payor": [resources.organization(payer)],
        }
    ]


def _prescriber(raw: Any) -> Json:
    """`dermatology`; `{specialty: …, in: qualification}`; `{specialty: …, whose: somebody else}`."""
    practitioner: Json = {"resourceType": "Practitioner", "id": resources.PRESCRIBER}
    if raw is None:
        return {"practitioner": practitioner, "practitionerRoles": _bundle([])}
    said = raw if isinstance(raw, dict) else {"specialty": raw}
    only(said, {"specialty", "in", "whose"}, "prescriber")
    concept = words.concept(said["specialty"])
    if said.get("in") == "qualification":
        practitioner["qualification"] = [{"code": concept}]
        return {"practitioner": practitioner, "practitionerRoles": _bundle([])}
    who = "d2" if said.get("whose") == "somebody else" else resources.PRESCRIBER
    role = {
        "resourceType": "PractitionerRole",
        "id": "role1",
        "practitioner": {"reference": f"Practitioner/{who}"},
        "specialty": [concept],
    }
    return {"practitioner": practitioner, "practitionerRoles": _bundle([role])}


def _answer(raw: Json, number: int, as_of: date) -> Json:
    """A QuestionnaireResponse: criterion ids with yes or no, on the policy's own questionnaire."""
    known = {"yes", "no", "on", "status", "version", "path", "author", "patient", "about"}
    only(raw, known | {"policy"}, "statements")
    said = [(id_, True) for id_ in _ids(raw, "yes")] + [(id_, False) for id_ in _ids(raw, "no")]
    path = raw.get("path") or (
        "renewal" if all(".renewal." in id_ for id_, _ in said) else "initial"
    )
    id_, version = raw["policy"].split("@")
    name = f"{id_.replace('/', '-')}-{raw['about']}-{path}|{raw.get('version', version)}"
    author = {"author": {"reference": f"Practitioner/{resources.PRESCRIBER}"}}
    when = raw.get("on", "today")
    return {
        "resourceType": "QuestionnaireResponse",
        "id": f"answers-{number}",
        "questionnaire": f"{QUESTIONNAIRES}{name}",
        "status": raw.get("status", "completed"),
        "subject": resources.subject(raw),
        **({"authored": words.day(when, as_of)} if when else {}),
        **({} if raw.get("author") == "nobody" else author),
        "item": [{"linkId": id_, "answer": [{"valueBoolean": value}]} for id_, value in said],
    }


def _indication(said: Json) -> str:
    """The disease whose questionnaire is answered: that of the order's reason."""
    reason = said.get("order", {}).get("reason") or STARTING["reason"]
    held = next(name for name, words_ in words.TABLE["words"].items() if reason in words_)
    return str(held).removesuffix(".condition")


def _ids(raw: Json, word: str) -> list[str]:
    value = raw.get(word) or []
    return value if isinstance(value, list) else [value]


def _broken(prefetch: dict[str, Any], said: Json) -> dict[str, Any]:
    """Keys that did not come, came as nothing, came cut or came as a failure."""
    for state in STATES:
        for key in _ids(said, state):
            if key not in KEYS:
                raise CaseError(f"{state}: no prefetch key '{key}'")
            if state == "not_sent":
                prefetch.pop(key)
            elif state == "null":
                prefetch[key] = None
            elif state == "failed":
                issue = {"severity": "error", "code": "exception"}
                prefetch[key] = {"resourceType": "OperationOutcome", "issue": [issue]}
            else:
                prefetch[key]["link"] = [{"relation": "next", "url": "https://ehr.example/2"}]
    return prefetch
