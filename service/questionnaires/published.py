"""The questionnaires and lists that a library serves: found by id and by address, ready to send."""

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from typing import NamedTuple

import orjson

from service.json_object import Json
from service.library.library import Library
from service.memo import per_document
from service.policy.model import QUESTIONNAIRES
from service.questionnaires.answer_lists import BASE, resource_id
from service.questionnaires.form import Form

COMPARED = 48  # characters of a name; longer ids are shortened near their end


class Published(NamedTuple):
    """A resource as it is sent, with the tag of its content."""

    body: bytes
    tag: str


def questionnaire_of_id(library: Library, id_: str, today: date) -> Published | None:
    """The questionnaire of an id, or without the version's day the one in force today; None if none."""
    form = form_of_id(library, id_, today)
    return None if form is None else _questionnaire(library, form)


def form_of_id(library: Library, id_: str, today: date) -> Form | None:
    """What makes the questionnaire of an id; None if there is none."""
    for form in _forms(library, id_):
        in_force = form.id_of_any_version == id_ and library.judges(form.policy, today)
        if form.id == id_ or in_force:
            return form
    return None


def questionnaires_of_url(library: Library, url: str, version: str | None = None) -> list[Json]:
    """The versions of a canonical address, the newest first; one alone if it ends in `|version`."""
    address, _, named = url.partition("|")
    wanted = {one for one in (named, version) if one}
    if not address.startswith(QUESTIONNAIRES) or len(wanted) > 1:
        return []
    forms = [
        form
        for form in _forms(library, address.removeprefix(QUESTIONNAIRES))
        if form.canonical == address and wanted <= {form.policy.effective.isoformat()}
    ]
    forms.sort(key=lambda form: form.policy.effective, reverse=True)
    return [orjson.loads(_questionnaire(library, form).body) for form in forms]


def value_set_of_id(library: Library, id_: str) -> Published | None:
    """The list of an id; None if no questionnaire has it."""
    return _value_sets(library).get(id_)


def searched(found: Iterable[Json]) -> Json:
    """A Bundle with the resources that a search found."""
    entries = [
        {"fullUrl": _full_url(one), "resource": one, "search": {"mode": "match"}} for one in found
    ]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return {**bundle, "entry": entries} if entries else bundle


def package(library: Library, questionnaire: Json) -> Json:
    """A Bundle with a questionnaire, and then the lists that it uses."""
    form = next(
        form for form in _forms(library, questionnaire["id"]) if form.id == questionnaire["id"]
    )
    resources = [questionnaire, *form.value_sets()]
    entries = [{"fullUrl": _full_url(one), "resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def published(resource: Json) -> Published:
    """A resource with the tag of its content."""
    body = orjson.dumps(resource)
    return Published(body, sha256(body).hexdigest()[:32])


def _full_url(resource: Json) -> str:
    return f"{BASE}/{resource['resourceType']}/{resource['id']}"


def _forms(library: Library, name: str = "") -> Iterator[Form]:
    """The questionnaires whose names may begin as this one does; all of them for an empty name.

    Only the policies in question are built: a library may have thousands.
    """
    for number, review in enumerate(library.reviews):
        begins = resource_id(review.policy.policy)[:COMPARED]
        if name and not resource_id(name).startswith(begins):
            continue
        if review.policy.state not in library.judging.states:
            continue
        policy = library.policies[number]
        for id_, indication in policy.indications.items():
            for path in ("initial", "renewal"):
                if getattr(indication, path) is not None:
                    yield Form(library, policy, id_, path)


def _questionnaire(library: Library, form: Form) -> Published:
    return _made(
        library, form.policy.id, form.policy.effective.isoformat(), form.indication, form.path
    )


@per_document
def _made(library: Library, policy: str, effective: str, indication: str, path: str) -> Published:
    """The resource, made once; its arguments are compared by value."""
    form = next(
        form
        for form in _forms(library, resource_id(policy))
        if (form.policy.id, form.policy.effective.isoformat()) == (policy, effective)
        and (form.indication, form.path) == (indication, path)
    )
    return published(form.questionnaire())


@per_document
def _value_sets(library: Library) -> dict[str, Published]:
    """Every list of every questionnaire, by its id."""
    return {one["id"]: published(one) for form in _forms(library) for one in form.value_sets()}
