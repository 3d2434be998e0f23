"""A small membership: patients of the recorded stories as FHIR Bulk Data, one NDJSON file a type."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from support.paths import ROOT

from service.library import Library, load_library
from service.population.part_of_run import RunDocuments
from service.population.population_run import RunSettings, run
from service.population.progress import Progress
from service.population.workers import Workers

Json = dict[str, Any]
CLIENTS = ROOT / "fixtures/clients/claims_held.yaml"
AS_OF = date(2026, 11, 21)
# A story for each outcome that the summary counts, and orders that name their drug in other ways.
STORIES = (
    "p001-initial",
    "initial-fully-met",
    "asthma-eosinophils-140",
    "csu-order",
    "other-payer",
    "coverage-not-sent",
    "order-contained-medication",
    "order-medication-by-urn-uuid",
)
SHARED = ("Organization", "Practitioner", "PractitionerRole", "Medication")


def resources_of(name: str) -> list[Json]:
    """The resources of a recorded story; its order is active."""
    request = json.loads((ROOT / f"fixtures/{name}.json").read_text(encoding="utf-8"))
    known: dict[tuple[str, str], Json] = {}
    for value in (*request["prefetch"].values(), request["context"]["draftOrders"]):
        is_bundle = bool(value) and value["resourceType"] == "Bundle"
        for entry in value.get("entry", ()) if is_bundle else [{"resource": value}]:
            if (resource := entry["resource"]) and "id" in resource:
                known[resource["resourceType"], resource["id"]] = resource
    for resource in known.values():
        if resource.get("status") == "draft":
            resource["status"] = "active"
    return list(known.values())


def of_another(resources: Sequence[Json], number: int) -> Iterator[Json]:
    """The same resources of another patient: each id gets the number, as each reference to one."""
    own = {f"{one['resourceType']}/{one['id']}" for one in resources}
    own = {name for name in own if not name.startswith(SHARED)}
    for resource in resources:
        text = json.dumps(resource)
        for name in own:
            text = text.replace(f'{name}"', f'{name}-{number}"')
        changed = json.loads(text)
        if resource["resourceType"] not in SHARED:
            changed["id"] = f"{resource['id']}-{number}"
        yield changed


def members(count: int) -> list[Json]:
    """The resources of so many patients, the stories in turn."""
    return [
        resource
        for number in range(count)
        for resource in of_another(resources_of(STORIES[number % len(STORIES)]), number)
    ]


def write_export(folder: Path, resources: Sequence[Json]) -> Path:
    """The resources as one NDJSON file for each type."""
    folder.mkdir(parents=True, exist_ok=True)
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for resource in resources:
        lines[resource["resourceType"]].append(json.dumps(resource))
    # an empty file says that there is none, not that the type was not exported
    lines["AllergyIntolerance"] += ()
    for type_, texts in lines.items():
        (folder / f"{type_}.ndjson").write_text(
            "".join(f"{each}\n" for each in texts), encoding="utf-8"
        )
    return folder


def documents(content: Path = ROOT) -> tuple[RunDocuments, Library]:
    """The documents of a folder for the client whose claims are complete, and their library."""
    library = load_library(content, CLIENTS)
    return RunDocuments(str(content), str(CLIENTS), None, library.content), library


def judge_members(
    place: Path, out: Path, workers: Workers | None = None, **changed: Any
) -> list[Json]:
    """The rows of a whole run; `changed` are other values of what is asked."""
    known, library = documents()
    about = {"documents": known, **changed}
    asked = RunSettings(place, out, client="local", as_of=("day", AS_OF), **about)
    libraries = [library]
    if (against := changed.get("against")) is not None:
        libraries.append(load_library(Path(against.content), CLIENTS))
    run(asked, libraries, workers or Workers(1), Progress(quiet=True))
    return rows_of(out)


def rows_of(out: Path) -> list[Json]:
    """The rows of all Parquet files of a run, in the order of the patients."""
    import duckdb  # noqa: PLC0415 - an optional extra

    found = duckdb.read_parquet(f"{out}/assessments/*.parquet").order("patient, drug")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
