"""`assess`: the same assessments without HTTP."""

from collections.abc import Sequence
from pathlib import Path

import click
import orjson

from service.cli.advised_file import advised
from service.cli.assessment_text import readable, why_not_judged
from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.packet.guidance_response import guidance_of
from service.settings import read_settings
from service.web.site.order_page import file_of, pictures_of

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command()
@click.argument("file", metavar="REQUEST.json", type=FILE)
@click.option(
    "--as-of", "day", metavar="DAY", help="today, order (the order's own day) or YYYY-MM-DD."
)
@click.option("--json", "as_json", is_flag=True, help="Print the assessments as a JSON list.")
@click.option("--fhir", "as_fhir", is_flag=True, help="Print the assessments as FHIR resources.")
@click.option(
    "--html", "page", metavar="FILE", type=OUT, help="Write the page of the orders to FILE."
)
@click.option("--svg", "picture", metavar="FILE", type=OUT, help="Write the timeline to FILE.")
def assess(
    file: Path,
    day: str | None,
    page: Path | None,
    picture: Path | None,
    *,
    as_json: bool,
    as_fhir: bool,
) -> None:
    """Judge every order in REQUEST.json, a recorded hook request.

    The page needs no server. Of several orders each gets a timeline of its own: FILE, FILE-2 and so on.
    """
    with failing_plainly():
        library, advice = advised(file.read_bytes(), day)
        if page is not None:
            site = read_settings().public_url
            page.write_text(file_of(library, advice, site), encoding="utf-8")
        if picture is not None:
            _write_pictures(picture, pictures_of(library, advice))
    if page is not None or picture is not None:
        return
    if as_fhir:
        say(orjson.dumps(guidance_of(advice.orders), option=orjson.OPT_INDENT_2))
    elif as_json:
        twins = [one.twin_with_days for one in advice.orders]
        say(orjson.dumps(twins, option=orjson.OPT_INDENT_2))
    else:
        texts = (
            readable(one.twin_with_days, tuple(why_not_judged(advice, one)))
            for one in advice.orders
        )
        say("\n\n".join(texts) or "no order in this request is ours to judge")


def _write_pictures(file: Path, pictures: Sequence[str]) -> None:
    """Writes one timeline a file; says so where there is none."""
    if not pictures:
        click.echo("no order in this request has a timeline", err=True)
    for number, picture in enumerate(pictures, 1):
        place = file if number == 1 else file.with_stem(f"{file.stem}-{number}")
        place.write_text(picture, encoding="utf-8")
