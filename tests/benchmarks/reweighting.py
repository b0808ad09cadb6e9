"""Weights of borrowed examples beside those of skada, in a shift that weights are made for.

``python -m tests.benchmarks.reweighting [--seeds N] [--degree D]``. Needs ``skada``.

skada's synthetic shifts: two classes in a plane, of which the target shows another part (covariate
shift), other shares (target shift) or moved classes (conditional shift). Logistic regression of
polynomials learns from the source's labels by each kind of weights; its accuracy on the target is
shown. Only the first two shifts are such that weights can mend them. (skada 0.6's discriminator
divides the wrong way round.)
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
from skada import (
    DensityReweightAdapter,
    DiscriminatorReweightAdapter,
    GaussianReweightAdapter,
    KLIEPReweightAdapter,
    source_target_split,
)
from skada.datasets import make_shifted_datasets
from sklearn.kernel_approximation import RBFSampler
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from transfergui.core.figures import adapting
from transfergui.core.figures.borrowing import Labelled, by_likeness

SHIFTS = ("covariate_shift", "target_shift", "conditional_shift")
SAMPLES = 20
"""For each of the eight clusters of a set."""
FEATURES, SMOOTH = 64, 1.0
Weigh = Callable[[np.ndarray, np.ndarray], np.ndarray]


def seen(source: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both through random Fourier features, as by a network: the weights are made for many
    features. A linear domain classifier of two cannot tell the middle of the source from its rim.
    """
    sampler = RBFSampler(gamma=SMOOTH, n_components=FEATURES, random_state=0).fit(source)
    return sampler.transform(source), sampler.transform(target)


def ours(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    source, target = seen(source, target)
    none = [np.zeros(len(rows), np.int64) for rows in (target, source)]
    return by_likeness(Labelled(target, none[0]), Labelled(source, none[1])).each


def not_flattened(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    found = adapting.weights(*seen(source, target))
    return np.ones(len(source)) if found is None else found.each


def skadas(adapter: Callable[[], Any]) -> Weigh:
    """The weights of one of its adapters."""

    def found(source: np.ndarray, target: np.ndarray) -> np.ndarray:
        rows = np.concatenate([source, target])
        domains = np.repeat((1, -2), (len(source), len(target)))
        own = adapter().fit(rows, sample_domain=domains)
        return np.asarray(own.compute_weights(rows, sample_domain=domains))[: len(source)]

    return found


WAYS: dict[str, Weigh] = {
    "unweighted": lambda source, _target: np.ones(len(source)),
    "ours": ours,
    "ours, not flattened": not_flattened,
    "skada density": skadas(DensityReweightAdapter),
    "skada Gaussian": skadas(GaussianReweightAdapter),
    "skada discriminator": skadas(DiscriminatorReweightAdapter),
    "skada KLIEP": skadas(lambda: KLIEPReweightAdapter(gamma=1.0, random_state=0)),
}


def accuracy(shift: str, way: str, seed: int, degree: int) -> float:
    rows, labels, domains = make_shifted_datasets(
        SAMPLES, SAMPLES, shift=shift, noise=0.3, random_state=seed
    )
    source, target, own, theirs = source_target_split(rows, labels, sample_domain=domains)
    lifted = make_pipeline(StandardScaler(), PolynomialFeatures(degree, include_bias=False))
    lifted.fit(source)
    model = LogisticRegression(max_iter=2000)
    weights = WAYS[way](source, target)
    model.fit(lifted.transform(source), own, sample_weight=weights / weights.mean())
    return float((model.predict(lifted.transform(target)) == theirs).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--degree", type=int, default=1, help="of the polynomials")
    arguments = parser.parse_args()
    print("| weights |", " | ".join(SHIFTS), "|\n|" + (1 + len(SHIFTS)) * " --- |")
    for way in WAYS:
        found = [
            [accuracy(shift, way, seed, arguments.degree) for seed in range(arguments.seeds)]
            for shift in SHIFTS
        ]
        figures = [f"{np.mean(each):.3f} ({np.std(each):.3f})" for each in found]
        print(f"| {way} | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main()
