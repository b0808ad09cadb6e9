"""The service on an address: begin, where it is, end.

Python's own ``socketserver``, not a web framework: the window begins and ends it within the
process, nothing more must be installed, and what this needs beyond HTTP itself is the deadlines
and limits that uvicorn leaves to a proxy before it (it knows no time for headers and bodies).
"""

from __future__ import annotations

import contextlib
import errno
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlunsplit

from transfergui.core.base.errors import UserError
from transfergui.core.serving.access import LOOPBACK, Guard, is_loopback
from transfergui.core.serving.handler import Handler
from transfergui.core.serving.limits import Limits
from transfergui.core.serving.service import Service

if TYPE_CHECKING:
    from transfergui.core.trained import TrainedModel

PORT = 8765
"""By default."""
MOST_PORT = 65535
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\
Connection: close\r\n\r\n"
BACKLOG = 64


class Listener(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Accepts connections, each in a thread, at most so many at a time.

    Attributes:
        guard: lets requests in.
        service: answers them.
        answered: requests so far; ``refused`` of them got an error.
        report: called with the traceback of a bug.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = BACKLOG
    allow_reuse_address = sys.platform != "win32"  # there, two programs could share the port

    def __init__(
        self, host: str, port: int, guard: Guard, service: Service, report: Callable[[str], object]
    ) -> None:
        self.guard, self.service, self.limits, self.report = guard, service, service.limits, report
        self.answered = self.refused = 0
        self._counting = threading.Lock()
        self._open: dict[socket.socket, str] = {}
        self._room = threading.BoundedSemaphore(self.limits.connections)
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), Handler)

    def server_bind(self) -> None:
        if sys.platform == "win32":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        super().server_bind()

    def count(self, refused: bool = False) -> None:
        """A request has come, or was refused."""
        with self._counting:
            self.refused += refused
            self.answered += not refused

    def process_request(self, request: Any, client_address: Any) -> None:
        """A thread for the connection; without room, the shortest answer that there is."""
        address = str(client_address[0])
        if self._has_enough(address) or not self._room.acquire(blocking=False):
            with contextlib.suppress(OSError):
                request.settimeout(0)
                request.send(BUSY)
            self.count(refused=True)
            self.shutdown_request(request)
            return
        with self._counting:
            self._open[request] = address
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no more threads
            self._gone(request)
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._gone(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The connection ended amid a word."""

    def end_connections(self) -> None:
        """Close what is open."""
        with self._counting:
            found = list(self._open)
        for each in found:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _has_enough(self, address: str) -> bool:
        """Whether another computer has as many places as one may: the others are for others."""
        if is_loopback(address):
            return False
        with self._counting:
            own = sum(each == address for each in self._open.values())
        return own >= self.limits.connections_of_one

    def _gone(self, request: socket.socket) -> None:
        with self._counting:
            self._open.pop(request, None)
        self._room.release()


class Server:
    """A running service; it runs from the beginning until :meth:`stop`.

    Args:
        host: that is listened on: by default, only programs of this computer reach it.
        port: 0 for any that is free.
        token: that who asks must send; needed beyond this computer.
        unsure: as of :class:`Service`.
        report: called with the traceback of a bug.

    Raises:
        UserError: ``serve.needs_token``, ``serve.short_token``, ``serve.port_taken``,
            ``serve.no_address``.
    """

    def __init__(
        self,
        model: TrainedModel,
        host: str = LOOPBACK,
        port: int = PORT,
        token: str = "",
        limits: Limits | None = None,
        unsure: float | None = None,
        report: Callable[[str], object] = lambda text: None,
    ) -> None:
        guard = Guard(host, token)
        self.host, self.token = host, token
        self.service = Service(model, limits or Limits(), unsure)
        try:
            self._listener = Listener(host, port, guard, self.service, report)
        except (OSError, OverflowError) as error:
            self.service.stop()
            raise _no_address(host, port, error) from None
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.2,), name="serve", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """On which it listens."""
        return int(self._listener.server_address[1])

    @property
    def address(self) -> str:
        """Of the page; with the token in the fragment, which browsers keep to themselves."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return urlunsplit(("http", f"{host}:{self.port}", "/", "", self.token))

    @property
    def alone(self) -> bool:
        """Whether only programs of this computer reach it."""
        return is_loopback(self.host)

    @property
    def answered(self) -> int:
        """Requests so far."""
        return self._listener.answered

    @property
    def refused(self) -> int:
        """Requests that got an error."""
        return self._listener.refused

    def stop(self, seconds: float = 5.0) -> None:
        """End it; requests that wait get an error.

        Args:
            seconds: that a prediction is waited for which is being made.
        """
        self._listener.shutdown()
        self._listener.server_close()
        self.service.stop(seconds)
        self._listener.end_connections()
        self._thread.join(seconds)


def _no_address(host: str, port: int, error: OSError | OverflowError) -> UserError:
    if getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES):
        return UserError("serve.port_taken", port=port)
    reason = getattr(error, "strerror", None) or str(error)
    return UserError("serve.no_address", host=host, reason=reason)
