"""What an outbound call talks over, so that it can be cut.

A socket's time-out begins anew with each byte: a server that drips would hold its caller for as long as
it likes.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR, socket
from threading import Lock, Timer, local
from typing import Any, ClassVar, Protocol

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Retry

# Once more where a connection that was kept open turns out to be dead; whoever asks ends it by cutting.
ONCE_MORE = Retry(1, connect=0, redirect=0, status=0, other=0, respect_retry_after_header=False)
_here = local()
_lock = Lock()


class CuttableConnection:
    """The connection that the calls of one thread use at the moment."""

    def __init__(self) -> None:
        self._connection: _Held | None = None
        self.is_cut = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Every call that this thread makes meanwhile can be cut."""
        _here.wire = self
        try:
            yield
        finally:
            _here.wire = None
            with _lock:
                self._connection = None

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[None]:
        """The same, and cut by itself when the time is over."""
        timer = Timer(seconds, self.cut)
        timer.daemon = True
        timer.start()
        try:
            with self.held():
                yield
        finally:
            timer.cancel()

    def cut(self) -> None:
        """Ends what goes over it, from any thread; what is begun later fails at once."""
        with _lock:
            self.is_cut = True
            # a connection given back may serve somebody else by now
            if self._connection is not None and self._connection.wire is self:
                self._connection.shut()

    def take(self, connection: "_Held") -> None:
        """Notes the connection; TimeoutError where the time is over."""
        with _lock:
            if self.is_cut:
                raise TimeoutError
            self._connection, connection.wire = connection, self


class _Held(Protocol):
    wire: CuttableConnection | None

    def shut(self) -> None: ...


class _Cuttable:
    """A connection that tells the wire of its caller about itself.

    Connecting and agreeing on TLS end by their own time-out, which Python keeps for the whole of each.
    """

    sock: socket | None
    wire: CuttableConnection | None = None
    _used: socket | None = None

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Sends a request, by whom ever the connection was opened."""
        wire: CuttableConnection | None = getattr(_here, "wire", None)
        if wire is not None:
            wire.take(self)
        super().request(*args, **kwargs)  # type: ignore[misc]  # urllib3's, see below
        # a connection forgets its socket where the answer goes on to the end of it
        self._used = self.sock

    def shut(self) -> None:
        """Wakes whoever reads or writes."""
        for one in {self.sock, self._used}:
            if isinstance(one, socket):
                with suppress(OSError):
                    # not the way of an SSLSocket: that one would also take TLS away from its reader
                    socket.shutdown(one, SHUT_RDWR)


class _Plain(_Cuttable, HTTPConnection):
    pass


class _Tls(_Cuttable, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


class CuttableAdapter(HTTPAdapter):
    """Connections kept open, each of which its wire can cut."""

    POOLS: ClassVar = {"http": _PlainPool, "https": _TlsPool}

    def __init__(self, kept_open: int) -> None:
        super().__init__(kept_open, kept_open, max_retries=ONCE_MORE)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Requests' own, with our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self.POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> PoolManager:
        """The same behind a proxy."""
        manager: PoolManager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self.POOLS
        return manager
