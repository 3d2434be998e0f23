"""Reads the versions of policies: unchanged ones from the cache, many others in several processes at once."""

import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, NamedTuple

import orjson

from service.library.criteria.scope import Names
from service.library.documents.folders import MAPPINGS, Documents
from service.library.plain_data import NotPlainError, from_plain, to_plain
from service.library.policies.policy_versions import VersionRead, load_version
from service.library.policies.succession import Review
from service.library.stored_policies import encoded
from service.memo import IdentityMap
from service.policy.model import Policy

# The folders whose documents a version may name: with its own documents they decide how it is read. Payers
# are looked up when it is taken from the cache, so that a new one costs the others nothing.
NAMED = ("dose_bands", "facts", "regimens", "services", "value_sets")
# a version takes 0.13 s of CPU, a process 0.05 s
FEW = 6


class KnownVersion(NamedTuple):
    """A version without mistakes and slips, with the key of all that decided how it was read."""

    key: str
    policy: bytes
    review: Review


class VersionReader:
    """Reads versions for one library, and holds each policy as plain data beside it."""

    def __init__(self, known: Mapping[str, KnownVersion], code: str, processes: int) -> None:
        self._known = known
        self._code = code
        self._processes = processes
        self._encoded: IdentityMap[Policy, bytes] = IdentityMap()
        self.keys: dict[
            str, str
        ] = {}  # by folder, of those that the next start may take as they are

    def __call__(
        self, documents: Documents, folders: Sequence[str], names: Names
    ) -> Iterator[VersionRead]:
        """The versions in the order of their folders."""
        named = _hash_of(documents, [f"{MAPPINGS}/{folder}" for folder in NAMED], self._code)
        keys = {folder: _hash_of(documents, [folder], named) for folder in folders}
        kept = {
            folder: self._kept(self._known[folder])
            for folder in folders
            if folder in self._known
            and self._known[folder].key == keys[folder]
            and self._known[folder].review.policy.payer in names.payers
        }
        left = [folder for folder in folders if folder not in kept]
        kept.update(self._fresh(documents, left, names))
        self.keys = {
            folder: keys[folder] for folder, one in kept.items() if not (one.mistakes or one.slips)
        }
        return (kept[folder] for folder in folders)

    def encoded(self, policy: Policy) -> bytes:
        """A policy as compressed plain data; raises NotPlainError."""
        data = self._encoded.get(policy)
        return encoded(policy) if data is None else data

    def _kept(self, known: KnownVersion) -> VersionRead:
        return VersionRead(self._built(known.policy), known.review, ())

    def _built(self, data: bytes) -> Policy:
        policy: Policy = from_plain(zlib.decompress(data))
        self._encoded[policy] = data
        return policy

    def _fresh(
        self, documents: Documents, folders: Sequence[str], names: Names
    ) -> dict[str, VersionRead]:
        """The versions as their documents say, read in several processes if there are many."""
        count = self._processes if len(folders) > FEW else 1
        shares = [folders[number::count] for number in range(count)]
        found: dict[str, VersionRead] = {}
        others = [_Process(share, documents, names) for share in shares[1:]]
        for folder in shares[0]:
            found[folder] = load_version(documents, folder, names)
        for process in others:
            for folder, (policy, rest) in process.results().items():
                review, mistakes, slips = from_plain(rest)
                built = self._built(policy) if policy else None
                found[folder] = VersionRead(built, review, mistakes, slips)
        # what a process did not bring back is read here
        for folder in folders:
            if folder not in found:
                found[folder] = load_version(documents, folder, names)
        return found


class _Process:
    """A process that reads some versions and writes them as plain data into a file."""

    def __init__(self, folders: Sequence[str], documents: Documents, names: Names) -> None:
        self._folders = folders
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the results
        self._pid = os.fork()
        if self._pid == 0:
            status = 1
            try:
                self._write(lambda folder: load_version(documents, folder, names))
                status = 0
            except NotPlainError:  # the other process reads them itself, and says why later
                pass
            finally:
                os._exit(status)

    def results(self) -> dict[str, tuple[bytes, bytes]]:
        """Policy and the rest of each version as plain data; none if the process failed."""
        _, status = os.waitpid(self._pid, 0)
        with self._file as file:
            if status != 0:
                return {}
            file.seek(0)
            sizes = orjson.loads(file.readline())
            return {
                folder: (file.read(policy), file.read(rest))
                for folder, (policy, rest) in zip(self._folders, sizes, strict=True)
            }

    def _write(self, read: Callable[[str], VersionRead]) -> None:
        parts = []
        for folder in self._folders:
            one = read(folder)
            policy = b"" if one.policy is None else encoded(one.policy)
            parts.append((policy, to_plain((one.review, one.mistakes, one.slips))))
        self._file.write(orjson.dumps([[len(policy), len(rest)] for policy, rest in parts]) + b"\n")
        for part in parts:
            self._file.write(b"".join(part))
        self._file.flush()


def _hash_of(documents: Documents, folders: Sequence[str], more: str) -> str:
    """SHA-256 of all files in folders, with their names."""
    digest = sha256(more.encode())
    for file in documents.files:
        if any(file.startswith(f"{folder}/") for folder in folders):
            content = (documents.content / file).read_bytes()
            digest.update(f"{file}\0{len(content)}\n".encode() + content)
    return digest.hexdigest()
