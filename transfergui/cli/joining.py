"""``resume RUN --join``: to take part in the search of a run that another process trains."""

from __future__ import annotations

import argparse
import contextlib
import shlex
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from transfergui.cli import console, progress
from transfergui.cli.settings import PROCESSES
from transfergui.core.base import imports
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run


def join(arguments: argparse.Namespace) -> None:
    """``transfergui resume RUN --join``: until the search is over, or Ctrl+C or SIGTERM.

    The second time, these end it at once; what it trains then is taken up by another process.

    Raises:
        UserError: a ``join.`` code; why this computer can train nothing of it.
        KeyboardInterrupt: the second Ctrl+C.
    """
    given = vars(arguments)
    others = ("nnodes", "moved", "accept_changes", "download", PROCESSES)
    if any(given[name] for name in others):
        arguments.wrong_usage(_("--join goes with no other option"))
    run = Run.open(arguments.run)
    with imports.beside(*imports.TRAINING):
        from transfergui.core.training import joining

    joining.require(run)
    count, epochs = 0, 0
    with _ending() as ended, contextlib.closing(joining.join(run, ended.is_set)) as events:
        console.say(_("This process takes part in the search of {path}.").format(path=run.path))
        for event in events:
            count += isinstance(event, ev.Tried)
            if isinstance(event, ev.Started):
                epochs = event.epochs
            if line := progress.describe(event, epochs):
                console.say(line)
    if joining.searches(run):
        console.say(_unfinished(run))
        return
    if not count:
        console.say(_("The search is over. There was nothing left to train for this process."))
    else:
        text = ngettext(
            "{count} run trained for the search, which is over.",
            "{count} runs trained for the search, which is over.",
            count,
        )
        console.say(text.format(count=count))
    place = _("The model and the report are in {path}.")
    if run.active():  # it trains and tests what was chosen
        place = _("The process that searches now completes the model, which will be in {path}.")
    console.say(place.format(path=run.path))


def _unfinished(run: Run) -> str:
    """Of a search that is not over."""
    if run.active():
        return _("The search continues without this process.")
    text = _("The search was stopped. To resume it: transfergui resume {run}")
    return text.format(run=shlex.quote(str(run.path)))


@contextlib.contextmanager
def _ending() -> Iterator[threading.Event]:
    """Set by the first Ctrl+C or SIGTERM."""
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        if ended.is_set():
            raise KeyboardInterrupt
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
