"""What operators' official files add to the value sets, and which codes of requests no list holds."""

from service.codes.additions import Additions, additions
from service.codes.extended_set import Addition
from service.codes.ndc_directory import Directory, read_directory
from service.codes.release import Renewal, renewed, replace, unzipped
from service.codes.rxnorm import Release, read_release
from service.codes.write_back import written

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
