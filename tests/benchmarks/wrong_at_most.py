"""Whether "wrong at most 5 in 100 when it answers" is kept nine of ten times, as it claims.

``python -m tests.benchmarks.wrong_at_most``.

Over many splits of real data, on features of the frozen backbone: a model is trained on some
samples, the temperature and the threshold are found on 300 validation samples drawn from the
others, as a training does it, and the true share of wrong answers is that of all of the others.
"""

from __future__ import annotations

import argparse
import os
import warnings

import numpy as np

from tests.benchmarks.promises import SETS, Data, parts, read
from transfergui.core.figures import calibration, selective
from transfergui.core.training import linear_probe

SHARES = (0.05, 0.1, 0.2)


def once(data: Data, seed: int, validated: int) -> list[tuple[float, float] | None]:
    """For each share: how many are answered, and how many of these are wrong, of 1; None where no
    promise is made."""
    rng = np.random.default_rng(seed)
    learnt, pool = parts(data.labels, rng)
    model = linear_probe.classifier_of(data.x.shape[1]).fit(data.x[learnt], data.labels[learnt])
    logits, truth = model.predict_log_proba(data.x[pool]), data.labels[pool]
    val = rng.integers(0, len(pool), validated)
    places = np.searchsorted(model.classes_, truth)
    temperature = calibration.fit(logits[val], places[val])
    shares = np.exp(logits / temperature)
    confidence = (shares / shares.sum(1, keepdims=True)).max(1)
    right = model.predict(data.x[pool]) == truth
    found: list[tuple[float, float] | None] = []
    for share in SHARES:
        made = selective.promise(confidence[val], right[val], share)
        given = confidence >= (2.0 if made is None else made.below)
        known = made is not None and bool(given.any())
        found.append((float(given.mean()), float((~right[given]).mean())) if known else None)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--splits", type=int, default=200)
    parser.add_argument("--validated", type=int, default=300)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    warnings.simplefilter("ignore")
    for name in arguments.sets:
        data = read(name)
        found = [once(data, seed, arguments.validated) for seed in range(arguments.splits)]
        for place, share in enumerate(SHARES):
            made = [each[place] for each in found if each[place] is not None]
            broken = sum(wrong > share for _given, wrong in made)
            given = np.mean([each[0] for each in made]) if made else 0.0
            said = f"{name:<14} at most {100 * share:2.0f} %: broken in {broken} of {len(found)}"
            print(f"{said} splits ({len(made)} made, {100 * given:.0f} % answered)", flush=True)


if __name__ == "__main__":
    main()
