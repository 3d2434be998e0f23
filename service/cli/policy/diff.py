"""`policy diff`: lists differences between two versions, and recorded requests whose outcome changes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from service.app import clock
from service.cli.exits import UNSOUND, UNUSABLE
from service.cli.policy.policy_version import version_named
from service.cli.policy.replay import ReplayedOrder, replay, replay_generated
from service.cli.policy.show import state_of
from service.cli.terminal import say
from service.errors import CdsError
from service.pages.difference.tighter_or_looser import TITLES, Change
from service.pages.difference.version_difference import Pair, differences
from service.settings import read_as_of, read_settings

SAME = 0
DIFFERENT = UNSOUND
NOTHING_JUDGED = 3


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--requests",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Judge every recorded hook request in FOLDER (*.json) under A and under B.",
)
@click.option(
    "--generated", is_flag=True, help="Judge the boundary patients of A and of B under both."
)
@click.option(
    "--as-of", "day", metavar="DAY", help="today, order (the order's own day) or YYYY-MM-DD."
)
def diff(a: str, b: str, requests: Path | None, day: str | None, *, generated: bool) -> None:
    """List what differs from A to B: each an ID@version, or a folder of policy documents.

    Exit status: 0 no difference, 1 differences, 2 misuse, 3 no order of the requests was judged.
    """
    try:
        status = _diff(a, b, requests, day, generated=generated)
    except CdsError as error:
        say(f"error: {error}", err=True)
        raise SystemExit(UNUSABLE) from None
    raise SystemExit(status)


def _diff(a: str, b: str, requests: Path | None, day: str | None, *, generated: bool) -> int:
    settings = read_settings()
    as_of = clock(read_as_of(day, "--as-of") if day else settings.as_of)()
    pair = Pair(*(version_named(settings, name, day=as_of.day) for name in (a, b)))
    changes = differences(pair)
    replayed = replay(pair, requests, as_of) if requests else []
    replayed += replay_generated(pair) if generated else []
    judging = bool(requests) or generated
    lines = [
        *_heads(pair, (a, b)),
        *_change_lines(changes),
        *(_order_lines(replayed) if judging else ()),
    ]
    say("\n".join(lines))
    if judging and not any(any(order.judged) for order in replayed):
        return NOTHING_JUDGED
    return DIFFERENT if changes or any(order.differs for order in replayed) else SAME


def _heads(pair: Pair, given: tuple[str, str]) -> Iterator[str]:
    """The two versions; a folder is named too, since a copied version has the name of its original."""
    for letter, version, name in zip("AB", (pair.old, pair.new), given, strict=True):
        where = f" in {name}" if Path(name).is_dir() else ""
        until = version.policy.until or "no end set"
        checked = version.head.last_checked
        state = state_of(version)
        yield f"{letter}: {version.name}{where}, until {until}, last checked {checked}{state}"


def _change_lines(changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        yield "no difference between the documents"
    for kind, title in TITLES.items():
        of_kind = [change for change in changes if change.kind is kind]
        if of_kind:
            yield ""
            yield f"{title} ({len(of_kind)})"
        for change in of_kind:
            yield f"  {change.where}: {change.what}"
            if change.says:
                yield f"      {change.says}"


def _order_lines(replayed: Sequence[ReplayedOrder]) -> Iterator[str]:
    """First orders whose outcome changes, then those of which only criteria change."""
    flipped = [order for order in replayed if order.flips]
    quiet = [order for order in replayed if order.differs and not order.flips]
    yield ""
    yield f"Requests: {len(flipped)} of {len(replayed)} orders flip"
    yield _judged(replayed)
    for order in flipped:
        yield f"  {order.name}: {order.before} → {order.after}"
        yield from (f"      {line}" for line in order.criteria)
    if quiet:
        yield ""
        yield f"The outcome stays, criteria differ: {len(quiet)} of {len(replayed)} orders"
    for order in quiet:
        yield f"  {order.name}: {order.before}"
        yield from (f"      {line}" for line in order.criteria)


def _judged(replayed: Sequence[ReplayedOrder]) -> str:
    """How many orders each version judged; figures say nothing of orders that neither judged."""
    under = [sum(order.judged[side] for order in replayed) for side in (0, 1)]
    neither = sum(not any(order.judged) for order in replayed)
    counts = f"judged under A: {under[0]}, under B: {under[1]}, under neither: {neither}"
    if replayed and neither < len(replayed):
        return counts
    why = "they are for another payer, drug or disease, or name none"
    return f"{counts}; no order was judged, so nothing is said of the change: {why}"
