"""Style sheets and scripts of the pages, out of the package; nothing is loaded from elsewhere."""

from flask import Blueprint, Response

from service.errors import RequestError
from service.pages.html import ASSETS

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# What pages with a script may do: run our own scripts, call this service, send it forms.
ALLOWED = {
    "script_src": "'self'",
    "connect_src": "'self'",
    "form_action": "'self'",
}


def assets_blueprint() -> Blueprint:
    """`/assets/<name>` serves one file."""
    pages = Blueprint("assets", __name__)
    files = {path.name: path for path in ASSETS.iterdir() if path.suffix in TYPES}

    @pages.get("/assets/<name>")
    def asset(name: str) -> Response:
        path = files.get(name)
        if path is None:
            raise RequestError(404, "not-found", "there is no such file")
        return Response(path.read_bytes(), content_type=f"{TYPES[path.suffix]}; charset=utf-8")

    return pages
