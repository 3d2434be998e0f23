"""All connections of a process: how many there may be, and which one is closed if there are too many."""

from collections import Counter
from typing import Protocol

from service.settings import is_loopback

# So many connections are open at once in a process, and so many of one address other than this machine.
CONNECTIONS = 800
OF_ONE_ADDRESS = 200
# So many bytes of answers that are not yet taken are kept in a process.
ANSWERS = 256 * 1024 * 1024


class Member(Protocol):
    """One connection: where its caller is, and how many bytes of answers it keeps."""

    @property
    def address(self) -> str:
        """Where the caller is; empty if that is not known."""

    @property
    def unsent(self) -> int:
        """The bytes of answers that wait to be taken."""

    def cut_off(self) -> None:
        """Closes the connection at once."""


class OpenConnections:
    """The connections of a process: of those that wait for their callers, one is cut off for a new one."""

    def __init__(
        self, most: int = CONNECTIONS, of_one: int = OF_ONE_ADDRESS, answers: int = ANSWERS
    ) -> None:
        self._most, self._of_one, self._answers = most, of_one, answers
        self._open: Counter[str] = Counter()
        # by address; of each address the one that waits longest is first
        self._waiting: dict[str, dict[Member, None]] = {}
        self._sending: dict[Member, None] = {}
        # whether another process takes the place of this one: each connection ends after its next answer
        self.leaves = False

    def enter(self, connection: Member) -> None:
        """Counts a new connection, and cuts off one that waits if there are too many.

        That is one of its own address, or of the address of which most are waiting.
        """
        address = connection.address
        self._open[address] += 1
        self.wait(connection)
        if self._open.total() > self._most:
            self._cut_off(max(self._waiting, key=lambda one: len(self._waiting[one])))
        elif self._open[address] > self._of_one and not is_loopback(address):
            self._cut_off(address)

    def wait(self, connection: Member) -> None:
        """Notes that a connection waits for its caller, from now on."""
        self.work(connection)
        self._waiting.setdefault(connection.address, {})[connection] = None

    def work(self, connection: Member) -> None:
        """Notes that a connection has its whole request, and waits for us."""
        waiting = self._waiting.get(connection.address, {})
        waiting.pop(connection, None)
        if not waiting:
            self._waiting.pop(connection.address, None)

    def send(self, connection: Member) -> None:
        """Notes that an answer waits to be taken; too many bytes of answers are not kept."""
        self._sending[connection] = None
        if sum(one.unsent for one in self._sending) > self._answers:
            longest = next(iter(self._sending))
            del self._sending[longest]
            longest.cut_off()

    def sent(self, connection: Member) -> None:
        """Notes that the answer of a connection is taken."""
        self._sending.pop(connection, None)

    def leave(self, connection: Member) -> None:
        """Forgets a connection that is gone."""
        self._open[connection.address] -= 1
        self._open += Counter()  # without those of which none is left
        self.work(connection)
        self.sent(connection)

    def _cut_off(self, address: str) -> None:
        longest = next(iter(self._waiting[address]))
        self.work(longest)
        longest.cut_off()
