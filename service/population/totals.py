"""The totals of a run, counted by DuckDB over the assessments of all parts."""

from collections.abc import Iterator, Sequence
from typing import Any

from service.library.library import Library
from service.policy.assessment import criteria_of_path
from service.policy.model import walk
from service.population.optional_libraries import connected, quoted
from service.population.run_folder import RunFolder

MEMORY_MB = 384
MOST = 400  # rows of one table of the page


def totals(folder: RunFolder, libraries: Sequence[Library]) -> dict[str, Any]:
    """Every table of the summary by its name; against other documents the flips too, and `flips.csv`."""
    connection = connected(str(folder.work), MEMORY_MB)
    files = quoted(str(folder.assessments / "part-*.parquet"))
    connection.execute(f"create view judged as select * from read_parquet({files})")

    def rows(query: str) -> list[list[Any]]:
        return [list(row) for row in connection.execute(query).fetchall()]

    told = {name: rows(query) for name, query in _QUERIES.items()}
    says = {id_: text for library in libraries for id_, text in _says(library)}
    for name in ("criteria", "missing", "blocking"):
        told[name] = [[row[0], says.get(row[0], ""), *row[1:]] for row in told[name]]
    if len(libraries) > 1:
        flips = folder.root / "flips.csv"
        told |= {name: rows(query) for name, query in _FLIPS.items()}
        told["flips_by_criterion"] = [
            [row[0], says.get(row[0].split(": ")[0], ""), *row[1:]]
            for row in told["flips_by_criterion"]
        ]
        connection.execute(f"copy ({_FLIP_ROWS}) to {quoted(str(flips))} (format csv, header)")
    connection.close()
    return told


def _says(library: Library) -> Iterator[tuple[str, str]]:
    """What every criterion of the policies says, by its id."""
    for policy in library.policies:
        for path in ("initial", "renewal"):
            for criterion in walk(criteria_of_path(policy, path, tuple(policy.indications))):
                yield criterion.id, criterion.says


_QUERIES = {
    "patients": "select count(distinct patient), count(*) from judged",
    # outcome or why there is none, number of patients
    "outcomes": """
        select coalesce(policy, ''), coalesce(effective::VARCHAR, ''), coalesce(path, ''),
            coalesce(outcome, ''), coalesce(reason, not_judged, ''), count(*) as patients
        from judged group by all order by 1, 2, 3, 4, 5
    """,
    "by_outcome": """
        select coalesce(outcome, 'not judged'), count(*) from judged group by all order by 2 desc, 1
    """,
    "criteria": f"""
        select each.id, count(*) filter (each.truth = 'met'), count(*) filter (each.truth = 'not_met'),
            count(*) filter (each.truth = 'unknown')
        from (select unnest(criteria) as each from judged) group by each.id order by each.id
        limit {MOST}
    """,
    # what is missing for orders that are unknown: a question that may change the outcome
    "missing": f"""
        select id, count(*) as patients,
            list(distinct why order by why) filter (why is not null)
        from (
            select id, list_filter(criteria, lambda each: each.id = id)[1].reason as why
            from (select unnest(open) as id, criteria from judged where outcome = 'unknown')
        ) group by id order by patients desc, id limit {MOST}
    """,
    "blocking": f"""
        select id, count(*) as patients
        from (select unnest(blocking) as id from judged where outcome = 'not_met')
        group by id order by patients desc, id limit {MOST}
    """,
    "awaits": """
        select way, count(*) as patients from (select unnest(awaits) as way from judged)
        group by way order by patients desc, way
    """,
    "renewals": """
        select strftime(approved_until, '%Y-%m') as month, count(*) filter (outcome = 'met'),
            count(*) filter (outcome = 'not_met'), count(*) filter (outcome not in ('met', 'not_met'))
        from judged where approved_until is not null group by month order by month
    """,
}
_WAS, _IS = (
    "coalesce(outcome, 'not judged')",
    "coalesce(against_outcome, 'not judged')",
)
_FLIPS = {
    "flips": f"""
        select {_WAS} as was, {_IS} as is_now, count(*) as patients from judged
        where flips group by was, is_now order by patients desc, was, is_now
    """,
    "flips_by_criterion": f"""
        select unnest(changed) as change, count(*) as patients from judged where flips
        group by change order by patients desc, change limit {MOST}
    """,
    "changed_without_flip": "select count(*) from judged where not flips and len(changed) > 0",
}
_FLIP_ROWS = f"""
    select patient, coalesce(drug, '') as drug, {_WAS} as was, {_IS} as is_now,
        array_to_string(changed, '; ') as changed
    from judged where flips order by patient, drug
"""
