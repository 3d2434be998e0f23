"""The floor: what any service must do. Parse the body, index it in one pass, answer one constant card."""

import sys
from typing import Any

import orjson
from flask import Flask, Response, request

from service.server.gunicorn import Server, freeze_memory, server_options

CARD = {
    "uuid": "4e0a3a1e-8d4c-4c0e-9a37-6f4d6e0c4b11",
    "summary": "A constant card",
    "indicator": "info",
    "source": {"label": "floor"},
}
PATH = "/cds-services/floor"
Index = dict[tuple[str, str, str], list[dict[str, Any]]]


def index(prefetch: dict[str, Any]) -> Index:
    """Every resource by (type, system, code); whatever has another shape is passed over."""
    found: Index = {}
    for value in prefetch.values():
        if not isinstance(value, dict):
            continue
        entries = (
            value.get("entry") if value.get("resourceType") == "Bundle" else [{"resource": value}]
        )
        for entry in entries or ():
            resource = entry.get("resource") or {}
            concept = resource.get("code") or resource.get("medicationCodeableConcept") or {}
            for coding in concept.get("coding") or ():
                key = (
                    resource.get("resourceType", ""),
                    coding.get("system", ""),
                    coding.get("code", ""),
                )
                found.setdefault(key, []).append(resource)
    return found


def create_floor() -> Flask:
    """The smallest Flask application that does so."""
    app = Flask("floor", static_folder=None)

    @app.get("/health")
    def health() -> Response:
        return Response(b"{}", content_type="application/json")

    @app.post(PATH)
    def floor() -> Response:
        index(orjson.loads(request.get_data())["prefetch"])
        return Response(orjson.dumps({"cards": [CARD]}), content_type="application/json")

    return app


if __name__ == "__main__":
    application = create_floor()
    freeze_memory()
    Server(application, server_options(f"127.0.0.1:{sys.argv[1]}", int(sys.argv[2]))).run()
