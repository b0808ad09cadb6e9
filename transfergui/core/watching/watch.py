"""A folder that is watched: new files are predicted and acted on as they come.

A generator of events, which the window and the command line iterate alike. It may be ended between
any two of them, or killed: what was done stands in :mod:`.log` and in the record
(:mod:`transfergui.core.acting.record`), is not done again, and can be undone. Half-written files
wait; what cannot be read is set aside, named; a folder that is gone, or a disk that is full, is
waited for.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from transfergui.core.acting.carry_out import carry_on, carry_out, require_room
from transfergui.core.acting.plan import ActOptions, plan, require_possible
from transfergui.core.acting.record import Record
from transfergui.core.acting.steps import Act, Kind, Step
from transfergui.core.app.answering import answered
from transfergui.core.base import locks
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import Problem
from transfergui.core.data.file_part import FilePart
from transfergui.core.evaluation import prediction_table as table
from transfergui.core.reading.tables.table_files import SUFFIXES
from transfergui.core.watching.acted import Key, target_of, targets_of
from transfergui.core.watching.arrivals import Arrival, Arrivals, Gone
from transfergui.core.watching.log import GrowingTable, Pending, Rows, WatchLog

if TYPE_CHECKING:
    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.trained import TrainedModel

POLL = 0.4
"""Seconds between two looks at the folder, at least; of a large one, :data:`SHARE` of the time."""
SHARE = 5
TOGETHER = 16
"""Files that are predicted and acted on at once."""
PATIENCE = 10.0
"""Seconds without a change after which a file that cannot be read is set aside: a slow copy may
pause."""
TORN = ("sound.cut_off", "sound.damaged", "sound.partly_heard")
"""What is said of a recording whose beginning is predicted; it may still be arriving, too."""
RETRY = 2.0
NOT_READ = "_not_read"
"""The folder for files that cannot be read, in every language."""
LOG = ".transfergui-watch-{mark}.jsonl"
LOCK = ".lock"
COMES_AGAIN = ("act.changed", "act.gone")
"""Why a file is left alone that is seen again in its new version, or not at all."""


class WatchOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is done with new files.

    Attributes:
        folder: that is watched.
        act: as of a sorting; its ``to`` is where the table grows, too.
        table_only: the files stay as they are.
        new_only: files that are there at the first start are left alone.
        subfolders: whether these are watched, too.
    """

    folder: str
    act: ActOptions
    table_only: bool = False
    new_only: bool = False
    subfolders: bool = True


class Watched(NamedTuple):
    """A file was predicted and acted on.

    Attributes:
        predictions: of it; several of rows and pieces.
        target: where it is now, or its copy; empty where it stayed alone.
        seconds: from when it was first seen.
        again: whether it was predicted before and has changed since; what was made of it then
            stays.
    """

    predictions: tuple[Prediction, ...]
    target: str
    seconds: float
    again: bool = False


class SetAside(NamedTuple):
    """A file cannot be predicted, or not be put in its place.

    Attributes:
        target: where it is now, or its copy; empty where it stayed.
    """

    problem: Problem
    target: str


class Waiting(NamedTuple):
    """Nothing can be done for now; told again only where the reason changes."""

    why: Note


class Looked(NamedTuple):
    """The folder was looked at.

    Attributes:
        waiting: how many files are not whole yet.
        table: the file that grows.
        record: of what was done; empty where nothing was.
        blocked: whether what :class:`Waiting` told still holds.
        others: how many files are of another kind than the model's, and left alone.
    """

    waiting: int
    table: Path
    record: str
    blocked: bool = False
    others: int = 0


Event = Watched | SetAside | Waiting | Looked


def require_watchable(model: TrainedModel, options: WatchOptions) -> None:
    """
    Raises:
        UserError: ``watch.no_folder``, ``watch.same_folder``; an ``act.`` code.
    """
    folder, to = Path(options.folder), options.act.to
    if not to:
        raise UserError("act.nowhere")
    if not folder.is_dir():
        raise UserError("watch.no_folder", path=str(folder))
    if os.path.lexists(to) and not Path(to).is_dir():
        raise UserError("act.not_a_folder", path=to)
    if os.path.realpath(to) == os.path.realpath(folder):
        raise UserError("watch.same_folder", path=str(folder))
    if not options.table_only:
        require_possible(model, options.act)


def watch(
    model: TrainedModel, options: WatchOptions, pause: Callable[[float], object] = time.sleep
) -> Generator[Event, None, None]:
    """Watch, until the generator is closed.

    Args:
        pause: waits so many seconds, or shorter.

    Raises:
        UserError: as :func:`require_watchable`; ``watch.busy``, ``watch.no_log``.
    """
    require_watchable(model, options)
    folder, to = Path(options.folder).absolute(), Path(options.act.to).absolute()
    mark = hashlib.blake2b(os.fsencode(folder), digest_size=6).hexdigest()
    path = to / LOG.format(mark=mark)
    try:
        to.mkdir(parents=True, exist_ok=True)
        with locks.held(path.with_name(path.name + LOCK)):
            fresh = not path.exists()
            log = WatchLog(path, folder)
            with contextlib.closing(_Watch(model, options, folder, to, log)) as work:
                if fresh and options.new_only:
                    work.pass_over()
                yield from work.run(pause)
    except locks.Busy:
        raise UserError("watch.busy", path=str(folder)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("watch.no_log", path=str(path), reason=reason) from None


class _Watch:
    """One watch."""

    def __init__(
        self, model: TrainedModel, options: WatchOptions, folder: Path, to: Path, log: WatchLog
    ) -> None:
        self._model, self._options, self._folder, self._to = model, options, folder, to
        self._act = msgspec.structs.replace(options.act, to=str(to))
        self._log = log
        endings = tuple(pattern.removeprefix("*") for pattern in model.modality.patterns)
        endings += tuple(SUFFIXES) if model.modality.tables else ()
        self.arrivals = Arrivals(folder, endings, to, log.is_done, options.subfolders)
        heading = next(iter(table.rows(table.of(model, []))))
        self.table = GrowingTable(to, ("time", *map(str, heading), "target"))
        self._record: Record | None = None
        self._open = contextlib.ExitStack()
        self._settled = False

    def close(self) -> None:
        """Give the record back."""
        self._record = None
        self._open.close()

    def pass_over(self) -> None:
        """What is there now is left alone."""
        found = {name: Pending(version, []) for name, version in self.arrivals.files()}
        if found:
            self._log.begin(found)
            self._log.end(list(found))

    def run(self, pause: Callable[[float], object]) -> Iterator[Event]:
        """Look, act, wait."""
        said: Note | None = None
        while True:
            began, busy, took = time.monotonic(), False, 0.0
            try:
                self._settle()
                self.arrivals.look()
                took = time.monotonic() - began
                ready = self.arrivals.ready(TOGETHER)
                busy = bool(ready)
                yield from self._deal_with(ready)
                said = None
            except Gone:
                said = yield from _told(Note("watch.gone", {"path": str(self._folder)}), said)
            except _Stopped as stopped:
                self.close()
                said = yield from _told(stopped.why, said)
            except OSError as error:  # the target, or the log in it
                reason = error.strerror or str(error)
                self.close()
                why = Note("watch.no_target", {"path": str(self._to), "reason": reason})
                said = yield from _told(why, said)
            record = self._log.record
            waiting, blocked = len(self.arrivals.waiting), said is not None
            yield Looked(waiting, self.table.path, record, blocked, self.arrivals.others)
            if said is not None:
                pause(RETRY)
            elif not busy:
                pause(max(POLL, SHARE * took))

    # -- what a run before this one left

    def _settle(self) -> None:
        """Bring to an end what was begun: steps that are planned, rows that are not written.

        Raises:
            _Stopped, OSError.
        """
        if not self._settled and (self._log.record or self._log.pending):
            record = self._opened() if self._log.record else None
            if record is not None and (stopped := carry_on(record).stopped) is not None:
                raise _Stopped(stopped)
            targets = {} if record is None else targets_of(record)
            for name in list(self._log.pending):
                self._settle_file(name, targets)
        self._settled = True

    def _settle_file(self, name: str, targets: dict[Key, str]) -> None:
        known = self._log.pending[name]
        target = target_of(targets, self._folder / name, known.version)
        if target is None and not self._options.table_only:
            self._log.forget(name)
        else:
            self.table.add(_with_target(known.rows, target or ""), again=True)
            self._log.end([name])

    # -- files

    def _deal_with(self, ready: Sequence[Arrival]) -> Iterator[Event]:
        """Predict and act on files that are whole.

        Raises:
            _Stopped, OSError.
        """
        if not ready:
            return
        found = self._predicted(ready)
        good, bad = {}, {}
        for arrival in ready:
            predictions = found.get(arrival.name, ())
            size, modified = arrival.version
            if any(each.version != (modified, size) for each in predictions):
                continue  # it has changed since; it is seen again
            problem = _problem(predictions, self._folder / arrival.name)
            if (problem or _is_torn(predictions)) and not self._is_hopeless(arrival):
                continue
            if problem is None:
                good[arrival.name] = arrival
            else:
                bad[arrival.name] = problem
        act = self._together(good, found, bad)
        pending = {
            name: Pending(self.arrivals.waiting[name].version, self._rows(found.get(name, ())))
            for name in [*good, *bad]
        }
        if pending:
            yield from self._carry_out(pending, act, found, bad)

    def _predicted(self, ready: Sequence[Arrival]) -> dict[str, tuple[Prediction, ...]]:
        """The predictions for each file, by name."""
        paths = {str(self._folder / each.name): each.name for each in ready}
        found: dict[str, list[Prediction]] = {}
        for each in answered(self._model, [Path(path) for path in paths]):
            name = paths.get(str(each.path)) or paths.get(FilePart.parse(each.path).file)
            if name is not None:
                found.setdefault(name, []).append(each)
        return {name: tuple(each) for name, each in found.items()}

    def _is_hopeless(self, arrival: Arrival) -> bool:
        """Whether a file that cannot be read, or not to its end, has not changed for long; else it
        is tried later."""
        now = time.monotonic()
        if now - arrival.since >= PATIENCE:
            return True
        arrival.again = min(now + RETRY, arrival.since + PATIENCE)
        return False

    def _rows(self, predictions: Sequence[Prediction]) -> Rows:
        """Of the table, with the time; the columns of the user's own tables are left out: those of
        the next file may be others."""
        bare = [dataclasses.replace(each, own=()) for each in predictions]
        answers = table.of(self._model, bare, extent=self._model.modality.extent)
        rows = list(table.rows(answers, threshold=self._act.threshold))[1:]
        now = datetime.datetime.now().astimezone().isoformat(timespec="milliseconds")
        return [[now, *row] for row in rows]

    # -- acting

    def _together(
        self,
        good: dict[str, Arrival],
        found: dict[str, tuple[Prediction, ...]],
        bad: dict[str, Problem],
    ) -> Act:
        """All that is to be done; files that cannot be acted on leave ``good``."""
        if self._options.table_only:
            return Act(())
        steps: list[Step] = []
        needed = 0
        for name in list(good):
            if self._model.modality.tables and _is_table(found[name]):
                continue  # it stays; its rows are in the table of this watch
            try:
                act = plan(self._model, found[name], self._act)
            except UserError as error:  # no links to another disk, say
                act = Act((), left=(Problem.of(error.note, str(self._folder / name)),))
            if act.left:
                del good[name]
                if act.left[0].code not in COMES_AGAIN:
                    bad[name] = act.left[0]
            steps += act.steps
            needed += act.needed
        steps += filter(None, map(self._aside, bad))
        return Act(tuple(steps), needed=needed, to=self._act.to)

    def _aside(self, name: str) -> Step | None:
        path = self._folder / name
        kinds: dict[str, Kind] = {"copy": "copy", "move": "move", "link": "link"}
        kind = kinds[self._act.how]
        try:
            status, home = path.stat(), self._to.stat()
        except OSError:
            return None
        across = status.st_dev != home.st_dev
        if kind == "link" and across:
            kind = "symlink" if os.name != "nt" else "copy"
        target = self._to / NOT_READ / path.name
        return Step(kind, str(target), str(path), status.st_size, status.st_mtime_ns, across=across)

    def _carry_out(
        self,
        pending: dict[str, Pending],
        act: Act,
        found: dict[str, tuple[Prediction, ...]],
        bad: dict[str, Problem],
    ) -> Iterator[Event]:
        """Act on files, write their rows, and tell.

        Raises:
            _Stopped, OSError.
        """
        targets: dict[Key, str] = {}
        self._settled = False
        if act.steps:
            record = self._opened() or self._created()
            self._log.begin(pending)
            before = record.history.next
            bad |= self._left(_do(act, record), pending)
            targets = targets_of(record, before)
        else:
            self._log.begin(pending)
        at = {n: target_of(targets, self._folder / n, p.version) or "" for n, p in pending.items()}
        known_before = self._log.done.keys() & pending.keys()
        for name, known in pending.items():
            self.table.add(_with_target(known.rows, at[name]))
        self._log.end(list(pending))
        self._settled, now = True, time.monotonic()
        for name, target in at.items():
            arrival = self.arrivals.waiting[name]
            self.arrivals.done(name)
            if name in bad:
                yield SetAside(bad[name], target)
            else:
                yield Watched(found[name], target, now - arrival.came, name in known_before)

    def _left(self, left: Sequence[Problem], pending: dict[str, Pending]) -> dict[str, Problem]:
        """Files that could not be put in their places, by name; they stay where they are."""
        found = {problem.path: problem for problem in left if problem.code not in COMES_AGAIN}
        at = {name: self._folder / name for name in pending} if found else {}
        why = {
            n: found.get(str(path)) or found.get(os.path.realpath(path)) for n, path in at.items()
        }
        return {name: problem for name, problem in why.items() if problem is not None}

    def _opened(self) -> Record | None:
        """The record of this watch; None where there is none, or it was deleted."""
        if self._record is None and self._log.record and Path(self._log.record).exists():
            try:
                opened = self._open.enter_context(Record.open(Path(self._log.record)))
            except UserError as error:
                raise _Stopped(error.note) from None
            self._record = opened
        return self._record

    def _created(self) -> Record:
        try:
            self._record = self._open.enter_context(Record.create(str(self._to)))
        except UserError as error:
            raise _Stopped(error.note) from None
        self._log.keep_record(str(self._record.path))
        return self._record


class _Stopped(Exception):  # noqa: N818 - it is tried again
    """Nothing can be written for now."""

    def __init__(self, why: Note) -> None:
        super().__init__(why)
        self.why = why


def _do(act: Act, record: Record) -> list[Problem]:
    """What was left.

    Raises:
        _Stopped.
    """
    try:
        require_room(act)
        outcome = carry_out(act, record)
    except UserError as error:
        raise _Stopped(error.note) from None
    if outcome.stopped is not None:
        raise _Stopped(outcome.stopped)
    return outcome.left


def _told(why: Note, said: Note | None) -> Generator[Event, None, Note]:
    """Tell a reason once; returned is what was said last."""
    if why != said:
        yield Waiting(why)
    return why


def _problem(predictions: Sequence[Prediction], path: Path) -> Problem | None:
    """Why a file has no prediction."""
    if not predictions:
        return Problem("watch.nothing_in", path=str(path))
    if any(each.probabilities is not None for each in predictions):
        return None
    return next(each.problem for each in predictions if each.problem is not None)


def _is_torn(predictions: Sequence[Prediction]) -> bool:
    """Whether only a beginning could be read."""
    return any(each.problem is not None and each.problem.code in TORN for each in predictions)


def _is_table(predictions: Sequence[Prediction]) -> bool:
    """Whether a file was cut into rows."""
    return any(FilePart.parse(each.path).part is not None for each in predictions)


def _with_target(rows: Rows, target: str) -> list[list[table.Cell]]:
    return [[*row, target] for row in rows]
