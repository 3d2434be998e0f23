"""`request`: a hook request of a plain patient bundle, which has no order and no coverage."""

from pathlib import Path
from typing import Any

import click
import orjson

from service.app import clock
from service.cli.exits import failing_plainly
from service.cli.policy.policy_version import day_given
from service.cli.terminal import say
from service.cli.testing.plain_bundle import Wanted, request_of_bundle, resources_of
from service.errors import RecordingError
from service.library import load_library
from service.settings import read_settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("bundle", metavar="BUNDLE.json", type=FILE)
@click.option(
    "--order",
    "orders",
    metavar="FILE",
    type=FILE,
    multiple=True,
    required=True,
    help="A MedicationRequest, or a bundle of them; once for each file.",
)
@click.option(
    "--payer", metavar="NAME", help="The payer of a coverage that is added if there is none."
)
@click.option(
    "--patient", metavar="ID", help="Whom it is about, if the bundle has several patients."
)
@click.option(
    "--as-of", "day", metavar="DAY", help="The day of the order, YYYY-MM-DD; today if left out."
)
@click.option(
    "--shift-dates", is_flag=True, help="Move all days so that the newest is the day before."
)
def request(
    bundle: Path,
    orders: tuple[Path, ...],
    payer: str | None,
    patient: str | None,
    day: str | None,
    *,
    shift_dates: bool,
) -> None:
    """Make an order-sign request of a patient's bundle and an order, and print it.

    The resources of the patient are sent under the prefetch keys of the service; a key for which there is
    none is not sent. The prescriber is whom the order names. What is left out is said on standard error.
    """
    with failing_plainly():
        settings = read_settings()
        library = load_library(settings.content, settings.clients)
        as_of = day_given(day, "--as-of") or clock("today")().day
        drafts = [one for file in orders for one in resources_of(_json(file))]
        wanted = Wanted(as_of, shift_dates, payer, patient)
        made = request_of_bundle(_json(bundle), drafts, library.sources, wanted)
    for what in made.left_out:
        say(f"left out: {what}", err=True)
    say(orjson.dumps(made.body, option=orjson.OPT_INDENT_2))


def _json(file: Path) -> Any:
    try:
        return orjson.loads(file.read_bytes())
    except ValueError:
        raise RecordingError(f"{file}: is no JSON") from None
