"""The folder of one run: what was asked, what is done already, and where each file is."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from service.atomic_file import write_whole
from service.errors import PopulationError
from service.population.input_files import Chunk, TypesRead

SETTINGS = "run.json"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The paths below the folder that `--out` names; every process of a run must see it."""

    root: Path

    @property
    def work(self) -> Path:
        """Resources grouped by patient, and what each finished task said; deleted at the end."""
        return self.root / "work"

    @property
    def settings(self) -> Path:
        """What the run was asked."""
        return self.root / SETTINGS

    @property
    def assessments(self) -> Path:
        """One Parquet file for each part."""
        return self.root / "assessments"

    def chunk(self, number: int) -> Path:
        """The resources of one chunk, sorted by part and patient."""
        return self.work / "chunks" / f"chunk-{number:05}.parquet"

    def damaged(self, number: int) -> Path:
        """Of one chunk, for which patients and types lines were rejected; absent where none were."""
        return self.work / "chunks" / f"chunk-{number:05}-damaged.parquet"

    def grouped(self, number: int) -> Path:
        """What grouping one chunk said; it is there once the chunk is done."""
        return self.work / "done" / f"chunk-{number:05}.json"

    def judged(self, number: int) -> Path:
        """What judging one part said; it is there once the part is done."""
        return self.work / "done" / f"part-{number:05}.json"

    def part(self, number: int) -> Path:
        """The assessments of one part."""
        return self.assessments / f"part-{number:05}.parquet"

    def begin(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What the run is asked, as it was first written; raises PopulationError for another run's folder."""
        before = self.before()
        if before is not None:
            if other := [name for name in asked if asked[name] != before.get(name)]:
                raise PopulationError(
                    f"'{self.root}' holds another run: {', '.join(other)} differ; name another"
                    " folder, or delete this one"
                )
            return before
        for folder in (self.work / "chunks", self.work / "done", self.assessments):
            folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.settings, orjson.dumps(asked, option=orjson.OPT_INDENT_2))
        return asked

    def before(self) -> dict[str, Any] | None:
        """What an earlier run in this folder was asked; None if there was none."""
        try:
            known: dict[str, Any] = orjson.loads(self.settings.read_bytes())
        except FileNotFoundError:
            if self.root.is_dir() and any(self.root.iterdir()):
                raise PopulationError(
                    f"'{self.root}' is not empty and holds no run; name a new folder"
                ) from None
            return None
        except (OSError, orjson.JSONDecodeError) as error:
            raise PopulationError(f"'{self.settings}' cannot be read: {error}") from None
        return known

    def is_finished(self) -> bool:
        """Whether the run has written its summary and has nothing left to do."""
        return self.settings.exists() and not self.work.exists()

    def end(self) -> None:
        """Deletes the working files."""
        shutil.rmtree(self.work, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class GroupedFiles:
    """The Parquet files of grouped resources: all, and those that hold what several patients refer to."""

    all: tuple[str, ...]
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run has to do: its folder, the chunks to group, the number of parts to judge."""

    folder: RunFolder
    chunks: tuple[Chunk, ...]
    parts: int
    types: TypesRead
    files_not_read: tuple[str, ...] = ()

    def grouped(self) -> list[dict[str, Any]]:
        """What grouping said of each chunk, all of which are done."""
        return [_done(self.folder.grouped(number)) for number in range(len(self.chunks))]

    def judged(self) -> list[dict[str, Any]]:
        """What judging said of each part, all of which are done."""
        return [_done(self.folder.judged(number)) for number in range(self.parts)]

    def tables(self) -> GroupedFiles:
        """The Parquet files of all chunks, which are grouped."""
        files, shared = list[Path](), list[Path]()
        for number, said in enumerate(self.grouped()):
            files.append(self.folder.chunk(number))
            if self.types.shared & said["counts"].keys():
                shared.append(self.folder.chunk(number))
            if self.folder.damaged(number).exists():
                files.append(self.folder.damaged(number))
        return GroupedFiles(tuple(map(str, files)), tuple(map(str, shared)))


def _done(file: Path) -> dict[str, Any]:
    said = read_done(file)
    if said is None:
        raise PopulationError(
            f"'{file}' is not there although its task ended: every worker must see the folder of"
            " --out under the same path"
        )
    return said


def read_done(file: Path) -> dict[str, Any] | None:
    """What a finished task said; None if it is not finished."""
    try:
        said: dict[str, Any] = orjson.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    return said
