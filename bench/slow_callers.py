"""Times recorded stories alone and beside slow, silent and excessive callers, and exits 1 past a bound.

`python bench/slow_callers.py [--workers 2] [--requests 400] [--only silent]`: each kind of caller by
itself, then all but the flood of pages together. Alone and beside are measured in turn, several times, so
that a change of the machine meets both.
"""

import argparse
import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from multiprocessing import get_context
from time import sleep

import orjson
from starving import CLIENTS, asked, serving, share_of
from stories import stories

# How much longer the slowest hundredth of the stories may take beside each kind of caller.
BOUND = 1.5
ROUNDS = 4
PAGE = b"GET /policies/bcbsms/L.5.01.513 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
# made once, so that the callers take little CPU time themselves
LARGE_HEAD = (
    PAGE[:-2] + b"".join(b"X-%d: %b\r\n" % (n, b"a" * 130_000) for n in range(96)) + b"\r\n"
)
POST = b"POST /cds-services/dupilumab-order-sign HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FORK = get_context("fork")
Connect = Callable[[], Awaitable[socket.socket]]


async def silent(connect: Connect) -> None:
    """Connects and sends nothing."""
    await _until_closed(await connect())


async def half_head(connect: Connect) -> None:
    """Sends half a head, and a byte each second."""
    connection = await connect()
    await _send(connection, POST + b"X-Long: ")
    while True:
        await asyncio.sleep(1)
        await _send(connection, b"a")


async def slow_body(connect: Connect) -> None:
    """Promises a body of a megabyte, and sends a hundred bytes each second."""
    connection = await connect()
    await _send(
        connection, POST + b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
    )
    while True:
        await asyncio.sleep(1)
        await _send(connection, b" " * 100)


async def slow_reader(connect: Connect) -> None:
    """Asks for 7 MB of pages and reads 32 kB each second."""
    connection = await connect()
    asking = asyncio.create_task(_send(connection, PAGE * 80))
    try:
        while await _received(connection, 3_200):  # noqa: ASYNC110 - a pace, not a wait for an event
            await asyncio.sleep(0.1)
    finally:
        asking.cancel()


async def pipelining(connect: Connect) -> None:
    """Asks for pages without waiting for an answer, and reads as fast as it can."""
    connection = await connect()
    asking = asyncio.create_task(_send(connection, PAGE * 10_000))
    try:
        while await _received(connection, 65_536):
            pass
    finally:
        asking.cancel()


async def large_head(connect: Connect) -> None:
    """Sends 96 headers of 130 kB each."""
    connection = await connect()
    await _send(connection, LARGE_HEAD)
    await _until_closed(connection)


async def many_headers(connect: Connect) -> None:
    """Sends 30,000 short headers."""
    connection = await connect()
    await _send(connection, PAGE[:-2] + b"a:\r\n" * 30_000 + b"\r\n")
    await _until_closed(connection)


CALLERS = {
    silent: 500,
    half_head: 100,
    slow_body: 50,
    slow_reader: 50,
    pipelining: 4,
    large_head: 4,
    many_headers: 4,
}


async def _send(connection: socket.socket, content: bytes) -> None:
    await asyncio.get_running_loop().sock_sendall(connection, content)


async def _received(connection: socket.socket, most: int) -> bytes:
    return await asyncio.get_running_loop().sock_recv(connection, most)


async def _until_closed(connection: socket.socket) -> None:
    while await _received(connection, 65_536):
        pass


async def _again(caller: Callable[[Connect], Awaitable[None]], port: int, number: int) -> None:
    """Calls again and again, whatever the server does."""
    await asyncio.sleep(number / 500)
    while True:
        connection = socket.socket()
        connection.setblocking(False)  # noqa: FBT003 - the socket's own signature
        # small, so that the server holds what is not read
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)

        async def connect(made: socket.socket = connection) -> socket.socket:
            await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", port))
            return made

        try:
            await caller(connect)
        except OSError:
            pass
        finally:
            connection.close()
        await asyncio.sleep(0.5)


def attack(port: int, kinds: list[Callable[[Connect], Awaitable[None]]]) -> None:
    """All callers of some kinds, until this process is killed."""

    async def run() -> None:
        calls = [_again(kind, port, n) for kind in kinds for n in range(CALLERS[kind])]
        await asyncio.gather(*calls)

    asyncio.run(run())


@contextmanager
def attacked(port: int, kinds: list[Callable[[Connect], Awaitable[None]]]) -> Iterator[None]:
    """The server is called by all callers of some kinds while the block runs."""
    process = FORK.Process(target=attack, args=(port, kinds))
    process.start()
    sleep(2)  # all are connected
    try:
        yield
    finally:
        process.kill()
        process.join()
        sleep(0.5)


def measured(
    port: int, kinds: list[Callable[[Connect], Awaitable[None]]], light: Iterator[bytes], count: int
) -> tuple[str, float]:
    """What the stories took alone and beside the callers, as a line, and the ratio of their p99."""
    alone: list[float] = []
    beside: list[float] = []
    for _ in range(ROUNDS):
        alone += asked(port, light, count // ROUNDS)
        with attacked(port, kinds):
            beside += asked(port, light, count // ROUNDS)
    figures = " ".join(
        f"{name} {share_of(times, 0.5):.1f}/{share_of(times, 0.99):.1f}"
        for name, times in (("alone", alone), ("beside", beside))
    )
    return f"p50/p99 in ms {figures}", share_of(beside, 0.99) / share_of(alone, 0.99)


def main() -> None:
    """Every kind of caller."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="callers with this in their name")
    arguments = parser.parse_args()
    payloads = [orjson.dumps(one.body) for one in stories() if one.clients == CLIENTS]
    light = cycle(payloads)
    groups = [[kind] for kind in CALLERS] + [[kind for kind in CALLERS if kind is not pipelining]]
    past = []
    with serving(arguments.workers) as port:
        asked(port, light, 4 * len(payloads))
        for kinds in groups:
            name = " and ".join(f"{CALLERS[kind]} {kind.__name__}" for kind in kinds)
            if arguments.only not in name:
                continue
            figures, ratio = measured(port, kinds, light, arguments.requests)
            print(f"{name}: {figures}; p99 {ratio:.2f} x, bound {BOUND}", flush=True)
            if ratio > BOUND:
                past.append(f"{name}: p99 is {ratio:.2f} x its own")
    if past:
        raise SystemExit("\n".join(past))


if __name__ == "__main__":
    main()
