"""What judging a membership costs: CPU of grouping and of judging, and its ratio to the engine in process.

`python bench/population.py INPUT [--part N] [--parts N]`: groups INPUT (see population_data.py), judges
some of its parts in this process, and has the same requests judged by the engine alone, in turn. Prints the
least CPU milliseconds a patient, and the ratio of the engine's to the whole. CDS_CLIENTS names the clients.
"""

import argparse
import gc
import tempfile
from datetime import date
from pathlib import Path
from time import process_time

import duckdb
import orjson

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.cds.strict_json import parse_body
from service.library import Library
from service.population.grouping import group_chunk
from service.population.input_files import chunks_of, input_files, number_of_parts, types_read
from service.population.part_of_run import Judging, RunDocuments, judge_part
from service.population.run_folder import RunFolder, RunPlan, read_done
from service.settings import read_settings

AS_OF = date(2026, 11, 21)
HOOKS = frozenset({"order-sign"})


def measured(place: Path, parts: int, rounds: int) -> dict[str, float]:
    """The figures of an input, in CPU milliseconds a patient."""
    settings = read_settings()
    clients, cache = (str(each) if each else None for each in (settings.clients, settings.cache))
    documents = RunDocuments(str(settings.content), clients, cache, "")
    library = documents.read()
    documents = documents.with_hash(library.content)
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)  # as in a worker, and in the server
    files = input_files(place)
    with tempfile.TemporaryDirectory() as out:
        folder = RunFolder(Path(out))
        folder.begin({})
        plan = RunPlan(
            folder, tuple(chunks_of(files)), number_of_parts(files), types_read([library])
        )
        began = process_time()
        for number in range(len(plan.chunks)):
            group_chunk(plan, number)
        grouping = process_time() - began
        counts: dict[str, int] = {}
        for said in plan.grouped():
            for type_, count in said["counts"].items():
                counts[type_] = counts.get(type_, 0) + count
        patients = counts["Patient"]
        shared = tuple(sorted(counts.keys() & plan.types.shared))
        judging = Judging(documents, "local", ("day", AS_OF), frozenset(counts), shared)
        keeping = Judging(
            documents, "local", ("day", AS_OF), frozenset(counts), shared, patients=1, requests=1
        )
        judged, engine = [], []
        for number in range(min(parts, plan.parts)):
            judge_part(folder, number, plan.tables(), keeping)
            requests = _requests(folder.part(number))
            whole, alone = [], []
            for _ in range(rounds):
                began = process_time()
                judge_part(folder, number, plan.tables(), judging)
                whole.append(process_time() - began)
                alone.append(_engine(library, requests))
            said = read_done(folder.judged(number)) or {}
            judged.append(min(whole) * 1000 / said["patients"])
            engine.append(min(alone) * 1000 / len(requests))
    grouped, whole_ms = grouping * 1000 / patients, sum(judged) / len(judged)
    engine_ms = sum(engine) / len(engine)
    return {
        "patients": patients,
        "resources": sum(counts.values()),
        "grouping_ms": round(grouped, 2),
        "judging_ms": round(whole_ms, 2),
        "engine_ms": round(engine_ms, 2),
        "ratio": round(engine_ms / (grouped + whole_ms), 3),
    }


def _requests(file: Path) -> list[bytes]:
    query = f"select request from '{file}' where request is not null"  # noqa: S608 - our own file
    return [text.encode() for (text,) in duckdb.sql(query).fetchall()]


def _engine(library: Library, requests: list[bytes]) -> float:
    """The CPU seconds of the engine alone: from the bytes of each request to the JSON of its assessment."""
    began = process_time()
    for body in requests:
        request = parse_hook_request(parse_body(body), HOOKS)
        advice = advise(library, request, library.client("local"), AsOf("day", AS_OF))
        orjson.dumps(advice.twins)
    return process_time() - began


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", metavar="INPUT", type=Path)
    parser.add_argument("--parts", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(orjson.dumps(measured(given.place, given.parts, given.rounds)).decode())
