"""`assess`: the same assessments without HTTP."""

from pathlib import Path

import click
import orjson

from service.advise import Advice, advise
from service.app import clock
from service.cds.body import parse_body
from service.cds.request import parse_hook_request
from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.cli.text import readable, why_not_judged
from service.library import load_library
from service.settings import read_as_of, read_settings
from service.web.caller import LOCAL

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", metavar="REQUEST.json", type=FILE)
@click.option(
    "--as-of", "day", metavar="DAY", help="today, order (the order's own day) or YYYY-MM-DD."
)
@click.option("--json", "as_json", is_flag=True, help="Print the assessments as a JSON list.")
def assess(file: Path, day: str | None, *, as_json: bool) -> None:
    """Judge every order in REQUEST.json, a recorded hook request."""
    with failing_plainly():
        advice = _advised(file.read_bytes(), day)
    if as_json:
        say(orjson.dumps(advice.twins, option=orjson.OPT_INDENT_2))
    else:
        texts = (readable(one.twin, tuple(why_not_judged(advice, one))) for one in advice.orders)
        say("\n\n".join(texts) or "no order in this request is ours to judge")


def _advised(raw: bytes, day: str | None) -> Advice:
    settings = read_settings()
    as_of = clock(read_as_of(day, "--as-of") if day else settings.as_of)
    library = load_library(settings.content, settings.clients)
    hooks = frozenset(service.hook for service in library.services)
    request = parse_hook_request(parse_body(raw), hooks)
    return advise(library, request, library.client(LOCAL), as_of())
