"""The FHIR R4 interface: questionnaires, their lists, and what else is served there.

What is served is made from documents alone and holds no patient, so anybody may read it. `$populate`
looks at the patient's data in the call, as a hook does, and keeps nothing.
"""

from collections.abc import Iterable

import orjson
from flask import Blueprint, Response
from flask.globals import request_ctx

from service.cds.strict_json import parse_body
from service.errors import RequestError
from service.json_object import Json
from service.questionnaires.capabilities import capability_statement
from service.questionnaires.published import (
    Published,
    form_of_id,
    package,
    published,
    questionnaire_of_id,
    questionnaires_of_url,
    searched,
    value_set_of_id,
)
from service.web.http.body import json_body
from service.web.http.caller import caller
from service.web.http.error_answers import with_tag
from service.web.populate_operation import populate
from service.web.runtime import Runtime

FHIR_JSON = "application/fhir+json"
# Kept by caches, but asked for again each time: a corrected document must not be missed.
CACHED = "no-cache"
MOST_PACKAGES = 12
NO_QUESTIONNAIRE = "there is no questionnaire of this id"
NO_VALUE_SET = "there is no value set of this id"
NO_URL = "url: required, the canonical address of a questionnaire"
NO_CANONICAL = (
    "Parameters: name the canonical address of at least one questionnaire in a parameter"
    " 'questionnaire' (valueCanonical), of twelve at most; orders are not looked at"
)
UNKNOWN_CANONICAL = "Parameters.parameter: there is no questionnaire of one of these addresses"


def fhir_blueprint(runtime: Runtime) -> Blueprint:
    """Reading and searching questionnaires, their package, their lists and the capabilities."""
    pages = Blueprint("fhir", __name__, url_prefix="/fhir")
    library = runtime.library

    @pages.get("/metadata")
    def metadata() -> Response:
        return _sent(published(capability_statement(library.content)))

    @pages.get("/Questionnaire/<name>")
    def questionnaire(name: str) -> Response:
        return _sent(questionnaire_of_id(library, name, runtime.as_of().day), NO_QUESTIONNAIRE)

    @pages.get("/Questionnaire")
    def search() -> Response:
        asked = request_ctx.request.args
        url = asked.get("url")
        if not url:
            raise RequestError(400, "required", NO_URL)
        return _sent(published(searched(questionnaires_of_url(library, url, asked.get("version")))))

    @pages.post("/Questionnaire/$questionnaire-package")
    def packages() -> Response:
        found = [
            questionnaires_of_url(library, each) for each in _canonicals(parse_body(json_body()))
        ]
        if not all(found):
            raise RequestError(404, "not-found", UNKNOWN_CANONICAL)
        parameters = [
            {"name": "PackageBundle", "resource": package(library, newest)} for newest, *_ in found
        ]
        body = orjson.dumps({"resourceType": "Parameters", "parameter": parameters})
        return Response(body, content_type=FHIR_JSON)

    @pages.post("/Questionnaire/<name>/$populate")
    def populated(name: str) -> Response:
        form = form_of_id(library, name, runtime.as_of().day)
        if form is None:
            raise RequestError(404, "not-found", NO_QUESTIONNAIRE)
        who, body = caller(runtime), json_body()
        answer = populate(runtime, who.client, form, parse_body(body), len(body))
        return Response(orjson.dumps(answer), content_type=FHIR_JSON)

    @pages.get("/ValueSet/<name>")
    def value_set(name: str) -> Response:
        return _sent(value_set_of_id(library, name), NO_VALUE_SET)

    return pages


def _canonicals(body: object) -> list[str]:
    """The addresses that a call names, each once; RequestError 400 if there is none, or too many."""
    named = dict.fromkeys(
        canonical
        for parameter in _parameters(body)
        if parameter.get("name") == "questionnaire"
        and isinstance(canonical := parameter.get("valueCanonical"), str)
    )
    if not 0 < len(named) <= MOST_PACKAGES:
        raise RequestError(400, "required", NO_CANONICAL)
    return list(named)


def _parameters(body: object) -> Iterable[Json]:
    if not isinstance(body, dict) or body.get("resourceType") != "Parameters":
        return []
    parameters = body.get("parameter")
    return (
        [one for one in parameters if isinstance(one, dict)] if isinstance(parameters, list) else []
    )


def _sent(resource: Published | None, missing: str = "") -> Response:
    """A resource with its tag, 304 if the caller has it already; RequestError 404 if there is none."""
    if resource is None:
        raise RequestError(404, "not-found", missing)
    answer = Response(resource.body, content_type=FHIR_JSON)
    answer.headers["Cache-Control"] = CACHED
    return with_tag(answer, resource.tag)
