"""How knowledge is carried over: the interface that every strategy fills in.

One file per strategy, free of torch at import. A strategy says in which phases
what is trained, and which loss is minimised; it never loops, logs or sees the
optimiser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from transfergui.core.base.options import describe
from transfergui.core.interfaces import Strategy

if TYPE_CHECKING:
    pass


def puts_together(strategy: Strategy) -> bool:
    """Whether it makes its model of finished trainings, and learns nothing new."""
    return any(option.kind == "runs" for option in describe(strategy.options))


def listed(names: Sequence[str] | str) -> tuple[str, ...]:
    """The networks or runs that an option names: a sequence, or a text with commas between."""
    parts = names.split(",") if isinstance(names, str) else names
    return tuple(part.strip() for part in parts if part.strip())


def named_in(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The networks and runs that the options of a recipe name, whatever its strategy."""
    several = (name for key in LISTS for name in listed(options.get(key, ())))
    return tuple(name for name in (options.get("teacher", ""), *several) if name)


LISTS = ("partners", "runs")
"""Options that name several."""
