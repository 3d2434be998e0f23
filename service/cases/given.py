"""What is given, in short words, as an order-sign request and the client that sends it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from service.cases import short_entries
from service.cases.case_words import CaseContext, born, day
from service.cases.draft_order import draft
from service.cases.strict_yaml import only
from service.errors import CaseError
from service.facts.client import Client
from service.json_object import Json
from service.policy.model import QUESTIONNAIRES

LISTS: dict[str, tuple[str, Callable[[Json, str, CaseContext], Json]]] = {
    "findings": ("observations", short_entries.finding),
    "diagnoses": ("conditions", short_entries.diagnosis),
    "claims": ("claims", short_entries.claim),
    "dispenses": ("dispenses", short_entries.dispense),
    "chart": ("medicationStatements", short_entries.listed),
    "orders": ("medications", short_entries.ordered),
    "procedures": ("procedures", short_entries.procedure),
    "visits": ("encounters", short_entries.visit),
    "allergies": ("allergies", short_entries.allergy),
    "approvals": ("authorizations", short_entries.approval),
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
GIVEN = frozenset({*LISTS, *HOLDS, *ONES, *STATES})
KEYS = {*(key for key, _ in LISTS.values()), "patient", "coverage", "answers", "practitioner"}
KEYS |= {"practitionerRoles"}


def request(given: Json, at: CaseContext) -> Json:
    """The hook request of a case: the usual patient of the words unless a part is said otherwise."""
    only(given, GIVEN, "given")
    said = at.words.usual | given
    return {
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": f"Practitioner/{short_entries.PRESCRIBER}",
            "patientId": short_entries.PATIENT,
            "draftOrders": _bundle([draft(said.get("order", {}), at)]),
        },
        "prefetch": _broken(_prefetch(said, at), said),
    }


def stated(given: Json, at: CaseContext) -> list[tuple[str, str]]:
    """Every id that the case answers yes or no to, with the policy version it is asked in."""
    said = at.words.usual | given
    return [
        (str(one.get("policy", said["policy"])), id_)
        for one in _listed(said, "statements")
        for word in ("yes", "no")
        for id_ in _ids(one, word)
    ]


def client(given: Json, at: CaseContext) -> Client:
    """Whose data it is: what its sources hold, by default the EHR's own record and no more."""
    holds: dict[str, bool | date] = {"record": True}
    for word, name in HOLDS.items():
        if word in given:
            value = given[word]
            known = value in short_entries.YES
            since = None if known else date.fromisoformat(day(value, at.as_of))
            holds[name] = short_entries.YES[value] if since is None else since
    return Client("local", holds)


def _bundle(found: list[Json]) -> Json:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": one} for one in found],
    }


def _prefetch(said: Json, at: CaseContext) -> dict[str, Any]:
    prefetch: dict[str, Any] = {"patient": _patient(said, at)}
    for word, (key, build) in LISTS.items():
        entries = list(said.get(word) or [])
        prefetch[key] = _bundle(
            [build(one, f"{word}-{n}", at) for n, one in enumerate(entries, start=1)]
        )
    prefetch["coverage"] = _bundle(_coverage(said["coverage"], at))
    prefetch["answers"] = _bundle(
        [
            _answer({"policy": said["policy"], "about": _indication(said, at)} | one, n, at)
            for n, one in enumerate(_listed(said, "statements"), start=1)
        ]
    )
    return prefetch | _prescriber(said["prescriber"], at) | _weight(said, prefetch, at)


def _listed(said: Json, word: str) -> list[Json]:
    value = said.get(word) or []
    return value if isinstance(value, list) else [value]


def _patient(said: Json, at: CaseContext) -> Json:
    patient: Json = {"resourceType": "Patient", "id": short_entries.PATIENT}
    patient |= {"gender": said["gender"]} if said.get("gender") else {}
    birth = day(said["born"], at.as_of) if said.get("born") else None
    if "born" not in said:
        birth = born(said["age"], at.as_of)
    return patient | ({"birthDate": birth} if birth else {})


def _weight(said: Json, prefetch: Json, at: CaseContext) -> Json:
    """`weight: 30 kg` is measured on the day; `{is: 30 kg, on: 91 days ago}` says when."""
    if said.get("weight") is None:
        return {}
    raw = said["weight"] if isinstance(said["weight"], dict) else {"is": said["weight"]}
    only(raw, {"is", "on"}, "weight")
    entry = {"what": "weight", "value": raw["is"], "on": raw.get("on", "today")}
    prefetch["observations"]["entry"].append(
        {"resource": short_entries.finding(entry, "weight-1", at)}
    )
    return {}


def _coverage(payer: str | None, at: CaseContext) -> list[Json]:
    if payer is None:
        return []
    return [
        {
            "resourceType": "Coverage",
            "id": "c1",
            "status": "active",
            "beneficiary": {"reference": f"Patient/{short_entries.PATIENT}"},
            "payor": [at.words.organization(payer)],
        }
    ]


def _prescriber(raw: Any, at: CaseContext) -> Json:
    """`dermatology`; `{specialty: …, in: qualification}`; `{specialty: …, whose: somebody else}`."""
    practitioner: Json = {"resourceType": "Practitioner", "id": short_entries.PRESCRIBER}
    if raw is None:
        return {"practitioner": practitioner, "practitionerRoles": _bundle([])}
    said = raw if isinstance(raw, dict) else {"specialty": raw}
    only(said, {"specialty", "in", "whose"}, "prescriber")
    concept = at.words.concept(said["specialty"])
    if said.get("in") == "qualification":
        practitioner["qualification"] = [{"code": concept}]
        return {"practitioner": practitioner, "practitionerRoles": _bundle([])}
    who = "d2" if said.get("whose") == "somebody else" else short_entries.PRESCRIBER
    role = {
        "resourceType": "PractitionerRole",
        "id": "role1",
        "practitioner": {"reference": f"Practitioner/{who}"},
        "specialty": [concept],
    }
    return {"practitioner": practitioner, "practitionerRoles": _bundle([role])}


def _answer(raw: Json, number: int, at: CaseContext) -> Json:
    """A QuestionnaireResponse: criterion ids with yes or no, on the policy's own questionnaire."""
    known = {"yes", "no", "on", "status", "version", "path", "author", "patient", "about"}
    only(raw, known | {"policy"}, "statements")
    said = [(id_, True) for id_ in _ids(raw, "yes")] + [(id_, False) for id_ in _ids(raw, "no")]
    path = raw.get("path") or (
        "renewal" if all(".renewal." in id_ for id_, _ in said) else "initial"
    )
    id_, version = raw["policy"].split("@")
    name = f"{id_.replace('/', '-')}-{raw['about']}-{path}|{raw.get('version', version)}"
    author = {"author": {"reference": f"Practitioner/{short_entries.PRESCRIBER}"}}
    when = raw.get("on", "today")
    return {
        "resourceType": "QuestionnaireResponse",
        "id": f"answers-{number}",
        "questionnaire": f"{QUESTIONNAIRES}{name}",
        "status": raw.get("status", "completed"),
        "subject": short_entries.subject(raw),
        **({"authored": day(when, at.as_of)} if when else {}),
        **({} if raw.get("author") == "nobody" else author),
        "item": [{"linkId": id_, "answer": [{"valueBoolean": value}]} for id_, value in said],
    }


def _indication(said: Json, at: CaseContext) -> str:
    """The disease whose questionnaire is answered: that of the order's reason."""
    return at.words.indication(
        said.get("order", {}).get("reason") or at.words.usual_order.get("reason", "")
    )


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
