"""Other processes of this computer that take part in a search, as children of the one that does it.

They do what ``resume RUN --join`` does (:mod:`transfergui.core.training.joining`), and end with
this process, however that ends: it holds the other end of their standard input.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from transfergui.core.base import python
from transfergui.core.base.notes import Note
from transfergui.core.processes import seat
from transfergui.core.runs import events as ev
from transfergui.core.training import devices, start
from transfergui.core.training.group import Neighbours

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.runs.run import Run

GRACE = 10.0
"""Seconds that they have to leave once the search is over."""
CARDS = "CUDA_VISIBLE_DEVICES"


def train(plan: Plan, run: Run, size: int) -> Generator[ev.Event, None, None]:
    """As :func:`transfergui.core.training.start.train`, of a search by ``size`` processes.

    One that cannot go on is a notice, once; the search goes on without it.
    """
    events = start.share(plan, run, Neighbours(size))
    on_card = devices.find(plan.recipe.run.device).type == "cuda"
    with (
        devices.threads(seat.threads(size)),
        _Helpers(run, size, on_card) as helpers,
        contextlib.closing(events),
    ):
        for event in events:
            yield event
            if isinstance(event, ev.Finished | ev.Failed):
                continue
            helpers.start()
            for notice in helpers.lost():
                run.record(notice)
                yield notice


class _Helpers(contextlib.AbstractContextManager["_Helpers"]):
    """The processes beside this one; on leaving, they are ended.

    Args:
        size: how many processes there are, with this one.
        on_card: whether each has a graphics card of its own.
    """

    def __init__(self, run: Run, size: int, on_card: bool) -> None:
        self.run, self.size, self.on_card = run, size, on_card
        self._started: list[subprocess.Popen[bytes]] = []
        self._lost = set[int]()

    def start(self) -> None:
        """Once; the run is to be claimed by then."""
        for number in range(1 + len(self._started), self.size):
            module = "transfergui.core.processes.helper"
            own = seat.environment(self.size)
            if self.on_card:
                own[CARDS] = card(number)
            self._started.append(
                subprocess.Popen(
                    python.command("-m", module, str(self.run.path), str(self.size)),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=python.environment() | own,
                    start_new_session=True,  # Ctrl+C is answered by this process
                )
            )

    def lost(self) -> Iterator[ev.Notice]:
        """Those that left before the search was over, each once."""
        for at, process in enumerate(self._started):
            if at in self._lost or not process.poll():  # who leaves in order ends with 0
                continue
            self._lost.add(at)
            values = {"number": at + 2, "count": self.size}
            if why := _reason(process):
                yield ev.Notice(code="join.failed", values=values | {"why": why}, level="warning")
            else:
                values["status"] = process.returncode
                yield ev.Notice(code="join.lost", values=values, level="warning")

    def __exit__(self, *_error: object) -> None:
        for process in self._started:
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if stream is not None:
                        stream.close()
        for process in self._started:
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _reason(process: subprocess.Popen[bytes]) -> str:
    """What a process said at its end; empty where it said nothing."""
    assert process.stdout is not None
    event = seat.heard(process.stdout.read())[0]
    if not isinstance(event, ev.Failed):
        return ""
    if event.code == "bug":
        return event.details.strip().rpartition("\n")[2]
    return Note(event.code, event.values).sentence()


def card(number: int) -> str:
    """The graphics card of a process, of those that this one may use; its own is the first."""
    given = [each.strip() for each in os.environ.get(CARDS, "").split(",") if each.strip()]
    return given[number] if given else str(number)
