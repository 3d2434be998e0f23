"""`statements`: lists and deletes kept statements of prescribers, also where the server keeps no more."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.errors import StoreError
from service.settings import DAYS_AFTER, read_settings
from service.store import KeptStatement, PatientKey, StatementStore, Store

WITHDRAWN_REMAINS = (
    "was withdrawn, which is known here alone; a copy in the EHR would count again. "
    "Mark it 'entered-in-error' there, then add --withdrawn"
)


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
@click.option(
    "--withdrawn",
    "also_withdrawn",
    is_flag=True,
    help="Delete withdrawn statements too: what the EHR keeps of them then counts again.",
)
def delete(client: str, server: str, patient: str, *, also_withdrawn: bool) -> None:
    """Delete all that is kept of a patient: statements and half-filled forms. The EHR keeps its own."""
    of_patient = PatientKey(client, server, patient.removeprefix("Patient/"))
    with _store() as store:
        withdrawn = [one for one in store.of(of_patient) if one.is_withdrawn]
        if withdrawn and not also_withdrawn:
            raise StoreError(f"nothing is deleted: {_names(withdrawn)} {WITHDRAWN_REMAINS}")
        deleted = store.delete(of_patient)
    say(f"deleted: {deleted}")


@statements.command()
@click.option(
    "--all", "everything", is_flag=True, help="Delete what still counts too: of everybody."
)
def purge(*, everything: bool) -> None:
    """Delete what no longer counts and what nobody goes on with; a server does so by itself each hour.

    With --all, what the EHR keeps of withdrawn statements counts again.
    """
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


def _names(withdrawn: Iterable[KeptStatement]) -> str:
    return ", ".join(one.delivery.reference or one.id for one in withdrawn)


def _line(kept: KeptStatement) -> str:
    there = kept.delivery
    parts = [
        kept.id,
        str(kept.response.get("questionnaire")),
        f"by {kept.author_name or kept.author} ({kept.author}) on {kept.day.isoformat()}",
        "withdrawn: does not count"
        if kept.is_withdrawn
        else f"counts until {kept.expires.isoformat()}",
        f"in the EHR: {there.state}" + (f" as {there.reference}" if there.reference else ""),
        *([there.reason] if there.reason else ()),
    ]
    return ", ".join(parts)
