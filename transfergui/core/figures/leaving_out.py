"""Which of several sources helps: a quick classifier with all of them, and without each.

Measured on one's own validation samples, never on the test samples. Both classifiers are compared
on the same samples (:mod:`.paired`); as many differences are looked at as there are sources, so
each of them must be that much clearer (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transfergui.core.figures import borrowing, paired
from transfergui.core.figures.borrowing import Labelled, Leaving, LeftOut
from transfergui.core.figures.paired import Verdict
from transfergui.core.figures.questions import LEVEL
from transfergui.core.figures.weighted_ridge import Components, Fitted


def left_out(
    own: Labelled, val: Labelled, sources: Sequence[Labelled], lent: Sequence[np.ndarray]
) -> Leaving | None:
    """None where there are no two sources, or nothing to measure on.

    Args:
        lent: how much the samples of each source count [M].
    """
    if len(sources) < 2 or not len(val.labels) or not len(own.labels):
        return None
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        features = [own.features, *(each.features for each in sources)]
        components = Components.of(np.concatenate(features))
        rows, tested = [components.rows(each) for each in features], components.rows(val.features)
        labels = [own.labels, *(each.labels for each in sources)]
        everyone = range(len(sources))

        def right(kept: Sequence[int]) -> np.ndarray:
            some = [0, *(1 + at for at in kept)]
            counts = _weights(len(own.labels), [lent[at] for at in kept])
            model = Fitted.of(
                np.concatenate([rows[at] for at in some]),
                np.concatenate([labels[at] for at in some]),
                counts,
            )
            return np.asarray(model.predicted(tested) == val.labels)

        whole = right(everyone)
        others = [[at for at in everyone if at != left] for left in everyone]
        found = [_judged(whole, right(each), len(sources)) for each in others]
    return Leaving(count=len(whole), accuracy=float(whole.mean()), without=tuple(found))


def _weights(own: int, lent: Sequence[np.ndarray]) -> np.ndarray:
    """Of one's own samples, and of those of some sources, as they count in a training: all of these
    together as much as one's own at most."""
    theirs = np.concatenate(lent)
    total = float(theirs.sum())
    share = min(1.0, borrowing.effective(theirs) / own)
    counts = np.concatenate([np.ones(own), theirs * (own * share / total if total else 0.0)])
    weights: np.ndarray = counts * len(counts) / counts.sum()
    return weights


def _judged(whole: np.ndarray, without: np.ndarray, sources: int) -> LeftOut:
    test = paired.of_shares(whole, without)
    clear = test.p < LEVEL / sources
    verdict: Verdict = "unclear"
    if clear:
        verdict = "better" if test.difference > 0 else "worse"
    return LeftOut(
        accuracy=float(without.mean()),
        difference=test.difference,
        low=test.low,
        high=test.high,
        p=test.p,
        verdict=verdict,
    )
