"""`therapy`: lists all therapies, shows one as a page."""

import click

from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.library import load_library
from service.pages.html import therapy_html
from service.pages.plain_text import therapy_text
from service.pages.therapy_page import find_therapy, therapy_page
from service.settings import read_settings


@click.group()
def therapy() -> None:
    """Read therapies: list them, show one."""


@therapy.command("list")
def list_() -> None:
    """List every therapy with its indications and what the label says of them."""
    with failing_plainly():
        therapies = load_library(read_settings().content, None).clinical.therapies
    for therapy_ in therapies.values():
        uses = ", ".join(
            f"{id_} {use.label.replace('_', ' ')}" for id_, use in therapy_.uses.items()
        )
        say(f"{therapy_.id}  {therapy_.class_} ({therapy_.kind}): {uses}")


@therapy.command()
@click.argument("name")
@click.option("--html", "how", flag_value="html", help="One HTML page for a browser or a printer.")
@click.option("--text", "how", flag_value="text", default="text", help="Plain text (the default).")
def show(name: str, how: str) -> None:
    """Show the therapy NAME (as `therapy list` names it) as a document."""
    with failing_plainly():
        library = load_library(read_settings().content, None)
        document = therapy_page(library, find_therapy(library, name))
    say(therapy_html(document) if how == "html" else therapy_text(document), nl=False)
