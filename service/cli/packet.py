"""`packet`: the letter to the payer's reviewer and the request by Da Vinci PAS, without HTTP."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import click

from service.cli.advised_file import advised
from service.cli.assess import FILE
from service.cli.exits import UNUSABLE, failing_plainly
from service.cli.terminal import say
from service.packet.letter_pdf import NoPdfError
from service.packet.packet_files import Packet, packet_of
from service.packet.packet_words import PacketWords
from service.packet.pas_claim import PUBLISHED, Version
from service.packet.r4_validity import invalid_entries

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("file", metavar="REQUEST.json", type=FILE)
@click.option("--out", "folder", metavar="DIR", type=FOLDER, required=True, help="Where to write.")
@click.option(
    "--as-of", "day", metavar="DAY", help="today, order (the order's own day) or YYYY-MM-DD."
)
@click.option(
    "--pas",
    "version",
    type=click.Choice([*PUBLISHED]),
    default="2.1",
    show_default=True,
    help="The version of Da Vinci PAS.",
)
def packet(file: Path, folder: Path, day: str | None, version: str) -> None:
    """Write the packet for the payer's reviewer: letter.pdf, letter.html and request.json.

    REQUEST.json is a recorded hook request. Of several orders each gets files of its own: letter.pdf,
    letter-2.pdf and so on. Files of these names are replaced.
    """
    with failing_plainly():
        packets, refused = _packets(file.read_bytes(), day, cast("Version", version))
        folder.mkdir(parents=True, exist_ok=True)
        complete = [_write(folder, one, number) for number, one in enumerate(packets, 1) if one]
    if refused:
        say(refused, err=True)
    if refused or not all(complete):
        raise SystemExit(UNUSABLE)


def _packets(
    raw: bytes, day: str | None, version: Version
) -> tuple[list[Packet | None], str | None]:
    """The packet of each order, and what to say where one has none or no order is ours."""
    library, advice = advised(raw, day)
    packets = [packet_of(one, version) for one in advice.orders]
    if not packets:
        return packets, "no order in this request is ours to judge"
    refused = PacketWords(library.wording).say("not_judged") if None in packets else None
    return packets, refused


def _write(folder: Path, packet_: Packet, number: int) -> bool:
    """Writes the files of one order; False if one of them could not be made, which is said."""
    complete = True
    for name, make in packet_.files().items():
        place = folder / name
        place = place if number == 1 else place.with_stem(f"{place.stem}-{number}")
        complete = _written(place, make) and complete
    if packet_.request:
        _tell_what_is_open(packet_)
    return complete


def _written(place: Path, make: Callable[[], bytes]) -> bool:
    try:
        content = make()
    except NoPdfError as error:
        say(f"{place.name}: {error}", err=True)
        return False
    place.write_bytes(content)
    say(str(place))
    return True


def _tell_what_is_open(packet_: Packet) -> None:
    """Says what a payer wants in the request and the record does not hold."""
    request = packet_.request
    if request is None:
        return
    if request.left_open:
        say(f"not in the record, so left open in the request: {', '.join(request.left_open)}")
    invalid = invalid_entries(request.resource)
    if invalid:
        say(f"no valid R4 in the record, and so in the request: {', '.join(invalid)}", err=True)
    if request.not_sent:
        say(f"cited, but not sent as resources: {len(request.not_sent)}", err=True)
