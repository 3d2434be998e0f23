"""`codes import`: products and NDCs of official files into the value sets."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import click

from service.cli.exits import failing_plainly
from service.codes import (
    Additions,
    additions,
    read_directory,
    read_release,
    renewed,
    replace,
    unzipped,
    written,
)
from service.errors import SettingsError
from service.library import load_library
from service.library.value_sets import read_value_sets
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
            renewal = renewed(folder, files, _day(ndc_release)) if files and not only else None
        found = [
            one
            for one in additions(sets.shapes, sets.systems, release, directory)
            if not only or one.value_set in only
        ]
        pages = _pages(folder, sets.files, found, "; ".join(names.values()))
        if not dry_run:
            _write(pages)
            if renewal is not None:
                replace(folder, renewal)
    left_out = directory.left_out if directory else {}
    renewed_to = [renewal.told] if renewal else []
    lines = [*_told(found), *_left_out(left_out), *renewed_to, _sum(found, dry_run=dry_run)]
    click.echo("\n".join(lines))


def _names(*given: tuple[str, Path | None, str | None]) -> dict[str, str]:
    """How each source is called in the documents: its name and its day."""
    found = {}
    for name, folder, day in given:
        option = f"--{name.split()[0].lower()}-release"
        if folder is None:
            continue
        try:
            found[name] = f"{name} {date.fromisoformat(day or '').isoformat()}"
        except ValueError:
            raise click.UsageError(f"{option}: say the day of these files, YYYY-MM-DD") from None
    if not found:
        raise click.UsageError("name a folder: --rxnorm, --ndc or both")
    return found


def _day(written: str | None) -> date:
    return date.fromisoformat(written or "")


def _refuse_unknown(only: Iterable[str], known: Iterable[str]) -> None:
    missing = sorted(set(only) - set(known))
    if missing:
        raise click.UsageError(f"--set: no value set {', '.join(missing)}")


def _pages(
    folder: Path, files: Mapping[str, str], found: Iterable[Additions], release: str
) -> dict[Path, str]:
    """Every document that changes, proven before the first one is written."""
    today = date.today()  # noqa: DTZ011 - the reader's own day
    pages = {}
    for one in found:
        if one.lines:
            file = files[one.value_set]
            text = (folder / file).read_bytes().decode()
            pages[folder / file] = written(file, text, one.lines, release, today)
    return pages


def _write(pages: Mapping[Path, str]) -> None:
    for path, text in pages.items():
        try:
            path.write_bytes(text.encode())
        except OSError as error:
            raise SettingsError(f"{path}: cannot be written: {error.strerror}") from error


def _told(found: Iterable[Additions]) -> Iterator[str]:
    for one in found:
        if one.lines or one.asked or one.left_out:
            yield f"{one.value_set}:"
            for line in one.lines:
                mark = "+" if line.part == "codes" else "+ question"
                yield f"  {mark} {line.code} {line.display} ({line.because})"
            yield from _asked(one)
            yield from _left_out(one.left_out)


def _asked(one: Additions) -> Iterator[str]:
    grouped: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for about, why, code in one.asked:
        grouped[about, why].append(code)
    for (about, why), codes in sorted(grouped.items()):
        first = ", ".join(code for code in codes[:EXAMPLES] if code)
        more = ", …" if len(codes) > EXAMPLES else ""
        yield f"  ? {about}: {why}" + (f" ({len(codes)}: {first}{more})" if first else "")


def _left_out(left_out: Mapping[str, int]) -> Iterator[str]:
    yield from (f"  - left out, {what}: {count}" for what, count in left_out.items())


def _sum(found: list[Additions], *, dry_run: bool) -> str:
    lines, sets = sum(len(one.lines) for one in found), sum(bool(one.lines) for one in found)
    asked = sum(len(one.asked) for one in found)
    did = "would be added" if dry_run else "added"
    return f"{lines} lines {did} to {sets} value sets, {asked} codes asked about"
