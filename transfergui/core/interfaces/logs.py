"""What a strategy tells of its steps beside the loss: declared as data, drawn by the live plots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["loss", "share"]
"""``loss``: a part of what is minimised, drawn with the loss. ``share``: from 0 to 1, drawn in per
cent from 0 to 100; whatever else is to be drawn is given as a share of its largest value."""


@dataclass(frozen=True)
class Log:
    """A scalar that a task returns with each step (:attr:`transfergui.core.nn.losses.Loss.logs`).

    Attributes:
        key: by which events name it.
        title: in the key of the plot, marked with ``N_``.
        summary: what it is and what its value tells, marked with ``N_``.
        level: a value worth a line across the plot, such as that of chance; None for none.
        level_title: what that line is called, marked with ``N_``.
        lowest: below it, the mean of an epoch is a warning; None for none.
        warning: the code of that warning.
    """

    key: str
    title: str
    summary: str
    kind: Kind
    level: float | None = None
    level_title: str = ""
    lowest: float | None = None
    warning: str = ""
