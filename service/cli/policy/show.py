"""`policy list` and `policy show`: lists all policies, shows one as a page."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import click

from service.app import clock
from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.library import load_library
from service.library.stored_library import library_by
from service.pages.html import as_html
from service.pages.plain_text import as_text
from service.pages.policy_page import page
from service.pages.version_by_name import PolicyVersion, find_version, versions
from service.policy.model import MAY_JUDGE, ReviewState
from service.settings import read_settings


def today() -> date:
    """The day of CDS_AS_OF, or today."""
    return clock(read_settings().as_of)().day


@click.command("list")
def list_() -> None:
    """List every version of every policy."""
    with failing_plainly():
        settings, day = read_settings(), today()
        library = library_by(replace(settings, clients=None))
        all_versions = versions(library)
        for version in all_versions:
            decides = (
                library.policy(version.policy.payer, version.policy.drug, day) is version.policy
            )
            force = "in force" if decides else "not in force"
            say(
                f"{version.name}  {version.policy.title}, {_end(version, all_versions)},"
                f" {force} on {day}{state_of(version)}"
            )


def state_of(version: PolicyVersion) -> str:
    """The state of a version as it is added to its line; nothing for one that is for evaluation."""
    state = version.policy.state
    return "" if state is ReviewState.EVALUATION else f", {state.replace('_', ' ')}"


def _end(version: PolicyVersion, all_versions: Iterable[PolicyVersion]) -> str:
    """The last day of a version, or the version that follows it."""
    if version.policy.until is not None:
        return f"until {version.policy.until}"
    later = [
        other
        for other in all_versions
        if (other.policy.payer, other.policy.drug) == (version.policy.payer, version.policy.drug)
        and other.policy.effective > version.policy.effective
        and other.policy.state in MAY_JUDGE
    ]
    following = min(later, key=lambda other: other.policy.effective, default=None)
    return "until no end set" if following is None else f"followed by {following.name}"


@click.command()
@click.argument("name", metavar="ID[@DAY]")
@click.option("--html", "how", flag_value="html", help="One HTML page for a browser or a printer.")
@click.option("--text", "how", flag_value="text", default="text", help="Plain text (the default).")
def show(name: str, how: str) -> None:
    """Show the policy ID (as `policy list` names it) as a document; @DAY names a version."""
    with failing_plainly():
        library = load_library(read_settings().content, None)
        document = page(find_version(library, name, today()))
    say(as_html(document) if how == "html" else as_text(document), nl=False)
