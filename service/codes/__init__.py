"""Adds codes of official files to the value sets, and finds codes of requests that no list holds."""

from service.codes.additions import Additions, additions
from service.codes.full_list_tables import Renewal, renewal_from, replace, unzipped
from service.codes.ndc_directory import FdaDirectory, read_directory
from service.codes.rxnorm import Release, read_release
from service.codes.write_back import Addition, extended_document

__all__ = [
    "Addition",
    "Additions",
    "FdaDirectory",
    "Release",
    "Renewal",
    "additions",
    "extended_document",
    "read_directory",
    "read_release",
    "renewal_from",
    "replace",
    "unzipped",
]
