"""Which mutants a run judges: those of documents that changed since all mutants were judged.

`tests/mutants/judged.yaml` holds a digest of each document with its cases, as of the last run of all mutants.
`make weekly` judges all of them (TESTS=all) and then writes the digests anew
(`python tests/mutants/changed.py`). What a change of the engine does to mutants is seen there too.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MAPPINGS = ROOT / "mappings"
CASES = ROOT / "tests/cases/policies"
JUDGED = Path(__file__).with_name("judged.yaml")
SURVIVORS = Path(__file__).with_name("survivors.yaml")
# The parts beside the policies, and the documents that make each.
PARTS = {
    "facts": ("facts", "sources"),
    "value sets": ("value_sets",),
    "dose table": ("regimens",),
}
HEAD = "# Digests of documents and their cases when all their mutants were last judged (make weekly).\n"


def unchanged(part: str) -> pytest.MarkDecorator:
    """A mark that leaves out the mutants of a part that is as it was when all were judged."""
    known = yaml.safe_load(JUDGED.read_text(encoding="utf-8")) if JUDGED.is_file() else {}
    same = known.get(part) == digest(part) and os.environ.get("TESTS") != "all"
    why = f"{part}: unchanged since all its mutants were judged; make weekly judges them again"
    return pytest.mark.skipif(same, reason=why)


def digest(part: str) -> str:
    """One hash of the documents of a part and of the cases that judge its mutants."""
    found = sha256()
    for path in sorted({*_documents(part), SURVIVORS}):
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _documents(part: str) -> Iterator[Path]:
    if part in PARTS:
        for folder in PARTS[part]:
            yield from (MAPPINGS / folder).rglob("*.yaml")
        return
    file = MAPPINGS / "policies" / part
    cases = CASES / part.rpartition("/")[0]
    yield from (file, file.with_name("policy.yaml"))
    yield from (
        one for one in cases.rglob("*.yaml") if file.stem in one.relative_to(cases).as_posix()
    )


def parts() -> Iterable[str]:
    """Every part by its name: the documents of policies, and what stands beside them."""
    policies = MAPPINGS / "policies"
    files = (one.relative_to(policies).as_posix() for one in sorted(policies.rglob("*.yaml")))
    return (*PARTS, *files)


def main() -> None:
    """Writes the digests: all mutants were judged."""
    lines = [f'"{part}": "{digest(part)}"\n' for part in parts()]
    JUDGED.write_text(HEAD + "".join(lines), encoding="utf-8")
    sys.stdout.write(f"{JUDGED}: {len(lines)} parts\n")


if __name__ == "__main__":
    main()
