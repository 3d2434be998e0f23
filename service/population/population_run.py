"""One run over a membership: group, judge, report; what an earlier run finished is not done again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from service.errors import PopulationError
from service.library.library import Library
from service.population.grouping import group_chunk
from service.population.input_files import (
    PATIENT,
    InputFile,
    chunks_of,
    files_not_read,
    fingerprint,
    input_files,
    number_of_parts,
    types_of_names,
    types_read,
)
from service.population.order_to_judge import order_for_all
from service.population.part_of_run import Judging, RunDocuments, judge_part
from service.population.progress import Progress
from service.population.run_folder import RunFolder, RunPlan, read_done
from service.population.run_results import write_results
from service.population.workers import Workers


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a run is asked: `order` is the content of the file of one order for all.

    About so many `requests` are kept with their assessments.
    """

    place: Path
    out: Path
    documents: RunDocuments
    client: str
    as_of: tuple[Literal["day", "order"], date]
    against: RunDocuments | None = None
    order: bytes | None = None
    requests: int = 0

    def written(self, files: Sequence[InputFile], parts: int) -> dict[str, Any]:
        """What must be the same when the run goes on."""
        return {
            "input": fingerprint(files),
            "parts": parts,
            "documents": self.documents.hash,
            "against": self.against and self.against.hash,
            "evaluation": self.documents.evaluation,
            "client": self.client,
            "as_of": [self.as_of[0], self.as_of[1].isoformat()],
            "order": self.order and sha256(self.order).hexdigest(),
            "requests": self.requests,
        }


def run(
    asked: RunSettings, libraries: Sequence[Library], workers: Workers, progress: Progress
) -> None:
    """Judges the membership and writes all results; raises PopulationError with what to do."""
    if asked.order is not None:
        order_for_all(libraries[0], libraries[0].client(asked.client), asked.order)
    if asked.out.resolve().is_relative_to(asked.place.resolve()):
        raise PopulationError("--out is inside INPUT; name a folder elsewhere")
    files, types = input_files(asked.place), types_read(libraries)
    not_read = files_not_read(asked.place, types)
    folder, parts = RunFolder(asked.out.resolve()), number_of_parts(files)
    written = asked.written(files, parts)
    folder.begin(written)
    if folder.is_finished():
        return
    plan = RunPlan(folder, tuple(chunks_of(files)), parts, types, not_read)
    _group(plan, workers, progress)
    _judge(plan, asked, workers, progress)
    write_results(plan, written, libraries)
    folder.end()


def _group(plan: RunPlan, workers: Workers, progress: Progress) -> None:
    numbers = range(len(plan.chunks))
    left = [number for number in numbers if not plan.folder.grouped(number).exists()]
    sizes = [max(1, plan.chunks[number].size) for number in left]
    with progress.stage("Grouping by patient", sum(sizes), "bytes") as advance:
        workers.compute(
            group_chunk,
            [(plan, number) for number in left],
            lambda position: advance(sizes[position]),
        )


def _judge(plan: RunPlan, asked: RunSettings, workers: Workers, progress: Progress) -> None:
    folder, tables, judging = plan.folder, plan.tables(), _judging(plan, asked)
    left = [number for number in range(plan.parts) if not folder.judged(number).exists()]

    def finished(position: int) -> None:
        said = read_done(folder.judged(left[position]))
        advance(said["patients"] if said else 0)

    # parts are about equal: a hash of its id assigns each patient
    with progress.stage(
        "Judging", judging.patients * len(left) // plan.parts, "patients"
    ) as advance:
        workers.compute(
            judge_part, [(folder, number, tables, judging) for number in left], finished
        )


def _judging(plan: RunPlan, asked: RunSettings) -> Judging:
    counts: Counter[str] = Counter()
    for said in plan.grouped():
        counts.update(said["counts"])
    of_names = types_of_names(chunk.file for chunk in plan.chunks)
    return Judging(
        asked.documents,
        asked.client,
        asked.as_of,
        frozenset(counts) | of_names,
        tuple(sorted(counts.keys() & plan.types.shared)),
        asked.against,
        asked.order,
        patients=counts[PATIENT],
        requests=asked.requests,
    )
