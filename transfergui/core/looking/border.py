"""Whether a model rests on the border of the pictures: on the background, or on a mark there.

By the heat that lies there, and, because maps of 7 x 7 places are coarse, without any map: by what
hiding the border changes beside hiding as much of the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.heat_colours import stretched
from transfergui.core.base.notes import Note
from transfergui.core.figures.intervals import Z95

if TYPE_CHECKING:
    import torch

SIDE = 100
"""Places along each side of what is hidden."""
WIDTH = 0.1
"""Of the width and the height on each side: the border of a picture."""
AREA = 1 - (1 - 2 * WIDTH) ** 2
"""The share of a picture that is border; heat spread evenly has as much of itself there."""
FEWEST = 10
"""Below so many pictures nothing is said."""


class Explains(Protocol):
    """What is asked of :class:`transfergui.core.looking.explain.Explainer`."""

    def predicted(self, prepared: Sequence[torch.Tensor]) -> list[int]: ...

    def heat(self, prepared: Sequence[torch.Tensor], places: Sequence[int]) -> list[np.ndarray]: ...

    def evidence(
        self, prepared: Sequence[torch.Tensor], hidden: np.ndarray | None = None
    ) -> np.ndarray: ...


@dataclass
class Border:
    """What was measured, picture by picture.

    Attributes:
        shares: of the heat that lies on the border.
        border, middle: how much less speaks for the prediction without them.
        changed: the predictions that change without the border, and without the middle.
    """

    shares: list[float] = field(default_factory=list)
    border: list[float] = field(default_factory=list)
    middle: list[float] = field(default_factory=list)
    changed: list[tuple[bool, bool]] = field(default_factory=list)

    def measure(self, explainer: Explains, prepared: Sequence[torch.Tensor]) -> None:
        """Add some pictures."""
        places = explainer.predicted(prepared)
        heats = explainer.heat(prepared, places)
        self.shares += [share(heat) for heat in heats if heat.any()]
        whole, without, inside = (
            explainer.evidence(prepared, hidden) for hidden in (None, *regions())
        )
        rows = np.arange(len(places))
        self.border += (whole[rows, places] - without[rows, places]).tolist()
        self.middle += (whole[rows, places] - inside[rows, places]).tolist()
        now = np.array(places)
        pairs = zip(without.argmax(1) != now, inside.argmax(1) != now, strict=True)
        self.changed += [(bool(one), bool(other)) for one, other in pairs]


def regions() -> tuple[np.ndarray, np.ndarray]:
    """The border and as much of the middle, bool [SIDE, SIDE]."""
    edge, inner = round(WIDTH * SIDE), round(AREA**0.5 * SIDE)
    border = np.ones((SIDE, SIDE), dtype=bool)
    border[edge:-edge, edge:-edge] = False
    first = (SIDE - inner) // 2
    middle = np.zeros((SIDE, SIDE), dtype=bool)
    middle[first : first + inner, first : first + inner] = True
    return border, middle


def share(heat: np.ndarray) -> float:
    """The share of a map [h, w] that lies on the border of the picture."""
    fine = stretched(heat, (SIDE, SIDE))
    return float(fine[regions()[0]].sum() / fine.sum())


def notes(found: Border) -> tuple[Note, ...]:
    """How much the border counts.

    A warning from where it counts more than as much of the middle does, or has more heat than its
    area explains, by more than chance: who takes a picture of something has it in the middle.
    """
    count = len(found.border)
    if count < FEWEST:
        return ()
    each = np.array(found.changed, dtype=float)
    changed = each.mean(0)
    more = np.array(found.border) - np.array(found.middle)
    hidden = lower_end(more) > 0 and changed[0] >= changed[1]
    hidden = hidden or lower_end(each[:, 0] - each[:, 1]) > 0
    hot = len(found.shares) >= FEWEST and lower_end(np.array(found.shares)) > AREA
    values = {
        "border": percent(float(changed[0]), 0),
        "middle": percent(float(changed[1]), 0),
        "share": percent(float(np.mean(found.shares)) if found.shares else None, 0),
        "area": percent(AREA, 0),
        "count": count,
    }
    if hidden or hot:
        return (Note("looking.border", values, "warning"),)
    return (Note("looking.middle", values),)


def lower_end(values: np.ndarray) -> float:
    """Of the 95 % interval of a mean."""
    return float(values.mean() - Z95 * values.std(ddof=1) / len(values) ** 0.5)


def figures(found: Border) -> dict[str, object]:
    """What ``report.json`` says of it."""
    if not found.border:
        return {}
    changed = np.array(found.changed).mean(0)
    return {
        "border_share": round(float(np.mean(found.shares)), 4) if found.shares else None,
        "border_area": round(AREA, 4),
        "changed_without_border": round(float(changed[0]), 4),
        "changed_without_middle": round(float(changed[1]), 4),
    }
