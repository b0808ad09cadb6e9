"""How good the suggestions are, and whether more labels would help: while the labels are given.

Accuracy. Each labelled example is predicted by the head that learnt from all the others
(:mod:`transfergui.core.labelling.head`). Counting all of them would mislead: examples that are
chosen because the head is unsure of them are harder than the rest, and those that a person picks by
eye easier (Farquhar, Gal, Rainforth, "On Statistical Bias In Active Learning", arXiv:2101.11665).
So only a random sample of the folder counts: all examples have a fixed random order
(:func:`transfergui.core.labelling.suggestions.random_order`), and those at its beginning count, up
to the first one without a label, whoever chose them and why. Every fourth example that is offered
is the next one of this order, so that the sample grows as labels are given.

The interval is made from that of Wilson for ``n`` independent examples, in two steps, because that
one alone held the truth in 81 to 93 % of simulated folders (guide, benchmarks). The examples of the
sample are not independent: each helps to predict the others. So they count as fewer. And an example
that is left out leaves a gap where the chosen ones are spread out, which one without a label does
not; the hard ones have labels by then, too. By so much as the head is surer of the examples without
a label than of the sample, on average, the upper end is raised, as prediction-powered inference
moves a mean (Angelopoulos et al., arXiv:2301.09633): with ``c`` these confidences of the sample,
``p`` the share and ``s`` :data:`SHARED`,

    low = wilson(p, n / s).low,    high = wilson(p + max(0, mean c_rest - mean c), n / s).high

The share itself stays what was counted. An interval of a folder of near copies is wider in truth. A
label that was only accepted because it was suggested is wrong more often than it seems: who wants
to be sure looks at the drawn ones before the suggestion.

Enough. The head learns from parts of the labels, several times, and is tested on the others; the
curves that go through these values (:mod:`transfergui.core.figures.learning_curve`) say what twice
as many labels would add. Chosen examples are harder than the folder, so that the gain on them is
rather too large: "enough" is said late.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from transfergui.core.base.figure_texts import hundredths, percent
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.figures import learning_curve
from transfergui.core.figures.intervals import wilson_of
from transfergui.core.labelling import head, suggestions
from transfergui.core.labelling.suggestions import Suggestions, random_order
from transfergui.core.labelling.table import LabelTable

FEWEST = 10
"""Examples of the random sample from which on an accuracy is told."""
SHARED = 1.5
"""Examples that help to predict one another tell as much as so many times fewer others."""
FEWEST_FOR_GAIN = 40
"""Labels from which on it is told what more of them would add."""
SHARES = (0.3, 0.42, 0.58, 0.8)
"""Of the labels, that the head learns from in turn."""
DRAWS = 6
MOST, WIDTH = 4000, 256
"""Labels that are looked at for it; of more, so many are drawn. Their features are turned so that
no more are left than the second, the most important ones."""
LITTLE, AT_MOST = 0.01, 0.03
"""More labels hardly help where twice as many are expected to add less than the first, and may add
less than the second."""


class Estimate(msgspec.Struct, frozen=True):
    """What is known of the suggestions so far.

    Attributes:
        right, n: of the random sample, how many are predicted correctly, and how many there are.
        accuracy: the share; None while ``n`` is below :data:`FEWEST`.
        low, high: both ends of its 95 % interval, as the module says.
        labelled: how many labels there are.
        suggests: whether there are enough of them for suggestions.
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
    suggests: bool = False
    enough: bool = False
    gain: float | None = None
    gain_high: float | None = None

    def sentences(self) -> Iterator[str]:
        """The same in words."""
        if not self.suggests:
            text = _("Suggestions begin with {fewest} labels of at least two classes.")
            yield text.format(fewest=suggestions.FEWEST)
            return
        if self.n < FEWEST:
            text = ngettext(
                "The accuracy is shown once {fewest} examples drawn at random have labels; {count} "
                "does so far.",
                "The accuracy is shown once {fewest} examples drawn at random have labels; {count} "
                "do so far.",
                self.n,
            )
            yield text.format(fewest=FEWEST, count=self.n)
            return
        text = _(
            "Suggestions: {right} of {count} correct ({share}; 95 % interval {low} to {high}), on "
            "examples drawn at random, each predicted without its own label. With few labels, the "
            "true accuracy is often some points higher."
        )
        shares = {
            "share": percent(self.accuracy, 0),
            "low": percent(self.low, 0),
            "high": percent(self.high, 0),
        }
        yield text.format(right=self.right, count=self.n, **shares)
        if self.gain is None or self.gain_high is None:
            return
        text = _(
            "Twice as many labels are expected to add {gain} points of accuracy, at most {high}."
        )
        if self.enough:
            text = _(
                "More labels would hardly help now: twice as many are expected to add {gain} "
                "points of accuracy, at most {high}."
            )
        yield text.format(gain=hundredths(self.gain), high=hundredths(self.gain_high))


def estimated(found: Suggestions, table: LabelTable) -> Estimate:
    """The estimate for suggestions that were made of ``table``."""
    labelled = [row for row, path in enumerate(found.paths) if path in table.labels]
    if not found.classes:
        return Estimate(labelled=len(labelled))
    truth = _truth(found, table)
    sample = np.array(counted(found.paths, table), dtype=np.int64)
    right = int((found.left_out[sample].argmax(1) == truth[sample]).sum())
    told = Estimate(right, len(sample), labelled=len(labelled), suggests=True)
    if len(sample) >= FEWEST:
        accuracy = right / len(sample)
        low, high = _interval(found, sample, np.array(labelled), accuracy)
        told = msgspec.structs.replace(told, accuracy=accuracy, low=low, high=high)
    if len(labelled) < FEWEST_FOR_GAIN:
        return told
    gain, high = gain_of_twice(found, np.array(labelled), truth)
    enough = gain <= LITTLE and high <= AT_MOST and told.accuracy is not None
    return msgspec.structs.replace(told, gain=gain, gain_high=high, enough=enough)


def _interval(
    found: Suggestions, sample: np.ndarray, labelled: np.ndarray, share: float
) -> tuple[float, float]:
    """Both ends of the interval of a ``share`` of the random ``sample``, see the module."""
    sure = found.left_out[sample].max(1).mean()
    rest = np.delete(found.probabilities.max(1), labelled)
    easier = max(0.0, float(rest.mean() - sure)) if len(rest) else 0.0
    count = len(sample) / SHARED
    return wilson_of(share, count).low, wilson_of(min(1.0, share + easier), count).high


def _truth(found: Suggestions, table: LabelTable) -> np.ndarray:
    """The index of each example's class [N]; -1 without a label."""
    number = {name: at for at, name in enumerate(found.classes)}
    return np.array([number.get(table.labels.get(path, ""), -1) for path in found.paths])


def gain_of_twice(
    found: Suggestions, labelled: np.ndarray, truth: np.ndarray
) -> tuple[float, float]:
    """How much accuracy twice the labels would add, and how much at most (upper end of 90 %).

    Args:
        labelled: rows with a label.
        truth: of :func:`_truth` [N].
    """
    rng = np.random.default_rng(0)
    rows = rng.permutation(labelled)[:MOST]
    x, classes = head.narrowed(found.x[rows], WIDTH), len(found.classes)
    truth, penalties = truth[rows], (found.penalty,)
    sizes = sorted({max(classes, round(share * len(rows))) for share in SHARES})
    values = np.zeros((len(sizes), DRAWS))
    for draw in range(DRAWS):
        order = rng.permutation(len(rows))
        for at, size in enumerate(sizes):
            made = head.fitted(x, order[:size], truth[order[:size]], classes, penalties)
            rest = order[size:]
            values[at, draw] = (made.probabilities[rest].argmax(1) == truth[rest]).mean()
    if len(sizes) < learning_curve.LEAST_SIZES:
        return 1.0, 1.0
    band = learning_curve.fitted(sizes, values, (len(rows), 2 * len(rows)))
    now, then = float(band.middle[0]), float(band.middle[1])
    return max(0.0, then - now), max(0.0, float(band.high[1]) - now)


def counted(paths: tuple[str, ...], table: LabelTable) -> list[int]:
    """The rows of the random sample that is labelled."""
    rows = []
    for row in random_order(paths):
        if paths[row] not in table.labels:
            break
        rows.append(row)
    return rows
