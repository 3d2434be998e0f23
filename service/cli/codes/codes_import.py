"""`codes import`: adds products and NDCs of official files to the value sets."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import click

from service.cli.exits import failing_plainly
from service.cli.terminal import say
from service.codes import (
    Additions,
    additions,
    extended_document,
    read_directory,
    read_release,
    renewal_from,
    replace,
    unzipped,
)
from service.errors import SettingsError
from service.library import load_library
from service.library.value_sets_alone import read_value_sets
from service.settings import documents_folder, read_settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
EITHER = click.Path(exists=True, path_type=Path)
EXAMPLES = 3


@click.command("import")
@click.option("--rxnorm", type=FOLDER, help="Folder with RXNCONSO.RRF, RXNREL.RRF, RXNSAT.RRF.")
@click.option("--rxnorm-release", metavar="DAY", help="The day of that release, YYYY-MM-DD.")
@click.option(
    "--ndc", type=EITHER, help="FDA's zip file, or a folder with product.txt, package.txt."
)
@click.option("--ndc-release", metavar="DAY", help="The day you got them, YYYY-MM-DD.")
@click.option("--content", type=FOLDER, help="Folder that holds mappings/; else CDS_CONTENT.")
@click.option("--set", "only", multiple=True, metavar="NAME", help="Only this value set; repeat.")
@click.option("--dry-run", is_flag=True, help="Print what would change, write nothing.")
def import_(  # noqa: PLR0913 - one argument for each option
    *,
    rxnorm: Path | None,
    rxnorm_release: str | None,
    ndc: Path | None,
    ndc_release: str | None,
    content: Path | None,
    only: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Add the products and NDCs of RxNorm and of FDA's NDC directory to the value sets.

    Only what the sets' own lines decide is added: the same drug under another brand, an ingredient in a form
    that the set already has, the NDCs of both. All else is listed as a question. FDA's files also replace the
    directory of drug products, unless --set names a set.
    """
    names = _names(("RxNorm", rxnorm, rxnorm_release), ("NDC directory", ndc, ndc_release))
    with failing_plainly():
        folder = documents_folder(content) if content else read_settings().content
        load_library(folder, None)
        sets = read_value_sets(folder)
        _refuse_unknown(only, sets.shapes)
        release = read_release(rxnorm, names["RxNorm"]) if rxnorm else None
        with unzipped(ndc) if ndc else nullcontext() as files:
            directory = read_directory(files, names["NDC directory"]) if files else None
            renewal = renewal_from(folder, files, _day(ndc_release)) if files and not only else None
        everything = additions(sets.shapes, sets.systems, release, directory)
        found_additions = [one for one in everything if not only or one.value_set in only]
        pages = _pages(folder, sets.files, found_additions, "; ".join(names.values()))
        if not dry_run:
            _write(pages)
            if renewal is not None:
                replace(folder, renewal)
    lines = [
        *_lines_of_report(found_additions),
        *_left_out(directory.left_out if directory else {}),
        *([renewal.summary] if renewal else []),
        _totals(found_additions, dry_run=dry_run),
    ]
    say("\n".join(lines))


def _names(*given: tuple[str, Path | None, str | None]) -> dict[str, str]:
    """How documents name each source: its name and its day; raises UsageError without a day."""
    names = {}
    for name, folder, day in given:
        option = f"--{name.split()[0].lower()}-release"
        if folder is None:
            continue
        try:
            names[name] = f"{name} {date.fromisoformat(day or '').isoformat()}"
        except ValueError:
            raise click.UsageError(f"{option}: say the day of these files, YYYY-MM-DD") from None
    if not names:
        raise click.UsageError("name a folder: --rxnorm, --ndc or both")
    return names


def _day(written: str | None) -> date:
    return date.fromisoformat(written or "")


def _refuse_unknown(only: Iterable[str], names: Iterable[str]) -> None:
    missing = sorted(set(only) - set(names))
    if missing:
        raise click.UsageError(f"--set: no value set {', '.join(missing)}")


def _pages(
    folder: Path, files: Mapping[str, str], all_additions: Iterable[Additions], release: str
) -> dict[Path, str]:
    """The new text of every document that changes; all are checked before the first is written."""
    today = date.today()  # noqa: DTZ011 - the reader's own day
    pages = {}
    for addition in all_additions:
        if addition.lines:
            file = files[addition.value_set]
            text = (folder / file).read_bytes().decode()
            pages[folder / file] = extended_document(file, text, addition.lines, release, today)
    return pages


def _write(pages: Mapping[Path, str]) -> None:
    for path, text in pages.items():
        try:
            path.write_bytes(text.encode())
        except OSError as error:
            raise SettingsError(f"{path}: cannot be written: {error.strerror}") from error


def _lines_of_report(all_additions: Iterable[Additions]) -> Iterator[str]:
    for addition in all_additions:
        if addition.lines or addition.asked or addition.left_out:
            yield f"{addition.value_set}:"
            for line in addition.lines:
                mark = "+" if line.part == "codes" else "+ question"
                yield f"  {mark} {line.code} {line.display} ({line.because})"
            yield from _lines_of_questions(addition)
            yield from _left_out(addition.left_out)


def _lines_of_questions(addition: Additions) -> Iterator[str]:
    grouped: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for about, why, code in addition.asked:
        grouped[about, why].append(code)
    for (about, why), codes in sorted(grouped.items()):
        first = ", ".join(code for code in codes[:EXAMPLES] if code)
        more = ", …" if len(codes) > EXAMPLES else ""
        yield f"  ? {about}: {why}" + (f" ({len(codes)}: {first}{more})" if first else "")


def _left_out(left_out: Mapping[str, int]) -> Iterator[str]:
    yield from (f"  - left out, {reason}: {count}" for reason, count in left_out.items())


def _totals(all_additions: list[Additions], *, dry_run: bool) -> str:
    lines = sum(len(addition.lines) for addition in all_additions)
    sets = sum(bool(addition.lines) for addition in all_additions)
    asked = sum(len(addition.asked) for addition in all_additions)
    did = "would be added" if dry_run else "added"
    return f"{lines} lines {did} to {sets} value sets, {asked} codes asked about"
