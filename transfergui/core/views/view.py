"""What a view of a result is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from transfergui.core.base.i18n import N_
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation.kinds import Shown
from transfergui.core.views.result import Result


def nothing_kept(result: Result) -> tuple[Shown, bool] | None:
    """As :attr:`View.kept`: nothing is."""
    return None


@dataclass(frozen=True)
class View:
    """One way to look into a result.

    Attributes:
        title, summary: marked with ``N_``; the summary is one sentence on what it shows.
        obstacle: the code of the sentence why it cannot be shown; empty if it can.
        compute: makes it; calls ``tell`` often, which may raise.
        quick: whether it takes no longer than a second or so: shown at once, and in
            ``report.html``.
        button: what starts it, marked with ``N_``.
        kept: what was found before and kept with the run, and whether that is all of it; None
            where nothing was. Quick.
    """

    key: str
    title: str
    summary: str
    obstacle: Callable[[Result], str]
    compute: Callable[[Result, Tell], Shown]
    quick: bool = False
    button: str = N_("Show")
    kept: Callable[[Result], tuple[Shown, bool] | None] = nothing_kept


def nothing_in_the_way(result: Result) -> str:
    """As :attr:`View.obstacle`: it can always be shown."""
    return ""
