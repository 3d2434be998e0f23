"""Headers of pages and their parts: what a browser may load and do (Content-Security-Policy, level 3).

A page has our style sheet and icon, runs no script and sends no form, unless its view says so with
`allow_on_page`. Inline scripts and inline styles never count.
"""

from collections.abc import Iterable, Mapping

from flask import Flask, Response, g

OF_EVERY_PAGE: Mapping[str, str] = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'none'",
}
# what a person looks at; a picture may be opened alone, as a document that could run scripts
SEEN = frozenset({"text/html", "image/svg+xml", "text/plain"})
OF_PAGES = {"Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin"}


def allow_on_page(**directives: str) -> None:
    """Lets the page that is being answered do more: `allow_on_page(script_src="'self'")`.

    Called by the page's view. Never allow `'unsafe-inline'` or another host.
    """
    g.page_allows = {name.replace("_", "-"): value for name, value in directives.items()}


def guard_pages(app: Flask, origins: Iterable[str]) -> None:
    """Adds the headers to every page, picture and text; pages of these origins alone may frame one."""
    framed_by = " ".join(sorted({*origins})) or "'none'"

    @app.after_request
    def guard(answer: Response) -> Response:
        if answer.mimetype in SEEN:
            allowed = {**OF_EVERY_PAGE, "frame-ancestors": framed_by, **g.get("page_allows", {})}
            policy = "; ".join(f"{name} {value}" for name, value in allowed.items())
            answer.headers.extend({"Content-Security-Policy": policy, **OF_PAGES})
            # no script of another page needs to read one, and later ones may show a patient
            del answer.headers["Access-Control-Allow-Origin"]
        return answer
