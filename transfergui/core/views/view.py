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
        looked_at: how many examples the network looks at for it, roughly; None where that says
            nothing of how long it takes. Where :func:`seconds` are few, it begins when it is
            chosen.
        button: what starts it, marked with ``N_``.
        kept: what was found before and kept with the run, and whether that is all of it; None
            where nothing was. Quick.
        unlisted: the code of an obstacle with which it is not even listed: it concerns runs of
            another kind.
    """

    key: str
    title: str
    summary: str
    obstacle: Callable[[Result], str]
    compute: Callable[[Result, Tell], Shown]
    quick: bool = False
    looked_at: Callable[[Result], int] | None = None
    button: str = N_("Show")
    kept: Callable[[Result], tuple[Shown, bool] | None] = nothing_kept
    unlisted: str = ""


LITTLE = 10
"""Seconds that a view may take that begins when it is chosen."""
READING, RATE = 0.005, 40
"""Seconds in which an example is read, and billions of operations a second of a processor of two
cores: MobileNetV2 looks at 100 pictures a second there, reading them."""


def seconds(view: View, result: Result) -> float | None:
    """How long a view takes, roughly; None where that is not known."""
    if view.quick:
        return 0.0
    if view.looked_at is None:
        return None
    each = READING + max(result.plan.backbone.flops, 0) / RATE
    return view.looked_at(result) * each


def every_example(result: Result) -> int:
    """As :attr:`View.looked_at`, of features; they are known of a network that stayed as it was."""
    if result.is_frozen:
        return 0
    return sum(result.split.sizes().values())


OF_WHOLE = "views.of_whole"
"""As :attr:`View.unlisted`, of what is about whole samples."""


def of_whole(obstacle: Callable[[Result], str]) -> Callable[[Result], str]:
    """As :attr:`View.obstacle`, of views that look at one prediction and one vector of features for
    each sample: models that find places in samples have many."""
    return lambda result: OF_WHOLE if result.objective.places else obstacle(result)


def nothing_in_the_way(result: Result) -> str:
    """As :attr:`View.obstacle`: it can always be shown."""
    return ""
