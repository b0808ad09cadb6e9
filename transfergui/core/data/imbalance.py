"""How uneven classes are: one ratio and one threshold, for notes, loss weights and reports."""

from collections.abc import Sequence

UNEVEN = 3.0
"""From this ratio of the largest to the smallest class on, classes are called uneven: the scan
notes it, ``auto`` weighs rare classes more, and the report puts balanced accuracy first."""


def ratio(counts: Sequence[int]) -> float:
    """The largest class over the smallest one that has samples; 1 where none has.

    Args:
        counts: samples of each class.
    """
    present = [count for count in counts if count]
    return max(present) / min(present) if present else 1.0


def is_uneven(counts: Sequence[int]) -> bool:
    """Whether classes with so many samples are called uneven."""
    return ratio(counts) >= UNEVEN
