"""Checks the searches of sources: an EHR fills in only the prefetch tokens that CDS Hooks 2.0 defines."""

import re
from collections.abc import Iterator

from service.errors import Mistake
from service.library.documents.folders import Folder
from service.library.documents.validate import did_you_mean
from service.library.shapes import SourceShape

# Only first-level elements of `context` with a single value may stand in a template; those that
# order-sign and order-select allow, and the identifiers of the user (CDS Hooks 2.0, Prefetch tokens).
TOKENS = (
    *("context.patientId", "context.encounterId", "context.userId"),
    *("userPractitionerId", "userPractitionerRoleId", "userPatientId", "userRelatedPersonId"),
)
# Put in by this service before the EHR sees the template.
OURS = "{observation_codes}"
_TOKEN = re.compile(r"\{\{([^{}]*)\}\}")
FIRST_LEVEL = len(("context", "patientId"))
_BEGINNING = re.compile("[A-Z][A-Za-z]+[?/]")
_CODED_BRACE = re.compile("(?i)%7[bd]")
_CALL = re.compile(r"\w+\(|[|%]")


def check_templates(sources: Folder[SourceShape]) -> Iterator[Mistake]:
    """Unknown tokens, unclosed braces, spaces and addresses of servers in the searches of sources."""
    for document, shape in sources:
        for key in ("search", "search_otherwise"):
            for message in _wrong(getattr(shape, key) or ""):
                yield document.mistake((key,), message)


def _wrong(template: str) -> Iterator[str]:
    if template and not _BEGINNING.match(template):
        yield "a search begins with a resource type, as in 'Condition?' or 'Patient/'"
    for token in _TOKEN.findall(template):
        if token not in TOKENS:
            yield _unknown(token)
    rest = _TOKEN.sub("", template).replace(OURS, "")
    if "{" in rest or "}" in rest:
        yield "a brace has no partner; a token is written like '{{context.patientId}}'"
    if _CODED_BRACE.search(rest):
        yield "an EHR sees no token in %7B and %7D; write '{{context.patientId}}'"
    if any(sign.isspace() or not sign.isprintable() for sign in rest):
        yield "a search has no spaces, and nothing that cannot be seen; write %20 for a space"


def _unknown(token: str) -> str:
    inner = token.strip()
    if inner in TOKENS:
        return f"a token has no spaces in it; did you mean '{{{{{inner}}}}}'?"
    if _CALL.search(inner):
        return f"CDS Hooks 2.0 has no expressions in prefetch tokens, such as '{{{{{inner}}}}}'"
    path = inner.split(".")
    if path[0] == "context" and len(path) > FIRST_LEVEL:
        known = f"; only the first level of 'context' counts: {', '.join(TOKENS[:3])}"
        return f"CDS Hooks has no prefetch token '{{{{{inner}}}}}'{known}"
    return f"CDS Hooks has no prefetch token '{{{{{inner}}}}}'{did_you_mean(inner, TOKENS)}"
