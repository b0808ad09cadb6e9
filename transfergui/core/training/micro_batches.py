"""How many samples a network takes at once: fewer, after memory ran out."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, TypeVar

from transfergui.core.base.errors import UserError
from transfergui.core.runs.events import Notice
from transfergui.core.training import devices

if TYPE_CHECKING:
    from transfergui.core.training.compute import Compute
    from transfergui.core.training.group import Group

Result = TypeVar("Result")


class MicroBatches:
    """How many samples fit into memory at once; halved when they did not.

    Attributes:
        limit: samples; None while nothing has shown a limit.
    """

    def __init__(self, compute: Compute, limit: int | None = None) -> None:
        self.compute = compute
        self.limit = limit

    def attempt(
        self,
        work: Callable[[], Result],
        size: int,
        relieve: Callable[[int], Notice] | None = None,
    ) -> Generator[Notice, None, Result]:
        """Do ``work`` on ``size`` samples, again with smaller pieces while memory runs out.

        Args:
            relieve: what makes ``work`` need less memory then, in the place of :meth:`halve`.

        Raises:
            UserError: ``memory.exhausted``: not even one sample fits.
        """
        while True:
            try:
                return work()
            except Exception as error:
                if not devices.is_out_of_memory(error):
                    raise
            yield (relieve or self.halve)(size)

    def count(self, size: int, wanted: int) -> int:
        """Into how many pieces to cut ``size`` samples, at most ``wanted`` in each."""
        return math.ceil(size / min(wanted, self.limit or wanted))

    def at_once(self, size: int) -> int:
        """How many of ``size`` samples are computed at once."""
        return min(size, self.limit or size)

    def agree(self, group: Group) -> None:
        """Have the smallest limit of all processes: a batch is cut alike in each."""
        if not group.alone:
            known = [limit for limit in group.gather(self.limit) if limit is not None]
            self.limit = min(known, default=None)

    def halve(self, size: int) -> Notice:
        """Take half of ``size`` samples, or of what was taken before, at once from here on.

        Raises:
            UserError: ``memory.exhausted``: that was one sample.
        """
        former = self.at_once(size)
        if former == 1:
            raise UserError("memory.exhausted")
        self.limit = former // 2
        devices.release_memory(self.compute.device)
        values = {"size": former, "pieces": self.limit}
        return Notice(code="memory.halved", values=values, level="warning")


def result_of(steps: Generator[object, None, Result]) -> Result:
    """What a generator of notices returns."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value
