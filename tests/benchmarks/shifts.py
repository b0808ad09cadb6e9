"""Weightings and maps of features beside those of skada, under shifts of a known kind.

``python -m tests.benchmarks.shifts [--seeds 5]``; needs the package ``skada`` (extra ``bench``).

Two classes of points in a plane, seen through random Fourier features, as a network is; then a
logistic regression. ``plain``: trained on the source alone; ``weighted``: on the source by its
density ratio (ours: that of :mod:`transfergui.core.figures.adapting`; skada's: kernel mean
matching, as its ``DiscriminatorReweightAdapter`` in version 0.6 divides the wrong way round);
``coral``: on the source moved to the target. Each is right on the target in so many cases, a mean
over seeds; the target's labels are used for this table alone. Then what the program would keep
beside ``plain``, by what it judges by, and how often that is wrong: it keeps an adapted model that
is clearly worse (paired test at 5 %), or declines one that is clearly better.
"""

from __future__ import annotations

import argparse
import functools
import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

from transfergui.core.figures import adapting, paired
from transfergui.core.figures.adapting import Side
from transfergui.core.nn import alignment
from transfergui.core.strategies.coral import SHRINKAGE

SHIFTS = ("covariate_shift", "target_shift", "conditional_shift", "subspace")
FEATURES, SMOOTH = 64, 0.5
EACH = 40
"""Points of each of eight clusters, in source and target."""
MEASURED = 4
"""Every so manyth point of the source is not trained on, but measures."""


class Points(NamedTuple):
    """Source and target: features [N, F] and classes [N]."""

    source: np.ndarray
    classes: np.ndarray
    target: np.ndarray
    hidden: np.ndarray


class Fitted(NamedTuple):
    """A model's predictions [., C].

    Attributes:
        validated: for the measuring points of the source, moved as those that it was trained on.
        target: for the target.
    """

    validated: np.ndarray
    target: np.ndarray


def drawn(shift: str, seed: int) -> Points:
    from skada.datasets import make_shifted_datasets
    from sklearn.kernel_approximation import RBFSampler

    x, y, domain = make_shifted_datasets(EACH, EACH, shift=shift, noise=0.3, random_state=seed)
    x = RBFSampler(gamma=SMOOTH, n_components=FEATURES, random_state=0).fit_transform(x)
    own = domain > 0
    return Points(x[own], y[own].astype(int), x[~own], y[~own].astype(int))


def measuring(count: int) -> np.ndarray:
    return np.arange(count) % MEASURED == 0


def fitted(points: Points, moved: np.ndarray, weights: np.ndarray | None) -> Fitted:
    """A logistic regression on the source as it was ``moved``."""
    from sklearn.linear_model import LogisticRegression

    measures = measuring(len(moved))
    model = LogisticRegression()
    sample_weight = None if weights is None else weights[~measures]
    model.fit(moved[~measures], points.classes[~measures], sample_weight=sample_weight)
    return Fitted(model.predict_proba(moved[measures]), model.predict_proba(points.target))


def plain(points: Points) -> Fitted:
    return fitted(points, points.source, None)


def weighted(points: Points) -> Fitted:
    found = adapting.weights(points.source, points.target)
    assert found is not None
    return fitted(points, points.source, found.each)


def coral(points: Points) -> Fitted:
    source, target = map(torch.from_numpy, (points.source, points.target))
    return fitted(points, alignment.coral(source, target, SHRINKAGE)(source).numpy(), None)


OURS: dict[str, Callable[[Points], Fitted]] = {"weighted": weighted, "coral": coral}


def of_skada(way: str, points: Points) -> float:
    """How often skada's is right on the target, trained on the same points."""
    from skada import CORALAdapter, KMMReweightAdapter, make_da_pipeline
    from sklearn.linear_model import LogisticRegression

    trained = ~measuring(len(points.source))
    base = LogisticRegression().set_fit_request(sample_weight=True)
    adapter = CORALAdapter() if way == "coral" else KMMReweightAdapter(gamma=1.0)
    x = np.concatenate([points.source[trained], points.target])
    hidden = np.full(len(points.target), -1)
    y = np.concatenate([points.classes[trained], hidden])
    domain = np.repeat((1, -2), (trained.sum(), len(hidden)))
    model = make_da_pipeline(adapter, base).fit(x, y, sample_domain=domain)
    answers = model.predict(points.target, sample_domain=np.full(len(hidden), -2))
    return float((answers == points.hidden).mean())


def side(points: Points, found: Fitted, weights: adapting.Weights | None) -> Side:
    right = found.validated.argmax(1) == points.classes[measuring(len(points.classes))]
    heat = adapting.temperature(found.validated, right)
    return Side(
        accuracy=float(right.mean()),
        weighted=None if weights is None else float((right * weights.each).mean()),
        information=adapting.information(found.target),
        calibrated=adapting.information(adapting.at_temperature(found.target, heat)),
        mean_entropy=adapting.mean_entropy(found.target),
    )


def reasons(points: Points, before: Fitted, after: Fitted) -> tuple[str, ...]:
    """What the program has against the adapted model."""
    own = points.source[measuring(len(points.source))]
    weights = adapting.weights(own, points.target)
    first, second = (side(points, found, weights) for found in (before, after))
    lost = adapting.lost(*(adapting.shares(found.target) for found in (before, after)))
    effective = weights.effective if weights else None
    classes = before.target.shape[1]
    return adapting.against(first, second, len(own), effective, len(lost), classes)


class Row(NamedTuple):
    plain: float
    ours: float
    theirs: float
    kept: bool
    wrong: bool


def row(shift: str, way: str, seed: int) -> Row:
    points = drawn(shift, seed)
    before, after = plain(points), OURS[way](points)
    right = [found.target.argmax(1) == points.hidden for found in (before, after)]
    kept = not reasons(points, before, after)
    verdict = paired.of_shares(*right).verdict
    wrong = verdict == ("worse" if kept else "better")
    ours = [float(each.mean()) for each in right]
    return Row(*ours, of_skada(way, points), kept, wrong)


def main() -> None:
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=5)
    seeds = range(parser.parse_args().seeds)
    print("| shift | way | plain | ours | skada | kept | wrong |", "|" + 7 * " --- |", sep="\n")
    for shift in SHIFTS:
        for way in OURS:
            rows = list(map(functools.partial(row, shift, way), seeds))
            means = np.array(rows, float).mean(0)
            figures = " | ".join(f"{each:.3f}" for each in means[:3])
            told = [sum(each) for each in list(zip(*rows, strict=True))[3:]]
            counts = " | ".join(f"{count} of {len(rows)}" for count in told)
            print(f"| {shift} | {way} | {figures} | {counts} |", flush=True)


if __name__ == "__main__":
    main()
