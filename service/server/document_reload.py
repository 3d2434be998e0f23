"""Where new documents come from while the service runs: the folders that the settings name, read again."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from flask import Flask

from service import __version__
from service.errors import CdsError, DocumentsError, SettingsError
from service.library.library import Library, content_hash
from service.library.stored_library import (
    cache_key,
    candidate_at_start,
    code_key,
    file_hash,
    library_by,
)
from service.server.document_check import CheckResult
from service.settings import Settings, read_settings
from service.watch.bug_log import log_bug
from service.web.reload_status import MOST_REASONS
from service.web.runtime import Runtime

OTHER_CODE = (
    "the files of the program are no longer those that were started: restart the service, so that program and"
    " documents fit each other"
)
CHANGING = (
    "the documents changed while they were read: send SIGHUP again once all of them are in place"
)
log = logging.getLogger("service.content")


class ContentRenewal:
    """The documents of one server: checked anew, taken up or refused.

    `make` builds the application of a library from the runtime before; `runtime` is the one that serves.
    """

    def __init__(
        self,
        app: Flask,
        make: Callable[[Settings, Library, Runtime], Flask],
        read: Callable[[], Settings] = read_settings,
    ) -> None:
        self._runtime: Runtime = app.extensions["runtime"]
        self._make = make
        self._read = read
        self._code = code_key()
        # what one process compiles another one takes from here
        self._own_cache = None if read().cache else Path(mkdtemp(prefix="dupilumab-cds-"))

    def close(self) -> None:
        """Deletes what was kept in place of a cache."""
        if self._own_cache is not None:
            rmtree(self._own_cache, ignore_errors=True)

    def checked(self) -> CheckResult:
        """Reads and checks the documents, and writes them compiled; says why they are refused."""
        try:
            return CheckResult(key=self._library()[0])
        except DocumentsError as error:
            return CheckResult(reasons=[str(mistake) for mistake in error.mistakes])
        except CdsError as error:
            return CheckResult(reasons=str(error).splitlines())
        except Exception as error:  # noqa: BLE001 - whatever it is, the documents before serve on
            log_bug(error, "check of documents")
            return CheckResult(reasons=(f"the check failed ({type(error).__name__})",))

    def renewed(self, key: str) -> Flask | None:
        """The application with the documents of a key; None if they are those that serve."""
        found, library, settings = self._library()
        if found != key:
            raise SettingsError(CHANGING)
        if library.content == self._runtime.library.content and not self._other_candidate(settings):
            return None
        app = self._make(settings, library, self._runtime)
        self._runtime = app.extensions["runtime"]
        return app

    def refuse(self, reasons: Sequence[str]) -> None:
        """Notes for `/ready` that documents are refused, and logs why."""
        self._runtime.change.refuse("contentRefused", reasons)
        serving = self._runtime.library.content
        log.error("new documents are refused (%d); %s serves on", len(reasons), serving)
        for reason in reasons[:MOST_REASONS]:
            log.error("refused: %s", reason)

    def accept(self) -> None:
        """Notes that no documents are refused."""
        self._runtime.change.accept("contentRefused")
        log.info("sound documents: %s", self._runtime.library.content)

    def _other_candidate(self, settings: Settings) -> bool:
        """Whether the folder to judge in shadow holds other documents than those that do."""
        if not isinstance(settings.shadow, Path):
            return False
        shadow = self._runtime.shadow
        new = content_hash(settings.shadow, settings.clients, __version__)
        return shadow is None or shadow.candidate.content != new

    def _library(self) -> tuple[str, Library, Settings]:
        """The library of the documents as they are now, with their key; raises CdsError."""
        settings = self._read()
        if code_key() != self._code:
            raise SettingsError(OTHER_CODE)
        if self._own_cache is not None:
            settings = replace(settings, cache=self._own_cache)
        key = _key(settings)
        library = library_by(settings, settings.cache)
        with suppress(DocumentsError):  # documents to judge in shadow stop nothing
            candidate_at_start(library, settings)
        if _key(settings) != key:
            raise SettingsError(CHANGING)
        return key, library, settings


def _key(settings: Settings) -> str:
    """What tells the documents and the clients file apart from all others."""
    clients = "" if settings.clients is None else file_hash(settings.clients)
    return f"{cache_key(settings.content)} {clients}"
