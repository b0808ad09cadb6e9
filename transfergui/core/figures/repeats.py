"""How far the figures of one recipe are apart by chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import stdev

from transfergui.core.figures.intervals import t95


def apart(values: Sequence[float]) -> float:
    """So far are two runs of one recipe apart at most in 95 of 100 cases.

    Args:
        values: of repeats, at least two.
    """
    return t95(len(values) - 1) * math.sqrt(2) * stdev(values)
