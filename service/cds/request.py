"""Parses a CDS Hooks request and its access token; the day as of which orders are judged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from typing import Any, Literal

from service.cds.strict_json import child, parse_body, required_text, texts
from service.cpu_limit import CpuShare
from service.errors import RequestError
from service.json_object import Json

__all__ = ["DraftEntry", "HookRequest", "KeptResponse", "parse_body", "parse_hook_request"]

ENTRIES = 20_000
_FHIR_ID = re.compile(r"[A-Za-z0-9._\-]{1,128}")
_UUID = re.compile(r"(?:urn:uuid:)?\{?[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}\}?")


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """One readable entry of `context.draftOrders`."""

    full_url: str | None
    resource: Json


@dataclass(frozen=True, slots=True)
class KeptResponse:
    """An answered questionnaire that this service keeps.

    `in_ehr`: it was written to the EHR, long enough ago that the EHR would send it with the request.
    """

    response: Json
    in_ehr: bool = False


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A hook request; the access token itself is not part of it. `share` is the CPU time it may take.

    `statements` are answered questionnaires about the patient that this service keeps; None where they
    could not be read.
    """

    hook: str
    hook_instance: str
    patient_id: str
    user_id: str
    encounter_id: str | None
    draft_orders: tuple[DraftEntry, ...]
    selections: tuple[str, ...]
    prefetch: Mapping[str, object]
    fhir_server: str | None
    has_token: bool
    statements: tuple[KeptResponse, ...] | None = ()
    share: CpuShare = field(default_factory=CpuShare, repr=False, compare=False)


def parse_hook_request(
    body: object, hooks: frozenset[str], share: CpuShare | None = None
) -> HookRequest:
    """The request; raises RequestError for wrong required members and ignores unknown ones."""
    if not isinstance(body, dict):
        raise RequestError(400, "structure", "the body must be a JSON object")
    hook = _hook(body, hooks)
    context = child(body, "context", "context")
    prefetch = _prefetch(body)
    drafts = _draft_orders(context)
    _refuse_too_many(prefetch, drafts)
    return HookRequest(
        hook=hook,
        hook_instance=_hook_instance(body),
        patient_id=_patient_id(context),
        user_id=required_text(context, "userId", "context.userId"),
        encounter_id=_text_or_none(context.get("encounterId")),
        draft_orders=_readable(drafts),
        selections=texts(context, "selections", "context.selections")
        if hook == "order-select"
        else (),
        prefetch=prefetch,
        fhir_server=_fhir_server(body),
        has_token=_has_token(body),
        share=share or CpuShare(),
    )


def _hook(body: Json, hooks: frozenset[str]) -> str:
    hook = required_text(body, "hook", "hook")
    if hook not in hooks:
        served = ", ".join(sorted(hooks))
        raise RequestError(400, "not-supported", f"hook: this service answers {served} only")
    return hook


def _hook_instance(body: Json) -> str:
    value = required_text(body, "hookInstance", "hookInstance")
    if not _UUID.fullmatch(value):
        raise RequestError(400, "value", "hookInstance: not a UUID")
    return value


def _patient_id(context: Json) -> str:
    value = required_text(context, "patientId", "context.patientId").removeprefix("Patient/")
    if not _FHIR_ID.fullmatch(value):
        raise RequestError(400, "value", "context.patientId: not the id of a FHIR resource")
    return value


def _draft_orders(context: Json) -> list[Any]:
    bundle = child(context, "draftOrders", "context.draftOrders")
    if bundle.get("resourceType") != "Bundle":
        raise RequestError(400, "structure", "context.draftOrders.resourceType: must be Bundle")
    entries = bundle.get("entry")
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise RequestError(400, "structure", "context.draftOrders.entry: must be an array")
    return entries


def _readable(entries: list[Any]) -> tuple[DraftEntry, ...]:
    drafts = tuple(
        DraftEntry(_text_or_none(entry.get("fullUrl")), entry["resource"])
        for entry in entries
        if isinstance(entry, dict) and _is_resource(entry.get("resource"))
    )
    if entries and not drafts:
        raise RequestError(
            400, "structure", "context.draftOrders.entry: no entry holds a FHIR resource"
        )
    return drafts


def _is_resource(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("resourceType"), str)


def _prefetch(body: Json) -> Json:
    value = body.get("prefetch")
    return value if isinstance(value, dict) else {}


def _refuse_too_many(prefetch: Json, drafts: list[Any]) -> None:
    bundles = (value.get("entry") for value in prefetch.values() if isinstance(value, dict))
    count = len(drafts) + sum(len(entries) for entries in bundles if isinstance(entries, list))
    if count > ENTRIES:
        raise RequestError(
            413, "too-costly", f"prefetch and draftOrders hold more than {ENTRIES} entries"
        )


def _fhir_server(body: Json) -> str | None:
    server = _text_or_none(body.get("fhirServer"))
    if server is None and body.get("fhirAuthorization") is not None:
        raise RequestError(400, "required", "fhirServer: required where fhirAuthorization is given")
    return server


def _has_token(body: Json) -> bool:
    authorization = body.get("fhirAuthorization")
    return (
        isinstance(authorization, dict)
        and _text_or_none(authorization.get("access_token")) is not None
    )


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")


@dataclass(frozen=True, slots=True)
class Authorization:
    """`fhirAuthorization`; `token` is None if it cannot be used, and it is never printed."""

    token: str | None = field(repr=False)
    scope: str | None
    patient: str | None


def parse_authorization(body: object) -> Authorization | None:
    """The authorization in a request's body; None if there is none or the token is empty."""
    given = body.get("fhirAuthorization") if isinstance(body, dict) else None
    if given is None:
        return None
    if not isinstance(given, dict):
        return Authorization(None, None, None)
    token, kind = given.get("access_token"), given.get("token_type", "Bearer")
    if token in (None, ""):
        return None
    bearer = isinstance(kind, str) and kind.lower() == "bearer"
    usable = bearer and isinstance(token, str) and _TOKEN.fullmatch(token)
    return Authorization(
        token if usable else None,
        _text_or_nothing(given.get("scope")),
        _text_or_nothing(given.get("patient")),
    )


def _text_or_nothing(value: object) -> str | None:
    return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class AsOf:
    """`day`: this day for every order; `order`: each order's own day, or `day` if it has none.

    If the day is today, `now` is the current time, to find the day in another time zone.
    """

    kind: Literal["day", "order"]
    day: date
    now: datetime | None = None

    def told_in(self, zone: tzinfo | None) -> "AsOf":
        """The same with today's date in another time zone."""
        if self.now is None or zone is None:
            return self
        return replace(self, day=self.now.astimezone(zone).date())


def as_of_now(kind: Literal["today", "order"]) -> AsOf:
    """By today's date on this machine, or by each order's own day."""
    now = datetime.now().astimezone()
    return AsOf("order" if kind == "order" else "day", now.date(), now)
