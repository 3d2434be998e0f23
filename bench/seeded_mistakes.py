"""Whether `check` finds mistakes that are put into many payers' policies, each with its file and line.

`python bench/seeded_mistakes.py [--payers 200]`: prints what was missed, and exits with 1 if anything was.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import NamedTuple

from many_policies import SHIPPED, write_content

from service.errors import DocumentsError
from service.library.load import load_library

DAY = "2025-10-01"


class Seed(NamedTuple):
    """A mistake: in which file of a version what becomes what; a part of the line that must be named.

    That is the nearest line with this part.
    """

    file: str
    old: str
    new: str
    line: str


SEEDS = (
    Seed("policy.yaml", "drug: dupilumab", "drug: dupilumb", "drug: dupilumb"),
    Seed("policy.yaml", "title: Dupixent", "titel: Dupixent", "titel:"),
    Seed("policy.yaml", "effective: 2025-10-01", "effective: 2025-10-02", "effective:"),
    Seed("policy.yaml", "state: evaluation", "state: activ", "state: activ"),
    Seed("policy.yaml", "state: evaluation", "state: active", "state: active"),
    Seed("policy.yaml", "review_by: 2027-06-30", "review_by: 2020-06-30", "review_by:"),
    Seed("policy.yaml", "approval_months: 12", "approval_months: twelve", "approval_months:"),
    Seed("policy.yaml", "  look_back: 12 months", "  look_back: 12 moths", "look_back:"),
    Seed(
        "policy.yaml",
        "approved_before: common.renewal",
        "approved_before: comon.renewal",
        "approved_",
    ),
    Seed("policy.yaml", "[claim, record, chart, attestation]", "[claim, recrod]", "recrod"),
    Seed("policy.yaml", "statements_valid: 12 months", "statements_valid: 12", "statements_valid:"),
    Seed("policy.yaml", 'cite: "26-30"', 'cite: "26-999"', '"26-999"'),
    Seed("policy.yaml", "confidence: high", "confidence: sure", "confidence: sure"),
    Seed("ad.yaml", "fact: ad.bsa\n", "fact: ad.bsaa\n", "fact: ad.bsaa"),
    Seed("ad.yaml", "at_least: 10 % BSA", "at_least: 10 % BAS", "at_least: 10 % BAS"),
    Seed("ad.yaml", "at_least: 6 months", "atleast: 6 months", "atleast:"),
    Seed("ad.yaml", "indication: ad", "indication: asthma", "indication: asthma"),
    Seed("ad.yaml", "statement: decides\n", "statement: decide\n", "statement: decide"),
    Seed("ad.yaml", "reading: [A04, O02, O31]", "reading: [A94, O02, O31]", "A94"),
    Seed("ad.yaml", "recorded: ad.diagnosis}", "recorded: ad.diagnosys}", "ad.diagnosys"),
    Seed("ad.yaml", "id: ad.initial.severity\n", "id: ad.initial.age\n", "id: ad.initial.age"),
    Seed("ad.yaml", "within: 90 days\n", "within: 90 dyas\n", "90 dyas"),
    Seed("ad.yaml", "      says: Age at least 6 months\n", "", "ad.initial.age"),
    Seed("ad.yaml", "      fact: patient.age\n", "\tfact: patient.age\n", "\tfact"),
    Seed(
        "asthma.yaml",
        "{of: asthma.ics, at_dose: high}",
        "{of: asthma.isc, at_dose: high}",
        "asthma.isc",
    ),
    Seed("asthma.yaml", "fact: $fact", "fact: $fcat", "on_background:"),
    Seed("asthma.yaml", "recorded: asthma.grade", "recorded: patient.age", "patient.age"),
    Seed("common.yaml", "[specialty.pulmonology]", "[specialty.pulmonolgy]", "pulmonolgy"),
    Seed("common.yaml", "    not:\n", "    nto:\n", "nto:"),
    Seed("common.yaml", "id: common.initial.specialist", "id: specialist", "id: specialist"),
)


def seed(content: Path, seeds: Sequence[Seed] = SEEDS) -> list[tuple[str, int]]:
    """Puts each mistake into the policy of another payer; the file and the line of each."""
    payers = sorted(path.name for path in (content / "mappings/policies").iterdir())
    others = [payer for payer in payers if payer != SHIPPED]
    return [
        _put(content, others[number * len(others) // len(seeds)], one)
        for number, one in enumerate(seeds)
    ]


def _put(content: Path, payer: str, one: Seed) -> tuple[str, int]:
    place = f"mappings/policies/{payer}/dupilumab/{DAY}/{one.file}"
    text = (content / place).read_text(encoding="utf-8")
    if one.old not in text:
        raise ValueError(f"{place} does not hold {one.old!r}")
    written = text.replace(one.old, one.new, 1)
    (content / place).write_text(written, encoding="utf-8")
    lines = written.splitlines()
    changed = text[: text.index(one.old)].count("\n")
    near = sorted(range(len(lines)), key=lambda n: (abs(n - changed), n < changed))
    return place, 1 + next(n for n in near if one.line in lines[n])


def missed(content: Path, seeded: Sequence[tuple[str, int]]) -> Iterator[str]:
    """The mistakes that are not told with their file and line."""
    try:
        load_library(content, None)
    except DocumentsError as error:
        told = {(mistake.file, mistake.line) for mistake in error.mistakes}
    else:
        told = set()
    for place, line in seeded:
        if (place, line) not in told:
            of_file = sorted(other for file, other in told if file == place)
            yield f"{place}:{line}: not told (told of this file: {of_file})"


def main() -> None:
    """Writes the policies, puts the mistakes in and prints what is missed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--payers", type=int, default=200)
    asked.add_argument("--every", type=int, default=1, help="only every n-th mistake")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        content = write_content(Path(place), given.payers)
        seeded = seed(content, SEEDS[:: given.every])
        left = [*missed(content, seeded)]
    for line in left:
        print(line)
    told = len(seeded) - len(left)
    print(f"{told} of {len(seeded)} told with file and line, {process_time():.1f} s of CPU")
    raise SystemExit(1 if left else 0)


if __name__ == "__main__":
    main()
