"""`statements`: lists and deletes kept statements of prescribers, also where the server keeps no more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.settings import DAYS_AFTER, read_settings
from service.store import KeptStatement, PatientKey, StatementStore, Store


@click.group()
def statements() -> None:
    """Look after kept statements: `list`, `delete` and `purge`, in the database of CDS_DATABASE_URL."""


def of_a_patient(command: Callable[..., None]) -> Callable[..., None]:
    """The options that name one patient; the id is asked for if it is not given."""
    options: list[Callable[..., Any]] = [
        click.option("--client", required=True, help="The client's id in the clients file."),
        click.option(
            "--server", required=True, help="The base URL of its FHIR server, as in the file."
        ),
        click.option("--patient", prompt="Patient id", help="The id of the Patient there."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@statements.command(name="list")
@of_a_patient
def list_(client: str, server: str, patient: str) -> None:
    """List what is kept of a patient: one line for each statement."""
    with _store() as store:
        found = store.of(PatientKey(client, server, patient.removeprefix("Patient/")))
        for kept in found:
            say(_line(kept))
        if not found:
            say("no statement of this patient is kept")


@statements.command()
@of_a_patient
def delete(client: str, server: str, patient: str) -> None:
    """Delete all that is kept of a patient: statements and half-filled forms. The EHR keeps its own."""
    with _store() as store:
        deleted = store.delete(PatientKey(client, server, patient.removeprefix("Patient/")))
    say(f"deleted: {deleted}")


@statements.command()
@click.option(
    "--all", "everything", is_flag=True, help="Delete what still counts too: of everybody."
)
def purge(*, everything: bool) -> None:
    """Delete what no longer counts and what nobody goes on with; a server does so by itself each hour."""
    with _store() as store:
        deleted = store.purge(everything=everything)
    say(f"deleted: {deleted}")


@contextmanager
def _store() -> Iterator[StatementStore]:
    with failing_plainly():
        settings = read_settings()
        opened = Store.open(settings.database_url, settings.statement_days or DAYS_AFTER)
        try:
            if opened.statements is not None:
                yield opened.statements
        finally:
            opened.close()


def _line(kept: KeptStatement) -> str:
    there = kept.delivery
    parts = [
        kept.id,
        str(kept.response.get("questionnaire")),
        f"by {kept.author_name or kept.author} ({kept.author}) on {kept.day.isoformat()}",
        f"counts until {kept.expires.isoformat()}",
        f"in the EHR: {there.state}" + (f" as {there.reference}" if there.reference else ""),
        *([there.reason] if there.reason else ()),
    ]
    return ", ".join(parts)
