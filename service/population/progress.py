"""Shows how far a run is and how long it will take: a bar on a terminal, now and then a line elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from service.population.optional_libraries import library_of_extra

Unit = Literal["bytes", "patients"]
Advance = Callable[[int], None]
SECONDS = 15.0  # between two lines where there is no terminal
MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Progress:
    """Shows the stages of a run on the standard error; `quiet` shows nothing."""

    quiet: bool = False

    @contextmanager
    def stage(self, title: str, total: int, unit: Unit) -> Iterator[Advance]:
        """One stage; what it yields is called with how much more is done."""
        if self.quiet or not total:
            yield lambda _: None
            return
        console = library_of_extra("rich.console").Console(stderr=True)
        if not console.is_terminal:
            yield _Lines(title, total, unit, console.print)
            return
        bars = library_of_extra("rich.progress")
        of_unit = {
            "bytes": (bars.DownloadColumn(), bars.TransferSpeedColumn()),
            "patients": (bars.MofNCompleteColumn(), bars.TextColumn("patients")),
        }[unit]
        columns = (bars.TextColumn("{task.description}"), bars.BarColumn(), *of_unit)
        times = (bars.TimeElapsedColumn(), bars.TextColumn("left:"), bars.TimeRemainingColumn())
        with bars.Progress(*columns, *times, console=console) as shown:
            task = shown.add_task(title, total=total)
            yield lambda more: shown.advance(task, more)


class _Lines:
    """Prints a line with the part done and the time left, at most every SECONDS and at the end."""

    def __init__(self, title: str, total: int, unit: Unit, say: Callable[[str], None]) -> None:
        self._title, self._total, self._unit, self._say = title, total, unit, say
        self._done, self._began, self._said = 0, monotonic(), monotonic()

    def __call__(self, more: int) -> None:
        self._done += more
        now = monotonic()
        if now - self._said < SECONDS and self._done < self._total:
            return
        self._said = now
        left = (now - self._began) * max(0, self._total - self._done) / max(1, self._done)
        self._say(f"{self._title}: {self._amount()}, {left / 60:.1f} minutes left")

    def _amount(self) -> str:
        if self._unit == "bytes":
            return f"{self._done // MB} of {self._total // MB} MB"
        return f"{self._done} of {self._total} patients"
