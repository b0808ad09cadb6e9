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
