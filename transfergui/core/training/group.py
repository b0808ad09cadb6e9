"""The processes that train one model together, as a plain value that is passed to who needs it.

One loop serves any number of them. :class:`Group` itself is a training by one process, and knows
nothing of the others; :class:`transfergui.core.processes.joined.Joined` is one of several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from torch import Tensor

Item = TypeVar("Item")
Value = TypeVar("Value")


class Group:
    """This process and those that train with it.

    Attributes:
        rank: which of them this is, from 0.
        size: how many there are.
        here: how many of them share this computer, its processor and its memory.
        writes: whether this one writes what is shared on this computer, as the cache of features.
    """

    rank = 0
    size = 1
    here = 1
    writes = True

    @property
    def first(self) -> bool:
        """Whether this one owns the run: it writes checkpoints, events and the report, and
        answers to requests to stop."""
        return self.rank == 0

    @property
    def alone(self) -> bool:
        return self.size == 1

    def part(self, items: Sequence[Item]) -> Sequence[Item]:
        """This process's contiguous share of ``items``, or of the rows of a tensor; the first
        shares are longer by one where it does not come out even (as ``Tensor.tensor_split``)."""
        each, more = divmod(len(items), self.size)
        start = self.rank * each + min(self.rank, more)
        return items[start : start + each + (self.rank < more)]

    def add(self, tensor: Tensor) -> None:
        """Put the sum over all processes into ``tensor``, the same bits in each of them."""

    def gather(self, value: Value) -> list[Value]:
        """What each process gives here, in their order."""
        return [value]

    def of_first(self, make: Callable[[], Value]) -> Value:
        """What ``make`` returns in the first process; the others do not call it."""
        return make()

    def share(self, tensors: Iterable[Tensor]) -> None:
        """Give all processes the values that ``tensors`` have in the first."""


class Neighbours(Group):
    """A training by one process, while others of this computer train other models.

    Args:
        here: how many there are, this one among them.
    """

    def __init__(self, here: int) -> None:
        self.here = here


ALONE = Group()
"""Training by one process."""
