"""Judges all patients of one part and writes their assessments into one Parquet file."""

import gc
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from multiprocessing import parent_process
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Literal

import orjson

from service.atomic_file import write_whole, written_whole
from service.cds.request import AsOf
from service.codes.near_misses import (
    NearMiss,
    NearMissTables,
    certainty_needed,
    may_be_drug,
    near_miss_tables,
)
from service.errors import PopulationError
from service.json_object import Json
from service.library.library import Library
from service.library.stored_library import library_at_start
from service.memo import per_arguments, per_document
from service.population.grouping import ANY_TYPE, NOT_ALL
from service.population.judged_patient import (
    DIAGNOSIS_NOT_READ,
    FAILED,
    NO_DIAGNOSIS,
    NO_ORDER,
    ORDER_NOT_READ,
    TOO_LARGE,
    Concepts,
    JudgingBy,
    compared,
    count_concepts,
    judged,
    row,
)
from service.population.optional_libraries import connected, library_of_extra, quoted
from service.population.order_to_judge import (
    DIAGNOSES,
    ORDERS,
    OrderForAll,
    OrderOfDrug,
    order_for_all,
    own_orders,
)
from service.population.patient_request import request_of
from service.population.patients_of_part import Part, PatientResources, SharedResources, Unsound
from service.population.rejected_lines import hash_of
from service.population.run_folder import GroupedFiles, RunFolder
from service.watch.bug_log import log_bug

MEMORY_MB = 240  # of DuckDB while it reads a part
ROWS_MB = 8  # of a row group of assessments, which may hold whole requests
MOST_CONCEPTS = 50_000  # of which a process remembers what they almost match
CRITERIA = "STRUCT(id VARCHAR, truth VARCHAR, reason VARCHAR)[]"
COLUMNS = {
    "patient": "VARCHAR",
    "drug": "VARCHAR",
    "not_judged": "VARCHAR",
    "order": "VARCHAR",
    "as_of": "DATE",
    "payer": "VARCHAR",
    "policy": "VARCHAR",
    "effective": "DATE",
    "path": "VARCHAR",
    "indication": "VARCHAR",
    "outcome": "VARCHAR",
    "reason": "VARCHAR",
    "awaits": "VARCHAR[]",
    "open": "VARCHAR[]",
    "blocking": "VARCHAR[]",
    "approved_until": "DATE",
    "criteria": CRITERIA,
    "assessment": "VARCHAR",
    "request": "VARCHAR",
    "flips": "BOOLEAN",
    "changed": "VARCHAR[]",
    "against_policy": "VARCHAR",
    "against_effective": "DATE",
    "against_outcome": "VARCHAR",
    "against_not_judged": "VARCHAR",
    "against_assessment": "VARCHAR",
}
_ONE_AT_A_TIME = Lock()  # in a process: a worker of Dask may have several threads


@dataclass(frozen=True, slots=True)
class RunDocuments:
    """The folders of one set of documents, and the hash that every worker must read from them.

    `evaluation` as in the settings: whether versions for evaluation judge.
    """

    content: str
    clients: str | None
    cache: str | None
    hash: str
    evaluation: bool = True

    def read(self) -> Library:
        """The library, whatever its hash."""
        return _library(self.content, self.clients, self.cache, self.evaluation)

    def with_hash(self, hash_: str) -> "RunDocuments":
        """The same with the hash of what was read."""
        return replace(self, hash=hash_)

    def library(self) -> Library:
        """The library; raises PopulationError if this worker reads other documents."""
        library = self.read()
        if library.content != self.hash:
            raise PopulationError(
                f"the documents in '{self.content}' are not those that the run began with: every"
                " worker needs the same documents and the same version of the program"
            )
        return library


@per_arguments(most=2)
def _library(
    content: str,
    clients: str | None,
    cache: str | None,
    evaluation: bool,  # noqa: FBT001 - a setting, on or off
) -> Library:
    """The library of a process, read once."""
    folder = Path(cache) if cache else None
    library = library_at_start(Path(content), Path(clients) if clients else None, folder)
    library = library.with_evaluation(evaluation)
    library.prepare()
    if parent_process() is not None:
        # a worker of ours: the collector of cycles need not visit what the library holds, which stays
        gc.collect()
        gc.freeze()
        gc.set_threshold(200_000, 20, 50)
    return library


@per_arguments(most=2)
def _near(library: Library) -> NearMissTables:
    """What finds almost mapped codes, made once in a process."""
    return near_miss_tables(library.terminology, library.knowledge.members)


# most concepts of a membership are the same few thousand
@per_document(most=MOST_CONCEPTS)
def _near_misses(library: Library, client: str, path: str, concept: bytes) -> tuple[NearMiss, ...]:
    """The near misses of one concept, given as JSON."""
    near = _near(library).of_concept(
        orjson.loads(concept),
        library.client(client).aliases,
        drug=may_be_drug(path),
        enough=certainty_needed(path),
    )
    return tuple(near)


@dataclass(frozen=True, slots=True)
class Judging:
    """What is judged and how: the same for every part of a run."""

    documents: RunDocuments
    client: str
    as_of: tuple[Literal["day", "order"], date]
    exported: frozenset[str]  # the types that the input holds
    shared: tuple[str, ...]  # of them those that several patients refer to
    against: RunDocuments | None = None
    order: bytes | None = None
    patients: int = 0  # in the whole input
    requests: int = 0  # of how many of them the request is kept, about

    def keeps_request_of(self, patient: str) -> bool:
        """Whether this patient is one of those whose request is kept."""
        number = int(hash_of(patient.encode())[:8], 16)
        return number * self.patients < self.requests << 32

    def by(self, documents: RunDocuments) -> JudgingBy:
        """What patients are judged by, from one set of documents."""
        library = documents.library()
        return JudgingBy(library, library.client(self.client), AsOf(*self.as_of))


@dataclass(slots=True)
class _Judge:
    """Judges the patients of one part, and counts what its report needs."""

    part: Part
    judging: Judging
    by: JudgingBy
    against: JudgingBy | None
    for_all: OrderForAll | None
    concepts: Concepts = field(default_factory=lambda: defaultdict(Counter))
    unsound: list[Unsound] = field(default_factory=list)

    def rows(self) -> Iterator[Json]:
        """A row for each patient, or for each order of a patient for another drug."""
        patients = deque(self.part.patients())
        shared = self.part.shared(patients)
        while patients:
            yield from self._rows_of(patients.popleft(), shared)

    def _rows_of(self, patient: PatientResources, shared: SharedResources) -> list[Json]:
        if patient.too_many:
            return [{"patient": patient.id, "not_judged": TOO_LARGE}]
        try:
            return self._rows_of_sound(patient, shared)
        except (PopulationError, OSError, MemoryError, library_of_extra("duckdb").Error):
            raise
        except Exception as error:  # noqa: BLE001 - one patient never stops a run
            log_bug(error, "judging a patient")
            return [{"patient": patient.id, "not_judged": FAILED}]

    def _rows_of_sound(self, patient: PatientResources, shared: SharedResources) -> list[Json]:
        try:
            return list(self._judged(patient, shared))
        except orjson.JSONDecodeError:
            # DuckDB takes a little more for JSON than the service does, such as NaN
            sound, unsound = self.part.without_unsound(patient.id)
            self.unsound += unsound
            return list(self._judged(sound, shared))

    def _judged(self, patient: PatientResources, shared: SharedResources) -> Iterator[Json]:
        orders = list(self._orders(patient, shared))
        if not orders:
            yield {"patient": patient.id, "not_judged": self._why_no_order(patient)}
        for order in orders:
            yield self._row(patient, shared, order)

    def _why_no_order(self, patient: PatientResources) -> str:
        """Why there is no order: none was exported, or a line was rejected that may have been one."""
        type_ = ORDERS if self.for_all is None else DIAGNOSES
        is_whole = ANY_TYPE not in patient.entries and NOT_ALL not in patient.entries.get(type_, "")
        if self.for_all is None:
            return NO_ORDER if is_whole else ORDER_NOT_READ
        return NO_DIAGNOSIS if is_whole else DIAGNOSIS_NOT_READ

    def _orders(self, patient: PatientResources, shared: SharedResources) -> Iterator[OrderOfDrug]:
        library, client = self.by.library, self.by.client
        if self.for_all is None:
            yield from own_orders(library, client, patient, shared)
        elif order := self.for_all.order_of(library, client, patient):
            yield OrderOfDrug(self.for_all.drug, order)

    def _row(self, patient: PatientResources, shared: SharedResources, order: OrderOfDrug) -> Json:
        own = self._answer(self.by, patient, shared, order)
        if self.against is None:
            return own
        return compared(own, self._answer(self.against, patient, shared, order))

    def _answer(
        self, by: JudgingBy, patient: PatientResources, shared: SharedResources, order: OrderOfDrug
    ) -> Json:
        body = request_of(by.library, patient, shared, self.judging.exported, order.resource)
        answer = judged(by, body)
        if answer.request is not None and by is self.by:
            count_concepts(by.library, answer.request, self.concepts)
        elif answer.is_unsound:
            raise orjson.JSONDecodeError("not strict JSON", "", 0)
        answered = row(patient.id, order.drug, answer)
        if self.judging.keeps_request_of(patient.id):
            answered["request"] = body.decode()
        return answered


def judge_part(folder: RunFolder, number: int, files: GroupedFiles, judging: Judging) -> None:
    """Judges one part, writes its assessments, and writes down that it is done."""
    with _ONE_AT_A_TIME, TemporaryDirectory(dir=folder.work) as place:
        by = judging.by(judging.documents)
        order = judging.order
        connection = connected(place, MEMORY_MB)
        judge = _Judge(
            Part(connection, files, number, judging.shared),
            judging,
            by,
            judging.by(judging.against) if judging.against else None,
            None if order is None else order_for_all(by.library, by.client, order),
        )
        rows = Path(place) / "rows.ndjson"
        count = _write_rows(rows, judge.rows())
        with written_whole(folder.part(number)) as beside:
            connection.execute(_copy(rows, beside))
        connection.close()
        said = {
            "patients": count,
            "unmapped": list(_unmapped(by, judge.concepts)),
            "unsound": [asdict(each) for each in (*judge.unsound, *judge.part.unsound)],
        }
    write_whole(folder.judged(number), orjson.dumps(said))


def _write_rows(file: Path, rows: Iterator[Json]) -> int:
    count = 0
    with file.open("wb") as written:
        for one in rows:
            written.write(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE))
            count += 1
    return count


def _copy(rows: Path, to: Path) -> str:
    columns = ", ".join(f"{quoted(name)}: {quoted(type_)}" for name, type_ in COLUMNS.items())
    return (
        f"copy (select * from read_json({quoted(str(rows))}, format='newline_delimited',"
        f" columns={{{columns}}}, maximum_object_size=67108864))"
        f" to {quoted(str(to))} (format parquet, compression zstd, row_group_size_bytes '{ROWS_MB}MB')"
    )


def _unmapped(by: JudgingBy, counted: Concepts) -> Iterator[dict[str, Any]]:
    """The codes that no list holds or that almost match a value set, each with how often it occurs."""
    found: Counter[tuple[str, str, str, str, tuple[str, ...]]] = Counter()
    for path, concepts in counted.items():
        for concept, count in concepts.items():
            for one in _near_misses(by.library, by.client.id, path, concept):
                found[path, one.system, one.code, one.how, one.value_sets] += count
    for (path, system, code, how, sets), count in sorted(found.items()):
        place = {"path": path, "system": system, "code": code}
        yield {**place, "how": how, "value_sets": sets, "count": count}
