"""`store`: deletes old rows of the store, and copies it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.settings import read_settings
from service.store.database.backup import back_up
from service.store.retention import older_than, purge

FILE = click.Path(dir_okay=False, path_type=Path)
DAYS = click.IntRange(1, 36_500)


@click.group()
def store() -> None:
    """Look after the database of CDS_DATABASE_URL; the service may run meanwhile."""


@store.command("purge")
@click.option("--keep-days", "days", type=DAYS, required=True, help="Keep rows of so many days.")
@click.option("--dry-run", is_flag=True, help="Only count what would be deleted.")
def purge_command(days: int, *, dry_run: bool) -> None:
    """Delete feedback, decisions with their cards, and gaps that are older.

    Requests that were kept for pages of orders are deleted once their time is over, whatever N is.
    """
    before = datetime.now(UTC) - timedelta(days=days)
    with failing_plainly():
        url = read_settings().database_url
        counts = older_than(url, before) if dry_run else purge(url, before)
    told = ", ".join(f"{count} {table}" for table, count in counts.items())
    say(
        f"{'would delete' if dry_run else 'deleted'}, older than {before:%Y-%m-%d %H:%M} UTC: {told}"
    )


@store.command("backup")
@click.argument("copy", metavar="FILE", type=FILE)
def backup(copy: Path) -> None:
    """Copy a SQLite database into FILE, which must not be there yet."""
    with failing_plainly():
        back_up(read_settings().database_url, copy)
    say(f"copied into {copy}")
