"""Policies: every version folder read into a policy that can be judged."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from service.errors import Mistake
from service.library.criteria.definitions import read_definitions, unused
from service.library.criteria.scope import Definition, Names, Reader
from service.library.criteria.statements import never_asked
from service.library.criteria.tree import parse_criterion
from service.library.documents.folders import Documents
from service.library.documents.validate import did_you_mean, validate
from service.library.documents.yaml import Address, Document
from service.library.policies.head import wrong_head
from service.library.policies.head_fallback import Every, stand_in
from service.library.policies.slips import slips_of_source, slips_of_version
from service.library.policies.succession import Review, doubled, overlapping, shared_ids
from service.library.policies.whole import Trees, prove
from service.library.shapes import AddressedShape, CriteriaShape, MonthsShape, PolicyShape
from service.memo import per_arguments
from service.policy.criterion import Criterion, Op
from service.policy.model import Indication, Months, Policy
from service.policy.operators import NotEncoded


def left_out(id_: str, about: AddressedShape) -> tuple[Criterion, Criterion]:
    """Leaves that stand for the criteria of an indication that we have not encoded."""
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
    """Every version that could be read, when each is to be reviewed, and whether all were read."""

    versions: list[Policy] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    slips: list[Mistake] = field(default_factory=list)
    whole: bool = True


def load_policies(documents: Documents, names: Names, mistakes: list[Mistake]) -> Policies:
    """Every policy version below `policies/`."""
    found = Policies()
    mistakes += _empty_folders(documents)
    for folder in sorted({_folder(one.file) for one in documents.below(POLICIES)}):
        version = load_version(documents, folder, names)
        mistakes += version.mistakes
        found.slips += version.slips
        if version.policy is None or version.review is None:
            found.whole = False
            continue
        found.versions.append(version.policy)
        found.reviews.append(version.review)
    mistakes += [
        *doubled(found.reviews),
        *overlapping(found.reviews),
        *shared_ids(found.reviews),
    ]
    return found


def _folder(file: str) -> str:
    return PurePosixPath(file).parent.as_posix()


def _empty_folders(documents: Documents) -> Iterator[Mistake]:
    """Folders of payers, drugs and versions in which nothing lies."""
    for folder in documents.folders:
        hidden = any(part.startswith(".") for part in folder.split("/"))
        if hidden or not folder.startswith(f"{POLICIES}/"):
            continue
        inside = any(one.startswith(f"{folder}/") for one in documents.folders)
        if not inside and not any(one.endswith(".yaml") for one in documents.files_in(folder)):
            what = "no document here; a version has policy.yaml, common.yaml and its diseases"
            yield Mistake(folder, 1, what)


@dataclass(frozen=True)
class VersionRead:
    """One version folder as it was read; without a policy where its head is unsound."""

    policy: Policy | None
    review: Review | None
    mistakes: tuple[Mistake, ...]
    slips: tuple[Mistake, ...] = ()


def load_version(documents: Documents, folder: str, names: Names) -> VersionRead:
    """One version folder; when its head is unsound the rest is looked at all the same."""
    inside, files = documents.below(folder), tuple(documents.files_in(folder))
    found = _load_version(folder, inside, files, names)
    if found.review is None:
        return found
    head, shape = documents.read[f"{folder}/{HEAD}"], found.review.policy
    of_source = slips_of_source(head, shape, documents.content)
    return replace(found, slips=(*found.slips, *of_source))


@per_arguments(most=64)
def _load_version(
    folder: str, inside: tuple[Document, ...], files: tuple[str, ...], names: Names
) -> VersionRead:
    # definitions are written into the documents, so that each reading has its own
    documents = {one.file: one.copy() for one in inside}
    mistakes: list[Mistake] = []
    head = _document(documents, f"{folder}/{HEAD}", mistakes)
    shape = validate(head, PolicyShape, mistakes)
    if shape is None:
        if head.file in documents:
            stand_in_ = stand_in(head, files)
            _read_on(_Version(folder, files, documents, head, *stand_in_, names, mistakes))
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


def _read_on(version: "_Version") -> None:
    """Tells the mistakes of a folder whose head is unsound; no policy comes of it."""
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
    unsound: frozenset[str]  # keys of the head that a stand-in has
    names: Names
    mistakes: list[Mistake]
    ids: dict[str, str] = field(default_factory=dict)
    defined: dict[str, Definition] | None = None
    all_defined: list[Definition] = field(default_factory=list)
    places: dict[str, tuple[Document, Address]] = field(default_factory=dict)

    def policy(self) -> Policy:
        """The version as a policy; what it defines is used, or it is a mistake."""
        before = len(self.mistakes)
        found = self._policy()
        if len(self.mistakes) == before:
            self.mistakes += unused(self.all_defined)
        return found

    def _policy(self) -> Policy:
        shape = self.shape
        common = self._phases("common")
        initial = {one.id for one in common.get("initial", ())}
        known = (
            "approved_before" in self.unsound or shape.approved_before in self.ids.keys() - initial
        )
        if common and not known:
            what = f"no renewal criterion '{shape.approved_before}'"
            self.mistakes.append(self.head.mistake(("approved_before",), what))
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
            readings={name: one.used for name, one in shape.readings.items()},
            not_encoded=tuple((one.cite, one.why) for one in shape.not_encoded),
            statements_valid=shape.statements_valid,
        )

    def _prove(self, common: Mapping[str, Trees], indications: Iterable[Indication]) -> None:
        """What every phase of the version says as a whole."""
        encoded = [one for one in indications if not one.not_encoded]
        for phase in PHASES:
            found = [one.initial if phase == "initial" else one.renewal for one in encoded]
            trees = tuple(one for one in found if one is not None)
            about = (self.places, self.shape, self.names)
            self.mistakes += prove(common.get(phase, ()), trees, *about)

    def check(self) -> None:
        """The head holds, and every file of the folder is read."""
        for at, what in wrong_head(self.head, self.shape, PurePosixPath(self.folder), self.names):
            if at[0] not in self.unsound:
                self.mistakes.append(self.head.mistake(at, what))
        encoded = [id_ for id_, one in self.shape.indications.items() if not one.not_encoded]
        read = [HEAD, *(f"{name}.yaml" for name in ("common", *encoded))]
        for name in self.files:
            if name not in read and not name.startswith("."):
                what = f"policy.yaml asks for no such file{did_you_mean(name, read)}"
                self.mistakes.append(Mistake(f"{self.folder}/{name}", 1, what))

    def _indication(self, id_: str) -> Indication:
        about = self.shape.indications[id_]
        trees = left_out(id_, about) if about.not_encoded else self._trees(id_)
        months = _months(about.approval_months) if about.approval_months else None
        return Indication(
            id_, about.title, about.conditions, *trees, about.not_encoded, approval_months=months
        )

    def _trees(self, id_: str) -> tuple[Criterion | None, Criterion | None]:
        found = self._phases(id_)
        initial, renewal = (next(iter(found.get(phase, ())), None) for phase in PHASES)
        return initial, renewal

    def _defined(self, document: Document, written: Mapping[str, Any]) -> dict[str, Definition]:
        """The definitions of a file beside those of the whole version."""
        if self.defined is None:
            self.defined = read_definitions(self.head, self.shape.define, {}, self.mistakes)
            self.all_defined += self.defined.values()
        own = read_definitions(document, written, self.defined, self.mistakes)
        self.all_defined += own.values()
        known = {**self.defined, **own}
        return Every(known) if "define" in self.unsound else known

    def _phases(self, name: str) -> dict[str, tuple[Criterion, ...]]:
        """The criteria of one file by phase; nothing when the file is unsound."""
        document = _document(self.documents, f"{self.folder}/{name}.yaml", self.mistakes)
        shape = validate(document, CriteriaShape, self.mistakes)
        if shape is None:
            return {}
        define = self._defined(document, shape.define)
        reader = Reader(
            document, name, self.shape, self.names, self.mistakes, self.ids, define, self.places
        )
        common = name == "common"
        if shape.indication != (None if common else name):
            said = (
                f"'{shape.indication}' is not" if shape.indication else "'indication' is missing:"
            )
            reader.note(("indication",), f"{said} the file's name")
        return {phase: _criteria(reader, getattr(shape, phase), phase) for phase in PHASES}


def _months(shape: MonthsShape) -> Months:
    return Months(shape.initial, shape.renewal)


def _criteria(reader: Reader, raw: Any, phase: str) -> tuple[Criterion, ...]:
    """A list of criteria in what is common, one criterion for an indication."""
    if reader.name != "common":
        found = [parse_criterion(reader, raw, (phase,))]
    elif isinstance(raw, list) and raw:
        found = [parse_criterion(reader, one, (phase, index)) for index, one in enumerate(raw)]
    else:
        reader.note((phase,), f"{phase} is a list of criteria here")
        found = []
    whole = tuple(one for one in found if one is not None)
    for one, role in (pair for tree in whole for pair in never_asked(tree)):
        document, at = reader.places.get(one.id, (reader.document, (phase,)))
        what = f"'asks' is never asked without a statement; add 'statement: {role}'"
        reader.mistakes.append(document.mistake((*at, "asks"), what))
    return whole
