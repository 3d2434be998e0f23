"""Reads the patients of one part: the JSON of their resources by type, and of what these refer to."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from service.cds.strict_json import parse_body
from service.errors import RequestError
from service.fhir.resource_types import PRACTITIONER, ROLE
from service.population.grouping import NOT_ALL, SHARED
from service.population.optional_libraries import quoted
from service.population.rejected_lines import hash_of
from service.population.run_folder import GroupedFiles

MOST_RESOURCES = 20_000  # of one patient, as for a request
MOST_STEPS = 3  # from a patient's resource to another, from that to the next
# Who measured or asserted is asked by no criterion: half of a record need not be searched for names.
_NAMES_NOBODY = frozenset({"Observation", "Condition"})
# What makes a resource an entry that a search found, as an EHR sends it.
BEFORE, AFTER = '{"resource":', ',"search":{"mode":"match"}}'
# What is around a resource in a request: prefetch, key, Bundle, entry.
AROUND = '{"prefetch":{"key":{"entry":[{"resource":', "}]}}}"
_BETWEEN = f"{AFTER},{BEFORE}"
_PATIENT_AND_TYPE = itemgetter(0, 1)
_ID = re.compile(r"[A-Za-z0-9._\-]{1,128}")


@dataclass(frozen=True, slots=True)
class PatientResources:
    """One patient: for each type the entries of a Bundle as JSON, separated by commas.

    `names` are, for each type, the shared resources that its entries name. `too_many` means that the
    resources are more than a request may have, and are not here.
    """

    id: str
    entries: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class Unsound:
    """A line that DuckDB took for JSON and that is none by the strict rules: its chunk and its hash."""

    chunk: str
    hash: str


@dataclass(frozen=True, slots=True)
class SharedResources:
    """Resources of no patient, as JSON: by type and id, what they name, and the roles of practitioners."""

    by_name: Mapping[str, Sequence[str]]
    links: Mapping[str, frozenset[str]]
    roles: Mapping[str, Sequence[str]]

    def among(self, names: frozenset[str]) -> list[str]:
        """Those of these names and those that they lead to, each once."""
        reached = dict.fromkeys(sorted(names))
        for _ in range(MOST_STEPS - 1):
            further = {link for name in reached for link in self.links.get(name, ())}
            reached |= dict.fromkeys(sorted(further))
        return [line for name in reached for line in self.by_name.get(name, ())]


class Part:
    """The resources of one part, in the chunks of a run."""

    def __init__(
        self, connection: Any, files: GroupedFiles, number: int, shared: Iterable[str]
    ) -> None:
        self._connection = connection
        self._files = _table(files.all)
        self._shared_files = _table(files.shared) if files.shared else None
        self._number = number
        self._shared_types = tuple(shared)
        self.unsound: set[Unsound] = set()  # of what several patients refer to

    def patients(self) -> Iterator[PatientResources]:
        """The patients of the part, in the order of their ids; those with too many resources at the end."""
        # not sorted by DuckDB: its sort and its string_agg need several times the memory of the lines
        held: dict[str, dict[str, list[str]]] = {}
        counts: Counter[str] = Counter()
        query = f"select patient, type, line from {self._files} where part = ?"
        # lines of one patient and type come together: 200 of them in 0.1 ms, one by one in 0.25
        for (patient, type_), rows in groupby(self._rows(query, [self._number]), _PATIENT_AND_TYPE):
            lines = [line for _, _, line in islice(rows, MOST_RESOURCES + 1)]
            counts[patient] += len(lines)
            if counts[patient] > MOST_RESOURCES:
                held.pop(patient, None)
            else:
                held.setdefault(patient, {}).setdefault(type_, []).extend(lines)
        for patient in sorted(held):
            by_type = held.pop(patient)
            entries = {
                type_: f"{BEFORE}{_BETWEEN.join(sorted(lines))}{AFTER}"
                for type_, lines in sorted(by_type.items())
            }
            yield self._of_patient(patient, entries)
        for patient in sorted(id_ for id_, count in counts.items() if count > MOST_RESOURCES):
            yield PatientResources(patient, too_many=True)

    def without_unsound(self, id_: str) -> tuple[PatientResources, list[Unsound]]:
        """A patient without the lines that are no strict JSON, and those lines; their types are not whole."""
        unsound: list[Unsound] = []
        entries: dict[str, list[str]] = {}
        query = (
            f"select type, line, filename from {self._files} where part = ? and patient = ?"
            " order by type, line"
        )
        for type_, line, chunk in self._rows(query, [self._number, id_]):
            sound = line
            if not _is_sound(line):
                unsound.append(Unsound(chunk, hash_of(line.encode())))
                sound = NOT_ALL
            entries.setdefault(type_, []).append(f"{BEFORE}{sound}{AFTER}")
        joined = {type_: ",".join(each) for type_, each in entries.items()}
        return self._of_patient(id_, joined), unsound

    def shared(self, patients: Iterable[PatientResources]) -> SharedResources:
        """All that the resources of these patients lead to."""
        wanted = {
            name for patient in patients for names in patient.names.values() for name in names
        }
        known = SharedResources({}, {}, {})
        by_name, links, roles = (dict[str, Any](each) for each in (known.by_name, {}, {}))
        for _ in range(MOST_STEPS):
            new = sorted(wanted - by_name.keys())
            by_name |= {name: [] for name in new}
            wanted = set()
            for name, holder, line, chunk in self._read_shared(new) if new else ():
                if not _is_sound(line):
                    self.unsound.add(Unsound(chunk, hash_of(line.encode())))
                    continue
                named = self._named_in(line)
                wanted |= named
                links[name] = links.get(name, frozenset()) | named
                _append_new(by_name.setdefault(name, []), line)
                if holder:
                    _append_new(roles.setdefault(holder, []), line)
        return SharedResources(by_name, links, roles)

    def _read_shared(self, names: list[str]) -> Iterator[tuple[str, str | None, str, str]]:
        """The shared resources of these names, and the roles of these practitioners."""
        if self._shared_files is None:
            return iter(())
        query = f"""
            select type || '/' || id, patient, line, filename from {self._shared_files}
            where part = {SHARED} and (type || '/' || id in (select unnest(?::VARCHAR[]))
                or (type = '{ROLE}' and patient in (select unnest(?::VARCHAR[]))))
            order by type, id, line
        """
        holders = [name for name in names if name.startswith(f"{PRACTITIONER}/")]
        return self._rows(query, [names, holders])

    def _rows(self, query: str, values: list[object]) -> Iterator[Any]:
        rows = self._connection.cursor().execute(query, values)
        while block := rows.fetchmany(1024):
            yield from block

    def _of_patient(self, id_: str, entries: Mapping[str, str]) -> PatientResources:
        names = {
            type_: frozenset() if type_ in _NAMES_NOBODY else self._named_in(text)
            for type_, text in entries.items()
        }
        return PatientResources(id_, entries, names)

    def _named_in(self, text: str) -> frozenset[str]:
        """The shared resources that a text names, as type and id."""
        # one search for each type: a regular expression for all of them takes 20 times the CPU
        return frozenset(
            f"{type_}/{id_[0]}"
            for type_ in self._shared_types
            for piece in text.split(f"{type_}/")[1:]
            if (id_ := _ID.match(piece))
        )


def _table(files: Sequence[str]) -> str:
    return f"read_parquet([{', '.join(map(quoted, files))}], filename=true)"


def _is_sound(line: str) -> bool:
    """Whether a line is strict JSON, and not so deep that no request could hold it."""
    try:
        parse_body(f"{AROUND[0]}{line}{AROUND[1]}".encode())
    except RequestError:
        return False
    return True


def _append_new(lines: list[str], line: str) -> None:
    if line not in lines:
        lines.append(line)
