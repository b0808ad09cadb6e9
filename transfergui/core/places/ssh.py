"""A connection to a place, by the system's own ``ssh``: it asks, the other side answers.

ssh is never given a password or key. What needs one is answered by its agent, or refused: a
question on a terminal would wait for nobody.
"""

from __future__ import annotations

import contextlib
import json
import queue
import re
import shlex
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import IO, Any, TypeVar

from transfergui import __version__
from transfergui.core.base import python
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.places import answers, frames
from transfergui.core.places.frames import Frame
from transfergui.core.places.place import Place

OPTIONS = (
    *("BatchMode=yes", "ConnectTimeout=15", "ServerAliveInterval=10", "ServerAliveCountMax=3"),
    "ControlMaster=no",
)
"""A dead connection is noticed after 30 seconds; what ssh leaves behind to be used again would keep
our pipes open."""
PATIENCE = 60.0
"""Seconds without an answer after which the connection counts as lost."""
REACHED = "transfergui-reached"
"""What the shell over there says before it starts the program, which can take long."""
GREETING_LINES = 200
"""Lines that the shell over there may print before the program greets."""
OWN_STATUS = 255
"""Exit status of ssh itself; any other is that of what it starts over there."""
SOURCE = "transfergui-source"
STARTED = "/bin/transfergui"
VENV_PROGRAM = re.compile(rf"[\w./~+-]+{STARTED}")
PACKED = ("pyproject.toml", "README.md", "LICENSE", "resources", "transfergui")
"""What of a checkout is installed."""
STEP = 0.2
"""Seconds between two questions whether somebody still waits."""
Check = Callable[[], object]
T = TypeVar("T")


class LostError(Exception):
    """The connection ended; what was asked may or may not have been done."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class SilentError(LostError):
    """There was a connection, but nothing answered."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = round(seconds)


class Connection:
    """Close it, or use it as a context.

    Args:
        place: where to.
        check: called while waiting; may raise to end it.
        patience: see :data:`PATIENCE`.
        reached: called, in another thread, once somebody is logged in there.

    Attributes:
        greeting: what the other side said of itself.

    Raises:
        UserError: ``place.no_ssh``, ``place.not_installed``, ``place.other_protocol``,
            ``place.refused``, ``place.host_unknown``, ``place.host_changed``, ``place.garbled``.
        LostError: it cannot be reached, or not now.
    """

    def __init__(
        self,
        place: Place,
        check: Check = lambda: None,
        patience: float = PATIENCE,
        reached: Check = lambda: None,
    ) -> None:
        self.place = place
        self._check, self._patience, self._reached = check, patience, reached
        self._errors: deque[bytes] = deque(maxlen=20)
        self._arrived: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._asked: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue(1)
        self._child = _started(place)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._complaints = threading.Thread(target=self._listen, daemon=True)
        for thread in (self._reader, self._writer, self._complaints):
            thread.start()
        try:
            self.greeting = self._greeted()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End ssh; what was begun over there goes on."""
        self._child.kill()
        self._child.wait()
        with contextlib.suppress(queue.Full):  # then it fails by itself: nobody reads any more
            self._asked.put_nowait(None)
        self._writer.join(self._patience)
        with contextlib.suppress(OSError, ValueError):
            _open(self._child.stdin).close()
        self._reader.join(self._patience)
        self._complaints.join(self._patience)
        _open(self._child.stdout).close()
        _open(self._child.stderr).close()

    # -- asking

    def ask(self, what: str, payload: bytes = b"", **fields: Any) -> Frame:
        """Ask, and wait for the answer.

        Raises:
            UserError: what the other side answered.
            LostError: the connection ended.
        """
        self.send(what, payload, **fields)
        return self.answer(float(fields.get("wait", 0)))

    def send(self, what: str, payload: bytes = b"", **fields: Any) -> None:
        """Ask; the answer is to be taken by :meth:`answer`, in the order of the questions.

        Raises:
            LostError: the connection ended.
        """
        self._check()
        until = time.monotonic() + self._patience
        while self._writer.is_alive() and time.monotonic() < until:
            with contextlib.suppress(queue.Full):
                self._asked.put(({"ask": what, **fields}, payload), timeout=STEP)
                return
            self._check()
        raise self._lost()

    def answer(self, wait: float = 0) -> Frame:
        """The answer to the first question that has none yet.

        Args:
            wait: seconds for which the other side may keep it back.

        Raises:
            UserError, LostError: as of :meth:`ask`.
        """
        frame = self._next(wait + self._patience)
        if frame is None:
            raise self._lost()
        if "error" in frame.fields:
            raise _refused(answers.read(frame.fields, answers.Refusal, self.place.name))
        return frame

    def said(self, frame: Frame, kind: type[T]) -> T:
        """The fields of an answer.

        Raises:
            UserError: ``place.garbled``: they are others.
        """
        return answers.read(frame.fields, kind, self.place.name)

    def answers_json(self, frame: Frame, kind: type[T]) -> T:
        """The bytes of an answer, which are JSON.

        Raises:
            UserError: ``place.garbled``: it is of something else.
            LostError: they are none.
        """
        try:
            tree = json.loads(frame.payload)
        except (ValueError, RecursionError) as error:
            raise LostError(str(error)) from None
        return answers.read(tree, kind, self.place.name)

    # -- the two directions

    def _next(self, seconds: float) -> Frame | None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._check()
            with contextlib.suppress(queue.Empty):
                return self._arrived.get(timeout=STEP)
        return None

    def _write(self) -> None:
        """In a thread: where the other side has stopped reading, only this one waits for ever."""
        with contextlib.suppress(OSError, ValueError):
            while (asked := self._asked.get()) is not None:
                frames.write(_open(self._child.stdin), *asked)

    def _read(self) -> None:
        stream = _open(self._child.stdout)
        try:
            self._arrived.put(self._first(stream))
            while (frame := frames.read(stream)) is not None:
                self._arrived.put(frame)
        except (frames.FrameError, OSError, ValueError):
            pass
        self._arrived.put(None)

    def _first(self, stream: IO[bytes]) -> Frame | None:
        """The greeting, after what the shell over there may print."""
        for _line in range(GREETING_LINES):
            line = stream.readline(frames.MAX_LINE)
            if line.strip() == REACHED.encode():
                self._reached()
            if not line or line.startswith(b'{"transfergui"'):
                return frames.parsed(line, stream) if line else None
        return None

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in _open(self._child.stderr):
                self._errors.append(line)

    def _greeted(self) -> answers.Greeting:
        frame = self._next(self._patience)
        if frame is None:
            raise self._not_begun()
        if frame.fields.get("protocol") != frames.PROTOCOL:
            raise UserError(
                "place.other_protocol",
                name=self.place.name,
                there=str(frame.fields.get("transfergui")),
                here=__version__,
                protocol=str(frame.fields.get("protocol", "–")),
                own=str(frames.PROTOCOL),
                command=install_command(self.place),
                installed=installed(self.place),
            )
        return self.said(frame, answers.Greeting)

    # -- what went wrong

    def _said(self) -> str:
        """What ssh said last."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(timeout=1)
        self._complaints.join(timeout=1)
        lines = [line.decode("utf-8", "replace").strip() for line in tuple(self._errors)]
        return next((line.rstrip(".") for line in reversed(lines) if line), "")

    def _lost(self) -> LostError:
        return LostError(self._said())

    def _not_begun(self) -> UserError | LostError:
        said, host = self._said(), self.place.host
        if self._child.poll() is None:
            return SilentError(self._patience)
        own = self._child.returncode == OWN_STATUS  # else what is started over there says that
        if own and "verification failed" in said:
            changed = any(b"HAS CHANGED" in line for line in tuple(self._errors))
            code = "place.host_changed" if changed else "place.host_unknown"
            return UserError(code, name=self.place.name, host=host)
        if own and ("Permission denied" in said or "Too many authentication" in said):
            return UserError("place.refused", name=self.place.name, host=host, reason=said)
        if own:
            return LostError(said)
        command = install_command(self.place)
        values = {"name": self.place.name, "program": self.place.program, "command": command}
        values["installed"] = installed(self.place)
        return UserError("place.not_installed", reason=said or "–", **values)


def installed(place: Place) -> str:
    """What starts the program there once :func:`install_command` was run: what is named, where
    that is in an environment."""
    named = place.program
    return named if VENV_PROGRAM.fullmatch(named) else f"~/transfergui-venv{STARTED}"


def install_command(place: Place) -> str:
    """What installs the version of here over there, in an environment of its own
    (:func:`installed`); from a checkout, a copy of that."""
    host, own = shlex.quote(place.host), installed(place).removesuffix(STARTED)
    pip = f"python3 -m venv {own} && {own}/bin/python -m pip install"
    if not (python.ROOT / "pyproject.toml").is_file():
        return f"ssh {host} '{pip} transfergui=={__version__}'"
    unpack = f"mkdir -p {SOURCE} && tar -C {SOURCE} -xz && {pip} ./{SOURCE}"
    packed = f"tar -C {shlex.quote(str(python.ROOT))} -cz {' '.join(PACKED)}"
    return f"{packed} | ssh {host} '{unpack}'"


def _started(place: Place) -> subprocess.Popen[bytes]:
    program = shutil.which("ssh")
    if program is None:
        raise UserError("place.no_ssh")
    options = [part for option in OPTIONS for part in ("-o", option)]
    command = f"echo {REACHED}; {place.program} place answer {shlex.quote(place.folder)}"
    try:
        return subprocess.Popen(
            [program, "-T", *options, "--", place.host, command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl+C is for this program
        )
    except OSError as error:
        raise LostError(error.strerror or str(error)) from None


def _open(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _refused(told: answers.Refusal) -> UserError:
    """What the other side answered, in a sentence of this one."""
    said = Note(told.error, told.values or {})
    if not said.is_known:
        return UserError("place.unknown_answer", reported=said.code)
    return UserError(said.code, **said.values)
