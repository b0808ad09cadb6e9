"""How good a model would be with more training samples, from how good it is with fewer.

Mahmood et al., "How Much More Data Do I Need? Estimating Requirements for Downstream Tasks", 2022
(arXiv:2207.01725): no single form of curve fits all data, and each alone is too sure of itself.
Several are fitted here, to draws of the measured values, and what they agree on is the band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

HORIZON = 4.0
"""So many times the samples that there are; further, nothing is said."""
DRAWS = 600
"""So many times the measured values are drawn again."""
EXPONENTS = np.linspace(0.05, 1.5, 30)
"""Of the power law."""
STEPS = 24
"""Of the arctan: how many scales are tried."""
ENDS = (5.0, 95.0)
"""Of the band, in per cent."""
LEAST_SIZES = 4
SAME_SAMPLES = 1.6
"""So much larger is the noise because the draws share the samples that they learn from, too: in
simulations the bands then hold the value at twice the size 92 to 95 times of 100, with 1.2 only 86
to 90 times."""


@dataclass(frozen=True)
class Band:
    """What is to be expected with so many training samples.

    Attributes:
        sizes: float [S].
        middle, low, high: of the figure [S]; nine of ten times it lies within.
    """

    sizes: np.ndarray
    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def at(self, size: float) -> tuple[float, float, float]:
        """Low, middle and high for a size within."""
        known = (self.low, self.middle, self.high)
        low, middle, high = (float(np.interp(size, self.sizes, each)) for each in known)
        return low, middle, high


def fitted(
    sizes: Sequence[float],
    values: np.ndarray,
    targets: Sequence[float],
    noise: float = 0.0,
    best: float = 1.0,
    seed: int = 0,
) -> Band:
    """The band at ``targets``.

    Args:
        sizes: training samples of the draws [K], rising; at least :data:`LEAST_SIZES`.
        values: the figure of each draw [K, R], higher is better, at most ``best``.
        noise: standard error of the figure because of how few samples it is measured on; the same
            for all sizes, as these are the same samples.
        best: what a perfect model has.
        seed: of the draws.
    """
    x, goal = np.asarray(sizes, dtype=np.float64), np.asarray(targets, dtype=np.float64)
    if len(x) < LEAST_SIZES or values.shape[0] != len(x):
        raise ValueError(f"{values.shape} values of {len(x)} sizes")
    rng = np.random.default_rng(seed)
    errors = best - values
    count = errors.shape[1]
    spread = errors.std(axis=1, ddof=1) if count > 1 else np.full(len(x), 0.02)
    spread = np.maximum(spread, max(1e-4, float(spread.mean()) / 3))
    drawn = rng.integers(0, count, (DRAWS, len(x), count))
    means = np.take_along_axis(errors[None], drawn, axis=2).mean(axis=2)
    weights = count / spread**2
    forms = [_power(x, goal), _logarithm(x, goal), _arctan(x, goal)]
    own = errors.mean(axis=1)[None]
    misfit, guesses, middles = [], [], []
    for curves, beyond in forms:
        chi, middle = _best(own, curves, beyond, weights)
        misfit.append(float(chi[0]))
        middles.append(middle[0])
        guesses.append(_best(means, curves, beyond, weights)[1])
    shares = _shares(np.array(misfit), len(x))
    chosen = rng.choice(len(forms), DRAWS, p=shares)
    found = np.stack(guesses)[chosen, np.arange(DRAWS)]
    found = found + SAME_SAMPLES * noise * rng.standard_normal((DRAWS, 1))
    low, high = np.percentile(np.clip(found, 0.0, None), ENDS, axis=0)
    middle = np.clip(shares @ np.stack(middles), 0.0, None)
    return Band(
        goal, best - middle, best - np.maximum(high, middle), best - np.minimum(low, middle)
    )


Form = tuple[np.ndarray, np.ndarray]
"""What falls with the size, for each of several shapes [P, K] and at the targets [P, S]."""


def _power(x: np.ndarray, goal: np.ndarray) -> Form:
    scale = x[-1]
    shapes = EXPONENTS[:, None]
    return (x / scale) ** -shapes, (goal / scale) ** -shapes


def _logarithm(x: np.ndarray, goal: np.ndarray) -> Form:
    last = x[-1]
    return -np.log(x / last)[None], -np.log(goal / last)[None]


def _arctan(x: np.ndarray, goal: np.ndarray) -> Form:
    scales = np.geomspace(x[0] / 2, 4 * x[-1], STEPS)[:, None]
    half = np.pi / 2
    return 1 - np.arctan(x / scales) / half, 1 - np.arctan(goal / scales) / half


def _best(
    errors: np.ndarray, curves: np.ndarray, beyond: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of each row of errors [B, K] the misfit [B] of the best shape, and what it says [B, S].

    An error is a + b curve, with b at least 0; a is at least 0 where the curve ends at 0.
    """
    total = weights.sum()
    mean_x = (curves @ weights) / total  # [P]
    mean_y = (errors @ weights) / total  # [B]
    centred = curves - mean_x[:, None]
    slope = ((errors - mean_y[:, None]) * weights) @ centred.T / (centred**2 @ weights)  # [B, P]
    slope = np.maximum(slope, 0.0)
    start = mean_y[:, None] - slope * mean_x
    if (curves >= 0).all() and len(curves) > 1:
        free = (errors * weights) @ curves.T / (curves**2 @ weights)
        below = start < 0
        start, slope = np.where(below, 0.0, start), np.where(below, free, slope)
    left = errors[:, None] - start[:, :, None] - slope[:, :, None] * curves  # [B, P, K]
    misfit = (left**2) @ weights
    at = misfit.argmin(axis=1)
    rows = np.arange(len(errors))
    said = start[rows, at][:, None] + slope[rows, at][:, None] * beyond[at]
    return misfit[rows, at], said


def _shares(misfit: np.ndarray, sizes: int) -> np.ndarray:
    """How much each form counts: by its misfit, none less than a tenth."""
    scale = max(1.0, float(misfit.min()) / max(1, sizes - 2))
    weights = np.exp(-(misfit - misfit.min()) / (2 * scale))
    weights = np.maximum(weights / weights.sum(), 0.1)
    return weights / weights.sum()
