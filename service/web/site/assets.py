"""Style sheets and scripts of the pages, out of the package; nothing is loaded from elsewhere."""

from flask import Blueprint, Response

from service.errors import RequestError
from service.pages.html import ASSETS

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# What our pages may do: their own scripts and styles, calls of this service, no frame, no other host.
ALLOWED = {
    "script_src": "'self'",
    "style_src": "'self'",
    "img_src": "'self' data:",
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
