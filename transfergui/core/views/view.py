"""What a view of a result is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from transfergui.core.base.progress import Tell
from transfergui.core.evaluation.kinds import Shown
from transfergui.core.views.result import Result


@dataclass(frozen=True)
class View:
    """One way to look into a result.

    Attributes:
        title, summary: marked with ``N_``; the summary is one sentence on what it shows.
        obstacle: the code of the sentence why it cannot be shown; empty if it can.
        compute: makes it; calls ``tell`` often, which may raise.
        quick: whether it takes no longer than a second or so: shown at once, and in
            ``report.html``.
    """

    key: str
    title: str
    summary: str
    obstacle: Callable[[Result], str]
    compute: Callable[[Result, Tell], Shown]
    quick: bool = False


def nothing_in_the_way(result: Result) -> str:
    """As :attr:`View.obstacle`: it can always be shown."""
    return ""
