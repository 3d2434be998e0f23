"""Serves a word over real HTTP; at SIGHUP the word in the file `next` is checked and taken up."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from service.errors import SettingsError
from service.server.document_check import CheckResult
from service.server.gunicorn import Server, server_options


def app_of(word: str) -> Flask:
    """An application that answers with its word and its process."""
    app = Flask("word")

    @app.get("/")
    def answer() -> str:
        return f"{word} {os.getpid()}"

    return app


class WordRenewal:
    """A word with a colon is refused; `dies`, `other` and `bug` fail in their own ways."""

    def __init__(self, folder: Path, word: str) -> None:
        self._folder = folder
        self._word = word

    def checked(self) -> CheckResult:
        """The word of the file."""
        word = (self._folder / "next").read_text(encoding="utf-8")
        if word == "dies":
            os._exit(1)
        return CheckResult(reasons=[word]) if ":" in word else CheckResult(key=word)

    def renewed(self, key: str) -> Flask | None:
        """The application of the word."""
        if key == "other":
            raise SettingsError("another word")
        if key == "bug":
            raise ZeroDivisionError
        same, self._word = self._word == key, key
        return None if same else app_of(key)

    def refuse(self, reasons: Sequence[str]) -> None:
        """Writes the reasons into a file."""
        (self._folder / "refused").write_text("\n".join(reasons), encoding="utf-8")

    def accept(self) -> None:
        """Writes that a word was taken up."""
        (self._folder / "refused").write_text("", encoding="utf-8")


if __name__ == "__main__":
    port, folder = sys.argv[1:]
    options = server_options(f"127.0.0.1:{port}", workers=2)
    Server(app_of("first"), options, WordRenewal(Path(folder), "first")).run()
