"""`/openapi.json`: every address of this service, made from its routes and the words here (OpenAPI 3.1)."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, Response
from flask.globals import app_ctx
from werkzeug.routing import Rule

from service import __version__
from service.cds.discovery import ServiceDescription
from service.json_object import Json
from service.web.http.error_answers import json_answer
from service.web.runtime import Runtime

JSON, HTML = "application/json", "text/html"
FHIR_JSON = "application/fhir+json"
_VALUE = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")

# By endpoint: the tag, what the address is for, and the type of what it answers.
ABOUT: Mapping[str, tuple[str, str, str]] = {
    "hooks.discover": (
        "CDS Hooks",
        "The services, and the FHIR queries for each (discovery).",
        JSON,
    ),
    "hooks.call": (
        "CDS Hooks",
        "Judges the orders of a hook request and answers with cards.",
        JSON,
    ),
    "hooks.feedback": ("CDS Hooks", "Stores what became of cards.", JSON),
    "pages.health": ("Operation", "Whether the process is alive.", JSON),
    "pages.ready": ("Operation", "Whether the store answers.", JSON),
    "metrics.metrics": ("Operation", "Metrics for Prometheus, for this machine.", "text/plain"),
    "pages.assessment_schema": ("CDS Hooks", "The JSON Schema of an assessment.", JSON),
    "openapi.description": ("CDS Hooks", "This description.", JSON),
    "front.front": ("Pages", "The front page.", HTML),
    "front.policies": ("Pages", "Every version of every policy.", HTML),
    "front.therapies": ("Pages", "Every therapy.", HTML),
    "policies.show": ("Pages", "One version of a policy.", HTML),
    "differences.show": ("Pages", "What differs from the version before.", HTML),
    "therapies.show": ("Pages", "One therapy.", HTML),
    "orders.show": ("Pages", "How the answer to one request came about.", HTML),
    "orders.timeline": ("Pages", "The timeline of one order.", "image/svg+xml"),
    "orders.time": ("Pages", "When an order will be met by itself.", "text/plain"),
    "packets.file": ("Pages", "One file of the packet for the payer's reviewer.", "*/*"),
    "documents.index": ("Pages", "The list of documents.", HTML),
    "documents.document": ("Pages", "One document.", HTML),
    "front.no_demo": ("Pages", "Says that the demo is off.", HTML),
    "demo.demo": ("Pages", "A small EHR to try the service with.", HTML),
    "demo.request": ("Pages", "A recorded, synthetic hook request.", JSON),
    "fhir.metadata": ("FHIR", "What the FHIR interface serves.", FHIR_JSON),
    "fhir.questionnaire": ("FHIR", "One Questionnaire of statements.", FHIR_JSON),
    "fhir.search": ("FHIR", "The Questionnaires of the address in `url`.", FHIR_JSON),
    "fhir.packages": ("FHIR", "Questionnaires with the lists that they use.", FHIR_JSON),
    "fhir.populated": ("FHIR", "A response with what a record shows, and no answer.", FHIR_JSON),
    "launch.begin": ("Pages", "Where an EHR begins a SMART launch (`iss`, `launch`).", HTML),
    "launch.complete": ("Pages", "Where the EHR's login leads back to.", HTML),
    "questions.show": ("Pages", "The open questions of one launch.", HTML),
    "questions.take": ("Pages", "Takes the answers of a form.", HTML),
    "questions.left": ("Pages", "Says that the page was left.", HTML),
    "unverified.begin": ("Pages", "The open questions of a kept request, without a login.", HTML),
    "fhir.value_set": ("FHIR", "A list to choose an answer from.", FHIR_JSON),
    "assets.asset": ("Pages", "A style sheet or script of the pages.", "*/*"),
}
REQUESTS: Mapping[str, str] = {
    "hooks.call": "HookRequest",
    "hooks.feedback": "Feedback",
    "fhir.packages": "Parameters",
    "fhir.populated": "Parameters",
}
ANSWERS: Mapping[str, str] = {"hooks.call": "Cards", "hooks.discover": "Discovery"}
ERRORS = {
    "400": "The body is not what the standard asks for.",
    "401": "A token is missing or wrong.",
    "403": "A page of another origin, or a name that is not ours.",
    "404": "There is no such thing.",
    "412": "The patient was not supplied and could not be fetched.",
    "413": "The request is too large, or takes more than its share of CPU time.",
    "415": "The body is not JSON.",
    "503": "Try again later.",
}
OF_CALLS = ("400", "401", "403", "404", "412", "413", "415", "503")


def openapi_blueprint(runtime: Runtime) -> Blueprint:
    """The description of all addresses that are registered when it is first asked for."""
    pages = Blueprint("openapi", __name__)

    @pages.get("/openapi.json")
    def description() -> Response:
        return json_answer(described(app_ctx.app, runtime.library.services, runtime.public_url))

    return pages


def described(app: Flask, services: tuple[ServiceDescription, ...], url: str) -> Json:
    """The description of an application."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        path = _VALUE.sub(r"{\1}", rule.rule)
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        for method in methods:
            paths.setdefault(path, {})[method.lower()] = _operation(rule, services)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "dupilumab-cds",
            "version": __version__,
            "description": "Judges a drug order against the payer's policy (CDS Hooks 2.0).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": url}],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": SECURITY},
    }


def _operation(rule: Rule, services: tuple[ServiceDescription, ...]) -> Json:
    tag, summary, kind = ABOUT[rule.endpoint]
    operation: Json = {
        "operationId": rule.endpoint.replace(".", "_"),
        "tags": [tag],
        "summary": summary,
        "responses": _responses(rule.endpoint, kind, calls="POST" in (rule.methods or ())),
    }
    if parameters := [_parameter(name, services) for name in _VALUE.findall(rule.rule)]:
        operation["parameters"] = parameters
    if name := REQUESTS.get(rule.endpoint):
        content = {JSON: {"schema": _ref(name)}}
        operation["requestBody"] = {"required": True, "content": content}
        operation["security"] = [{"client": []}, {}]
    return operation


def _parameter(name: str, services: tuple[ServiceDescription, ...]) -> Json:
    schema: Json = {"type": "integer", "minimum": 1} if name == "number" else {"type": "string"}
    if name == "service_id":
        schema["enum"] = [service.id for service in services]
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _responses(endpoint: str, kind: str, *, calls: bool) -> Json:
    schema = _ref(ANSWERS[endpoint]) if endpoint in ANSWERS else {}
    answers: Json = {"200": {"description": "OK", "content": {kind: {"schema": schema}}}}
    for status in OF_CALLS if calls else ("404",):
        content = {JSON: {"schema": _ref("OperationOutcome")}}
        answers[status] = {"description": ERRORS[status], "content": content}
    return answers


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: list[str], **properties: Json) -> Json:
    return {"type": "object", "required": required, "properties": properties}


_TEXT: Json = {"type": "string"}
_ANY: Json = {"type": "object"}
SECURITY: Json = {
    "client": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The client's token as CDS Hooks 2.0 defines it; on this machine none is needed.",
    }
}
SCHEMAS: Json = {
    "HookRequest": _object(
        ["hook", "hookInstance", "context"],
        hook=_TEXT,
        hookInstance={"type": "string", "format": "uuid"},
        fhirServer={"type": "string", "format": "uri"},
        fhirAuthorization=_ANY,
        context=_object(
            ["userId", "patientId", "draftOrders"],
            userId=_TEXT,
            patientId=_TEXT,
            encounterId=_TEXT,
            selections={"type": "array", "items": _TEXT},
            draftOrders=_object(["resourceType"], resourceType={"const": "Bundle"}),
        ),
        prefetch=_ANY,
    ),
    "Cards": _object(
        ["cards"],
        cards={"type": "array", "items": _ref("Card")},
        systemActions={
            "type": "array",
            "items": _object(["type", "description", "resource"]),
            "description": "Updates of draft orders; sent by the Da Vinci CRD services.",
        },
    ),
    "Card": _object(
        ["uuid", "summary", "indicator", "source"],
        uuid={"type": "string", "format": "uuid"},
        summary={"type": "string", "maxLength": 140},
        detail={"type": "string", "description": "GitHub Flavored Markdown"},
        indicator={"enum": ["info", "warning"]},
        source=_ANY,
        suggestions={"type": "array", "items": _ANY},
        selectionBehavior={"enum": ["at-most-one", "any"]},
        overrideReasons={"type": "array", "items": _ANY},
        links={"type": "array", "items": _ANY},
        extension={
            "type": "object",
            "description": "The assessment; its schema is at /schemas/assessment.json",
        },
    ),
    "Discovery": _object(["services"], services={"type": "array", "items": _ANY}),
    "Feedback": _object(["feedback"], feedback={"type": "array", "items": _ANY, "minItems": 1}),
    "Parameters": _object(
        ["resourceType", "parameter"],
        resourceType={"const": "Parameters"},
        parameter={"type": "array", "items": _ANY, "minItems": 1},
    ),
    "OperationOutcome": _object(
        ["resourceType", "issue"],
        resourceType={"const": "OperationOutcome"},
        issue={"type": "array", "items": _ANY},
    ),
}
