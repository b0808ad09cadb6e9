"""Recommended: the program finds backbone and strategy within a time that the user chooses.

What is tried, and how it is judged, is in :mod:`transfergui.core.training.auto`. A run that is
trained so begins with the search; then its recipe names what was found, and it goes on as any
other. Until then its plan has no phases: nothing is trained by it.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces import Strategy
from transfergui.core.networks.choice import AUTO

LEAST_MINUTES, MOST_MINUTES = 0.1, 24 * 60.0
MINUTES = {"one": 1.0, "ten": 10.0, "all": math.inf}
"""For “all” it ends when everything was tried, not when time is over."""


class RecommendedOptions(Options, frozen=True):
    """The options of :data:`STRATEGY`."""

    time: Annotated[
        Literal["one", "ten", "all"],
        option(
            N_("Time"),
            N_(
                "How long you are willing to wait, on this computer and for these data. It ends "
                "sooner when everything likely was tried."
            ),
            essential=True,
            labels={
                "one": N_("About a minute"),
                "ten": N_("About ten minutes"),
                "all": N_("As long as it needs"),
            },
        ),
    ] = "ten"
    minutes: (
        Annotated[
            float,
            option(
                N_("Exactly"),
                N_("Another time than those; the first tries are finished in any case."),
                ge=LEAST_MINUTES,
                le=MOST_MINUTES,
                unit="min",
                advanced=True,
            ),
        ]
        | None
    ) = None

    settings: Annotated[
        bool,
        option(
            N_("Also try settings"),
            N_(
                "When network and strategy are found, other learning rates, dropout and "
                "augmentation are tried too, as long as there is time. Each is judged on the "
                "validation examples."
            ),
            essential=True,
        ),
    ] = False

    @property
    def budget(self) -> float:
        """Minutes; endless where it takes as long as it needs."""
        return self.minutes if self.minutes is not None else MINUTES[self.time]


STRATEGY = Strategy(
    key=AUTO,
    title=N_("Recommended"),
    summary=N_(
        "Tries networks and ways of training on your examples, shows what it tried, and keeps "
        "what did best: the right one if you do not know which is."
    ),
    options=RecommendedOptions,
    cost=2,
    preset="None",
    compact=False,
    procedure="search",
)
