"""The training of a plan by several processes, as a source of events like any other.

This process starts torchrun, hears the events of the first process of this computer, and gives them
out. The first process owns the run: requests to stop reach it through the run's folder. Closing the
source ends all processes at once; the run can be resumed.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Generator
from typing import IO, TYPE_CHECKING

import msgspec
import psutil

from transfergui.core import plans, requirements, small_data_defaults
from transfergui.core.base import files, python
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.processes import seat as seat_of
from transfergui.core.processes.seat import Machines, Seat, hang_seconds, heard
from transfergui.core.runs import events as ev

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.runs.run import Run

Events = Generator[ev.Event, None, None]
GRACE = 10.0
"""Seconds that the processes have to end by themselves when everything is told."""
LONGEST = 20_000
"""Bytes of what they printed, that a report of a bug shows."""


def processes(plan: Plan) -> int:
    """How many train this plan on this computer.

    Raises:
        UserError: ``processes.device``, ``processes.cards``, ``device.missing``.
    """
    wanted = plan.recipe.run.processes
    if wanted == 1:
        return 1
    import torch

    from transfergui.core.training import devices

    device = devices.find(plan.recipe.run.device)
    cards = torch.cuda.device_count() if device.type == "cuda" else 0
    if not wanted and requirements.searches(plan.strategy):
        return max(1, cards)
    if not wanted:
        whole = requirements.indivisible(plan.strategy, plan.phases)
        return 1 if whole else max(1, min(cards, plans.batch_size(plan)))
    if device.type == "mps":
        raise UserError("processes.device")
    if cards and wanted > cards:
        raise UserError("processes.cards", wanted=wanted, count=cards)
    return wanted


def train(plan: Plan, run: Run, machines: Machines | None = None) -> Events:
    """As :func:`transfergui.core.training.start.train`, by as many processes as the recipe says.

    Args:
        machines: the computers that train together, of which this is the first; None for this one.

    Raises:
        UserError: as of :func:`processes`; ``run.busy``; ``processes.endpoint``;
            ``processes.search_machines``.
        Exception: a bug.
    """
    size = processes(plan)
    if machines is not None:
        if requirements.searches(plan.strategy):
            raise UserError("processes.search_machines")
        many = plan.recipe.replace(run__processes=size * machines.count)
        requirements.divisible(many, plan.strategy, plan.phases)
        yield _starting(size)
        yield from _followed(run, _telling(plan, run, machines.seat(str(run.path), size)))
        return
    if size == 1:
        from transfergui.core.training import start

        yield from start.train(plan, run)
        return
    if requirements.searches(plan.strategy):
        from transfergui.core.processes import helpers

        yield from helpers.train(plan, run, size)
        return
    yield _starting(size)
    with files.temporary_folder() as folder:
        seat = Seat(str(run.path), size, store=str(folder / "meeting"), hang=hang_seconds())
        yield from _followed(run, _telling(plan, run, seat))


def _starting(size: int) -> ev.Notice:
    """Said until they train: each loads the libraries and the data by itself."""
    return ev.Notice(code="processes.starting", values={"count": size}, passing=True)


def _telling(plan: Plan, run: Run, seat: Seat) -> Seat:
    """``seat``, with what a complete recipe does not tell: what the program chose, and why; and
    which request to stop is an old one."""
    notes = [*small_data_defaults.notes(plan.resolved_defaults), *_too_many(plan, seat.here)]
    lines = tuple(ev.to_line(ev.Notice.of(note)).decode() for note in notes)
    return msgspec.structs.replace(seat, notices=lines, old_stop=run.old_stop)


def _too_many(plan: Plan, here: int) -> list[Note]:
    """A warning where the processes of this computer share cores of its processor."""
    from transfergui.core.training import devices

    cores = os.cpu_count() or 1
    if here <= cores or devices.find(plan.recipe.run.device).type != "cpu":
        return []
    return [Note("processes.cores", {"count": here, "cores": cores}, "warning")]


def join(machines: Machines, size: int) -> Events:
    """Take part, by ``size`` processes, in what the first of several computers trains: the events,
    which are recorded there.

    Raises:
        UserError: ``processes.endpoint``.
        Exception: a bug.
    """
    yield from _followed(None, machines.seat("", size))


def _followed(run: Run | None, seat: Seat) -> Events:
    with tempfile.TemporaryFile() as log:
        process = _started(seat, log)
        try:
            assert process.stdout is not None
            outcome: ev.Event | None = None
            for line in process.stdout:
                event, recorded = heard(line)
                if event is None:
                    continue
                if isinstance(event, ev.Failed) and not recorded and run is not None:
                    _end(process)
                    run.record(event)
                if isinstance(event, ev.Finished | ev.Failed):
                    outcome = event
                    break
                yield event
            if outcome is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(GRACE)
        finally:
            _end(process)
        if outcome is None or (isinstance(outcome, ev.Failed) and outcome.code == "bug"):
            raise RuntimeError(getattr(outcome, "details", "") or _tail(log))
        yield outcome


def _started(seat: Seat, log: IO[bytes]) -> subprocess.Popen[bytes]:
    own = seat_of.environment(seat.here)
    if seat.store:  # no store of torch's beside ours, which would listen on the network
        own["TORCH_DISABLE_SHARE_RDZV_TCP_STORE"] = "1"
    return subprocess.Popen(
        python.command("-m", "transfergui.core.processes.agent", seat.told()),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=python.environment() | own,
        start_new_session=True,  # Ctrl+C is answered by this process
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End torchrun and all that it started, at once."""
    started = list[psutil.Process]()
    with contextlib.suppress(psutil.NoSuchProcess):
        started = psutil.Process(process.pid).children(recursive=True)
    process.kill()  # first: it would start others in their place
    for each in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            each.kill()
    psutil.wait_procs(started, GRACE)  # until then, the run is theirs
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            if stream is not None:
                stream.close()
    process.wait()


def _tail(log: IO[bytes]) -> str:
    """The end of what the processes printed."""
    log.seek(max(0, log.seek(0, os.SEEK_END) - LONGEST))
    return log.read().decode("utf-8", "replace")
