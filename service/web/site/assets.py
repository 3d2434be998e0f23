"""Style sheets and scripts of the pages, out of the package; nothing is loaded from elsewhere."""

from flask import Blueprint, Response

from service.errors import RequestError
from service.pages.html import ASSETS, ASSETS_VERSION

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# What pages with a script may do: run our own scripts, call this service, send it forms.
ALLOWED = {
    "script_src": "'self'",
    "connect_src": "'self'",
    "form_action": "'self'",
}
# They hold no patient, and other content has another address.
KEPT = "public, max-age=31536000, immutable"


def assets_blueprint() -> Blueprint:
    """`/assets/<version>/<name>` serves one file; a browser keeps it if the version is this one's."""
    pages = Blueprint("assets", __name__)
    files = {path.name: path for path in ASSETS.iterdir() if path.suffix in TYPES}

    @pages.get("/assets/<version>/<name>")
    def asset(version: str, name: str) -> Response:
        path = files.get(name)
        if path is None:
            raise RequestError(404, "not-found", "there is no such file")
        answer = Response(path.read_bytes(), content_type=f"{TYPES[path.suffix]}; charset=utf-8")
        if version == ASSETS_VERSION:
            answer.headers["Cache-Control"] = KEPT
        return answer

    return pages
