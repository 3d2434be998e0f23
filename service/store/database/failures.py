"""Why the database did not do what was asked, in a few words that name no row, path or password."""

from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError

from service.errors import DatabaseShapeError, NoConnectionError, RefusedRowsError, StoreError

TABLES_CHANGED = "its tables are not as this version made them"
NO_DATABASE = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
# the beginning of SQLite's name of an error (sqlite.org/rescode.html)
SQLITE = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_BUSY": "another process has locked it",
    "SQLITE_LOCKED": "another process has locked it",
    "SQLITE_READONLY": "it can only be read",
    "SQLITE_CANTOPEN": "its file cannot be opened",
    "SQLITE_IOERR": "the disk failed",
    "SQLITE_PERM": "access to its file is denied",
    "SQLITE_NOTADB": "its file is damaged or no database",
    "SQLITE_CORRUPT": "its file is damaged or no database",
    "SQLITE_ERROR": TABLES_CHANGED,
}
# the beginning of PostgreSQL's code of an error (its manual, appendix A)
POSTGRESQL = {
    "53100": "the disk is full",
    "53300": "it has too many connections",
    "53": "it lacks resources",
    "55P03": "another process has locked it",
    "57014": "it took too long",
    "57P": "it is stopping or starting",
    "25006": "it can only be read",
    "28": "the user or the password is refused",
    "3D": "there is no database of this name",
    "42501": "access to its tables is denied",
    "42": TABLES_CHANGED,
    "58": "its disk failed",
    "XX": "its files are damaged",
}


def store_error(error: SQLAlchemyError) -> StoreError:
    """What the store raises in place of an error of the database."""
    if is_damage(error):
        return DatabaseShapeError(_reason(error))
    if isinstance(error, (IntegrityError, DataError)) or type(error) is StatementError:
        return RefusedRowsError("the database refused a row")
    if _has_no_connection(error):
        return NoConnectionError(_reason(error))
    return StoreError(_reason(error))


def _has_no_connection(error: SQLAlchemyError) -> bool:
    """Whether PostgreSQL was not reached (its client then gives no code), or is stopping or starting."""
    if not isinstance(error, OperationalError) or _sqlite_code(error):
        return False
    return (getattr(error.orig, "sqlstate", None) or "57P").startswith(("57P", "08"))


def is_damage(error: SQLAlchemyError) -> bool:
    """Whether SQLite found its file damaged, or no database."""
    return _sqlite_code(error).startswith(NO_DATABASE)


def tables_changed(error: SQLAlchemyError) -> bool:
    """Whether an error may come of tables that are not as this version made them."""
    return TABLES_CHANGED in _reason(error)


def _reason(error: SQLAlchemyError) -> str:
    if isinstance(error, NoFreeConnectionError):
        return "no connection to the database was free"
    original = getattr(error, "orig", None)
    for code, reasons in (
        (_sqlite_code(error), SQLITE),
        (getattr(original, "sqlstate", None) or "", POSTGRESQL),
    ):
        for beginning, reason in reasons.items():
            if code.startswith(beginning):
                return f"the database: {reason} ({code})"
    return f"no connection to the database ({type(original or error).__name__})"


def _sqlite_code(error: SQLAlchemyError) -> str:
    return getattr(getattr(error, "orig", None), "sqlite_errorname", None) or ""
