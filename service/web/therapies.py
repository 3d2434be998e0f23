"""The therapies as pages, for people: a link target, read-only."""

from typing import Any

from flask import Blueprint

from service.errors import RequestError, UnknownTherapyError
from service.pages.html import therapy_html
from service.pages.therapy import find_therapy, therapy_page
from service.web.runtime import House


def therapies_blueprint(house: House) -> Blueprint:
    """`/therapies/<name>` shows everything that is known of a therapy."""
    pages = Blueprint("therapies", __name__)
    library: Any = house.library

    @pages.get("/therapies/<name>")
    def show(name: str) -> str:
        try:
            found = find_therapy(library, name)
        except UnknownTherapyError as error:
            raise RequestError(404, "not-found", str(error)) from None
        return therapy_html(therapy_page(library, found))

    return pages
