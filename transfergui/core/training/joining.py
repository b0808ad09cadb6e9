"""A search by several processes, on one computer or on several that share a disk.

The first process decides what is tried, asks the study and tells it, and ends the search; so the
table, the report and the choice are made in one place. What is tried is a run in the folder of the
search: the first offers it there to the processes that take part, by a file in it. Who claims that
run (:meth:`transfergui.core.runs.run.Run.claimed`, the system's own lock, which ends with the
process that holds it) trains it. So nothing is trained twice, and what a dead process left is
free, to go on from its checkpoint: by whoever claims it next, and by the first in the end.
"""

from __future__ import annotations

import contextlib
import os
import platform
import secrets
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from transfergui.core import registry
from transfergui.core.base import files, locks
from transfergui.core.base.errors import UserError
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import EVENTS, LOCK, RECIPE, Run
from transfergui.core.training import divergence, trainer
from transfergui.core.training.group import ALONE, Group
from transfergui.core.training.recording import recorded
from transfergui.core.training.stops import Stops

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan

SEARCH = "search"
"""The folder, in a run, of the trainings among which a search still chooses."""
OFFER = "offer.json"
"""In a run that others may train: what is tried there."""
PRESENT = "present"
"""The folder, in that of a search, with a lock for each process that takes part."""
LARGEST = 100_000
"""Bytes of an offer."""
PAUSE = 0.5
"""Seconds between two looks at what the others do."""
NEWS = 2.0
"""Seconds between two looks at how far a training of another process is."""
UNCLAIMED = 5.0
"""Seconds after which the first process trains by itself what nobody has claimed."""
CLOSING = 30.0
"""Seconds that the others have to stop, once the search is over."""
SILENT = 600.0
"""Seconds after which a process counts as hanging that trains and records nothing."""
HUNG = "join.hung"
"""Why a training by another process is given up."""
CUT_OFF = 5.0
"""Seconds for which a share may show a file cut off that another computer has replaced."""
TAKEN = ("run.busy", "run.taken")
"""Another process holds the run."""

Events = Generator[ev.Event, None, None]
Told = Callable[[ev.Tried], None]


class Ended(NamedTuple):
    """How far a training came.

    Attributes:
        last: its last event; None where it has none.
        done: epochs of its last phase.
    """

    last: ev.Event | None
    done: int

    @property
    def is_final(self) -> bool:
        """Whether going on would change nothing."""
        if isinstance(self.last, ev.Failed):
            return self.last.code in divergence.CODES
        return isinstance(self.last, ev.Finished) and self.last.outcome != "cancelled"


def ended(run: Run) -> Ended:
    """How far ``run`` came, as it recorded it."""
    last: ev.Event | None = None
    epochs, phase = set[int](), 0
    with contextlib.suppress(UserError):
        for last in run.events():
            if isinstance(last, ev.PhaseStarted):
                epochs = epochs if last.index == phase else set()
                phase = last.index
            elif isinstance(last, ev.EpochEnded):
                epochs.add(last.epoch)
    return Ended(last, len(epochs))


def how_far(run: Run) -> tuple[int, int]:
    """The epoch of ``run`` that has ended, and how many there are to be; zeros before it began."""
    history = run.history()
    planned = history.started.epochs if history.started else 0
    return (history.epochs[-1].epoch if history.epochs else 0), planned


@dataclass
class Offer:
    """Something to be tried by another process.

    Attributes:
        testing: seconds that are to be left when it ends.
        told: called with what it came to.
        asked: since when it is asked to end, as time is over; 0 where it is not.
        free: since when nobody holds it; 0 while somebody does.
        size, grown: of its record, in bytes, and since when it is so long.
        told_of, asked_how: how far it is as it was told, and when that was looked up.
    """

    trial: ev.Tried
    run: Run
    testing: float
    told: Told
    asked: float = 0.0
    free: float = 0.0
    size: int = -1
    grown: float = 0.0
    told_of: tuple[int, int] = (0, 0)
    asked_how: float = 0.0

    def news(self) -> ev.Tried | None:
        """How far it is, where that has changed; read at most once in :data:`NEWS`."""
        now = time.monotonic()
        if self.free or self.grown <= self.asked_how or now < self.asked_how + NEWS:
            return None
        self.asked_how = now
        with contextlib.suppress(UserError):
            if (come := how_far(self.run)) != self.told_of:
                self.told_of = come
                epoch, epochs = come
                return msgspec.structs.replace(
                    self.trial, dropped="auto.elsewhere", epoch=epoch, epochs=epochs
                )
        return None

    def look(self) -> None:
        """See whether somebody trains it, and records anything."""
        now = time.monotonic()
        self.free = 0.0 if self.run.active() else self.free or now
        with contextlib.suppress(OSError):
            size = (self.run.path / EVENTS).stat().st_size
            if self.free or size != self.size:
                self.size, self.grown = size, now

    def given_up(self) -> ev.Event | None:
        """What it comes to where who trains it does not answer; None while that is not so."""
        now = time.monotonic()
        if self.asked and now > self.asked + CLOSING:
            return ev.Finished(outcome="cancelled", epochs=0, best_epoch=None, seconds=0)
        if self.grown and now > self.grown + SILENT:
            holder = locks.holder(self.run.path / LOCK)
            values = {"pid": holder.pid, "host": holder.host} if holder else {"pid": 0, "host": ""}
            return ev.Failed(code=HUNG, values=values | {"minutes": round(SILENT / 60)})
        return None


class Offers:
    """What the first process has others train.

    Args:
        folder: of the search. What was on offer in an interrupted one is so no more.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.open: list[Offer] = []
        self.hung = 0
        self._looked = 0.0
        for path in folder.glob(f"*/{OFFER}"):
            files.remove(path)

    def room(self) -> int:
        """How many more processes take part than have something to do."""
        present = (self.folder / PRESENT).glob("*")
        there = sum(locks.holder(path) is not None for path in present)
        return there - self.hung - len(self.open)

    def add(self, offer: Offer) -> None:
        """Let others train it.

        Raises:
            UserError: ``run.not_writable``.
        """
        path = offer.run.path / OFFER
        offer.free = time.monotonic()
        try:
            files.write_atomic(path, msgspec.json.encode(offer.trial).decode())
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError("run.not_writable", path=str(path.parent), reason=reason) from None
        self.open.append(offer)

    def take_back(self, offer: Offer) -> None:
        """It is not for others."""
        self.open.remove(offer)
        files.remove(offer.run.path / OFFER)

    def is_time(self) -> bool:
        """Whether to look at them again; at most once in :data:`PAUSE`."""
        now = time.monotonic()
        if not self.open or now < self._looked + PAUSE:
            return False
        self._looked = now
        return True

    def over(self) -> Iterator[tuple[Offer, Ended]]:
        """Those that others have trained, or never will; they are no longer open."""
        for offer in tuple(self.open):
            offer.look()
            if not offer.free:
                if (outcome := offer.given_up()) is not None:
                    self.hung += 1
                    self.take_back(offer)
                    with contextlib.suppress(UserError):
                        offer.run.request_stop("cancel")  # if it answers some time
                    yield offer, Ended(outcome, 0)
                continue
            found = ended(offer.run)
            if found.is_final or (offer.asked and isinstance(found.last, ev.Finished)):
                self.take_back(offer)
                yield offer, found

    def hurry(self, left: float) -> None:
        """Ask those to end for which there is no time left.

        Args:
            left: seconds.
        """
        for offer in self.open:
            if left < offer.testing and not offer.asked and not offer.free:
                offer.run.request_stop("finish" if ended(offer.run).done else "cancel")
                offer.asked = time.monotonic()

    def orphan(self) -> Offer | None:
        """One that nobody trains, nor will; it is no longer open."""
        helped = any(locks.holder(path) for path in (self.folder / PRESENT).glob("*"))
        for offer in self.open:
            if not offer.free or offer.run.active():
                continue
            failed = isinstance(ended(offer.run).last, ev.Failed)
            if failed or not helped or time.monotonic() > offer.free + UNCLAIMED:
                self.take_back(offer)
                return offer
        return None

    def close(self) -> None:
        """Nothing more is on offer; wait for those who are at it."""
        held, until = [offer.run for offer in self.open], time.monotonic() + CLOSING
        for offer in tuple(self.open):
            self.take_back(offer)
        while held := [run for run in held if run.active()]:
            for run in held:  # again and again: who begins just now forgets older requests
                with contextlib.suppress(UserError):
                    run.request_stop("cancel")
            if time.monotonic() > until:
                return
            time.sleep(PAUSE / 5)


def join(run: Run, is_over: Callable[[], bool] = lambda: False, group: Group = ALONE) -> Events:
    """Train what the search of ``run`` offers, until it is over, or nobody is at it.

    Yields :class:`events.Tried` for each that is begun, and the events of its training.

    Args:
        is_over: whether this process is to leave; what it trains is kept for another one.
        group: of this process; each training is its own.

    Raises:
        UserError: as of :func:`require`; ``run.not_writable``; why nothing can be trained here.
    """
    require(run)
    leaving = _Leaving(run, is_over)
    with _present(run):
        while not is_over() and run.active() and searches(run):
            for path in sorted((run.path / SEARCH).glob(f"*/{OFFER}")):
                last = yield from _take(Run(path.parent), leaving, group)
                if isinstance(last, ev.Failed) and not Ended(last, 0).is_final:
                    if run.active() and searches(run):  # this computer's fault, perhaps
                        raise UserError(last.code, **last.values)
                    return
                if last is not None:
                    break
            else:
                time.sleep(PAUSE)


class _Leaving:
    """Whether a process that takes part is to leave.

    Asked often; whether the first process is still there, only once in :data:`PAUSE`: where it was
    killed, what is trained here is kept for the search that goes on some time.
    """

    def __init__(self, run: Run, is_over: Callable[[], bool]) -> None:
        self._run = run
        self._is_over = is_over
        self._looked, self._left = time.monotonic(), False

    def __call__(self) -> bool:
        if time.monotonic() > self._looked + PAUSE:
            self._left = not self._run.active()
            self._looked = time.monotonic()
        return self._left or self._is_over()


def require(run: Run) -> None:
    """
    Raises:
        UserError: ``join.no_search``; ``join.idle``: nobody is at it.
    """
    if not searches(run):
        raise UserError("join.no_search", path=str(run.path))
    if not run.active():
        raise UserError("join.idle", path=str(run.path))


@contextlib.contextmanager
def _present(run: Run) -> Iterator[None]:
    """Count as one that takes part.

    Raises:
        UserError: ``run.not_writable``.
    """
    folder = run.path / SEARCH / PRESENT
    name = f"{platform.node()}-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        with contextlib.ExitStack() as stack:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                stack.enter_context(locks.held(folder / name))
            except OSError as error:
                reason = error.strerror or str(error)
                raise UserError("run.not_writable", path=str(run.path), reason=reason) from None
            yield
    finally:
        for each in (folder, folder.parent):  # made too late, maybe
            with contextlib.suppress(OSError):
                each.rmdir()


def _take(
    run: Run, is_over: Callable[[], bool], group: Group
) -> Generator[ev.Event, None, ev.Event | None]:
    """Train what is on offer: its last event; None where there is nothing to train."""
    try:
        text = files.read_regular(run.path / OFFER, LARGEST)
        trial = msgspec.json.decode(text, type=ev.Tried)
        if run.active() or not _is_open(run):
            return None
        made = resolve(run.recipe, run.split)
    except (OSError, msgspec.MsgspecError):  # it is over
        return None
    except UserError as error:
        if not (run.path / RECIPE).is_file():
            return None
        return ev.Failed(error.code, error.note.values)
    last: ev.Event | None = None
    asked = False
    try:
        with contextlib.closing(recorded(run, _training(made, run, group))) as events:
            for event in events:
                if last is None:
                    yield msgspec.structs.replace(trial, dropped="auto.now")
                yield (last := event)
                if is_over() and not asked:
                    run.request_stop("cancel")
                    asked = True
    except UserError as error:
        if error.code not in TAKEN and (run.path / OFFER).is_file():
            return ev.Failed(error.code, error.note.values)
    goes_on = isinstance(last, ev.Failed) and last.code in TAKEN  # by another one
    return None if goes_on else last


def _training(made: Plan, run: Run, group: Group) -> Events:
    """As :func:`trainer.events`; none where another process did it before the run was ours."""
    if _is_open(run):
        yield from trainer.events(made, run, Stops(run.stop_requested), group=group)


def _is_open(run: Run) -> bool:
    """Whether it is still to be trained by another process than the first; that one trains what
    failed."""
    found = ended(run)
    is_over = found.is_final or isinstance(found.last, ev.Failed)
    return (run.path / OFFER).is_file() and not is_over


def searches(run: Run) -> bool:
    """Whether its search is not over.

    When it is, another computer replaces the recipe: a share may show the new one cut off at the
    length of the old one.

    Raises:
        UserError: as of :attr:`Run.recipe`.
    """
    until = time.monotonic() + CUT_OFF
    while True:
        try:
            return registry.strategy(run.recipe.strategy).procedure == "search"
        except UserError as error:
            if error.code != "recipe.unreadable" or time.monotonic() > until:
                raise
        time.sleep(PAUSE)
