"""Every error the service raises on purpose.

CdsError
├── SettingsError    the environment asks for something impossible; the start stops
├── DocumentsError   documents are unsound; all their mistakes at once
├── StoreError       the database did not take or give what was asked; says why
│   ├── RefusedRowsError    the database works, but will not take these rows
│   └── DatabaseShapeError  its tables are not those that this version knows; the start stops
├── FetchError       a server that we called did not give what was asked
├── KeySetError      a client's keys could not be had or read
├── CaseError        a written case cannot be understood; names its file and the word
├── RecordingError   recordings cannot be written, read or compared
├── UnknownPolicyError   a policy was named that is not here
├── UnknownTherapyError  a therapy was named that is not here
├── PageError        a page for a person cannot be shown or taken; becomes a page that says why
├── PopulationError      a membership cannot be read, or its results not be written
└── RequestError     the caller sent what cannot be answered; becomes a 4xx
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


class CdsError(Exception):
    """The root of all errors of this service."""


class SettingsError(CdsError):
    """A setting has a value that the service cannot start with."""


class StoreError(CdsError):
    """The store did not take or give what was asked; the text says why and names no row."""


class RefusedRowsError(StoreError):
    """The database works but does not take these rows; to try again would not help."""


class NoConnectionError(StoreError):
    """The database cannot be reached; it may be starting, so that another try may help."""


class DatabaseShapeError(StoreError):
    """The tables of the database are not those that this version of the service knows."""


class FetchError(CdsError):
    """A server did not give what was asked; the text follows on from its name."""


class KeySetError(CdsError):
    """A key set could not be had or read; the text follows on from its name."""


class CaseError(CdsError):
    """A written case cannot be understood; the text names the place and the word."""


class RecordingError(CdsError):
    """Recordings that cannot be written, read or compared; the text names files, never a patient."""


class UnknownPolicyError(CdsError):
    """A name or a folder means no version of a policy."""


class UnknownTherapyError(CdsError):
    """A name means no therapy."""


class PopulationError(CdsError):
    """A membership cannot be read, or its results cannot be written; the text says what to do."""


class RequestError(CdsError):
    """A request that cannot be answered; `diagnostics` names places, never a patient's values."""

    def __init__(
        self, status: int, code: str, diagnostics: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(diagnostics)
        self.status = status
        self.code = code
        self.diagnostics = diagnostics
        self.headers = dict(headers or {})


class PageError(CdsError):
    """What a person asked of a page cannot be done; `text` names the words that say why.

    `why` follows on from them, in the words of a program.
    """

    def __init__(self, status: int, text: str, why: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.why = why


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake in one document, with the line to look at."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class DocumentsError(CdsError):
    """Documents that no answer may rest on; `slips` are told beside their mistakes by `check` alone."""

    def __init__(self, mistakes: Iterable[Mistake], slips: Iterable[Mistake] = ()) -> None:
        self.mistakes = tuple(sorted(mistakes))
        self.slips = tuple(sorted(set(slips)))
        super().__init__("\n".join(map(str, self.mistakes)))
