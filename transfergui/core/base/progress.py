"""How long work says how far it is, and learns that nobody waits for it any more."""

from collections.abc import Callable

Tell = Callable[[int, int], None]
"""Called often with what is done and how much there is in all, 0 where that is not known; raises
where the work is to end."""


def untold(done: int, total: int) -> None:
    """Nobody listens."""
