"""The policy version that a command names: a name, or a folder of policy documents."""

from datetime import date
from pathlib import Path

from service.errors import SettingsError, UnknownPolicyError
from service.library import load_library
from service.pages.version_by_name import PolicyVersion, find_version, read_folder
from service.settings import Settings


def version_named(settings: Settings, name: str, *, day: date) -> PolicyVersion:
    """The version of a folder, if there is one of that name, else of a policy's name."""
    if Path(name).is_dir():
        return read_folder(Path(name), settings.content, settings.clients)
    if name.startswith((".", "/")):
        raise UnknownPolicyError(f"there is no folder {name}")
    return find_version(load_library(settings.content, settings.clients), name, day)


def day_given(written: str | None, option: str) -> date | None:
    """A day as an option gives it; None if it is left out, SettingsError if it is no day."""
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise SettingsError(f"{option}: {written!r} is no day like 2026-11-20") from None
