"""The policies as pages, for people: a link target, read-only."""

from typing import Any

from flask import Blueprint

from service.errors import RequestError, UnknownPolicyError
from service.pages.html import as_html
from service.pages.page import page
from service.pages.versions import find_version
from service.web.runtime import House


def policies_blueprint(house: House) -> Blueprint:
    """`/policies/<id>` shows the version in force, `/policies/<id>@<day>` the one of that first day."""
    pages = Blueprint("policies", __name__)
    library: Any = house.library

    @pages.get("/policies/<path:name>")
    def show(name: str) -> str:
        try:
            version = find_version(library, name, house.as_of().day)
        except UnknownPolicyError as error:
            raise RequestError(404, "not-found", str(error)) from None
        return as_html(page(version))

    return pages
