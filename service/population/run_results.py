"""The files of a finished run besides the assessments: rejected lines, unmapped codes, flips, the summary."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import orjson

from service.atomic_file import write_whole
from service.library.library import Library
from service.pages.html import population_html
from service.pages.population_charts import charts
from service.population.grouping import lines_in
from service.population.input_files import Chunk, TypesRead
from service.population.rejected_lines import Rejected, hash_of, why_rejected
from service.population.run_folder import RunPlan
from service.population.totals import totals

Said = Mapping[str, Any]
DEEP_OR_TWO_WAYS = "it is nested too deeply for a request, or can be read in two ways"
MOST_SHOWN = 50  # codes and rejects on the page; the files have all


def write_results(plan: RunPlan, asked: Said, libraries: Sequence[Library]) -> None:
    """Writes every file of the results; the page at last."""
    folder, grouped, judged = plan.folder, plan.grouped(), plan.judged()
    rejects = sorted(
        {*_rejects(plan, grouped), *_unsound(plan, grouped, judged)},
        key=lambda each: (each.file, each.line),
    )
    files = [
        (name, "", "the ending of its name is none that is read") for name in plan.files_not_read
    ]
    rows = [*map(_fields, rejects), *files]
    _write_csv(folder.root / "rejects.csv", ("file", "line", "why"), rows)
    unmapped = _added_up(judged)
    names = ("path", "system", "code", "how", "value_sets", "count")
    _write_csv(folder.root / "unmapped.csv", names, ([*key, count] for key, count in unmapped))
    told = totals(folder, libraries)
    read, unread = _types(grouped, plan.types)
    summary: dict[str, Any] = {
        "asked": asked,
        "resources": read,
        "unread": unread,
        "rejected": len(rejects),
        "files_not_read": [len(files), list(plan.files_not_read[:MOST_SHOWN])],
        "reject_reasons": Counter(each.why for each in rejects).most_common(MOST_SHOWN),
        **told,
        "unmapped": [
            [*key[:4], key[4].split("; ") if key[4] else [], count]
            for key, count in unmapped[:MOST_SHOWN]
        ],
        "unmapped_codes": len(unmapped),
    }
    write_whole(folder.root / "summary.json", orjson.dumps(summary, option=orjson.OPT_INDENT_2))
    page = population_html(summary, charts(summary))
    write_whole(folder.root / "summary.html", page.encode())


def _fields(each: Rejected) -> tuple[str, int, str]:
    return each.file, each.line, each.why


def _rejects(plan: RunPlan, grouped: Sequence[Said]) -> Iterator[Rejected]:
    """The lines rejected when they were grouped, numbered from the beginning of their file."""
    for number, before in enumerate(_lines_before(plan.chunks, grouped)):
        for each in grouped[number]["rejects"]:
            yield Rejected(each["file"], each["line"] + before, each["why"])


def _lines_before(chunks: Sequence[Chunk], grouped: Sequence[Said]) -> list[int]:
    """For each chunk how many lines of its file stand before it."""
    before: defaultdict[str, int] = defaultdict(int)
    counts = []
    for chunk, said in zip(chunks, grouped, strict=True):
        counts.append(before[chunk.file.name])
        before[chunk.file.name] += said["breaks"]
    return counts


def _unsound(plan: RunPlan, grouped: Sequence[Said], judged: Sequence[Said]) -> Iterator[Rejected]:
    """The lines rejected when their patients were judged, looked up in their chunks by their hashes."""
    by_chunk: defaultdict[str, set[str]] = defaultdict(set)
    for said in judged:
        for each in said["unsound"]:
            by_chunk[each["chunk"]].add(each["hash"])
    before = _lines_before(plan.chunks, grouped)
    for number, chunk in enumerate(plan.chunks):
        hashes = by_chunk[str(plan.folder.chunk(number))]
        for line_number, line in lines_in(chunk, plan.folder.work) if hashes else ():
            if hash_of(line) in hashes:
                why = why_rejected(line, plan.types.of_patients) or DEEP_OR_TWO_WAYS
                yield Rejected(chunk.file.name, line_number + before[number], why)


def _added_up(judged: Sequence[Said]) -> list[tuple[tuple[str, str, str, str, str], int]]:
    """The unmapped codes of all parts, the most frequent first."""
    counted: Counter[tuple[str, str, str, str, str]] = Counter()
    for said in judged:
        for each in said["unmapped"]:
            sets = "; ".join(each["value_sets"])
            counted[each["path"], each["system"], each["code"], each["how"], sets] += each["count"]
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _types(grouped: Sequence[Said], types: TypesRead) -> tuple[dict[str, int], dict[str, int]]:
    """The number of resources by type: of those that are read, and of all others."""
    counted: Counter[str] = Counter()
    for said in grouped:
        counted.update(said["counts"])
    known = types.of_patients | types.shared
    read = {type_: count for type_, count in sorted(counted.items()) if type_ in known}
    return read, {type_: count for type_, count in sorted(counted.items()) if type_ not in known}


def _write_csv(file: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    write_whole(file, text.getvalue().encode())
