"""What arrives at a connection, as far as it arrives in time.

Each wait for the network ends at the deadline of the whole part, so that a client who sends a byte
now and then ("slow loris") does not keep a thread for ever.
"""

from __future__ import annotations

import io
import math
import socket
import time

from transfergui.core.serving.refusals import HeadTooLarge, OutOfTime

PIECE = 64 * 1024


class _Raw(io.RawIOBase):
    """Bytes of a socket up to a deadline."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.deadline, self.stalled = 0.0, math.inf

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        left = min(self.deadline - time.monotonic(), self.stalled)
        if left <= 0:
            raise OutOfTime
        self._connection.settimeout(left)
        try:
            return self._connection.recv_into(buffer)
        except TimeoutError:
            raise OutOfTime from None


class Incoming:
    """The part of a binary file that a handler of Python's ``http.server`` reads from.

    Attributes:
        begun: whether anything of the present request has arrived.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._raw = _Raw(connection)
        self._buffered = io.BufferedReader(self._raw, PIECE)
        self._head_left = 0
        self.begun = False

    def within(self, seconds: float, stalled: float = math.inf) -> None:
        """What is read from now on arrives in this time, or :class:`OutOfTime` is raised.

        Args:
            stalled: seconds in which at least a byte arrives.
        """
        self._raw.deadline, self._raw.stalled = time.monotonic() + seconds, stalled

    def begin(self, idle: float, head_bytes: int) -> None:
        """A new request may come."""
        self.within(idle)
        self._head_left = head_bytes
        self.begun = False

    def wait(self) -> bool:
        """Whether a request has begun before the connection was closed."""
        self.begun = bool(self._buffered.peek(1))
        return self.begun

    def readline(self, limit: int = -1) -> bytes:
        """A line of the head.

        Raises:
            HeadTooLarge, OutOfTime.
        """
        most = self._head_left + 1 if limit < 0 else min(limit, self._head_left + 1)
        line = self._buffered.readline(most)
        self._head_left -= len(line)
        if self._head_left < 0:
            raise HeadTooLarge
        return line

    def read(self, count: int) -> bytes:
        """Some bytes of the body, at most ``count``; none at the end of the connection."""
        return self._buffered.read1(min(count, PIECE))

    def close(self) -> None:
        """The socket itself is closed by who opened it."""
        self._buffered.close()
