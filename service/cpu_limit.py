"""How much CPU time one request may take, and where it lets others go ahead."""

from collections.abc import Callable
from math import inf
from time import thread_time

from service.errors import RequestError
from service.step_times import Phases

GiveWay = Callable[[float], None]


class CpuShareError(RequestError):
    """A request took more CPU time than it may."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            413,
            "too-costly",
            f"the request takes more than its share of {seconds:g} s of CPU time;"
            " send fewer resources or fewer draft orders",
        )


def _nobody(_used: float) -> None:
    """There is nobody to give way to."""


class CpuShare:
    """The CPU time of one request; starts when it is made, in the thread that computes the request.

    `check` is called in every loop whose length depends on the record, so that neither the limit nor
    another request waits long. `seconds` is the limit, `give_way` lets others that took less go ahead,
    `phases` are the steps that the request has taken so far.
    """

    def __init__(
        self,
        seconds: float = inf,
        give_way: GiveWay = _nobody,
        clock: Callable[[], float] = thread_time,
    ) -> None:
        self.seconds = seconds
        self._give_way = give_way
        self._clock = clock
        self.phases = Phases()
        self._began = clock()

    @property
    def used(self) -> float:
        """The CPU time taken so far, in seconds."""
        return self._clock() - self._began

    def check(self) -> None:
        """Raises CpuShareError (413) past the limit; else lets others go ahead that took less."""
        used = self._clock() - self._began
        if used > self.seconds:
            raise CpuShareError(self.seconds)
        self._give_way(used)
