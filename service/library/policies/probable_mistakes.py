"""Checks a policy version as a whole: contradictions are mistakes; slips are valid but probably not meant."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from service.errors import Mistake
from service.library.criteria.bounds import longer, wrong_windows
from service.library.criteria.scope import Names
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Document
from service.library.policies.contradictions import Contradiction, contradictions, demands
from service.library.policies.words_and_bounds import unasked_numbers
from service.library.policies.words_and_sides import bounds_of_other_side
from service.library.shapes import PolicyShape
from service.memo import per_arguments
from service.policy.amount import Span
from service.policy.model import Criterion, Op, Policy, group, walk
from service.policy.operators import ExposedFor

Places = Mapping[str, tuple[Document, Address]]
Trees = tuple[Criterion, ...]


def check_phase(
    common: Trees, trees: Trees, places: Places, shape: PolicyShape, names: Names
) -> Iterator[Mistake]:
    """Mistakes among the criteria of one phase, those of an indication together with the common ones."""
    whole = tuple(_parts((*common, *trees)))
    for criterion in whole:
        for keys, message in wrong_windows(criterion.operator, names.facts, shape.trial):
            yield _mistake_at(places, criterion.id, keys, message)
    for contradiction in _contradictions(common, trees):
        yield _contradiction(places, *contradiction)


def _contradictions(common: Trees, trees: Trees) -> Iterator[Contradiction]:
    """Contradictions among the criteria; notices demand nothing, so each notice is checked alone."""
    yield from _contradictions_of(None, common)
    for tree in trees:
        yield from _contradictions_of(tree, common)
    for tree in (*common, *trees):
        for criterion in _parts([tree]):
            for notice in criterion.notices:
                yield from contradictions(notice.when)


@per_arguments(most=256)
def _contradictions_of(tree: Criterion | None, common: Trees) -> tuple[Contradiction, ...]:
    """Contradictions of a tree beside what the common criteria demand, or among these alone."""
    both = group(Op.ALL, common, id_="", says="", cite="")
    found = contradictions(both) if tree is None else contradictions(tree, tuple(demands(both)))
    return tuple(found)


def _parts(trees: Iterable[Criterion]) -> Iterator[Criterion]:
    for tree in trees:
        for criterion in walk(tree):
            yield criterion
            yield from _parts(notice.when for notice in criterion.notices)


def _mistake_at(places: Places, id_: str, keys: tuple[str, ...], message: str) -> Mistake:
    document, address = places.get(id_, (Document("mappings/policies"), ()))
    if address[-1:] == ("trial",):
        keys = tuple("for" if key == "days" else key for key in keys[1:])
    return document.mistake((*address, *keys), message)


def _contradiction(places: Places, id_: str, message: str, other: str) -> Mistake:
    document, address = places.get(id_, (Document("mappings/policies"), ()))
    there, its = places.get(other, (document, ()))
    where = f"line {there.line(its)}"
    if there.file != document.file:
        where = f"{there.file.rpartition('/')[2]}, {where}"
    return document.mistake((*address, "id"), message.format(other=f"'{other}' ({where})"))


GROUPS = {Op.ALL: "all", Op.ANY: "any", Op.AT_LEAST: "at_least_of"}
ALONE = "a group of one; write its criterion in place of the group"
_FILE = re.compile(r"[\w./-]+\.(?:txt|md|pdf|html?|docx?)")


def slips_of_version(
    head: Document,
    shape: PolicyShape,
    policy: Policy,
    places: Places,
    *,
    whole: bool,
) -> Iterator[Mistake]:
    """Every slip of one version, its head first; unused readings only if it has no mistakes (`whole`)."""
    trees = list(policy.trees())
    unused = _unused_readings(shape, trees) if whole else ()
    for address, message in (*unused, *_renewal_too_late(shape)):
        yield head.mistake(address, message)
    for tree in trees:
        yield from slips_of_tree(tree, places)
    yield from _idle_exposures(shape, policy, places)


def slips_of_tree(tree: Criterion, places: Places) -> Iterator[Mistake]:
    """Slips of a criterion and of everything below it, notices included."""
    for criterion in _parts([tree]):
        if criterion.id not in places:
            continue
        document, address = places[criterion.id]
        if address[-1:] == ("trial",):  # a part of a trial has the words of the trial
            continue
        for key, message in (*unasked_numbers(criterion), *bounds_of_other_side(criterion)):
            yield document.mistake((*address, key), message)
        # the outermost group of an indication may hold one criterion only
        if (
            len(criterion.children) == 1
            and criterion.op in GROUPS
            and not (criterion.op is Op.ALL and len(address) == 1)
        ):
            yield document.mistake((*address, GROUPS[criterion.op]), ALONE)


def _unused_readings(
    shape: PolicyShape, trees: Collection[Criterion]
) -> Iterator[tuple[Address, str]]:
    used = {name for criterion in _parts(trees) for name in criterion.readings} | {*shape.rests_on}
    for name in shape.readings:
        if name not in used:
            message = f"nothing rests on the reading '{name}'"
            yield ("readings", name), f"{message}; name it where it decides, or strike it"


def _renewal_too_late(shape: PolicyShape) -> Iterator[tuple[Address, str]]:
    """`renewal_after` that is longer than the first approval lasts."""
    if shape.renewal_after is None:
        return
    for name, indication in shape.indications.items():
        months = (indication.approval_months or shape.approval_months).initial
        if longer(shape.renewal_after, Span(months=months)):
            message = f"a renewal is asked for after {shape.renewal_after}, when the first approval"
            yield ("renewal_after",), f"{message} ('{name}', {months} months) has ended"
            return


def slips_of_source(head: Document, shape: PolicyShape, content: Path) -> Iterator[Mistake]:
    """The source that citations refer to must be named, and must exist if it is a file of this repository."""
    for address, message in _source_file(shape, content):
        yield head.mistake(address, message)


def _source_file(shape: PolicyShape, content: Path) -> Iterator[tuple[Address, str]]:
    written = shape.source.get("document")
    if not isinstance(written, str) or not written.strip():
        yield ("source",), "'document' is missing: the name of the source, or its file"
    elif _FILE.fullmatch(written) and "/" in written:
        folder = (content / written).parent
        if folder.is_dir() and not (content / written).is_file():
            there = [f"{written.rpartition('/')[0]}/{path.name}" for path in folder.iterdir()]
            message = f"there is no file '{written}'{did_you_mean(written, sorted(there))}"
            yield ("source", "document"), message


def _idle_exposures(shape: PolicyShape, policy: Policy, places: Places) -> Iterator[Mistake]:
    """`exposed_for` in a renewal that is always met by then, or cannot be met before the approval ends."""
    for id_, indication in policy.indications.items():
        renewal = (*policy.common_renewal, *([indication.renewal] if indication.renewal else ()))
        demanded = {each.criterion.id for tree in renewal for each in demands(tree)}
        approval = Span(months=policy.months(id_, "initial"))
        for part in _parts(renewal):
            asked = part.operator
            if not isinstance(asked, ExposedFor) or policy.drug not in asked.of:
                continue
            document, address = places.get(part.id, (Document("mappings/policies"), ()))
            where, span = (*address, "exposed_for", "at_least"), asked.at_least
            if longer(shape.renewal_after, span):
                message = (
                    f"{span} on the drug are less than the {shape.renewal_after} of renewal_after"
                )
                yield document.mistake(where, f"{message}, so it decides nothing")
            elif part.id in demanded and longer(span, approval):
                message = f"{span} on the drug are longer than the {approval} of the first approval"
                yield document.mistake(where, f"{message}; it ends before a renewal can be met")
