"""Headers of HTML pages: what a browser may load and do on them (Content-Security-Policy, level 3).

A page loads nothing, runs no script and sends no form, unless its view says so with `allow_on_page`.
Inline scripts never run. Inline styles are those of our own templates, named by their hashes.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, g

from service.pages.html import TEMPLATES

FOLDERS = (TEMPLATES, Path(__file__).with_name("templates"))
_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


def _style_hashes() -> Iterable[str]:
    for folder in FOLDERS:
        for template in sorted(folder.glob("*.html")):
            for style in _STYLE.findall(template.read_text(encoding="utf-8")):
                yield f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


NOTHING: Mapping[str, str] = {
    "default-src": "'none'",
    "style-src": " ".join(_style_hashes()),
    "base-uri": "'none'",
    "form-action": "'none'",
}
OF_PAGES = {"Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin"}


def allow_on_page(**directives: str) -> None:
    """Lets the page that is being answered do more: `allow_on_page(script_src="'self'")`.

    Called by the page's view. Never allow `'unsafe-inline'` or another host.
    """
    g.page_allows = {name.replace("_", "-"): value for name, value in directives.items()}


def guard_pages(app: Flask, origins: Iterable[str]) -> None:
    """Adds the headers to every HTML page; pages of these origins, and no others, may frame it."""
    framed_by = " ".join(sorted({*origins})) or "'none'"

    @app.after_request
    def guard(answer: Response) -> Response:
        if answer.mimetype == "text/html":
            allowed = {**NOTHING, "frame-ancestors": framed_by, **g.get("page_allows", {})}
            policy = "; ".join(f"{name} {value}" for name, value in allowed.items())
            answer.headers.extend({"Content-Security-Policy": policy, **OF_PAGES})
            # no script of another page needs to read one, and later ones may show a patient
            del answer.headers["Access-Control-Allow-Origin"]
        return answer
