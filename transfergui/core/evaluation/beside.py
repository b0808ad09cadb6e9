"""What other trainings and the checks of the data say beside the report of a training."""

from __future__ import annotations

from dataclasses import dataclass

from transfergui.core.base.notes import Note
from transfergui.core.figures.metrics import Report


@dataclass(frozen=True)
class OtherTest:
    """Two trainings on the same data that were not tested on the same samples.

    Attributes:
        name: the folder of the other training.
        n, before: how many samples this one and the other were tested on.
        shared: how many of them both were tested on, with the same class.
    """

    name: str
    n: int
    before: int
    shared: int


@dataclass(frozen=True)
class Beside:
    """What other trainings say beside the report of one.

    Attributes:
        grouping: of one that differs in what was kept together.
        test: how the test of the one before it differs.
        notes: how it does beside the frozen backbone and the same model from scratch, where these
            were measured.
        others: titles and figures of those, for bars.
        data: what the checks of its data found, as of :mod:`.data_checks`.
    """

    grouping: Report | None = None
    test: OtherTest | None = None
    notes: tuple[Note, ...] = ()
    others: tuple[tuple[str, float], ...] = ()
    data: tuple[Note, ...] = ()


ALONE = Beside()
