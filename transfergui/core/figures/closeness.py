"""How alike two data sets are, by the features of one network: two figures, and a word for both.

The proxy A-distance (:mod:`.two_samples`) says whether the two can be told apart, and soon does
not grow any more: shop reviews of books and of kitchenware, two speakers, and clothes and X-rays
all reach 1.9 of 2. How far apart they lie is told by the energy coefficient.

The limits were set with the features of ``mobilenet_v2`` and ``word_vectors`` on: halves of one
data set (clothing, spoken digits, book reviews: distance 0.12 at most for 300 and more samples,
coefficient 0.001), one speaker and five others (1.4 to 1.8; 0.01 to 0.06), reviews of books and of
kitchenware (1.92; 0.06), clothing and hand signs (2.00; 0.23), film reviews and Chinese ones of
takeaways (2.00; 0.45). They were checked on others: ``tgnet`` on all of these (halves 0.15; 0.001,
speakers 1.7 to 2.0; 0.03 to 0.09, clothing and hand signs 0.21), book and film reviews (0.08),
Korean and Latin letters (0.07), two speakers (0.11 and 0.08), some clothes and others (0.9 to 1.1;
0.01): somewhat alike; brain scans, letters, blood cells, hand signs and clothing, each pair (0.19
to 0.46): unlike; halves of brain scans, letters and blood cells (0.2 at most): much alike.

Of 48 draws each of halves and of pairs (clothing, letters, book reviews; books and kitchenware, one
speaker and others, clothing and hand signs), 3 had a wrong word with 20 samples of each set, 1 with
30, none with 40 and with 80.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from transfergui.core.figures import two_samples
from transfergui.core.figures.two_samples import distance_of

Word = Literal["same", "alike", "somewhat", "unlike", "unclear"]
"""``same``: they are the same files; ``unclear``: there are too few samples for a word."""
NEAREST: tuple[Word, ...] = ("same", "alike", "somewhat", "unlike", "unclear")
"""The nearest first."""
TOLD_APART = 0.5
"""From this distance on, the classifier is right for more than five of eight."""
AT_MOST = 0.8
"""What is much alike is not farther apart than this by the upper end of the interval."""
FAR = 0.15
"""From this energy coefficient on, two sets that can be told apart are unlike."""


class Closeness(msgspec.Struct, frozen=True, kw_only=True):
    """How alike two data sets are.

    Attributes:
        distance: the proxy A-distance, 0 to 2; None of the same files.
        low, high: its 95 % interval.
        energy: the energy coefficient, 0 to 1.
        count: samples of each set.
    """

    word: Word
    distance: float | None = None
    low: float | None = None
    high: float | None = None
    energy: float | None = None
    count: int = 0


SAME = Closeness(word="same", energy=0.0)


def closeness(one: np.ndarray, other: np.ndarray) -> Closeness | None:
    """Of two sets of features [N, F] and [M, F]; None where there are too few.

    Both figures are of all samples, whatever their classes: sets with other classes, or with other
    shares of them, are less alike.
    """
    found = two_samples.proxy_distance(one, other)
    if found is None:
        return None
    low, high = distance_of(found.low), distance_of(found.high)
    energy = two_samples.energy_coefficient(one, other)
    return Closeness(
        word=_word(found.value, found.low, high, energy),
        distance=found.value,
        low=low,
        high=high,
        energy=energy,
        count=found.samples,
    )


def _word(distance: float, least: float, high: float, energy: float) -> Word:
    """
    Args:
        least: the lower end of the interval of the classifier's accuracy.
    """
    if distance < TOLD_APART:
        return "alike" if high < AT_MOST else "unclear"
    if least <= 0.5:  # chance alone may do that
        return "unclear"
    return "unlike" if energy >= FAR else "somewhat"
