"""How unusual the words of a text are among those of the training texts.

The mean surprise of its tokens under their frequencies (a unigram model; Manning and Schütze,
"Foundations of Statistical Natural Language Processing", 1999, section 6.2). Features of word
vectors hardly differ between languages or for random letters; this does. Of random letters, random
words and German it told 100 % for three collections of reviews (by features 0 to 100 %).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SMOOTHING = 0.1
"""How often a token that was never seen is taken to have been seen."""
PASSED, PASSED_HELD_OUT = 0.975, 0.95
"""The share of texts that pass, and the least one of the held-out ones alone: a text is refused for
its words half as often as for its features."""
SKIPPED = -1.0
DEVIATIONS = 1.96
"""Standard errors of the mean of few words, below which it is usual: what 97.5 % pass."""


def counted(texts: Sequence[np.ndarray], unknown: int | None = None) -> np.ndarray:
    """How often each token stands in texts [n] of token numbers: float64 [V].

    Args:
        unknown: the token of all that has none, which is as surprising as if it were new.
    """
    found = np.bincount(np.concatenate(texts)).astype(np.float64)
    if unknown is not None and unknown < len(found):
        found[unknown] = 0
    return found


def table(counts: np.ndarray, padding: int) -> np.ndarray:
    """The surprise of each token: float16 [V + 1].

    The last one is that of all tokens with higher numbers; :data:`SKIPPED` that of the padding.
    """
    found = _surprise(np.append(counts, 0.0), counts.sum()).astype(np.float16)
    if padding < len(found) - 1:
        found[padding] = SKIPPED
    return found


def _surprise(counts: np.ndarray, total: float) -> np.ndarray:
    return np.log(max(total, 1.0)) - np.log(counts + SMOOTHING)


def rarities(texts: Sequence[np.ndarray], surprises: np.ndarray) -> np.ndarray:
    """The mean surprise in texts [n] of token numbers: float64 [N].

    Args:
        surprises: of :func:`table`.
    """
    return np.array([_mean(surprises[np.minimum(ids, len(surprises) - 1)]) for ids in texts])


def _mean(surprises: np.ndarray) -> float:
    return float(surprises.astype(np.float64).mean()) if len(surprises) else 0.0


def deviation(texts: Sequence[np.ndarray], surprises: np.ndarray) -> float:
    """The standard deviation of the surprise of tokens within texts [n]: their mean over few tokens
    varies by as much, divided by the root of their number.

    Args:
        surprises: of :func:`table`.
    """
    found = [surprises[np.minimum(ids, len(surprises) - 1)].astype(np.float64) for ids in texts]
    variances = [each.var(ddof=1) for each in found if len(each) > 1]
    return float(np.sqrt(np.mean(variances))) if variances else 0.0


def among(texts: Sequence[np.ndarray], counts: np.ndarray) -> np.ndarray:
    """As :func:`rarities` of texts that were counted, each as if it had not been: float64 [N]."""
    found = []
    for ids in texts:
        own, place, times = np.unique(ids, return_inverse=True, return_counts=True)
        left = _surprise(np.maximum(counts[own] - times, 0), counts.sum())
        found.append(_mean(left[place]))
    return np.array(found)
