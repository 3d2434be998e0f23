"""Writes the recorded stories as a membership of many patients, as FHIR Bulk Data exports one.

`python bench/population_data.py OUT [--patients N] [--resources 200] [--gz]`: one NDJSON file a resource
type. Each patient is a story among results, problems, fills and visits that answer no criterion. The same
arguments write the same files.
"""

import argparse
import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import orjson
from stories import padded, stories

Json = dict[str, Any]
SHARED = frozenset({"Organization", "Practitioner", "PractitionerRole", "Medication", "Location"})
SUFFIX = "@@"  # behind each id of a patient's own resource, in place of the patient's number


def templates(size: int) -> list[list[tuple[str, str]]]:
    """For each story the type and the JSON of every resource, with SUFFIX behind the ids that are its own."""
    return [list(_template(padded(story, size))) for story in stories()]


def write(out: Path, patients: int, size: int, *, compressed: bool = False) -> None:
    """The files of so many patients."""
    out.mkdir(parents=True, exist_ok=True)
    known, shared = templates(size), set[str]()
    with ExitStack() as stack:
        files: dict[str, IO[str]] = {}
        for number in range(patients):
            for type_, text in known[number % len(known)]:
                if type_ in SHARED and text in shared:
                    continue
                if type_ in SHARED:
                    shared.add(text)
                if type_ not in files:
                    files[type_] = stack.enter_context(_opened(out, type_, compressed=compressed))
                files[type_].write(text.replace(SUFFIX, f"-{number:06}") + "\n")


def _opened(out: Path, type_: str, *, compressed: bool) -> IO[str]:
    if compressed:
        return gzip.open(out / f"{type_}.ndjson.gz", "wt", encoding="utf-8", compresslevel=1)
    return (out / f"{type_}.ndjson").open("w", encoding="utf-8")


def _template(body: Json) -> Iterator[tuple[str, str]]:
    resources = list(_resources(body))
    own = {f"{one['resourceType']}/{one['id']}" for one in resources if _is_own(one)}
    for resource in resources:
        if resource["resourceType"] == "MedicationRequest" and resource["status"] == "draft":
            resource["status"] = "active"
        _suffix(resource, own)
        if _is_own(resource):
            resource["id"] += SUFFIX
        yield resource["resourceType"], orjson.dumps(resource).decode()


def _is_own(resource: Json) -> bool:
    return resource["resourceType"] not in SHARED


def _resources(body: Json) -> Iterator[Json]:
    """Each resource of a request once, whichever keys hold it."""
    seen: set[tuple[str, str]] = set()
    for value in (*body["prefetch"].values(), body["context"]["draftOrders"]):
        is_bundle = bool(value) and value["resourceType"] == "Bundle"
        held = value.get("entry", []) if is_bundle else [{"resource": value}]
        for resource in (entry["resource"] for entry in held):
            name = (resource or {}).get("resourceType"), (resource or {}).get("id")
            if None not in name and name not in seen:
                seen.add(name)
                yield resource


def _suffix(value: object, own: set[str]) -> None:
    """Puts SUFFIX behind each reference to a resource that is the patient's own."""
    match value:
        case {"reference": str(reference)} if (
            isinstance(value, dict) and "/".join(reference.split("/")[-2:]) in own
        ):
            value["reference"] = reference + SUFFIX
        case dict():
            for each in value.values():
                _suffix(each, own)
        case list():
            for each in value:
                _suffix(each, own)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--patients", type=int, default=1000)
    parser.add_argument("--resources", type=int, default=200)
    parser.add_argument("--gz", action="store_true")
    given = parser.parse_args()
    write(given.out, given.patients, given.resources, compressed=given.gz)
