"""Reads every version folder of policies into a policy that can be judged."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from service.errors import Mistake
from service.library.criteria.definitions import unused
from service.library.criteria.scope import Definition, Names
from service.library.documents.folders import Documents
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Document
from service.library.policies.criteria_file import (
    PHASES,
    Head,
    read_criteria,
    read_criteria_alone,
    read_head,
)
from service.library.policies.policy_head import head_with_defaults, wrong_head
from service.library.policies.probable_mistakes import (
    Trees,
    check_phase,
    slips_of_source,
    slips_of_version,
)
from service.library.policies.succession import Review, overlapping, same_first_day, shared_ids
from service.library.shapes import IndicationShape, MonthsShape
from service.memo import per_arguments
from service.policy.model import Criterion, Indication, Months, Op, Policy, ReviewState
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


HEAD = "policy.yaml"
MISSING = "this file is missing"
POLICIES = "mappings/policies"


@dataclass
class Policies:
    """Every version that could be read; `whole` is False if one could not be read."""

    versions: list[Policy] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    slips: list[Mistake] = field(default_factory=list)
    whole: bool = True


def load_policies(
    documents: Documents,
    names: Names,
    mistakes: list[Mistake],
    read_versions: "ReadVersions | None" = None,
) -> Policies:
    """Every policy version below `policies/`, read by `read_versions`, else one after the other."""
    policies = Policies()
    mistakes += _empty_folders(documents)
    folders = sorted({_folder(file) for file in documents.names_below(POLICIES)})
    for version in (read_versions or _read_each)(documents, folders, names):
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


ReadVersions = Callable[[Documents, Sequence[str], Names], Iterable[VersionRead]]


def _read_each(documents: Documents, folders: Sequence[str], names: Names) -> Iterator[VersionRead]:
    return (load_version(documents, folder, names) for folder in folders)


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
    documents = {document.file: document for document in inside}
    document = documents.get(f"{folder}/{HEAD}")
    if document is None:
        return VersionRead(None, None, (Mistake(f"{folder}/{HEAD}", 1, MISSING),))
    head, wrong = read_head(document)
    mistakes = list(wrong)
    if head is None:
        defaults = Head(document, *head_with_defaults(document, files))
        _note_mistakes(_Version(folder, files, documents, defaults, names, mistakes))
        return VersionRead(None, None, tuple(mistakes))
    version = _Version(folder, files, documents, head, names, mistakes)
    before = len(mistakes)
    version.check()
    line, until_line, id_line = (document.line((key,)) for key in ("review_by", "until", "policy"))
    policy = version.policy()
    whole = len(mistakes) == before
    slips = slips_of_version(document, head.shape, policy, version.places, whole=whole)
    has_state = "state" in head.shape.model_fields_set
    review = Review(document.file, head.shape, line, until_line, id_line, has_state=has_state)
    return VersionRead(policy, review, tuple(mistakes), tuple(slips))


def _note_mistakes(version: "_Version") -> None:
    """Notes the mistakes in the other files of a version whose head has mistakes."""
    version.check()
    version.policy()


@dataclass
class _Version:
    """One version folder while it is read."""

    folder: str
    files: tuple[str, ...]  # all that lie in it
    documents: Mapping[str, Document]
    head: Head
    names: Names
    mistakes: list[Mistake]
    ids: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)  # definitions of the head
    own_definitions: list[Definition] = field(default_factory=list)  # of the other files
    places: dict[str, tuple[Document, Address]] = field(default_factory=dict)

    def policy(self) -> Policy:
        """The version as a policy; definitions that nothing uses are noted as mistakes."""
        before = len(self.mistakes)
        policy_ = self._policy()
        if len(self.mistakes) == before:
            for name, definition in self.head.definitions([]).items():
                definition.used = name in self.used
                self.own_definitions.append(definition)
            self.mistakes += unused(self.own_definitions)
        return policy_

    def _policy(self) -> Policy:
        shape = self.head.shape
        self.head.definitions(self.mistakes)
        common = self._phases("common")
        initial = {criterion.id for criterion in common.get("initial", ())}
        has_approval = (
            "approved_before" in self.head.unsound
            or shape.approved_before in self.ids.keys() - initial
        )
        if common and not has_approval:
            message = f"no renewal criterion '{shape.approved_before}'"
            self.mistakes.append(self.head.document.mistake(("approved_before",), message))
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
            window_statements_valid=shape.window_statements_valid,
            state=ReviewState(shape.state),
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
            about = (self.places, self.head.shape, self.names)
            self.mistakes += check_phase(common.get(phase, ()), trees, *about)

    def check(self) -> None:
        """Notes mistakes of the head and files of the folder that no policy reads."""
        folder = PurePosixPath(self.folder)
        for address, message in wrong_head(self.head.document, self.head.shape, folder, self.names):
            if address[0] not in self.head.unsound:
                self.mistakes.append(self.head.document.mistake(address, message))
        encoded = [
            id_
            for id_, indication in self.head.shape.indications.items()
            if not indication.not_encoded
        ]
        read = [HEAD, *(f"{name}.yaml" for name in ("common", *encoded))]
        for name in self.files:
            if name not in read and not name.startswith("."):
                message = f"policy.yaml asks for no such file{did_you_mean(name, read)}"
                self.mistakes.append(Mistake(f"{self.folder}/{name}", 1, message))

    def _indication(self, id_: str) -> Indication:
        about = self.head.shape.indications[id_]
        trees = not_encoded_trees(id_, about) if about.not_encoded else self._trees(id_)
        months = _months(about.approval_months) if about.approval_months else None
        return Indication(
            id_, about.title, about.conditions, *trees, about.not_encoded, approval_months=months
        )

    def _trees(self, id_: str) -> tuple[Criterion | None, Criterion | None]:
        phases = self._phases(id_)
        initial, renewal = (next(iter(phases.get(phase, ())), None) for phase in PHASES)
        return initial, renewal

    def _phases(self, name: str) -> Mapping[str, Trees]:
        """The criteria of one file by phase; empty if the file has mistakes in its shape."""
        document = self.documents.get(f"{self.folder}/{name}.yaml")
        if document is None:
            self.mistakes.append(Mistake(f"{self.folder}/{name}.yaml", 1, MISSING))
            return {}
        file = read_criteria_alone(document, name, self.head, self.names)
        if file.ids.keys() & self.ids.keys():
            file = read_criteria(document, name, self.head, self.names, self.ids)
        self.mistakes += file.mistakes
        self.ids |= file.ids
        self.places |= file.places
        self.used |= file.used
        self.own_definitions += file.definitions
        return file.phases


def _months(shape: MonthsShape) -> Months:
    return Months(shape.initial, shape.renewal)
