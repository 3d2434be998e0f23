"""A page of docs/ that a tool generates: written, or with `--check` compared."""

import sys
from collections.abc import Sequence
from pathlib import Path


def settle(page: Path, written: str, wrong: Sequence[str], *, tool: str, check: bool) -> int:
    """Writes or compares the page, tells every mistake on stderr; 1 where anything is wrong."""
    told = list(wrong)
    if not check:
        page.write_text(written, encoding="utf-8")
    elif not page.is_file() or page.read_text(encoding="utf-8") != written:
        told.append(f"{page.name}: out of date; run python tools/{tool}")
    sys.stderr.write("".join(f"{one}\n" for one in told))
    return 1 if told else 0
