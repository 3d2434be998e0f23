"""Policies: every version folder read into a policy that can be judged."""

from pathlib import Path
from typing import Any

from service.errors import Mistake
from service.library.criteria import Reader, parse_criterion
from service.library.operations import Names
from service.library.reader import Document, read_document
from service.library.shapes import CriteriaShape, PolicyShape
from service.library.validate import did_you_mean, validate
from service.policy.criterion import Criterion, Op
from service.policy.model import Indication, Policy
from service.policy.operators import NotEncoded


def load_policies(root: Path, names: Names, mistakes: list[Mistake]) -> tuple[Policy, ...]:
    """Every policy version below `policies/`."""
    folders = sorted(path.parent for path in (root / "policies").glob("**/policy.yaml"))
    found = [_load_policy(root, folder, names, mistakes) for folder in folders]
    return tuple(policy for policy in found if policy is not None)


def _load_policy(root: Path, folder: Path, names: Names, mistakes: list[Mistake]) -> Policy | None:
    head = _read(root, folder / "policy.yaml", mistakes)
    shape = validate(head, PolicyShape, mistakes)
    if shape is None:
        return None
    _check_head(head, shape, folder, names, mistakes)
    ids: dict[str, str] = {}
    common = _phases(root, folder / "common.yaml", shape, names, mistakes, ids)
    indications = {
        id_: Indication(
            id_,
            about.title,
            about.conditions,
            not_encoded=about.not_encoded,
            **_trees(root, folder, id_, about.not_encoded, shape, names, mistakes, ids),
        )
        for id_, about in shape.indications.items()
    }
    if not any(one.id == shape.approved_before for one in common["renewal"]):
        what = f"no renewal criterion '{shape.approved_before}' in common.yaml"
        mistakes.append(head.mistake(("approved_before",), what))
    return _policy(shape, indications, common)


def _policy(
    shape: PolicyShape, indications: dict[str, Indication], common: dict[str, tuple[Criterion, ...]]
) -> Policy:
    return Policy(
        id=shape.policy,
        payer=shape.payer,
        title=shape.title,
        drug=shape.drug,
        effective=shape.effective,
        until=shape.until,
        url=shape.url,
        document=shape.document,
        approval_months=shape.approval_months,
        indications=indications,
        common_initial=common["initial"],
        common_renewal=common["renewal"],
        approved_before=shape.approved_before,
        ids=shape.groups,
        readings={name: one.used for name, one in shape.readings.items()},
        not_encoded=tuple((one.cite, one.why) for one in shape.not_encoded),
        statements_valid=shape.statements_valid,
    )


def _read(root: Path, path: Path, mistakes: list[Mistake]) -> Document:
    name = f"mappings/{path.relative_to(root).as_posix()}"
    if not path.is_file():
        mistakes.append(Mistake(name, 1, "this file is missing"))
        return Document(name)
    return read_document(path, name, mistakes)


def _check_head(
    head: Document, shape: PolicyShape, folder: Path, names: Names, mistakes: list[Mistake]
) -> None:
    if folder.name != shape.effective.isoformat():
        what = f"effective {shape.effective} is not the folder's name '{folder.name}'"
        mistakes.append(head.mistake(("effective",), what))
    if shape.until is not None and shape.until < shape.effective:
        mistakes.append(head.mistake(("until",), "until lies before effective"))
    wanted = [(("drug",), shape.drug)]
    wanted += [
        (("indications", id_, "conditions"), name)
        for id_, about in shape.indications.items()
        for name in about.conditions
    ]
    for at, name in wanted:
        if name not in names.value_sets:
            what = f"no value set '{name}'{did_you_mean(name, names.value_sets)}"
            mistakes.append(head.mistake(at, what))
    if shape.trial.accepts not in shape.accepts:
        mistakes.append(head.mistake(("trial", "accepts"), f"no evidence set '{shape.trial.accepts}'"))


PHASES = ("initial", "renewal")


def _left_out(id_: str, title: str, why: str) -> Criterion:
    """A leaf that stands for criteria that the policy has and we have not encoded."""
    return Criterion(
        id_,
        f"The payer's criteria for {title} (reviewer needed)",
        "",
        Op.LEAF,
        operator=NotEncoded(why=why),
        short=f"criteria for {title}",
    )


def _trees(
    root: Path,
    folder: Path,
    id_: str,
    not_encoded: str | None,
    shape: PolicyShape,
    names: Names,
    mistakes: list[Mistake],
    ids: dict[str, str],
) -> dict[str, Criterion]:
    if not_encoded:
        about = shape.indications[id_]
        return {phase: _left_out(f"{id_}.{phase}", about.title, not_encoded) for phase in PHASES}
    found = _phases(root, folder / f"{id_}.yaml", shape, names, mistakes, ids)
    return {phase: trees[0] for phase, trees in found.items() if trees}


def _phases(
    root: Path,
    path: Path,
    policy: PolicyShape,
    names: Names,
    mistakes: list[Mistake],
    ids: dict[str, str],
) -> dict[str, tuple[Criterion, ...]]:
    document = _read(root, path, mistakes)
    shape = validate(document, CriteriaShape, mistakes)
    empty: dict[str, tuple[Criterion, ...]] = {"initial": (), "renewal": ()}
    if shape is None:
        return empty
    if shape.indication is not None and shape.indication != path.stem:
        what = f"'{shape.indication}' is not the file's name"
        mistakes.append(document.mistake(("indication",), what))
    reader = Reader(document, policy, names, mistakes, ids)
    return {phase: _criteria(reader, getattr(shape, phase), phase) for phase in empty}


def _criteria(reader: Reader, raw: Any, phase: str) -> tuple[Criterion, ...]:
    if isinstance(raw, list):
        found = [parse_criterion(reader, one, (phase, index)) for index, one in enumerate(raw)]
    else:
        found = [parse_criterion(reader, raw, (phase,))]
    return tuple(one for one in found if one is not None)
