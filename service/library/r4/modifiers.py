"""Where modifier extensions may stand in what a source reads: the resource and the parts on its paths."""

from collections.abc import Iterator
from typing import Any

from service.fhir.paths import Steps, compile_path
from service.fhir.sources.doubts import MODIFIER
from service.library.r4.element_tree import element_tree, follow
from service.library.shapes import SourceShape

# What is told of elements, not read in them; and parts of which each drug is a question anyway.
NOT_READ = frozenset({"asked", "ignored", "read", "leads_to", "not_in_r4", "modifiers"})


def modified_paths(shape: SourceShape) -> tuple[tuple[Steps, ...], tuple[Steps, ...]]:
    """The paths in the whole resource, and those in a part of it that carries a code."""
    each = _steps(shape.each) if shape.each else None
    whole: dict[Steps, None] = {(MODIFIER,): None}
    part: dict[Steps, None] = {} if each is None else {(MODIFIER,): None}
    for steps in paths_of(shape):
        for end in range(1, len(steps) + 1):
            above = steps[:end]
            if each is not None and above[: len(each)] == each:
                if _is_modified(shape.type, above):
                    part[*above[len(each) :], MODIFIER] = None
            elif _is_modified(shape.type, above):
                whole[*above, MODIFIER] = None
            if each is not None and _is_modified(shape.type, (*each, *above)):
                part[*above, MODIFIER] = None
    return tuple(whole), tuple(part)


def paths_of(shape: SourceShape, *but: str) -> Iterator[Steps]:
    """Every path of a source that is followed."""
    return _paths(shape.model_dump(exclude={*NOT_READ, *but}))


def _is_modified(type_: str, steps: Steps) -> bool:
    """Whether what stands at a path may have a modifier extension."""
    if type_ not in element_tree():
        return False
    type_at_path = follow(type_, steps)
    return isinstance(type_at_path, str) and MODIFIER in element_tree().get(type_at_path, {})


def _paths(written: Any) -> Iterator[Steps]:
    """Every path of a document."""
    if isinstance(written, dict | list | tuple):
        for part in written.values() if isinstance(written, dict) else written:
            yield from _paths(part)
    elif isinstance(written, str) and written.startswith("$") and (steps := _steps(written)):
        yield steps


def _steps(written: str) -> Steps:
    try:
        return compile_path(written)
    except ValueError:  # told where the source is built
        return ()
