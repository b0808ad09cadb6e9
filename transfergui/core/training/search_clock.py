"""The time that a search has, and how far it is."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from transfergui.core.runs import events as ev

NEARLY = 0.99
"""What the bar of a search shows at most before everything was tried."""


class TooLate(Exception):  # noqa: N818 - caught by who began it
    """What was begun would leave no time to train."""


class Clock:
    """See the module.

    Args:
        minutes: for all of it; endless ones have no time that is left.
        todo: how many things there are to look at, as far as that is known.
        check_cancelled: called often; may raise to end the search.

    Attributes:
        budget: seconds.
        done, todo: things that were looked at or trained, and that are still to be.
    """

    def __init__(self, minutes: float, todo: int, check_cancelled: Callable[[], None]) -> None:
        self.began = time.monotonic()
        self.budget = 60 * minutes
        self.done, self.todo = 0, todo
        self.check_cancelled = check_cancelled

    @property
    def left(self) -> float:
        """Seconds."""
        return self.began + self.budget - time.monotonic()

    def step(self) -> ev.Progress:
        """One more thing was looked at."""
        self.done += 1
        return self.progress()

    def progress(self) -> ev.Progress:
        total = self.done + self.todo
        eta = max(0.0, self.left) if math.isfinite(self.budget) else None
        spent = 0.0 if eta is None else 1 - eta / max(1e-9, self.budget)
        share = max(self.done / total, min(spent, NEARLY)) if self.todo else 1.0
        return ev.Progress(
            stage="search", epoch=0.0, step=self.done, steps=total, eta=eta, share=share
        )

    def checking(self, share: float, some: bool) -> Callable[[], None]:
        """``check_cancelled``, which also raises :class:`TooLate` once ``share`` of the time is
        over; not before there is something to show for it.

        Args:
            some: whether there is.
        """

        def check_cancelled() -> None:
            self.check_cancelled()
            if (some or share < 1) and self.left < (1 - share) * self.budget:
                raise TooLate

        check_cancelled()
        return check_cancelled
