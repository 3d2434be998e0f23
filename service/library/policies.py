"""Policies: every version folder read into a policy that can be judged."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service.errors import Mistake
from service.library.criteria import Reader, parse_criterion
from service.library.operations import Names
from service.library.reader import Address, Document, read_document
from service.library.shapes import AddressedShape, CriteriaShape, PolicyShape
from service.library.validate import did_you_mean, validate
from service.policy.criterion import Criterion, Op
from service.policy.model import Indication, Policy
from service.policy.operators import NotEncoded, one_of

PHASES = ("initial", "renewal")


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
    version = _Version(root, folder, head, shape, names, mistakes)
    version.check_head()
    return version.policy()


def _read(root: Path, path: Path, mistakes: list[Mistake]) -> Document:
    name = f"mappings/{path.relative_to(root).as_posix()}"
    if not path.is_file():
        mistakes.append(Mistake(name, 1, "this file is missing"))
        return Document(name)
    return read_document(path, name, mistakes)


@dataclass
class _Version:
    """One version folder while it is read."""

    root: Path
    folder: Path
    head: Document
    shape: PolicyShape
    names: Names
    mistakes: list[Mistake]
    ids: dict[str, str] = field(default_factory=dict)

    def policy(self) -> Policy:
        """The version as a policy."""
        shape = self.shape
        common = self._phases("common")
        if not any(one.id == shape.approved_before for one in common["renewal"]):
            self._note(("approved_before",), f"no renewal criterion '{shape.approved_before}'")
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
            indications={id_: self._indication(id_) for id_ in shape.indications},
            common_initial=common["initial"],
            common_renewal=common["renewal"],
            approved_before=shape.approved_before,
            ids=shape.groups,
            readings={name: one.used for name, one in shape.readings.items()},
            not_encoded=tuple((one.cite, one.why) for one in shape.not_encoded),
            statements_valid=shape.statements_valid,
        )

    def check_head(self) -> None:
        """What the head says of itself and of others holds."""
        shape = self.shape
        if self.folder.name != shape.effective.isoformat():
            what = f"effective {shape.effective} is not the folder's name '{self.folder.name}'"
            self._note(("effective",), what)
        if shape.until is not None and shape.until < shape.effective:
            self._note(("until",), "until lies before effective")
        if shape.trial.accepts not in shape.accepts:
            self._note(("trial", "accepts"), f"no evidence set '{shape.trial.accepts}'")
        wanted: list[tuple[Address, str]] = [(("drug",), shape.drug)]
        for id_, about in shape.indications.items():
            wanted += [(("indications", id_, "conditions"), name) for name in about.conditions]
        for at, name in wanted:
            if name not in self.names.value_sets:
                suggestion = did_you_mean(name, self.names.value_sets)
                self._note(at, f"no value set '{name}'{suggestion}")

    def _note(self, at: Address, what: str) -> None:
        self.mistakes.append(self.head.mistake(at, what))

    def _indication(self, id_: str) -> Indication:
        about = self.shape.indications[id_]
        trees = self._left_out(id_, about) if about.not_encoded else self._trees(id_)
        return Indication(id_, about.title, about.conditions, *trees, about.not_encoded)

    def _trees(self, id_: str) -> tuple[Criterion | None, Criterion | None]:
        found = self._phases(id_)
        return next(iter(found["initial"]), None), next(iter(found["renewal"]), None)

    def _left_out(self, id_: str, about: AddressedShape) -> tuple[Criterion, Criterion]:
        """Leaves that stand for criteria that the policy has and we have not encoded."""
        says = f"The payer's criteria for {about.title} (reviewer needed)"
        operator = one_of(NotEncoded(why=about.not_encoded or ""))
        short = f"criteria for {about.title}"
        initial, renewal = (
            Criterion(f"{id_}.{phase}", says, "", Op.LEAF, operator=operator, short=short)
            for phase in PHASES
        )
        return initial, renewal

    def _phases(self, name: str) -> dict[str, tuple[Criterion, ...]]:
        document = _read(self.root, self.folder / f"{name}.yaml", self.mistakes)
        shape = validate(document, CriteriaShape, self.mistakes)
        if shape is None:
            return dict.fromkeys(PHASES, ())
        if shape.indication is not None and shape.indication != name:
            what = f"'{shape.indication}' is not the file's name"
            self.mistakes.append(document.mistake(("indication",), what))
        reader = Reader(document, self.shape, self.names, self.mistakes, self.ids)
        return {phase: _criteria(reader, getattr(shape, phase), phase) for phase in PHASES}


def _criteria(reader: Reader, raw: Any, phase: str) -> tuple[Criterion, ...]:
    if isinstance(raw, list):
        found = [parse_criterion(reader, one, (phase, index)) for index, one in enumerate(raw)]
    else:
        found = [parse_criterion(reader, raw, (phase,))]
    return tuple(one for one in found if one is not None)
