"""What official files add to all value sets of drugs."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from service.codes.extended_set import RXNORM, Addition, Draft, Question, draft_of
from service.codes.ndc_directory import Directory
from service.codes.packages import add_ndcs, add_packages
from service.codes.products import add_products
from service.codes.rxnorm import Release
from service.library.lookups.directories import DRUG_KINDS
from service.library.shapes import CodeSystemsShape, ValueSetShape


class Additions(NamedTuple):
    """What one set gains, what is asked, what was left out and how often."""

    value_set: str
    lines: tuple[Addition, ...]
    asked: tuple[Question, ...]
    left_out: Mapping[str, int]


def additions(
    value_sets: Mapping[str, ValueSetShape],
    systems: CodeSystemsShape,
    release: Release | None,
    directory: Directory | None,
) -> Iterator[Additions]:
    """The additions to every set of drugs, in the order of their names."""
    ndc = next(system.uri for system in systems.code_systems if system.spelling == "ndc")
    for _, shape in sorted(value_sets.items()):
        if shape.kind in DRUG_KINDS and (shape.codes.keys() & {RXNORM, ndc} or not shape.codes):
            yield _additions_to(draft_of(shape, ndc), release, directory)


def _additions_to(draft: Draft, release: Release | None, directory: Directory | None) -> Additions:
    if release is not None:
        add_products(draft, release)
        add_ndcs(draft, release, directory.samples if directory else frozenset())
    if directory is not None:
        add_packages(draft, directory)
    return Additions(
        draft.name, tuple(draft.added), tuple(draft.asked), dict(sorted(draft.left_out.items()))
    )
