"""Requests of the user to end a training: each is answered once, in whatever stage it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.runs.run import Stopped

if TYPE_CHECKING:
    from collections.abc import Callable

    from transfergui.core.runs.run import Stop
    from transfergui.core.training.group import Group


class Stops:
    """The requests to end one training, from its first stage to its last.

    A search and the training of what it found share one: a request that ended the search does
    not also end what follows it, and one that arrives between the two is not lost.

    Args:
        requested: returns what the user asks for now.
    """

    def __init__(self, requested: Callable[[], Stop | None]) -> None:
        self._requested = requested
        self._answered: Stop | None = None

    def check(self) -> None:
        """
        Raises:
            Stopped: a request that has not been answered yet; ``cancel`` comes after ``finish``,
                not the other way round.
        """
        if (how := self._unanswered()) is not None:
            self._answered = how
            raise Stopped(how)

    def check_cancel(self) -> None:
        """As :meth:`check`, of ``cancel`` only: after that, nothing is left to do together."""
        if self._unanswered() == "cancel":
            self.check()

    def check_apart(self, keeps: bool) -> None:
        """As :meth:`check`, in one of several processes amid what each does a part of.

        Args:
            keeps: whether there is a model to keep. All of them would have to test it, so that a
                request to finish waits until each has done its part.
        """
        if keeps:
            self.check_cancel()
        else:
            self.check()

    def agree(self, group: Group) -> None:
        """As :meth:`check`, in all processes of a training at once: what the first one sees.

        Raises:
            Stopped: in each of them.
        """
        if group.alone:
            self.check()
        elif (how := group.of_first(self._unanswered)) is not None:
            self._answered = how
            raise Stopped(how)

    def _unanswered(self) -> Stop | None:
        how = self._requested()
        return how if how is not None and self._answered not in (how, "cancel") else None

    def finishing(self) -> None:
        """The training ends by itself from here on: only ``cancel`` is still to be answered."""
        self._answered = self._answered or "finish"
