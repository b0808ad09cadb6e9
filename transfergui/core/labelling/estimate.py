"""How good the suggestions are, and whether more labels would help: while the labels are given.

Accuracy. Each labelled example is predicted by the head that learnt from all the others
(:mod:`transfergui.core.labelling.head`). Counting all of them would mislead: examples that are
chosen because the head is unsure of them are harder than the rest, and those that a person picks by
eye easier (Farquhar, Gal, Rainforth, "On Statistical Bias In Active Learning", arXiv:2101.11665).
So only a random sample of the folder counts: all examples have a fixed random order
(:func:`transfergui.core.labelling.suggestions.random_order`), and those at its beginning count, up
to the first one without a label, whoever chose them and why. Every fourth example that is offered
is the next one of this order, so that the sample grows as labels are given. The interval is that of
Wilson for as many independent examples; that of a folder of near copies is wider in truth.
"""

from __future__ import annotations

import msgspec
import numpy as np

from transfergui.core.figures.intervals import wilson
from transfergui.core.labelling.suggestions import Suggestions, random_order
from transfergui.core.labelling.table import LabelTable

FEWEST = 10
"""Examples of the random sample from which on an accuracy is told."""


class Estimate(msgspec.Struct, frozen=True):
    """What is known of the suggestions so far.

    Attributes:
        right, n: of the random sample, how many are predicted correctly, and how many there are.
        accuracy: the share; None while ``n`` is below :data:`FEWEST`.
        low, high: both ends of its 95 % interval.
        labelled: how many labels there are.
        enough: whether more labels would hardly help.
        gain: of accuracy with twice the labels, expected; None where it cannot be told yet.
        gain_high: the upper end of what is to be expected.
    """

    right: int = 0
    n: int = 0
    accuracy: float | None = None
    low: float = 0.0
    high: float = 1.0
    labelled: int = 0
    enough: bool = False
    gain: float | None = None
    gain_high: float | None = None


def estimated(found: Suggestions, table: LabelTable) -> Estimate:
    """The estimate for suggestions that were made of ``table``."""
    labelled = sum(path in table.labels for path in found.paths)
    if not found.classes:
        return Estimate(labelled=labelled)
    sample = counted(found.paths, table)
    number = {name: at for at, name in enumerate(found.classes)}
    truth = np.array([number[table.labels[found.paths[row]]] for row in sample], dtype=np.int64)
    right = int((found.left_out[sample].argmax(1) == truth).sum())
    interval = wilson(right, len(sample))
    if interval is None or len(sample) < FEWEST:
        return Estimate(right, len(sample), labelled=labelled)
    return Estimate(
        right, len(sample), right / len(sample), interval.low, interval.high, labelled=labelled
    )


def counted(paths: tuple[str, ...], table: LabelTable) -> list[int]:
    """The rows of the random sample that is labelled."""
    rows = []
    for row in random_order(paths):
        if paths[row] not in table.labels:
            break
        rows.append(row)
    return rows
