"""What stands in the file of a lock: who holds it, and how often that was confirmed.

The system's own lock tells of the processes of one computer. On many network shares it is given to
two computers at once (sshfs; NFS with ``local_lock``; CIFS with ``nobrl``). So who holds a lock
writes a higher number into its file every few seconds, and another computer believes that it is
held as long as the number changes, by its own clock: no two clocks are compared.
"""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import secrets
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

BEAT = 5.0
"""Seconds between two numbers."""
PATIENCE = 60.0
"""Seconds for which a number stays the same before its writer counts as dead. sshfs shows sizes up
to 20 s late, and a loaded process or share is late, too."""
UNMARKED = 5.0
"""The same where nothing is written yet: who made the file does so at once."""
GAP = 10.0
"""Seconds between two looks that count at most: who looks may have been cut off, too."""
LATE = 1.5 * BEAT
"""Seconds after which a number is overdue: it is written before anything else is."""
SIZE = 400
"""Bytes of the file, always: a share may show a new size late."""
LONGEST = 100
"""Letters of the name of a computer."""
SHARED = "shared"
"""In the file of a lock that several use together: none of them is named."""


class Holder(NamedTuple):
    """Who holds a lock, as far as that could be written down.

    Attributes:
        pid: 0 where it is not known.
        host: the name of the computer; empty where it is not known.
        sure: False where it may have died: it was not waited until that is known.
    """

    pid: int
    host: str
    sure: bool = True

    @property
    def values(self) -> dict[str, Any]:
        """For a sentence."""
        return {"pid": self.pid, "host": self.host}


class Mark(NamedTuple):
    """One holder of one lock.

    Attributes:
        holder: for people.
        machine: the computer; its system says whether a process of it is alive.
        boot: the start of that system; empty where the system has no such name.
        device: the mount through which the file is seen: two of one folder have locks of their own.
        token: of this holding.
    """

    holder: Holder
    machine: str
    boot: str
    device: str
    token: str

    @classmethod
    def new(cls, device: int) -> Mark:
        holder = Holder(os.getpid(), platform.node()[:LONGEST])
        return cls(holder, machine(), boot(), str(device), secrets.token_hex(8))

    @classmethod
    def of(cls, text: str) -> Mark | None:
        """As it stands in a file; None where nothing does, or what another version wrote."""
        lines = text.splitlines()
        if len(lines) < 2 or len(fields := lines[1].split(" ")) < 5:
            return None
        found, boot, device, token, _number = fields[:5]
        return cls(holder_of(text), found, boot, device, token)

    def written(self, number: int) -> bytes:
        """The contents of the file."""
        fields = (self.machine, self.boot, self.device, self.token, str(number))
        text = f"{self.holder.pid} {self.holder.host}\n{' '.join(fields)} "
        return text.encode("utf-8", "replace")[: SIZE - 1].ljust(SIZE - 1) + b"\n"

    def is_told_of(self, device: int) -> bool:
        """Whether the system's own lock, of a file on ``device``, tells if this holder lives."""
        if self.boot and self.boot == boot():
            return self.device == str(device)
        return self.machine == machine()  # its system was started anew since: it has ended


def holder_of(text: str) -> Holder:
    pid, _space, host = text.partition("\n")[0].partition(" ")
    number = int(pid) if pid.isascii() and pid.isdecimal() and len(pid) < 20 else 0
    return Holder(number, host.strip())


def read(path: Path) -> str:
    """What stands in the file, as the share has it now.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb", buffering=0) as stream:
        return (stream.read(SIZE) or b"").decode("utf-8", "replace")


@functools.cache
def machine() -> str:
    """The name of this computer, with what tells it from another one of that name."""
    found = ""
    if sys.platform == "win32":
        import winreg

        with (
            contextlib.suppress(OSError),
            winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key,
        ):
            found = str(winreg.QueryValueEx(key, "MachineGuid")[0])
    else:
        with contextlib.suppress(OSError):
            found = Path("/etc/machine-id").read_text(encoding="ascii", errors="replace").strip()
    return f"{platform.node()[:LONGEST]}/{found[:64]}".replace(" ", "_")


@functools.cache
def boot() -> str:
    """What the system calls its last start; empty where it does not."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


# -- the looks of others


@dataclass
class _Look:
    """What stood in a file, since how many seconds, and when that was looked up."""

    text: str
    quiet: float
    at: float


class Looks:
    """What this process has seen of locks that other computers may hold."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._last = dict[str, _Look]()

    def quiet(self, path: Path, text: str) -> float:
        """For how many seconds ``text`` stands in the file, as far as somebody looked."""
        now, key = time.monotonic(), _key(path)
        with self._guard:
            last = self._last.get(key)
            if last is None or last.text != text:
                last = self._last[key] = _Look(text, 0.0, now)
            last.quiet += min(now - last.at, GAP)
            last.at = now
            return last.quiet

    def forget(self, path: Path) -> None:
        with self._guard:
            self._last.pop(_key(path), None)


# -- the holder's own


class Holding:
    """A lock that this process holds.

    Attributes:
        path: of its file.
        mark: this holder.
        lost: who has taken it meanwhile; None while that is not so.
    """

    def __init__(self, path: Path, mark: Mark) -> None:
        self.path, self.mark = path, mark
        self.lost: Holder | None = None
        self._number = 0
        self._told = _now()
        self._guard = threading.Lock()

    def stamp(self) -> None:
        """Write it down, over whoever stands there."""
        with self._guard, contextlib.suppress(OSError):  # a full disk: then it is only the system's
            self._write()

    def confirm(self) -> None:
        """See that it is still held, and say so to the other computers."""
        with self._guard, contextlib.suppress(OSError):  # out of reach: tried again
            if self.lost is not None:
                return
            try:
                found = Mark.of(read(self.path))
            except FileNotFoundError:  # deleted by hand; or taken and released while this one slept
                if self._late() > PATIENCE and self.path.parent.is_dir():
                    self.lost = Holder(0, "")
                self._told = _now()
                return
            if found is not None and found.token != self.mark.token:
                self.lost = found.holder
                return
            self._told = _now()
            self._write()

    def is_own(self) -> bool:
        """Whether it stands in the file.

        Raises:
            OSError: that cannot be read.
        """
        found = Mark.of(read(self.path))
        return found is not None and found.token == self.mark.token

    def taken(self) -> Holder | None:
        """Who has taken it; asked anew where the last answer is older than it should be."""
        if self._late() > LATE:
            self.confirm()
        return self.lost

    def _late(self) -> float:
        """Seconds since it was confirmed; sleep of the computer counts, where a clock tells it."""
        return max(now - told for now, told in zip(_now(), self._told, strict=True))

    def _write(self) -> None:
        self._number += 1
        with self.path.open("r+b", buffering=0) as stream:  # closed: only then NFS sends it
            stream.write(self.mark.written(self._number))


def _now() -> tuple[float, float]:
    """The second one goes on while the computer sleeps; it may leap, which only costs a look."""
    return time.monotonic(), time.time()


class Heart:
    """Confirms what this process holds, every :data:`BEAT` seconds, in a thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held = dict[str, Holding]()
        self._beats = False

    def add(self, holding: Holding) -> None:
        with self._changed:
            self._held[_key(holding.path)] = holding
            if not self._beats:
                self._beats = True
                threading.Thread(target=self._beat, name="locks", daemon=True).start()

    def remove(self, holding: Holding) -> None:
        with self._changed:
            for key in [key for key, each in self._held.items() if each is holding]:
                del self._held[key]
            self._changed.notify()

    def find(self, path: Path) -> Holding | None:
        """What this process holds at ``path``."""
        if not self._held:
            return None
        with self._changed:
            return self._held.get(_key(path))

    def _beat(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: not self._held, BEAT)
                if not self._held:
                    self._beats = False
                    return
                held = [*self._held.values()]
            for holding in held:
                holding.confirm()


def _key(path: Path) -> str:
    return os.path.realpath(path)
