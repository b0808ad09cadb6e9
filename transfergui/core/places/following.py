"""Here: a training at a place, as events. It is sent, begun, followed into the folder of its run,
and what it left is brought back; whatever of that is done already is not done again.

The connection may end at any moment: it is begun anew, and so is this program. What the training
tells is copied byte by byte into ``events.jsonl``, so that plots, lists of runs and reports find
what they find of a training of here.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Generator, Iterator
from typing import Any

import msgspec

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import bytes_text
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places import assignment as assignments
from transfergui.core.places import bringing, cargo
from transfergui.core.places.answers import State
from transfergui.core.places.assignment import Assignment
from transfergui.core.places.examining import differences, reached, unreachable
from transfergui.core.places.jobs import LAYING
from transfergui.core.places.sending import Sending
from transfergui.core.places.ssh import Connection, LostError
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import EVENTS, Run, Stop

WAIT = 1.0
"""Seconds for which the other side may wait for something to tell."""
AGAIN = 5.0
"""Seconds after which it is asked once more to end."""
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before the connection is tried again, the last one for ever."""
Events = Generator[ev.Event, None, None]


class _Left(Exception):  # noqa: N818 - a request, not an error
    """Nobody follows any more, or the training is not to begin."""


_left: set[str] = set()
"""The folders of runs that are followed no more, though their training goes on."""


def leave(run: Run) -> None:
    """End the following of a run by this process, where it is followed; its training goes on. May
    be called from any thread."""
    _left.add(os.path.realpath(run.path))


class Follower:
    """One training elsewhere. Iterate :meth:`events` once.

    Args:
        plan: of the run.
        run: assigned to a place (:func:`assignments.assign`).
        only_follow: begin nothing, whatever has become of it: nobody asked for that.

    Raises:
        UserError: ``run.damaged``; as of :attr:`Assignment.current`.
    """

    def __init__(self, plan: Plan, run: Run, only_follow: bool = False) -> None:
        found = assignments.of(run)
        assert found is not None
        self._plan, self._run = plan, run
        self._assigned: Assignment = found
        self._place = found.current
        self._key = os.path.realpath(run.path)
        self._connected = self._lost = self._compared = False
        self._only_follows, self._may_begin, self._sends = only_follow, not only_follow, False
        self._asked = 0.0
        self._outcome: ev.Finished | ev.Failed | None = None

    @property
    def begun(self) -> bool:
        """Whether the training was started over there, and not only is sent again."""
        return self._assigned.begun and not self._sends

    def events(self) -> Events:
        """What is done and what the training tells; the outcome is last.

        Raises:
            UserError: ``run.busy``: it is followed by another process.
        """
        with self._run.claimed():
            self._run.clear_stop()
            try:
                yield from self._reconnecting()
            except _Left:
                yield ev.Finished(outcome="cancelled", epochs=0, best_epoch=None, seconds=0)
            except UserError as error:
                yield ev.Failed(error.code, error.note.values)
            finally:
                _left.discard(self._key)

    # -- the connection

    def _reconnecting(self) -> Events:
        tries = 0
        yield self._notice("place.connecting")
        while True:
            try:
                with Connection(self._place, self._check) as link:
                    yield self._notice("place.back" if self._lost else "place.connected")
                    self._connected, self._lost, tries = True, False, 0
                    yield from self._connection(link)
                return
            except LostError as error:
                if not (self._connected or self.begun):
                    raise unreachable(self._place, error) from None
                if not self._lost:
                    self._lost = True
                    lost = "place.lost" if self.begun else "place.lost_sending"
                    yield self._notice(lost, "warning")
                yield from self._pause(PAUSES[min(tries, len(PAUSES) - 1)])
                tries += 1

    def _pause(self, seconds: float) -> Events:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._check()
            if self._run.stop_requested() == "cancel":
                raise UserError("place.not_stopped", name=self._place.name)
            time.sleep(0.1)
        yield from ()

    def _check(self) -> None:
        """
        Raises:
            _Left: nobody follows any more, or it is stopped before it was begun.
        """
        if self._key in _left or (not self.begun and self._run.stop_requested() is not None):
            raise _Left

    def _connection(self, link: Connection) -> Events:
        """All that is left to do, as long as the connection lasts."""
        yield from self._versions(link)
        there = link.said(link.ask("state", job=self._assigned.job), State)
        if there.state == "unknown" and self._assigned.begun:
            self._begin_again_or_fail()
        elif there.state != "unknown" and not self._is_known_to_have_begun:
            self._note_begun()  # the answer to that was lost
        if there.state != "running" and not self._is_done():
            yield from self._begun_if_ended(link, there)
        yield from self._followed(link)
        if self._is_done():
            yield from self._brought(link)
        elif self._outcome is None:
            raise self._ended(link)
        if isinstance(self._outcome, ev.Failed):
            yield self._notice("place.failed_there", "warning")
        assert self._outcome is not None
        yield self._outcome

    @property
    def _is_known_to_have_begun(self) -> bool:
        return self._assigned.begun and not self._assigned.asked

    def _begin_again_or_fail(self) -> None:
        """There is no such training over there.

        Raises:
            UserError: ``place.gone``; ``place.not_begun``: nobody wants to begin it now.
        """
        if not self._assigned.asked:
            raise self._gone()
        self._keep(begun=False, asked=False)
        self._may_begin = not self._only_follows
        if self._only_follows:
            raise UserError("place.not_begun", name=self._place.name)

    def _begun_if_ended(self, link: Connection, there: State) -> Events:
        """Begin what does not run, unless it tells how it has ended. What has died meanwhile is
        begun anew once: whoever asked for it did not know that."""
        died = there.state == "ended" and not self._assigned.ended
        if there.told > self._seen():
            yield from self._followed(link)
            if self._outcome is not None:
                return
        elif died:
            died = self._run.history().outcome is None
        if not self._may_begin:
            raise self._ended(link)
        if died:
            yield self._notice("place.died", "warning", log=self._log(link))
            self._keep(ended=True)
        yield from self._begun(link, there.told)

    def _is_done(self) -> bool:
        """Whether the training has come to its end, as far as was told."""
        if self._outcome is None and self._assigned.begun:
            found = self._run.history().outcome
            if isinstance(found, ev.Finished) and found.outcome != "cancelled":
                self._outcome = found
        ended = self._outcome
        return isinstance(ended, ev.Finished) and ended.outcome != "cancelled"

    # -- what is done, in turn

    def _versions(self, link: Connection) -> Iterator[ev.Event]:
        """Say once which versions differ."""
        if not self._compared:
            self._compared = True
            yield from map(ev.Notice.of, differences(link))

    def _note_begun(self) -> None:
        self._keep(begun=True, asked=False, brought=False, ended=False)

    def _keep(self, **changes: bool) -> None:
        self._assigned = msgspec.structs.replace(self._assigned, **changes)
        assignments.keep(self._run, self._assigned)

    def _begun(self, link: Connection, told: int) -> Events:
        """Send what is missing, and start it.

        Args:
            told: bytes of its events over there; what is more here was lost there, and is told
                again.
        """
        self._sends = True
        folder = f"{link.greeting.folder}/jobs/{self._assigned.job}"
        whole = cargo.of(self._plan)
        sending = Sending(link, self._check)
        hashes = yield from sending.hashed(whole)
        manifest = cargo.manifest(self._plan, folder, whole, hashes)
        if not self._assigned.sent:
            self._keep(sent=True)
        yield from sending.sent(self._assigned.job, whole, hashes, manifest)
        yield self._said_sent(sending)
        self._check()
        self._forget(told)
        self._ask_to_begin(link, sending.manifest)
        self._note_begun()
        self._outcome = None
        yield self._notice("place.begun")

    def _ask_to_begin(self, link: Connection, manifest: str) -> None:
        """That it was asked for is known before it is done: whatever becomes of the answer and of
        this program, nothing is begun twice."""
        self._may_begin = self._sends = False
        before = self._assigned
        self._keep(begun=True, asked=True, brought=False, ended=False)
        place = msgspec.to_builtins(self._place)
        try:
            link.ask("begin", job=before.job, manifest=manifest, place=place, wait=LAYING)
        except UserError:
            self._keep(begun=before.begun, asked=False, ended=before.ended)
            raise

    def _followed(self, link: Connection) -> Events:
        """What it tells, until it has ended; the outcome is kept back."""
        self._asked = 0.0
        while True:
            self._forward_stop(link)
            job, offset = self._assigned.job, self._seen()
            frame = link.ask("events", job=job, offset=offset, wait=WAIT)
            for event in self._kept(frame.payload):
                if isinstance(event, ev.Finished | ev.Failed):
                    self._outcome = event
                else:
                    self._outcome = None
                    yield event
            state = link.said(frame, State).state
            if state == "running":
                self._may_begin = False
            elif not frame.payload:
                if state == "unknown":
                    raise self._gone()
                return

    def _forward_stop(self, link: Connection) -> None:
        """What was asked for here is asked for there, again and again: what is asked before a
        training begins there is forgotten when it does."""
        wish = self._run.stop_requested()
        if wish is not None and time.monotonic() > self._asked + AGAIN:
            link.ask("stop", job=self._assigned.job, how=wish)
            self._asked = time.monotonic()

    def _gone(self) -> UserError:
        """Somebody has deleted its folder over there: it can only begin anew."""
        self._forget(0)
        self._keep(begun=False)
        self._outcome = None
        return UserError("place.gone", name=self._place.name)

    def _forget(self, told: int) -> None:
        """Let the events of here be no more than the first bytes of those over there.

        Raises:
            UserError: ``disk.full``.
        """
        path = self._run.path / EVENTS
        if self._seen() > told:
            try:
                os.truncate(path, told)
            except OSError as error:
                raise files.not_written(path, error) from None

    def _seen(self) -> int:
        try:
            return (self._run.path / EVENTS).stat().st_size
        except OSError:
            return 0

    def _kept(self, told: bytes) -> Iterator[ev.Event]:
        """The events of lines that are added to the file of here.

        Raises:
            UserError: ``disk.full``.
        """
        if not told:
            return
        path = self._run.path / EVENTS
        try:
            with path.open("ab") as stream:
                stream.write(told)
        except OSError as error:
            raise files.not_written(path, error) from None
        for line in told.splitlines():
            with contextlib.suppress(ValueError):
                yield ev.from_line(line)

    def _brought(self, link: Connection) -> Events:
        if not self._assigned.brought:
            yield from bringing.brought(link, self._assigned.job, self._run, self._check)
            self._keep(brought=True)
        link.ask("brought", job=self._assigned.job)

    # -- what is said

    def _notice(self, code: str, level: Any = "info", **values: Any) -> ev.Notice:
        named = {"name": self._place.name, **values}
        return ev.Notice(code=code, values=named, level=level, passing=True)

    def _ended(self, link: Connection) -> UserError:
        """It ended without an outcome: killed, or never begun."""
        values = {"name": self._place.name, "log": self._log(link)}
        self._keep(ended=True)
        if self._run.history().begun:
            return UserError("place.ended", **values)
        return UserError("place.launch_failed", launch=self._place.launch, **values)

    def _log(self, link: Connection) -> str:
        """The last lines of what was printed over there."""
        there = link.said(link.ask("state", job=self._assigned.job), State)
        return " ".join((there.log or "–").splitlines()[-3:]).rstrip(".")

    def _said_sent(self, sending: Sending) -> ev.Notice:
        """What was really sent, of the files that are needed."""
        if not sending.files:
            return self._notice("place.sent_nothing")
        return self._notice("place.sent", count=sending.files, size=bytes_text(sending.bytes))


def request_stop(run: Run, assigned: Assignment, how: Stop) -> None:
    """Ask a training elsewhere that nobody follows to end.

    Raises:
        UserError: ``place.unreachable``, ``place.idle``: it does not run.
    """
    place = assigned.current
    with reached(place) as link:
        if link.said(link.ask("state", job=assigned.job), State).state != "running":
            raise UserError("place.idle", name=place.name)
        link.ask("stop", job=assigned.job, how=how)
