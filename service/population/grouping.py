"""Groups the resources of one chunk by patient: one Parquet file, sorted by part and patient (DuckDB)."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import orjson

from service.atomic_file import write_whole, written_whole
from service.errors import PopulationError
from service.population.input_files import TABLES, ZIPPED, Chunk, TypesRead
from service.population.optional_libraries import connected, library_of_extra, quoted
from service.population.rejected_lines import (
    IDENTITY,
    LONGEST_LINE,
    OUTCOME,
    PATIENT_ID,
    SUBJECTS,
    Damage,
    Rejected,
    damages_by,
    hash_of,
    lines_of,
    why_rejected,
    why_unassigned,
)
from service.population.run_folder import RunPlan

MEMORY_MB = 240  # of DuckDB while it groups
# Of a row group: small, so that one part is read without much of its neighbours, and within the memory.
ROWS, ROWS_MB = 2048, 2
# Parts that hold no patient: what patients' resources refer to; types that nothing reads; rejected lines.
SHARED, UNREAD, TROUBLE = -1, -2, -3
ANY_TYPE = "*"  # the type of a damage that may concern every type
# What a FHIR server adds to an answer that is not complete.
NOT_ALL = orjson.dumps(
    {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "incomplete"}]}
).decode()
# Columns of Parquet files that hold a resource as JSON text.
TEXT_COLUMNS = ("resource", "json", "raw", "content", "value", "line")
_PATHS = ("resourceType", "id", "subject.reference", "patient.reference", "beneficiary.reference")
_ROLE = "practitioner.reference"


def group_chunk(plan: RunPlan, number: int) -> None:
    """Groups one chunk and writes down that it is done; a PopulationError names a file that is damaged."""
    file = plan.chunks[number].file
    try:
        _group_chunk(plan, number)
    except library_of_extra("duckdb").Error as error:
        why = str(error).splitlines()[0]
        if file.path not in why:
            raise
        why = why.replace(file.path, "").strip(" :")
        raise PopulationError(
            f"'{file.name}' cannot be read to its end ({why}); export it again, or leave it out"
        ) from None


def _group_chunk(plan: RunPlan, number: int) -> None:
    """Groups one chunk, with counts and rejected lines."""
    folder, chunk, parts, types = plan.folder, plan.chunks[number], plan.parts, plan.types
    with TemporaryDirectory(dir=folder.work) as place:
        text, breaks = _as_text(chunk, Path(place))
        connection = connected(place, MEMORY_MB)
        lines = _lines(connection, chunk, text)
        with written_whole(folder.chunk(number)) as beside:
            connection.execute(_copy(lines, beside, parts, types))
            counts = dict(_counts(connection, beside))
            trouble = _trouble(connection, beside)
        rejects: list[Rejected] = []
        if trouble is not None:
            numbered = _numbered(connection, chunk, text, lines)
            damages = _looked_at(numbered, chunk, trouble, types, rejects)
            _write_damages(connection, folder.damaged(number), list(damages), parts)
        connection.close()
    said: dict[str, Any] = {"counts": counts, "bytes": chunk.size, "breaks": breaks}
    write_whole(
        folder.grouped(number), orjson.dumps({**said, "rejects": list(map(asdict, rejects))})
    )


def _as_text(chunk: Chunk, place: Path) -> tuple[Path, int]:
    """The file with the lines that begin in the chunk, and the number of line ends if it was cut out."""
    if chunk.end is None:
        return Path(chunk.file.path), 0
    to, breaks = place / "chunk.ndjson", 0
    with Path(chunk.file.path).open("rb") as source, to.open("wb") as target:
        for block in _blocks(source, chunk.start, chunk.end):
            target.write(block)
            breaks += block.count(b"\n")
    return to, breaks


def _blocks(source: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    """The bytes of the lines that begin from `start` up to `end`."""
    if start:
        source.seek(start - 1)
        source.readline()
    left = end - source.tell()
    while left > 0 and (block := source.read(min(left, 1 << 20))):
        left -= len(block)
        yield block
        if not left and not block.endswith(b"\n"):
            yield source.readline()


def _lines(connection: Any, chunk: Chunk, file: Path) -> str:
    """The SQL that gives the lines of a chunk, in a column `line`."""
    if chunk.file.ending in TABLES:
        return _rows_as_lines(connection, chunk, file)
    compression = "gzip" if chunk.file.ending in ZIPPED else "none"
    # a unit separator stands in no sound JSON: the whole line is one column, and nothing the other
    return (
        "select case when beyond is null then line else '' || line || '\x1f' end as line"
        f" from read_csv({quoted(str(file))}, columns={{'line': 'VARCHAR', 'beyond': 'VARCHAR'}},"
        " delim='\x1f', quote='', escape='', header=false, auto_detect=false, new_line='\\n',"
        f" max_line_size={LONGEST_LINE}, buffer_size={2 * LONGEST_LINE}, null_padding=true,"
        f" compression='{compression}', ignore_errors=true, store_rejects=true, strict_mode=false)"
    )


def _rows_as_lines(connection: Any, chunk: Chunk, file: Path) -> str:
    """The rows of a Parquet file as JSON: a column of JSON text, else one column for each element."""
    table = f"read_parquet({quoted(str(file))})"
    columns: dict[str, str] = dict(
        connection.execute(
            f"select column_name, column_type from (describe from {table})"
        ).fetchall()
    )
    texts = [name for name, type_ in columns.items() if type_ in ("VARCHAR", "JSON", "BLOB")]
    text = next((name for name in TEXT_COLUMNS if name in texts), None)
    if text is not None:
        value = f'"{text}"' if columns[text] != "BLOB" else f'decode("{text}")'
        return f"select {value}::VARCHAR as line from {table}"
    row = "json_strip_nulls(to_json(resource))"
    if "resourceType" not in columns:
        type_ = quoted(Path(chunk.file.name).name.partition(".")[0])
        row = f"json_merge_patch({row}, json_object('resourceType', {type_}))"
    return f"select {row}::VARCHAR as line from {table} as resource"


def _copy(lines: str, to: Path, parts: int, types: TypesRead) -> str:
    """The SQL that reads type, id and patient of each line and writes the lines of a part together."""
    paths = ", ".join(quoted(f"$.{path}") for path in (*_PATHS, _ROLE))
    of_patients, shared, own = (
        ", ".join(map(quoted, sorted(each))) for each in (types.of_patients, types.shared, IDENTITY)
    )
    return f"""
    copy (
        with lines as ({lines}),
        read as (
            select line, try(json_extract_string(line, [{paths}])) as x,
                try(list_filter(json_keys(line), lambda key: key in ({own}))) as keys
            from lines
            where case when strlen(line) > 64 then true else trim(line, E' \\t\\r') <> '' end
        ),
        named as (
            select line, case when {_says_twice()} then null
                else nullif(regexp_extract(x[1], '^[A-Za-z]+$'), '{OUTCOME}') end as type,
                x[2] as id, coalesce(x[3], x[4], x[5]) as about, x[6] as holder
            from read
        ),
        assigned as (
            select line, type, id,
                case
                    when type in ({shared}) then
                        regexp_extract(holder, '(?:^|/)(Practitioner/{PATIENT_ID})', 1)
                    when type = 'Patient' then regexp_extract(id, '^{PATIENT_ID}$')
                    else coalesce(
                        nullif(regexp_extract(
                            about, '(?:^|/)Patient/({PATIENT_ID})(?:/_history/[^/]*)?$', 1), ''),
                        regexp_extract(about, '^urn:uuid:({PATIENT_ID})$', 1))
                end as patient
            from named
        ),
        parted as (
            select case
                when coalesce(type, '') = '' then {TROUBLE}
                when type in ({of_patients}) then
                    case when coalesce(patient, '') = '' then {TROUBLE}
                        else (md5_number_lower(patient) % {parts})::INTEGER end
                when type in ({shared}) then {SHARED}
                else {UNREAD}
            end as part, patient, type, id, line
            from assigned
        )
        select part::INTEGER as part, patient, type, id,
            case when part = {UNREAD} then '' else line end as line
        from parted order by part, patient
    ) to {quoted(str(to))} (format parquet, compression lz4_raw, row_group_size {ROWS},
        row_group_size_bytes '{ROWS_MB}MB')
    """


def _says_twice() -> str:
    """The SQL that says whether a line has an element twice by which it is assigned.

    DuckDB takes the first value of such an element, and the service the last.
    """
    inner = " or ".join(
        f"len(json_keys(line, '$.{name}')) <> len(list_distinct(json_keys(line, '$.{name}')))"
        for name in SUBJECTS
    )
    return (
        "len(keys) <> list_unique(keys)"
        " or (strlen(line) - strlen(replace(line, 'Patient/', '')) > 8 and json_valid(line)"
        f" and ({inner}))"
    )


def _counts(connection: Any, file: Path) -> Mapping[str, int]:
    """The number of resources by type."""
    counted: list[tuple[str, int]] = connection.execute(
        f"select type, count(*) from read_parquet({quoted(str(file))})"
        f" where part <> {TROUBLE} group by type order by type"
    ).fetchall()
    return dict(counted)


def _trouble(connection: Any, file: Path) -> frozenset[str] | None:
    """The hashes of the lines that no part took; None if every line was read and assigned."""
    tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    skipped = ("reject_errors",) in tables and connection.execute(
        "select count(*) from reject_errors"
    ).fetchone()[0]
    lines = connection.execute(
        f"select md5(line) from read_parquet({quoted(str(file))}) where part = {TROUBLE}"
    ).fetchall()
    return frozenset(hash_ for (hash_,) in lines) if lines or skipped else None


def lines_in(chunk: Chunk, work: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a chunk as they are in its file, each with its number in the chunk."""
    with TemporaryDirectory(dir=work) as place:
        text, _ = _as_text(chunk, Path(place))
        connection = connected(place, MEMORY_MB)
        yield from _numbered(connection, chunk, text, _lines(connection, chunk, text))
        connection.close()


def _numbered(connection: Any, chunk: Chunk, text: Path, lines: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a chunk with their numbers; of a Parquet file the rows."""
    if chunk.file.ending not in TABLES:
        yield from enumerate(lines_of(text, zipped=chunk.file.ending in ZIPPED), 1)
        return
    connection.execute("set preserve_insertion_order=true")
    rows, number = connection.execute(lines), 0
    while block := rows.fetchmany(1000):
        for (line,) in block:
            number += 1
            yield number, (line or "").encode()


def _looked_at(
    numbered: Iterator[tuple[int, bytes]],
    chunk: Chunk,
    trouble: frozenset[str],
    types: TypesRead,
    rejects: list[Rejected],
) -> Iterator[Damage]:
    """Notes the rejected lines with their reason, and gives the patients whose records they leave open."""
    for number, line in numbered:
        if not line.strip():
            continue
        why = why_rejected(line, types.of_patients)
        if why is None and hash_of(line) in trouble:
            why = why_unassigned(line)
        if why is not None:
            rejects.append(Rejected(chunk.file.name, number, why))
            yield from damages_by(line, types.of_patients)


def _write_damages(connection: Any, file: Path, damages: list[Damage], parts: int) -> None:
    """Writes for each damaged record what makes it incomplete, in the form of a chunk."""
    if not damages:
        return
    rows = [(each.patient, each.type or ANY_TYPE) for each in damages]
    connection.execute("create or replace temp table damages (patient VARCHAR, type VARCHAR)")
    connection.executemany("insert into damages values (?, ?)", rows)
    with written_whole(file) as beside:
        connection.execute(
            f"copy (select distinct (md5_number_lower(patient) % {parts})::INTEGER as part, patient,"
            f" type, null::VARCHAR as id, {quoted(NOT_ALL)} as line from damages order by part,"
            f" patient, type) to {quoted(str(beside))} (format parquet)"
        )
