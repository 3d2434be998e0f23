"""Reads every version folder of policies into a policy that can be judged."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from service.errors import Mistake
from service.library.criteria.definitions import read_definitions, unused
from service.library.criteria.scope import CriterionReader, Definition, Names
from service.library.criteria.statements import never_asked
from service.library.criteria.tree import parse_criterion
from service.library.documents.folders import Documents
from service.library.documents.validate import did_you_mean, validate
from service.library.documents.yaml import Address, Document
from service.library.policies.head import AnyName, head_with_defaults, wrong_head
from service.library.policies.succession import Review, overlapping, same_first_day, shared_ids
from service.library.policies.whole import Trees, check_phase, slips_of_source, slips_of_version
from service.library.shapes import CriteriaShape, IndicationShape, MonthsShape, PolicyShape
from service.memo import per_arguments
from service.policy.model import Criterion, Indication, Months, Op, Policy
from service.policy.operators import NotEncoded


def not_encoded_trees(id_: str, about: IndicationShape) -> tuple[Criterion, Criterion]:
    """The initial and the renewal leaf of an indication whose criteria are not encoded."""
    says = f"The payer's criteria for {about.title} (reviewer needed)"
    operator = NotEncoded(why=about.not_encoded or "")
    short = f"criteria for {about.title}"
    initial, renewal = (
        Criterion(f"{id_}.{phase}", says, "", Op.LEAF, operator=operator, short=short)
        for phase in ("initial", "renewal")
    )
    return initial, renewal


PHASES = ("initial", "renewal")
HEAD = "policy.yaml"
POLICIES = "mappings/policies"


@dataclass
class Policies:
    """Every version that could be read; `whole` is False if one could not be read."""

    versions: list[Policy] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    slips: list[Mistake] = field(default_factory=list)
    whole: bool = True


def load_policies(documents: Documents, names: Names, mistakes: list[Mistake]) -> Policies:
    """Every policy version below `policies/`."""
    policies = Policies()
    mistakes += _empty_folders(documents)
    for folder in sorted({_folder(document.file) for document in documents.below(POLICIES)}):
        version = load_version(documents, folder, names)
        mistakes += version.mistakes
        policies.slips += version.slips
        if version.policy is None or version.review is None:
            policies.whole = False
            continue
        policies.versions.append(version.policy)
        policies.reviews.append(version.review)
    mistakes += [
        *same_first_day(policies.reviews),
        *overlapping(policies.reviews),
        *shared_ids(policies.reviews),
    ]
    return policies


def _folder(file: str) -> str:
    return PurePosixPath(file).parent.as_posix()


def _empty_folders(documents: Documents) -> Iterator[Mistake]:
    """Mistakes: folders of payers, drugs and versions that are empty."""
    for folder in documents.folders:
        hidden = any(part.startswith(".") for part in folder.split("/"))
        if hidden or not folder.startswith(f"{POLICIES}/"):
            continue
        has_folder = any(other.startswith(f"{folder}/") for other in documents.folders)
        if not has_folder and not any(f.endswith(".yaml") for f in documents.files_in(folder)):
            message = "no document here; a version has policy.yaml, common.yaml and its diseases"
            yield Mistake(folder, 1, message)


@dataclass(frozen=True)
class VersionRead:
    """One version folder as it was read; without a policy if its head has mistakes."""

    policy: Policy | None
    review: Review | None
    mistakes: tuple[Mistake, ...]
    slips: tuple[Mistake, ...] = ()


def load_version(documents: Documents, folder: str, names: Names) -> VersionRead:
    """One version folder; if its head has mistakes its other files are checked all the same."""
    inside, files = documents.below(folder), tuple(documents.files_in(folder))
    version = _load_version(folder, inside, files, names)
    if version.review is None:
        return version
    head, shape = documents.read[f"{folder}/{HEAD}"], version.review.policy
    of_source = slips_of_source(head, shape, documents.content)
    return replace(version, slips=(*version.slips, *of_source))


@per_arguments(most=64)
def _load_version(
    folder: str, inside: tuple[Document, ...], files: tuple[str, ...], names: Names
) -> VersionRead:
    # definitions are written into the documents, so each version reads its own copies
    documents = {document.file: document.copy() for document in inside}
    mistakes: list[Mistake] = []
    head = _document(documents, f"{folder}/{HEAD}", mistakes)
    shape = validate(head, PolicyShape, mistakes)
    if shape is None:
        if head.file in documents:
            defaults = head_with_defaults(head, files)
            _note_mistakes(_Version(folder, files, documents, head, *defaults, names, mistakes))
        return VersionRead(None, None, tuple(mistakes))
    version = _Version(folder, files, documents, head, shape, frozenset(), names, mistakes)
    before = len(mistakes)
    version.check()
    lines = (head.line((key,)) for key in ("review_by", "until", "policy"))
    policy = version.policy()
    whole = len(mistakes) == before
    slips = slips_of_version(head, shape, policy, version.places, whole=whole)
    review = Review(head.file, shape, *lines)
    return VersionRead(policy, review, tuple(mistakes), tuple(slips))


def _note_mistakes(version: "_Version") -> None:
    """Notes the mistakes in the other files of a version whose head has mistakes."""
    version.check()
    version.policy()


def _document(documents: Mapping[str, Document], name: str, mistakes: list[Mistake]) -> Document:
    if name not in documents:
        mistakes.append(Mistake(name, 1, "this file is missing"))
        return Document(name)
    mistakes += documents[name].mistakes
    return documents[name]


@dataclass
class _Version:
    """One version folder while it is read."""

    folder: str
    files: tuple[str, ...]  # all that lie in it
    documents: Mapping[str, Document]
    head: Document
    shape: PolicyShape
    unsound: frozenset[str]  # keys of the head that have default values instead
    names: Names
    mistakes: list[Mistake]
    ids: dict[str, str] = field(default_factory=dict)
    defined: dict[str, Definition] | None = None
    all_defined: list[Definition] = field(default_factory=list)
    places: dict[str, tuple[Document, Address]] = field(default_factory=dict)

    def policy(self) -> Policy:
        """The version as a policy; definitions that nothing uses are noted as mistakes."""
        before = len(self.mistakes)
        policy_ = self._policy()
        if len(self.mistakes) == before:
            self.mistakes += unused(self.all_defined)
        return policy_

    def _policy(self) -> Policy:
        shape = self.shape
        common = self._phases("common")
        initial = {criterion.id for criterion in common.get("initial", ())}
        has_approval = (
            "approved_before" in self.unsound or shape.approved_before in self.ids.keys() - initial
        )
        if common and not has_approval:
            message = f"no renewal criterion '{shape.approved_before}'"
            self.mistakes.append(self.head.mistake(("approved_before",), message))
        indications = {id_: self._indication(id_) for id_ in shape.indications}
        self._prove(common, indications.values())
        return Policy(
            id=shape.policy,
            payer=shape.payer,
            title=shape.title,
            drug=shape.drug,
            effective=shape.effective,
            until=shape.until,
            url=shape.url,
            document=shape.document,
            approval_months=_months(shape.approval_months),
            renewal_after=shape.renewal_after,
            indications=indications,
            common_initial=common.get("initial", ()),
            common_renewal=common.get("renewal", ()),
            approved_before=shape.approved_before,
            ids=shape.groups,
            readings={name: reading.used for name, reading in shape.readings.items()},
            not_encoded=tuple((omission.cite, omission.why) for omission in shape.not_encoded),
            statements_valid=shape.statements_valid,
        )

    def _prove(self, common: Mapping[str, Trees], indications: Iterable[Indication]) -> None:
        """Notes contradictions among the criteria of each phase."""
        encoded = [indication for indication in indications if not indication.not_encoded]
        for phase in PHASES:
            phase_trees = [
                indication.initial if phase == "initial" else indication.renewal
                for indication in encoded
            ]
            trees = tuple(tree for tree in phase_trees if tree is not None)
            about = (self.places, self.shape, self.names)
            self.mistakes += check_phase(common.get(phase, ()), trees, *about)

    def check(self) -> None:
        """Notes mistakes of the head and files of the folder that no policy reads."""
        folder = PurePosixPath(self.folder)
        for address, message in wrong_head(self.head, self.shape, folder, self.names):
            if address[0] not in self.unsound:
                self.mistakes.append(self.head.mistake(address, message))
        encoded = [
            id_ for id_, indication in self.shape.indications.items() if not indication.not_encoded
        ]
        read = [HEAD, *(f"{name}.yaml" for name in ("common", *encoded))]
        for name in self.files:
            if name not in read and not name.startswith("."):
                message = f"policy.yaml asks for no such file{did_you_mean(name, read)}"
                self.mistakes.append(Mistake(f"{self.folder}/{name}", 1, message))

    def _indication(self, id_: str) -> Indication:
        about = self.shape.indications[id_]
        trees = not_encoded_trees(id_, about) if about.not_encoded else self._trees(id_)
        months = _months(about.approval_months) if about.approval_months else None
        return Indication(
            id_, about.title, about.conditions, *trees, about.not_encoded, approval_months=months
        )

    def _trees(self, id_: str) -> tuple[Criterion | None, Criterion | None]:
        phases = self._phases(id_)
        initial, renewal = (next(iter(phases.get(phase, ())), None) for phase in PHASES)
        return initial, renewal

    def _defined(self, document: Document, written: Mapping[str, Any]) -> dict[str, Definition]:
        """The definitions of a file together with those of the whole version."""
        if self.defined is None:
            self.defined = read_definitions(self.head, self.shape.define, {}, self.mistakes)
            self.all_defined += self.defined.values()
        own = read_definitions(document, written, self.defined, self.mistakes)
        self.all_defined += own.values()
        definitions = {**self.defined, **own}
        return AnyName(definitions) if "define" in self.unsound else definitions

    def _phases(self, name: str) -> dict[str, tuple[Criterion, ...]]:
        """The criteria of one file by phase; empty if the file has mistakes in its shape."""
        document = _document(self.documents, f"{self.folder}/{name}.yaml", self.mistakes)
        shape = validate(document, CriteriaShape, self.mistakes)
        if shape is None:
            return {}
        define = self._defined(document, shape.define)
        reader = CriterionReader(
            document, name, self.shape, self.names, self.mistakes, self.ids, define, self.places
        )
        common = name == "common"
        if shape.indication != (None if common else name):
            problem = (
                f"'{shape.indication}' is not" if shape.indication else "'indication' is missing:"
            )
            reader.note(("indication",), f"{problem} the file's name")
        return {phase: _criteria(reader, getattr(shape, phase), phase) for phase in PHASES}


def _months(shape: MonthsShape) -> Months:
    return Months(shape.initial, shape.renewal)


def _criteria(reader: CriterionReader, raw: Any, phase: str) -> tuple[Criterion, ...]:
    """The criteria of one phase: a list in common.yaml, one criterion in the file of an indication."""
    if reader.name != "common":
        criteria = [parse_criterion(reader, raw, (phase,))]
    elif isinstance(raw, list) and raw:
        criteria = [parse_criterion(reader, item, (phase, index)) for index, item in enumerate(raw)]
    else:
        reader.note((phase,), f"{phase} is a list of criteria here")
        criteria = []
    whole = tuple(criterion for criterion in criteria if criterion is not None)
    for criterion, role in (pair for tree in whole for pair in never_asked(tree)):
        document, address = reader.places.get(criterion.id, (reader.document, (phase,)))
        message = f"'asks' is never asked without a statement; add 'statement: {role}'"
        reader.mistakes.append(document.mistake((*address, "asks"), message))
    return whole
