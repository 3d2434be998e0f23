"""A shipped policy version whose documents were read once, built again after an edit."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from mutants.edits import Edit, changed, edits_of

from service.errors import Mistake
from service.library import Library
from service.library.criteria.scope import Names
from service.library.documents.folders import Documents
from service.library.documents.yaml import Document
from service.library.policies.policy_versions import POLICIES, load_version
from service.policy.model import Policy

HEAD = "policy.yaml"


@dataclass(frozen=True)
class Mutant:
    """A policy version with one edit; no policy where `check` refuses it."""

    file: str
    edit: Edit
    policy: Policy | None

    @property
    def name(self) -> str:
        """The file and the edit in words."""
        return f"{self.file}: {self.edit.name}"


@dataclass
class Version:
    """One version folder: its documents, and the policy that they make."""

    content: Documents
    folder: str
    names: Names
    usual: dict[str, frozenset[Mistake]] = field(default_factory=dict)

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Every document of the folder by its file's name."""
        inside = self.content.below(self.folder)
        return {one.file.removeprefix(f"{self.folder}/"): one for one in inside}

    @cached_property
    def policy(self) -> Policy:
        """The version as it is written."""
        found = self._built({})[0]
        if found is None:
            raise ValueError(f"{self.folder} has mistakes")
        return found

    @property
    def cases(self) -> str:
        """Below which folder of tests/cases/policies its cases stand."""
        return f"{self.folder.removeprefix(f'{POLICIES}/')}/"

    def in_library(self, library: Library) -> Library:
        """A library in which this version stands as it is built here."""
        same = (self.policy.id, self.policy.effective)
        others = [
            self.policy if (one.id, one.effective) == same else one for one in library.policies
        ]
        return replace(library, policies=tuple(others))

    def edits(self) -> list[tuple[str, Edit]]:
        """Every edit of every document."""
        return [
            (file, edit)
            for file, document in self.documents.items()
            for edit in edits_of(document.data, file)
        ]

    def mutant(self, file: str, edit: Edit) -> Mutant:
        """The version with one edit; only what the edited file says is read again."""
        data = changed(self.documents[file].data, edit.at, edit.value)
        if file == HEAD:
            return Mutant(file, edit, self._sound("", {file: data}))
        alone = self._alone(file.removesuffix(".yaml"))
        built = self._sound(file, {HEAD: alone, file: data})
        return Mutant(file, edit, built and self._put(file.removesuffix(".yaml"), built))

    def _alone(self, name: str) -> dict[str, Any]:
        """The head as if no other indication were encoded."""
        head = self.documents[HEAD].data
        about = {
            id_: one if id_ == name else {**one, "not_encoded": "left out of this mutant"}
            for id_, one in head["indications"].items()
        }
        return {**head, "indications": about}

    def _put(self, name: str, built: Policy) -> Policy:
        if name == "common":
            common = {key: getattr(built, key) for key in ("common_initial", "common_renewal")}
            return replace(self.policy, **common)
        return replace(
            self.policy, indications={**self.policy.indications, name: built.indications[name]}
        )

    def _sound(self, file: str, data: dict[str, Any]) -> Policy | None:
        """The policy, if the edit brings no mistake that the version would not have without it."""
        policy, mistakes = self._built(data)
        if file not in self.usual:
            as_written = {HEAD: data[HEAD]} if file else {}
            self.usual[file] = frozenset(self._built(as_written)[1])
        return None if policy is None or set(mistakes) - self.usual[file] else policy

    def _built(self, data: dict[str, Any]) -> tuple[Policy | None, list[Mistake]]:
        changed = {
            self.documents[name].file: replace(self.documents[name], data=said)
            for name, said in data.items()
        }
        found = load_version(self.content.changed(changed), self.folder, self.names)
        return found.policy, list(found.mistakes)
