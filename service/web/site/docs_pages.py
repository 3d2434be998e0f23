"""The pages of `docs/` as the running service shows them."""

import re
from pathlib import Path, PurePosixPath

from flask import Blueprint
from markdown_it import MarkdownIt

from service.errors import RequestError
from service.memo import per_value
from service.pages.html import site_html

# Where a reader starts, by name below docs/.
STARTS = (
    ("learn/read-a-card", "Read a card"),
    ("learn/first-request", "Your first request"),
    ("learn/first-rule", "Your first rule"),
    ("how-to/public-sandbox", "Try it in the public sandbox"),
    ("how-to/connect-a-client", "Connect a client"),
)
NONE = "there is no document of this name"
MOST_DOCUMENTS = 64
# What is too wide is scrolled by keyboard too; a head says of what.
ATTRIBUTES = (("pre", 'tabindex="0"'), ("table", 'tabindex="0"'), ("th", 'scope="col"'))
_NAME = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)?")
_LINK = re.compile(r'href="([^":#?]+\.md)(#[^"]*)?"')
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def documents_blueprint(content: Path) -> Blueprint:
    """`/docs` and `/docs/<folder>/<name>`."""
    pages = Blueprint("documents", __name__)
    folder = content / "docs"

    @pages.get("/docs")
    def index() -> str:
        return shown("README")

    @pages.get("/docs/<path:name>")
    def document(name: str) -> str:
        if not _NAME.fullmatch(name):
            raise RequestError(404, "not-found", NONE)
        return shown(name)

    def shown(name: str) -> str:
        file = folder / f"{name}.md"
        if not file.is_file():
            raise RequestError(404, "not-found", NONE)
        text = file.read_text(encoding="utf-8")
        title = text.partition("\n")[0].lstrip("# ")
        return site_html("document", title=title, body=as_html(text, PurePosixPath(name)))

    return pages


@per_value(most=MOST_DOCUMENTS)
def as_html(text: str, name: PurePosixPath) -> str:
    """A page of docs as HTML; its links lead to the pages here, mark-up in it stays text."""
    body: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    body = _LINK.sub(lambda link: f'href="{_address(link[1], name)}{link[2] or ""}"', body)
    for element, attribute in ATTRIBUTES:
        body = body.replace(f"<{element}>", f"<{element} {attribute}>")
    return _HEADING.sub(_with_id, body)


def _address(link: str, name: PurePosixPath) -> str:
    """Where a link from one page of docs to another leads; what is not in docs/ has no page."""
    parts: list[str] = list(name.parent.parts)
    for part in PurePosixPath(link).with_suffix("").parts:
        if part == "..":
            if not parts:
                return "/docs"
            parts.pop()
        else:
            parts.append(part)
    path = "/".join(parts)
    return "/docs" if path == "README" else f"/docs/{path}"


def _with_id(heading: re.Match[str]) -> str:
    """A heading with the id that links to it name, as GitHub makes it."""
    words = _TAG.sub("", heading[2]).lower()
    id_ = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
    return f'<h{heading[1]} id="{id_}">{heading[2]}</h{heading[1]}>'
