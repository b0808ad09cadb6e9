"""The options of a search for a network and a strategy (the procedure ``search``)."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option

LEAST_MINUTES, MOST_MINUTES = 0.1, 24 * 60.0

MINUTES = {"one": 1.0, "ten": 10.0, "all": math.inf}
"""For “all” it ends when everything was tried, not when time is over."""


class SearchOptions(Options, frozen=True):
    """The options of a strategy whose procedure is a search."""

    time: Annotated[
        Literal["one", "ten", "all"],
        option(
            N_("Time limit"),
            N_(
                "How long the search may take. The search ends sooner once every promising "
                "candidate has been tried."
            ),
            essential=True,
            labels={
                "one": N_("About a minute"),
                "ten": N_("About ten minutes"),
                "all": N_("No limit"),
            },
        ),
    ] = "ten"
    minutes: (
        Annotated[
            float,
            option(
                N_("Custom time limit"),
                N_("A time limit of your own. The first candidates are always trained to the end."),
                ge=LEAST_MINUTES,
                le=MOST_MINUTES,
                unit=N_("min"),
                advanced=True,
                replaces="time",
            ),
        ]
        | None
    ) = None

    settings: Annotated[
        bool,
        option(
            N_("Hyperparameter search"),
            N_(
                "After the backbone and the strategy have been chosen, other values for "
                "learning rate, dropout and augmentation are tried within the time limit. Each "
                "is judged on the validation set."
            ),
            essential=True,
        ),
    ] = False

    @property
    def budget(self) -> float:
        """Minutes; endless where it takes as long as it needs."""
        return self.minutes if self.minutes is not None else MINUTES[self.time]
