"""Automatic search: the program finds backbone and strategy within a time that the user chooses.

What is tried, and how it is judged, is in :mod:`transfergui.core.training.search`. A run that is
trained so begins with the search; then its recipe names what was found, and it goes on as any
other. Until then its plan has no phases: nothing is trained by it.
"""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.interfaces.plan import Strategy
from transfergui.core.networks.choice import AUTO
from transfergui.core.search_options import SearchOptions

STRATEGY = Strategy(
    key=AUTO,
    title=N_("Automatic search"),
    summary=N_(
        "Tries several backbones and strategies within a time limit and keeps the best. For when "
        "you want the best result."
    ),
    options=SearchOptions,
    cost=2,
    preset="None",
    compact=False,
    procedure="search",
)
