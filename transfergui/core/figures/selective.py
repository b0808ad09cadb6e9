"""A promise: wrong at most so often when it answers.

Angelopoulos, Bates, Candès, Jordan and Lei, "Learn then Test: Calibrating Predictive Algorithms to
Achieve Risk Control", 2021 (arXiv:2110.01052). Thresholds of the confidence are tested one after
the other, the strictest first (fixed sequence testing), each by the exact binomial probability that
so few of the answered validation samples are wrong although more than promised would be. The first
one that fails ends it: so the chance that the promise is broken is at most 10 %, however many were
tested. What cannot pass however right the answers are, as there are too few of them, is not tested.
"""

from __future__ import annotations

import math

import numpy as np

from transfergui.core.runs.doubts import Promise

SURE = 0.9
"""The probability with which a promise is kept."""
GRID = 50
"""So many thresholds are tested, at most: a fine grid stops at a chance run of errors."""
MOST_NEEDED = 1_000_000
PRIOR = 20
"""So many samples the confidence itself counts for, where it is estimated how many are wrong: of
eight samples, one that is wrong says little. It is scaled down where it expects more errors than
there are."""


def fewest(at_most_wrong: float) -> int:
    """The smallest number of answers that is enough where all are right: 45 for 5 in 100."""
    found = math.log(1 - SURE) / math.log1p(-at_most_wrong)
    return max(1, math.ceil(min(found, 1e18)))  # infinite for the smallest numbers


def promise(confidence: np.ndarray, right: np.ndarray, at_most_wrong: float) -> Promise | None:
    """The lowest threshold at which no more than that share is wrong; None where none is known.

    Args:
        confidence: [N] of validation samples.
        right: bool [N].
        at_most_wrong: in (0, 1).
    """
    order = np.argsort(-confidence, kind="stable")
    sorted_confidence, wrong = confidence[order], np.cumsum(~right[order].astype(bool))
    found: Promise | None = None
    for answered in _tested(sorted_confidence, at_most_wrong):
        if _chance(int(wrong[answered - 1]), answered, at_most_wrong) > 1 - SURE:
            break
        found = Promise(
            at_most_wrong=at_most_wrong,
            below=_between(sorted_confidence, answered),
            examples=len(order),
            answered=answered,
            wrong=int(wrong[answered - 1]),
        )
    return found


def needed(confidence: np.ndarray, right: np.ndarray, at_most_wrong: float) -> int | None:
    """About how many validation samples :func:`promise` would need, if the others were like these,
    to be made about every second time; a few samples do not tell it better.

    None where no number would do: even of its most confident predictions, more are wrong.
    """
    count = len(confidence)
    if not count:
        return fewest(at_most_wrong)
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order].astype(bool))
    expected = np.cumsum(1 - np.clip(confidence[order], 0, 1))
    expected *= min(1.0, (wrong[-1] + 1) / max(float(expected[-1]), 1e-9))
    places = np.unique(np.linspace(max(1, count // 10), count, GRID).astype(int))
    best: float = math.inf
    for place in places:
        share = wrong[place - 1] + PRIOR * expected[place - 1] / place
        each = _answers_needed(float(share) / (place + PRIOR), at_most_wrong)
        best = min(best, each * count / place)
    if math.isinf(best) and not wrong[places[0] - 1]:  # nothing speaks against it
        best = fewest(at_most_wrong) * count / int(places[wrong[places - 1] == 0][-1])
    return None if math.isinf(best) else max(fewest(at_most_wrong), math.ceil(best))


def _tested(confidence: np.ndarray, at_most_wrong: float) -> list[int]:
    """How many samples are answered at each threshold, the strictest first.

    Args:
        confidence: [N], the highest first.
    """
    count, start = len(confidence), fewest(at_most_wrong)
    if count < start:
        return []
    places = np.unique(np.linspace(start, count, min(GRID, count - start + 1)).astype(int))
    # those of the same confidence are answered together
    ends = np.searchsorted(-confidence, -confidence[places - 1], side="right")
    return sorted(set(ends.tolist()))


def _between(confidence: np.ndarray, answered: int) -> float:
    """A threshold that lets the first ones pass, not on any of their confidences."""
    last = float(confidence[answered - 1])
    following = float(confidence[answered]) if answered < len(confidence) else 0.0
    return last if answered == len(confidence) and last == 0 else (last + following) / 2


def _answers_needed(share: float, at_most_wrong: float) -> float:
    """How many answers it takes, where such a share of them is wrong, to pass 8 times of 10."""
    if share >= at_most_wrong:
        return math.inf
    if not share:
        return fewest(at_most_wrong)
    low, high = 1, 1
    while _chance(_unlucky(share, high), high, at_most_wrong) > 1 - SURE:
        low, high = high, 2 * high
        if high > MOST_NEEDED:
            return math.inf
    while high - low > 1:
        middle = (low + high) // 2
        passes = _chance(_unlucky(share, middle), middle, at_most_wrong) <= 1 - SURE
        low, high = (low, middle) if passes else (middle, high)
    return high


def _unlucky(share: float, count: int) -> int:
    """So many are wrong at most, 8 times of 10."""
    return round(share * count + 0.84 * math.sqrt(share * (1 - share) * count))


def _chance(wrong: int, count: int, share: float) -> float:
    """The probability of at most ``wrong`` of ``count``, where each is wrong with ``share``."""
    if wrong >= count:
        return 1.0
    places = np.arange(wrong)
    steps = np.log((count - places) / (places + 1)) + math.log(share) - math.log1p(-share)
    logs = count * math.log1p(-share) + np.concatenate([[0.0], np.cumsum(steps)])
    return float(min(1.0, np.exp(np.logaddexp.reduce(logs))))
