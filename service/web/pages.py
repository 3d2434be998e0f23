"""Health, readiness, the schema of our extension, and a page for whoever opens the base URL."""

from pathlib import Path

from flask import Blueprint, Response, render_template

from service.errors import StoreError
from service.web.answers import json_answer, rendered
from service.web.runtime import House

SCHEMA = Path(__file__).with_name("assessment.schema.json")


def pages_blueprint(house: House) -> Blueprint:
    """Everything that CDS Hooks does not define."""
    pages = Blueprint("pages", __name__, template_folder="templates")
    schema = SCHEMA.read_bytes()

    @pages.get("/health")
    def health() -> Response:
        return json_answer({"alive": True})

    @pages.get("/ready")
    def ready() -> Response:
        if not house.store.ready():
            raise StoreError("the store does not answer")
        return json_answer({"ready": True, "decisionsMissed": house.store.missed})

    @pages.get("/schemas/assessment.json")
    def assessment_schema() -> Response:
        return rendered(schema)

    @pages.get("/")
    def index() -> str:
        return render_template("index.html", services=house.library.services)

    return pages
