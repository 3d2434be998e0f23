"""The library at start: from the cache if that was made of these documents, else from the documents.

The cache is one file that holds plain data and no code. It is read only if it belongs to this user, nobody
else can write to it, it is whole, and it was made of these documents by this code under this Python. It
holds nothing of the clients file, which is read at every start.
"""

import logging
import os
import platform
import stat
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

import orjson

from service import __version__
from service.errors import DocumentsError, Mistake
from service.json_object import Json
from service.library.clients_file import load_clients, our_codes
from service.library.documents.folders import CARDS, MAPPINGS, read_documents
from service.library.library import Library, content_hash
from service.library.load import build_library, check_documents, load_library
from service.library.plain_data import (
    NotPlainError,
    collector_paused,
    from_plain,
    to_plain,
)
from service.library.stored_policies import StoredPolicies, heads_of
from service.library.version_reader import KnownVersion, VersionReader
from service.policy.model import MAY_JUDGE, ReviewState
from service.settings import Settings

log = logging.getLogger("service")
FILE = "library.cache"
CANDIDATE = "candidate"
HEAD = ("key", "code", "versions")  # what the head says of the parts; the hash covers it too
CODE = Path(__file__).resolve().parents[1]
OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
# What reading plain data raises if they are not what was written.
DAMAGED = (NotPlainError, zlib.error, ValueError, TypeError, LookupError, AttributeError)


class WithoutClients(NamedTuple):
    """A library without clients, and the codes of our own system that the clients file may name."""

    library: Library
    our_codes: frozenset[str]


def library_at_start(content: Path, clients: Path | None, cache: Path | None) -> Library:
    """The library of a content folder; raises DocumentsError with every mistake if it is unsound.

    `cache` is the folder of the cache; None means that there is none.
    """
    if cache is None:
        return load_library(content, clients)
    with collector_paused():
        key = cache_key(content)
        known = _read(cache / FILE, key)
        if known is None:
            return _read_and_kept(content, clients, cache, key)
        return _with_clients(known, content, clients)


def library_by(settings: Settings, cache: Path | None = None) -> Library:
    """The library that judges by these settings: versions for evaluation only if they allow it.

    All that judges takes it, so that each command answers as the server does. `cache` as at start.
    """
    library = library_at_start(settings.content, settings.clients, cache)
    return library.with_evaluation(settings.evaluation)


def candidate_at_start(library: Library, settings: Settings) -> Library | None:
    """The library that judges in shadow: of another folder, or the drafts of this one; None if none does.

    Raises DocumentsError if its documents are unsound.
    """
    if settings.shadow is None:
        return None
    if settings.shadow != "drafts":
        cache = None if settings.cache is None else settings.cache / CANDIDATE
        return library_at_start(settings.shadow, settings.clients, cache).as_candidate()
    states = {ReviewState(review.policy.state) for review in library.reviews}
    return None if states <= MAY_JUDGE else library.as_candidate()


def _with_clients(known: WithoutClients, content: Path, clients: Path | None) -> Library:
    mistakes: list[Mistake] = []
    library, ours = known
    read = load_clients(clients, ours, library.payers.keys(), mistakes)
    if mistakes:
        raise DocumentsError(mistakes, list(library.slips))
    return replace(
        library,
        clients=read.known,
        accesses=read.accesses,
        trusts=read.trusts,
        origins=read.origins,
        hosts=read.hosts,
        registrations=read.registrations,
        content=content_hash(content, clients, __version__),
    )


def _read_and_kept(content: Path, clients: Path | None, cache: Path, key: str) -> Library:
    """The library of the documents, which is written into the cache."""
    code = code_key()
    reader = VersionReader(_known_versions(cache / FILE, code), code, processes())
    checked = check_documents(read_documents(content), clients, reader)
    library = build_library(checked, content_hash(content, clients, __version__))
    library.terminology.prepare()
    if cache_key(content) == key:
        ours = frozenset(our_codes(checked.folders.value_sets.shapes))
        _write(cache, {"key": key, "code": code}, WithoutClients(library, ours), reader)
    return library


def processes() -> int:
    """How many processes may read documents at once: as many as there are processors for this one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _known_versions(file: Path, code: str) -> Mapping[str, KnownVersion]:
    """The versions that the cache holds, by their folders, also if other documents have changed."""
    try:
        head, parts = _opened(file)
        if head.get("code") != code:
            return {}
        library = from_plain(parts[0])[0]
        versions = zip(library.reviews, parts[1:], strict=True)
        folders = {
            PurePosixPath(review.file).parent.as_posix(): (policy, review)
            for review, policy in versions
        }
        return {
            folder: KnownVersion(key, *folders[folder]) for folder, key in head["versions"].items()
        }
    except (OSError, *DAMAGED):  # an unusable cache is told where it is read as a whole
        return {}


def cache_key(content: Path) -> str:
    """SHA-256 of all files of documents and code, of the versions of service and Python, and byte order."""
    documents = [path for folder in (MAPPINGS, CARDS) for path in (content / folder).rglob("*")]
    return sha256(f"{_listed(content, documents)}{code_key()}".encode()).hexdigest()


def code_key() -> str:
    """SHA-256 of all files of code, of the versions of service and Python, and of the byte order."""
    code = [path for ending in ("*.py", "*.json") for path in CODE.rglob(ending)]
    versions = f"{__version__}\n{platform.python_version()}\n{sys.byteorder}\n"
    return sha256(f"{versions}{_listed(CODE, code)}".encode()).hexdigest()


def _listed(home: Path, paths: Iterable[Path]) -> str:
    """The files with their hashes, one a line."""
    return "".join(
        f"{path.relative_to(home).as_posix()}\0{file_hash(path)}\n" for path in sorted(paths)
    )


def file_hash(path: Path) -> str:
    """SHA-256 of a file; a word in its place for a folder and for what cannot be read."""
    if path.is_dir():
        return "folder"
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:  # the documents are read next, which reports it
        return "unreadable"


def _read(file: Path, key: str) -> WithoutClients | None:
    """What the cache holds for a key; None, with a warning if it is not merely stale, if it is not used."""
    try:
        parts = _parts(file, key)
        if parts is None:
            return None
        library, ours, heads = from_plain(parts[0])
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("%s is not used: %s", file, error.strerror)
        return None
    except DAMAGED as error:
        log.warning("%s is not used: %s", file, error)
        return None
    return WithoutClients(replace(library, policies=StoredPolicies(heads, parts[1:])), ours)


def _parts(file: Path, key: str) -> Sequence[bytes] | None:
    """The parts of the cache file; None if they are of another key. Raises ValueError or OSError."""
    head, parts = _opened(file, key)
    return None if head["key"] != key else parts


def _opened(file: Path, key: str | None = None) -> tuple[Json, Sequence[bytes]]:
    """The head of the cache file and its parts, which are not read if they are of another key.

    Raises ValueError or OSError.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # neither a link nor a pipe
    with os.fdopen(os.open(file, flags), "rb") as opened:
        for about in (os.fstat(opened.fileno()), file.parent.stat()):
            if about.st_uid != os.geteuid() or about.st_mode & OTHERS_MAY_WRITE:
                raise ValueError(
                    "the file or its folder is of another user, or others can write to it"
                )
        head = orjson.loads(opened.readline())
        if key is not None and head["key"] != key:
            return head, ()
        sizes = head["sizes"]
        if (
            min(sizes, default=0) < 0
            or sum(sizes) != os.fstat(opened.fileno()).st_size - opened.tell()
        ):
            raise ValueError("it is damaged")
        parts = [opened.read(size) for size in sizes]
    of_head = orjson.dumps([head.get(name) for name in HEAD])
    if _digest([of_head, *parts]) != head["sha256"]:
        raise ValueError("it is damaged")
    return head, parts


def _digest(parts: Sequence[bytes]) -> str:
    digest = sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _write(
    folder: Path, keys: Mapping[str, str], known: WithoutClients, reader: VersionReader
) -> None:
    """Writes the cache in one step, so that no other process reads a part of it."""
    library = replace(
        known.library,
        clients={},
        accesses={},
        trusts={},
        origins={},
        hosts=(),
        policies=(),
        content="",
    )
    try:
        heads = heads_of(known.library.policies)
        policies = [reader.encoded(policy) for policy in known.library.policies]
        parts = [to_plain((library, known.our_codes, heads)), *policies]
    except (NotPlainError, RecursionError) as error:
        log.warning("the documents are not kept in the cache: %s", error)
        return
    known_by = {**keys, "versions": reader.keys}
    digest = _digest([orjson.dumps([known_by[name] for name in HEAD]), *parts])
    head = {**known_by, "sha256": digest, "sizes": [len(part) for part in parts]}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as unfinished:
            file = Path(unfinished) / FILE
            file.touch(mode=0o600)
            file.write_bytes(b"".join((orjson.dumps(head), b"\n", *parts)))
            file.replace(folder / FILE)
    except OSError as error:
        log.warning("the documents are not kept in %s: %s", folder, error.strerror)
