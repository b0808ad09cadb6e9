"""What a process that trains with others is told when it is started. Imports no torch."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from typing import IO

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.runs import events as ev

HANG = 600.0
"""Seconds without a sign of life, after which a process counts as hanging."""
HANG_VARIABLE = "TRANSFERGUI_HANG_SECONDS"
"""Another number of seconds."""
LOOPBACK = "127.0.0.1"
RECORDED, UNRECORDED = b"+", b"-"
"""Before a line with an event: whether it is in the run's record already."""


class Seat(msgspec.Struct, frozen=True):
    """Where a process sits: the same for all that one computer starts.

    Attributes:
        run: the folder of the run; of no meaning on other computers than the first.
        here: how many processes this computer starts.
        machines: how many computers take part; ``number``: which this one is.
        address: of this computer, for the others.
        store: the file through which the processes of one computer find each other; empty where
            there are several computers.
        endpoint: host and port where several computers meet.
        hang: seconds, see :data:`HANG`.
        notices: lines of events: what is to be said of the plan, once it has begun.
        old_stop: of the run, as :attr:`transfergui.core.runs.run.Run.old_stop`.
    """

    run: str
    here: int
    machines: int = 1
    number: int = 0
    address: str = LOOPBACK
    store: str = ""
    endpoint: str = ""
    hang: float = HANG
    notices: tuple[str, ...] = ()
    old_stop: tuple[int, int] | None = None

    @property
    def size(self) -> int:
        """How many processes there are in all."""
        return self.here * self.machines

    def told(self) -> str:
        """As an argument of a command."""
        return json.dumps(msgspec.to_builtins(self))  # paths need not be Unicode

    @classmethod
    def of(cls, told: str) -> Seat:
        return msgspec.convert(json.loads(told), cls)


class Machines(msgspec.Struct, frozen=True):
    """Several computers that train together.

    Attributes:
        count: how many; ``number``: which this one is; the one with 0 owns the run.
        endpoint: host and port at which the one with 0 is reached.
    """

    count: int
    number: int
    endpoint: str

    def seat(self, run: str, here: int) -> Seat:
        """Of this computer.

        Args:
            here: how many processes each of them starts.

        Raises:
            UserError: ``processes.endpoint``.
        """
        return Seat(
            run,
            here,
            self.count,
            self.number,
            self._address(),
            endpoint=self.endpoint,
            hang=hang_seconds(),
        )

    def _address(self) -> str:
        """Of this computer, on the network of the endpoint: nothing is sent to find it."""
        host, _colon, port = self.endpoint.rpartition(":")
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
                found.connect((host, int(port)))
                return str(found.getsockname()[0])
        except (OSError, ValueError) as error:
            values = {"endpoint": self.endpoint, "reason": str(error)}
            raise UserError("processes.endpoint", **values) from None


def hang_seconds() -> float:
    """See :data:`HANG`."""
    try:
        return max(1.0, float(os.environ[HANG_VARIABLE]))
    except (KeyError, ValueError):
        return HANG


def environment(here: int) -> dict[str, str]:
    """What is set for each of so many processes of this computer."""
    return {"OMP_NUM_THREADS": str(threads(here)), "TORCH_CPP_LOG_LEVEL": "ERROR"}


def threads(here: int) -> int:
    """On how many threads each of so many processes of this computer computes."""
    with contextlib.suppress(KeyError, ValueError):
        return max(1, int(os.environ["OMP_NUM_THREADS"]))
    return max(1, (os.cpu_count() or 1) // here)


def heard(line: bytes) -> tuple[ev.Event | None, bool]:
    """The event of a line that a :class:`Mouth` gave, None where a library printed it, and whether
    it is recorded."""
    try:
        return ev.from_line(line[1:]), line[:1] == RECORDED
    except ValueError:
        return None, False


class Mouth:
    """Gives events to the program that follows the training.

    Args:
        only: whatever else this process prints goes to standard error.
    """

    def __init__(self, only: bool = True) -> None:
        self._stream: IO[bytes] = os.fdopen(os.dup(1), "wb")
        if only:
            os.dup2(2, 1)

    def say(self, event: ev.Event, recorded: bool) -> None:
        """
        Raises:
            OSError: nobody listens any more.
        """
        self._stream.write((RECORDED if recorded else UNRECORDED) + ev.to_line(event))
        self._stream.flush()
