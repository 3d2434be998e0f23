"""All connections of a process: of too many, those are closed that cost the others least."""

from dataclasses import dataclass

from service.server.open_connections import OpenConnections


@dataclass(eq=False)
class Caller:
    """A connection from an address, as OpenConnections sees it."""

    address: str
    is_cut_off: bool = False
    unsent: int = 0

    def cut_off(self) -> None:
        """Notes that it is closed."""
        self.is_cut_off = True


def test_too_many_connections_of_one_address_cost_that_address_only() -> None:
    connections = OpenConnections(most=5, of_one=2)
    here = [Caller("127.0.0.1") for _ in range(2)]
    there, elsewhere = [Caller("192.0.2.7") for _ in range(3)], Caller("192.0.2.9")
    for caller in (*here, *there[:2]):
        connections.enter(caller)
    connections.work(there[0])
    connections.enter(there[2])
    assert [caller.is_cut_off for caller in there] == [False, True, False]
    connections.leave(there[1])
    connections.enter(elsewhere)
    assert not elsewhere.is_cut_off
    # five are open now; of this machine most are waiting
    connections.enter(Caller("192.0.2.11"))
    assert [caller.is_cut_off for caller in here] == [True, False]


def test_answers_of_all_connections_are_bounded_and_the_oldest_is_given_up() -> None:
    connections = OpenConnections(answers=10)
    slow, slower, taken = (Caller("127.0.0.1", unsent=6) for _ in range(3))
    connections.send(taken)
    connections.sent(taken)
    for caller in (slower, slow):
        connections.send(caller)
    assert [caller.is_cut_off for caller in (taken, slower, slow)] == [False, True, False]


def test_connection_that_is_gone_is_not_counted() -> None:
    connections = OpenConnections(most=1)
    first, second = Caller("192.0.2.7"), Caller("192.0.2.7")
    connections.enter(first)
    connections.leave(first)
    connections.enter(second)
    assert not second.is_cut_off
