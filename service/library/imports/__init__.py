"""Official drug files on the operator's disk, and what they add to our value sets."""

from service.library.imports.additions import Additions, additions
from service.library.imports.directory import Directory, read_directory
from service.library.imports.draft import Addition
from service.library.imports.pages import written
from service.library.imports.release import Renewal, renewed, replace, unzipped
from service.library.imports.rxnorm import Release, read_release

__all__ = [
    "Addition",
    "Additions",
    "Directory",
    "Release",
    "Renewal",
    "additions",
    "read_directory",
    "read_release",
    "renewed",
    "replace",
    "unzipped",
    "written",
]
