"""`/differences/<id>@<day>`: what differs from the version of the policy before it."""

from collections.abc import Iterator

from flask import Blueprint

from service.errors import RequestError, UnknownPolicyError
from service.library.library import Library
from service.pages.difference.tighter_or_looser import TITLES, Change
from service.pages.difference.version_difference import Pair, differences
from service.pages.html import site_html
from service.pages.version_by_name import find_version, versions
from service.web.runtime import Runtime

NONE = "there is no such version of a policy, or none before it"


def differences_blueprint(runtime: Runtime) -> Blueprint:
    """The page of what differs between a version and the one before it."""
    pages = Blueprint("differences", __name__)

    @pages.get("/differences/<path:name>")
    def show(name: str) -> str:
        pair = _pair(runtime.library, name, runtime)
        groups = [*grouped(differences(pair))]
        return site_html("differences", old=pair.old.name, new=pair.new.name, groups=groups)

    return pages


def _pair(library: Library, name: str, runtime: Runtime) -> Pair:
    try:
        new = find_version(library, name, runtime.as_of().day)
    except UnknownPolicyError:
        raise RequestError(404, "not-found", NONE) from None
    earlier = [
        version
        for version in versions(library, new.policy.id)
        if version.policy.effective < new.policy.effective
    ]
    if not earlier:
        raise RequestError(404, "not-found", NONE)
    return Pair(earlier[-1], new)


def grouped(changes: list[Change]) -> Iterator[tuple[str, list[Change]]]:
    """The differences by kind, in the order of their titles."""
    for kind, title in TITLES.items():
        if of_kind := [change for change in changes if change.kind is kind]:
            yield title, of_kind
