"""One of the processes that train together: the same loop as ever, with the others beside.

The first one owns the run. The others train in a folder that is thrown away. Whoever ends, ends
with the exit status 0 where it has been told why, to the others and to the program: torchrun starts
all of them again where one is gone without a word.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
import traceback
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transfergui.core.base import allocator, files, parallel
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import comma_list
from transfergui.core.processes.seat import Mouth, Seat
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.runs.stop_requests import Request

if TYPE_CHECKING:
    from transfergui.core.processes.joined import Joined, PeerLost
    from transfergui.core.training.group import Group

ROLL_CALL = 2.0
"""Seconds in which those that wait in vain say so; who does not, hangs."""
OUT_OF_REACH = 15.0
"""Seconds for finding out, on another computer, why a process is gone."""
LOST = 1
"""Exit status of one that misses another."""


def main(told: str) -> int:
    """
    Args:
        told: a :class:`Seat`.
    """
    mouth = Mouth()
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    parallel.wait_asleep()
    allocator.keep_blocks()
    return _Rank(Seat.of(told), mouth).main()


class _Rank:
    """See the module."""

    def __init__(self, seat: Seat, mouth: Mouth) -> None:
        self.seat = seat
        self.mouth = mouth
        self.local = int(os.environ["LOCAL_RANK"])
        self.attempt = int(os.environ["TORCHELASTIC_RESTART_COUNT"])
        self.rank = seat.number * seat.here + self.local
        self.run = Run(Path(seat.run))
        self.run.old_stop = None if seat.old_stop is None else Request(*seat.old_stop)
        self.said = set[str]()
        self.heard = 0

    def main(self) -> int:
        from transfergui.core.processes import joined

        self.store: Any = self._store()
        try:
            group = joined.Joined(
                self.store,
                self.rank,
                self.seat.size,
                self.seat.here,
                self.seat.address,
                self.seat.hang,
            )
            self.store.set_timeout(timedelta(seconds=self.seat.hang))
            return self._trained(group)
        except joined.PeerLost as lost:
            return self._without(lost)

    def _store(self) -> Any:
        from transfergui.core.processes import joined

        if self.seat.store:
            return joined.file_store(Path(f"{self.seat.store}.{self.attempt}"), self.seat.size)
        host, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
        return joined.network_store(host, port, f"attempt {self.attempt}", self.seat.hang)

    def _trained(self, group: Joined) -> int:
        try:
            if self.attempt and group.first:
                self._say(ev.Notice(code="processes.restarted", level="warning"), record=True)
            with files.temporary_folder() as folder:
                last = self._events(group, folder)
        except UserError as error:  # before anything was recorded
            last = ev.Failed(error.code, error.note.values)
            self._say(last, record=True)
        except Exception:  # a boundary; the first one has recorded it
            last = ev.Failed(code="bug", details=traceback.format_exc())
            self._say(last)
        if isinstance(last, ev.Failed):
            self.store.set("failed", ev.to_line(last))
        else:
            self.store.set("ended", b"")
        return 0

    def _events(self, group: Joined, folder: Path) -> ev.Event | None:
        """Train; the last event."""
        import torch

        from transfergui.core.resolve import resolve
        from transfergui.core.training import start

        recipe, split = group.of_first(lambda: (self.run.recipe, self.run.split))
        _agree_on_device(group, recipe.run.device)
        if not group.first:
            try:
                self.run = Run.create(recipe, split, folder / "run")
            except UserError as error:  # of a folder that nobody knows
                reason = error.note.values.get("reason", str(error))
                raise UserError("disk.no_temporary", path=str(folder), reason=reason) from None
        if recipe.run.device in ("auto", "cuda") and torch.cuda.is_available():
            torch.cuda.set_device(self.local)
        last = None
        for last in start.share(resolve(recipe, split), self.run, group):
            self._exchange(last)
            self._say(last)
            if isinstance(last, ev.Started) and not self.attempt:
                for line in self.seat.notices:
                    self._say(ev.from_line(line.encode()), record=True)
        return last

    def _exchange(self, event: ev.Event) -> None:
        """The notices of the others come through the first one, by its next epoch: each gives out
        the same events, but memory may be short, or a file be gone, for one of them only."""
        with contextlib.suppress(RuntimeError):  # of the store: the next collective tells more
            if isinstance(event, ev.Notice):
                self.said.add(event.code)
                if self.rank:
                    number = self.store.add("notices", 1)
                    self.store.set(f"notice {number}", ev.to_line(event))
            elif not self.rank and isinstance(event, ev.EpochEnded | ev.Finished):
                count, recorded = self.store.add("notices", 0), isinstance(event, ev.Finished)
                while self.heard < count:
                    self.heard += 1
                    other = ev.from_line(self.store.get(f"notice {self.heard}"))
                    if isinstance(other, ev.Notice) and other.code not in self.said:
                        self.said.add(other.code)
                        self._say(other, record=not recorded)  # the outcome stays the last

    def _without(self, lost: PeerLost) -> int:
        """Another is gone, or does not answer: find out why, and say it."""
        if self.seat.number:  # the store is on another computer, which may be out of reach
            threading.Thread(target=self._give_up, daemon=True).start()
        try:
            if self.store.check(["failed"]):
                self._say(ev.from_line(self.store.get("failed")), record=True)
                return 0
            if self.store.check(["ended"]):
                return 0
            if lost.late or self._waiting():
                return self._roll_call()
        except RuntimeError:  # the store is gone, too
            traceback.print_exc()
        return LOST

    def _give_up(self) -> None:
        """End when the store has not answered in time."""
        time.sleep(OUT_OF_REACH)
        self._say(ev.Failed(code="processes.unreachable", values={"endpoint": self.seat.endpoint}))
        os._exit(LOST)

    def _roll_call(self) -> int:
        """Who does not say that it waits, too, hangs."""
        self.store.set(f"waits {self.rank}", b"")
        time.sleep(ROLL_CALL)
        waiting = self._waiting()
        missing = [rank for rank in range(self.seat.size) if rank not in waiting]
        if not missing:
            return LOST
        values = {
            "numbers": comma_list(str(rank + 1) for rank in missing),
            "count": self.seat.size,
            "seconds": round(self.seat.hang),
        }
        failed = ev.Failed(code="processes.hung", values=values)
        if self.rank == min(waiting):
            self.mouth.say(failed, recorded=self.rank == 0)
            if self.rank == 0:
                self.run.record(failed)
        self.store.set("failed", ev.to_line(failed))
        return 0

    def _waiting(self) -> list[int]:
        """The processes that have said so."""
        return [rank for rank in range(self.seat.size) if self.store.check([f"waits {rank}"])]

    def _say(self, event: ev.Event, record: bool = False) -> None:
        """Tell the program; one process of each computer does.

        Args:
            record: whether the first process is to put it into the run's record.
        """
        if record and self.rank == 0:
            self.run.record(event)
        if self.local == 0:
            self.mouth.say(event, recorded=self.rank == 0)


def _agree_on_device(group: Group, wanted: str) -> None:
    """
    Raises:
        UserError: ``device.missing``; ``processes.devices``: they would wait for each other in
            vain, as what is on graphics cards travels in another way.
    """
    from transfergui.core.training import devices

    kinds = group.gather(devices.find(wanted).type)
    if len(set(kinds)) > 1:
        raise UserError("processes.devices", devices=comma_list(kinds))


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(LOST)


if __name__ == "__main__":
    status = main(sys.argv[1])
    sys.stderr.flush()
    os._exit(status)  # a group whose other half is gone would be waited for
