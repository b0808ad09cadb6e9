"""A run that another process trains, on this computer or on one that shares the folder of the runs:
what it records, as it records it.

Nothing is written here; requests to stop go through the folder, as ever. A network share may show
what another computer writes late, in pieces, or as zeros where the bytes have not come yet: only
whole lines are taken, and the end of the other process is believed only when nothing followed it
for a while.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.locks import Holder
from transfergui.core.base.messages import Level
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import EVENTS, MAX_LINE, RECIPE, Run

WAIT = 0.3
"""Seconds between two looks into the folder."""
LATE = 10.0
"""Seconds by which a share may show the last events later than it shows the end of the process."""
RESTART = 60.0
"""The same of a training by several processes, which begins again when one of them is lost."""
SILENT = 120.0
"""Seconds without an event after which that is said."""
UNREADABLE = 50
"""Looks after which zeros in the place of a line are taken for damage, and passed over."""

CUT = 10
"""Looks after which it is believed that the file has become shorter."""


class Tail:
    """The events that are appended to a file, each given out once.

    Args:
        path: of the file, which need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = self._zeros = self._shorter = 0

    def read(self) -> Iterator[ev.AnyEvent]:
        """What is new: of whole lines only; lines that are no events are passed over.

        Raises:
            OSError: it cannot be read now.
        """
        while lines := self._lines():
            for line in lines:
                with contextlib.suppress(ValueError):
                    yield ev.from_line(line)

    def _lines(self) -> list[bytes]:
        try:
            with files.open_regular(self._path) as stream:
                self._follow_cut(stream.seek(0, os.SEEK_END))
                stream.seek(self._offset)
                data = stream.read(MAX_LINE)
        except FileNotFoundError:
            return []
        if (zero := data.find(b"\0")) >= 0:
            self._zeros += 1
            if self._zeros <= UNREADABLE:
                data = data[:zero]
        else:
            self._zeros = 0
        end = data.rfind(b"\n") + 1
        if not end and len(data) >= MAX_LINE:
            end = len(data)
        self._offset += end
        return data[:end].splitlines()

    def _follow_cut(self, size: int) -> None:
        """Go on at the end of a file that has become shorter: what another computer lost of a
        training there is cut off here. A share may show an older size for a moment."""
        self._shorter = self._shorter + 1 if size < self._offset else 0
        if self._shorter > CUT:
            self._offset, self._shorter = size, 0


class Watch:
    """One run of another process. Iterate :meth:`events` once.

    Args:
        run: somebody trains it, or did just now.

    Attributes:
        history: what it had told when this was made.
        holder: the process that trains it, as far as it is known.

    Raises:
        UserError: ``run.events_damaged``.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.holder = run.holder() or Holder(0, "")
        self.history = History()
        self._tail = Tail(run.path / EVENTS)
        self._left = threading.Event()
        self._outcome: ev.Finished | ev.Failed | None = None
        self._told = time.monotonic()
        self._said = ""
        try:
            for event in self._tail.read():
                self.history.add(event)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError("run.events_damaged", path=str(run.path), reason=reason) from None
        # it ended just now, or it was resumed since
        self._before = self.history.outcome

    def leave(self) -> None:
        """Watch it no longer; its training goes on. May be called from any thread."""
        self._left.set()

    def events(self) -> Iterator[ev.Event]:
        """What is told from now on; the outcome is last: ``watch.died`` where the process ended
        without one. A watch that is left ends with ``cancelled``, which nobody recorded."""
        freed: float | None = None
        while not self._left.wait(WAIT):
            holder, reachable = self.run.holder(), self._is_reachable()  # before it is read
            yield from self._new()
            now = time.monotonic()
            if holder is not None:
                freed, self.holder = None, holder
            elif self._outcome is not None and reachable:
                break
            elif freed is None:
                freed = now
            elif now > freed + self._late():
                if reachable or self._is_gone():
                    break
                yield from self._say("watch.unreachable", "warning", path=str(self.run.path))
            if holder is not None and now > self._told + SILENT:
                yield from self._say("watch.silent", "info")
        if self._left.is_set():
            yield ev.Finished(outcome="cancelled", epochs=0, best_epoch=None, seconds=0)
        else:
            yield self._end()

    def _new(self) -> Iterator[ev.Event]:
        """The events that came; an outcome is kept back: it may have been resumed."""
        told = list[ev.Event]()
        with contextlib.suppress(OSError):  # the share, for a moment
            told.extend(self._tail.read())
        if not told:
            return
        self._told = time.monotonic()
        self._before = None
        for event in told:
            if isinstance(event, ev.Finished | ev.Failed):
                self._outcome = event
            else:
                self._outcome = None
                yield event
        if self._said:
            self._said = ""
            yield ev.Notice(code="watch.back", passing=True)

    def _end(self) -> ev.Event:
        if not self._is_reachable():
            return ev.Failed(code="run.missing", values={"path": str(self.run.path)})
        values = self.trainer
        return self._outcome or self._before or ev.Failed(code="watch.died", values=values)

    @property
    def trainer(self) -> dict[str, Any]:
        """The process that trains it, as values of a sentence: ``pid`` and ``host``."""
        return {"pid": self.holder.pid, "host": self.holder.host or "–"}

    def _say(self, code: str, level: Level, **values: Any) -> Iterator[ev.Event]:
        """Say it once, until something else is told."""
        if self._said != code:
            self._said = code
            yield ev.Notice(code=code, values=values, level=level, passing=True)

    def _late(self) -> float:
        """Seconds for which the end of the process is not believed."""
        with contextlib.suppress(UserError):
            return LATE if self.run.recipe.run.processes == 1 else RESTART
        return LATE

    def _is_reachable(self) -> bool:
        return os.path.lexists(self.run.path / RECIPE)

    def _is_gone(self) -> bool:
        """Whether it was deleted: the folder around it is there, and it is not."""
        return self.run.path.parent.is_dir() and not self._is_reachable()
