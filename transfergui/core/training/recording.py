"""A training's events on their way to the user: each is on the disk first, its run ours alone."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Generator
from typing import TYPE_CHECKING, TypeVar, cast

from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.runs import events as ev

if TYPE_CHECKING:
    from transfergui.core.runs.run import Run

Result = TypeVar("Result")


def recorded(
    run: Run, events: Generator[ev.Event, None, Result]
) -> Generator[ev.Event, None, Result | None]:
    """What a training is made of, ``events``, kept in ``run`` before each is given out.

    A mistake that the user can mend becomes the last event, ``Failed``. Closing the generator
    closes ``events``. Returns what they return, None where they failed. Where another computer has
    taken the run, the last event is ``Failed``, too, and is recorded nowhere.

    Raises:
        UserError: ``run.busy``: another process trains it.
        Exception: a bug; it is recorded as ``Failed`` first.
    """
    if (left := run.left_by()) is not None:
        yield ev.Notice(code="run.waiting", values=left.values, passing=True)
    with run.claimed(), contextlib.closing(events):
        run.clear_stop()
        guarded = _guarded(run, events)
        while True:
            try:
                event = next(guarded)
            except StopIteration as end:
                return cast("Result | None", end.value)
            try:
                run.require_own()
            except UserError as error:  # what is found from now on is that of the other one
                yield ev.Failed(error.code, error.note.values)
                return None
            run.record(event)
            yield event


def _guarded(
    run: Run, events: Generator[ev.Event, None, Result]
) -> Generator[ev.Event, None, Result | None]:
    try:
        return (yield from events)
    except UserError as error:
        yield ev.Failed(error.code, error.note.values)
        return None
    except Exception as error:
        if (exhausted := memory.as_user_error(error)) is not None:
            yield ev.Failed(code=exhausted.code)
            return None
        run.record(ev.Failed(code="bug", details=traceback.format_exc()))
        raise
