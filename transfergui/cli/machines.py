"""A training by several computers: this one as the first, or as one that takes part."""

from __future__ import annotations

import argparse
import contextlib

from transfergui.cli import console, progress
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.processes.seat import Machines
from transfergui.core.runs import events as ev


def machines_of(arguments: argparse.Namespace) -> Machines | None:
    """The computers that ``--nnodes`` asks for; None for this one alone.

    Raises:
        UserError: ``processes.no_endpoint``, ``processes.node_rank``.
    """
    count, number = arguments.nnodes, arguments.node_rank
    if count is None:
        return None
    if not 0 <= number < count:
        raise UserError("processes.node_rank", number=number, last=count - 1)
    if not arguments.rendezvous:
        raise UserError("processes.no_endpoint")
    return Machines(count, number, arguments.rendezvous)


def join(machines: Machines, size: int) -> None:
    """Take part in what computer 0 trains, until it ends.

    Raises:
        UserError: why it could not go on.
    """
    from transfergui.core.processes import launch

    text = _("This computer takes part in the training of {endpoint}. The run is there.")
    console.say(text.format(endpoint=machines.endpoint))
    last, epochs = None, 0
    with contextlib.closing(launch.join(machines, size)) as events:
        for last in events:
            if isinstance(last, ev.Started):
                epochs = last.epochs
            if line := progress.describe(last, epochs):
                console.say(line)
    if isinstance(last, ev.Failed):
        raise UserError(last.code, **last.values)
