"""Whether what is said of results holds as often as it claims.

``python -m tests.benchmarks.promises [--sets NAME ...] [--only KIND ...] [--seed N]``

On features of frozen backbones of many data sets, at three levels of noise added to them, a head is
trained as a training does it: Adam, the best epoch by validation. What the samples that took no
part show is the truth; tests and validation sets are drawn from these *with* replacement: these
samples are the population, then, and the truth is exact. (Drawn without replacement from a small
pool, a test would be like the pool, and the intervals would look better than they are.)

Each rate is printed with its own 95 % interval, which heeds that several tests are of one model.
Methods and factors were chosen with seeds from 0 on, on the sets that are not in
:data:`.promise_sets.HELD_OUT`; by default, seeds from 100 000 on are reported.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from tests.benchmarks.promise_sets import HELD_OUT, SETS, Data, read
from transfergui.core.figures import (
    calibration,
    grouped,
    learning_curve,
    multilabel,
    paired,
    selective,
)
from transfergui.core.figures.intervals import Interval, Range
from transfergui.core.interfaces.objective import Probe
from transfergui.core.training import linear_probe, sub_samples

LEVELS = (0.0, 1.0, 2.0)
"""Standard deviations of the noise: easy, middle, hard."""
TESTS, BOOTSTRAPPED = 8, 2
"""Tests drawn for each model, and those of them whose intervals are slow."""
SIZES = (20, 60, 200)
"""Samples of a test."""
VALIDATED = (100, 300)
SHARES = (0.05, 0.1, 0.2)
"""Of the answers, those that may be wrong."""
EPOCHS, LEARNING_RATE = 40, 0.01
GROUPS, MEMBERS = (6, 12, 25), 6


class Counted:
    """How often each promise held; ``add`` in the order of the models."""

    def __init__(self) -> None:
        self._held: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._missed: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(2))
        self.model = 0

    def ends(self, promise: str, ends: Interval | Range | None, true: float | None) -> None:
        """An interval, and the figure that it should hold."""
        if ends is None or true is None:
            return
        slack = 1e-9
        self.note(promise, ends.low - slack <= true <= ends.high + slack)
        self._missed[promise] += true < ends.low - slack, true > ends.high + slack

    def note(self, promise: str, held: bool) -> None:
        self._held[promise].append((self.model, float(held)))

    def include(self, other: Counted) -> None:
        """Add what another one counted, of other models."""
        for promise, found in other._held.items():
            self._held[promise] += [(model + self.model, held) for model, held in found]
        for promise, missed in other._missed.items():
            self._missed[promise] += missed
        self.model += 1_000_000

    def lines(self) -> Iterator[str]:
        """Rate, its interval by model, and in how many of 100 the truth lay below and above."""
        for promise, found in self._held.items():
            models, held = zip(*found, strict=True)
            values = np.array(held)
            ends = grouped.share_interval(values > 0, models)
            assert ends is not None
            rate, low, high = (100 * each for each in (values.mean(), ends.low, ends.high))
            least, most = wanted(promise, promise in self._missed)
            mark = "!" if high < least or low > most else " "
            text = f"{mark} {promise:<40} {rate:5.1f} % [{low:.1f}, {high:.1f}] of {len(held)}"
            if promise in self._missed:
                below, above = 100 * self._missed[promise] / len(held)
                text += f"  (below {below:.1f}, above {above:.1f})"
            yield text


def wanted(promise: str, interval: bool) -> tuple[float, float]:
    """Between which rates a promise is to be held, in per cent."""
    if "curve" in promise:
        return 85.0, 100.0
    if interval:
        return 93.0, 97.0
    starts = {"at most": 90.0, "two seeds": 93.0}
    least = max((each for start, each in starts.items() if promise.startswith(start)), default=0.0)
    return (0.0 if "made" in promise else least), 100.0


class Head(NamedTuple):
    """A trained head: logits [C] of each sample are ``x @ weights + bias``."""

    weights: np.ndarray
    bias: np.ndarray

    def logits(self, x: np.ndarray) -> np.ndarray:
        return x @ self.weights + self.bias


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


Link = Callable[[np.ndarray], np.ndarray]


def trained(
    x: np.ndarray, targets: np.ndarray, val: np.ndarray, wanted: np.ndarray, link: Link, seed: int
) -> Head:
    """The best of some epochs by the loss on validation samples.

    Args:
        targets, wanted: [N, C] of those that are learnt from and of those that validate.
        link: softmax, with its likelihood as loss; or nothing, with the squared error.
    """
    rng, classes = np.random.default_rng(seed), targets.shape[1]
    values = rng.normal(0, 0.01, (x.shape[1] + 1, classes))
    first, second, step = np.zeros_like(values), np.zeros_like(values), 0
    inputs, held = (np.column_stack([each, np.ones(len(each))]) for each in (x, val))
    best, kept = np.inf, values.copy()
    steps = EPOCHS * -(-len(x) // 32)
    for _epoch in range(EPOCHS):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 32):
            rows = order[start : start + 32]
            step += 1
            part = inputs[rows]
            slope = part.T @ (link(part @ values) - targets[rows]) / len(rows)
            first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
            size = np.sqrt(second / (1 - 0.999**step)) + 1e-8
            rate = LEARNING_RATE * (1 + np.cos(np.pi * step / steps)) / 2
            values = values - rate * first / (1 - 0.9**step) / size
        said = link(held @ values)
        if link is softmax:
            loss = -float((wanted * np.log(said + 1e-12)).sum())
        else:
            loss = float(((said - wanted) ** 2).sum())
        if loss < best:
            best, kept = loss, values.copy()
    return Head(kept[:-1], kept[-1])


class Case(NamedTuple):
    """A data set at a level of noise, divided: what is learnt from, and the others, the population
    of which validation and test samples are drawn."""

    data: Data
    x: np.ndarray
    learnt: np.ndarray
    pool: np.ndarray
    classes: int

    @property
    def labels(self) -> np.ndarray:
        return self.data.labels

    @property
    def truth(self) -> np.ndarray:
        return self.data.labels[self.pool]


def case_of(data: Data, level: float, rng: np.random.Generator) -> Case:
    """Half is learnt from, at most 200; of those that are left, all are the population."""
    x = data.x + level * rng.standard_normal(data.x.shape).astype(np.float32)
    order, learnt = rng.permutation(len(x)), min(200, len(x) // 2)
    classes = int(data.labels.max()) + 1
    return Case(data, x, order[:learnt], order[learnt:], classes)


def head_of(case: Case, val: np.ndarray, seed: int) -> Head:
    """Of the classes; ``val`` are places in the population."""
    rows, learnt = case.pool[val], case.learnt
    hot = np.eye(case.classes)[case.labels]
    return trained(case.x[learnt], hot[learnt], case.x[rows], hot[rows], softmax, seed)


def number_errors(case: Case, val: np.ndarray, seed: int) -> np.ndarray:
    """Absolute errors of the population, of a model that predicts the number."""
    rows, learnt, numbers = case.pool[val], case.learnt, case.data.numbers[:, None]
    numbers = (numbers - numbers[learnt].mean()) / (numbers[learnt].std() or 1.0)
    head = trained(
        case.x[learnt], numbers[learnt], case.x[rows], numbers[rows], lambda said: said, seed
    )
    return np.abs(head.logits(case.x[case.pool]) - numbers[case.pool])[:, 0] + 1e-12


def drawn(truth: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """A test as the program divides data: the same share of every class; what is left of a sample
    is one by chance, so that no class is favoured."""
    found = []
    for label in np.unique(truth):
        rows = np.flatnonzero(truth == label)
        count = int(size * len(rows) / len(truth) + rng.random())
        found.append(rng.choice(rows, count))
    return np.concatenate(found)


# -- intervals


def intervals(case: Case, rng: np.random.Generator, seed: int, counted: Counted) -> None:
    """One class: accuracy, balanced accuracy, macro F1, expected calibration error."""
    truth = case.truth
    head = head_of(case, rng.integers(0, len(truth), 100), seed)
    shares = softmax(head.logits(case.x[case.pool]))
    said, sure = shares.argmax(1), shares.max(1)
    right = said == truth
    for size in SIZES:
        for _test in range(TESTS):
            test, alike = drawn(truth, size, rng), rng.integers(0, len(truth), size)
            own = truth[test]
            for name, rows in (("stratified", test), ("random", alike)):
                ends = grouped.share_interval(right[rows])
                counted.ends(f"accuracy, {name}, {size}", ends, float(right.mean()))
            true = float(np.mean([right[truth == label].mean() for label in np.unique(own)]))
            counted.ends(
                f"balanced accuracy, {size}", grouped.balanced_interval(right[test], own), true
            )
            ends = grouped.macro_f1_interval(own, said[test], case.classes)
            true = macro_f1(truth, said, case.classes, np.unique(own))
            counted.ends(f"macro F1, {size}", ends, true)
        for _test in range(BOOTSTRAPPED if len(truth) >= 2 * size else 0):
            errors(sure, right, rng.integers(0, len(truth), size), counted)


def errors(sure: np.ndarray, right: np.ndarray, test: np.ndarray, counted: Counted) -> None:
    """The expected calibration error; the true one has the same number of bins."""
    size = len(test)
    found = calibration.reliability(sure[test], right[test])
    order = np.argsort(sure, kind="stable")
    parts = np.array_split(order, len(found.bins))
    gaps = [abs(sure[part].mean() - right[part].mean()) * len(part) for part in parts]
    true = float(np.sum(gaps) / len(sure))
    counted.ends(f"calibration error, {size}", found.interval, true)


def macro_f1(truth: np.ndarray, said: np.ndarray, classes: int, of: np.ndarray) -> float:
    hits = np.bincount(truth[truth == said], minlength=classes)
    total = np.bincount(truth, minlength=classes) + np.bincount(said, minlength=classes)
    return float((2 * hits / np.maximum(total, 1))[of].mean())


def labels(case: Case, rng: np.random.Generator, seed: int, counted: Counted) -> None:
    """Several labels: each is true of some of the classes, or of one; all right, and the mean
    average precision."""
    truth = case.truth
    shares = softmax(
        head_of(case, rng.integers(0, len(truth), 100), seed).logits(case.x[case.pool])
    )
    some = rng.choice(case.classes, min(8, case.classes), replace=False)
    unions = rng.random((case.classes, 8)) < 0.35
    unions[rng.integers(0, case.classes, 8), np.arange(8)] = True
    kinds = {"rare": np.eye(case.classes, dtype=bool)[:, some], "common": unions}
    for kind, belongs in kinds.items():
        if kind == "rare" and case.classes < 3:
            continue
        wanted, likely = belongs[truth], np.clip(shares @ belongs, 0, 1)
        exact = ((likely >= 0.5) == wanted).all(1)
        for size in SIZES:
            for number in range(TESTS):
                test = rng.integers(0, len(truth), size)
                ends = grouped.share_interval(exact[test])
                counted.ends(f"all labels right, {kind}, {size}", ends, float(exact.mean()))
                if number >= BOOTSTRAPPED or not wanted[test].any():
                    continue
                present = wanted[test].any(0)
                true = multilabel.mean_average_precision(wanted[:, present], likely[:, present])
                ends = multilabel.mean_average_precision_interval(wanted[test], likely[test])
                counted.ends(f"mean average precision, {kind}, {size}", ends, true)


def questions(case: Case, rng: np.random.Generator, seed: int, counted: Counted) -> None:
    """Three questions, each whether the class is one of some: the mean of their accuracies."""
    truth = case.truth
    shares = softmax(
        head_of(case, rng.integers(0, len(truth), 100), seed).logits(case.x[case.pool])
    )
    asked = rng.random((case.classes, 3)) < 0.5
    values = ((shares @ asked >= 0.5) == asked[truth]).mean(1)
    for size in SIZES:
        for _test in range(TESTS):
            ends = grouped.share_like_interval(values[rng.integers(0, len(truth), size)])
            counted.ends(f"mean of questions, {size}", ends, float(values.mean()))


def numbers(case: Case, rng: np.random.Generator, seed: int, counted: Counted) -> None:
    """A number, by ridge regression: the mean absolute error."""
    missed = number_errors(case, rng.integers(0, len(case.pool), 100), seed)
    for size in SIZES:
        for _test in range(TESTS):
            ends = grouped.mean_interval(missed[rng.integers(0, len(missed), size)])
            counted.ends(f"mean absolute error, {size}", ends, float(missed.mean()))


# -- groups


def clusters(case: Case, rng: np.random.Generator) -> list[np.ndarray]:
    """Places in the population that are alike, :data:`MEMBERS` at most in each: nearest to one of
    some samples, and of one class."""
    x = case.data.x[case.pool]
    centres = x[rng.choice(len(x), min(40, len(x) // 6), replace=False)]
    near = ((x[:, None] - centres[None]) ** 2).sum(2) if len(x) < 500 else _distances(x, centres)
    keys = near.argmin(1)
    return [
        rng.permutation(rows)[:MEMBERS]
        for key in np.unique(keys)
        if len(rows := np.flatnonzero(keys == key)) > 1
    ]


def _distances(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return (centres**2).sum(1) - 2 * x @ centres.T


def groups(case: Case, rng: np.random.Generator, seed: int, counted: Counted) -> None:
    """All figures of whole groups that are drawn."""
    parts = clusters(case, rng)
    if len(parts) < 12:
        return
    everyone = np.concatenate(parts)
    truth = case.truth
    shares = softmax(
        head_of(case, rng.integers(0, len(truth), 100), seed).logits(case.x[case.pool])
    )
    said = shares.argmax(1)
    right = said == truth
    missed = number_errors(case, rng.integers(0, len(truth), 100), seed)
    one_hot = np.eye(case.classes, dtype=bool)[:, :8]
    wanted, likely = one_hot[truth], shares[:, :8]
    for count in GROUPS:
        for number in range(TESTS):
            chosen = rng.integers(0, len(parts), count)
            test = np.concatenate([parts[each] for each in chosen])
            of = np.repeat(np.arange(count), [len(parts[each]) for each in chosen]).tolist()
            own = np.unique(truth[test])
            name = f"{count} groups"
            counted.ends(
                f"accuracy, {name}",
                grouped.share_interval(right[test], of),
                float(right[everyone].mean()),
            )
            known = [float(right[everyone[truth[everyone] == label]].mean()) for label in own]
            ends = grouped.balanced_interval(right[test], truth[test], of)
            counted.ends(f"balanced accuracy, {name}", ends, float(np.mean(known)))
            ends = grouped.macro_f1_interval(truth[test], said[test], case.classes, of)
            true = macro_f1(truth[everyone], said[everyone], case.classes, own)
            counted.ends(f"macro F1, {name}", ends, true)
            ends = grouped.mean_interval(missed[test], of)
            counted.ends(f"mean absolute error, {name}", ends, float(missed[everyone].mean()))
            if number >= BOOTSTRAPPED or not wanted[test].any():
                continue
            present = wanted[test].any(0)
            true = multilabel.mean_average_precision(
                wanted[everyone][:, present], likely[everyone][:, present]
            )
            ends = multilabel.mean_average_precision_interval(wanted[test], likely[test], groups=of)
            counted.ends(f"mean average precision, {name}", ends, true)


# -- promises, seeds


def limits(case: Case, rng: np.random.Generator, seed: int, counted: Counted) -> None:
    """Wrong at most so often when it answers: broken at most in every tenth case. The same
    validation samples choose the epoch, the temperature and the threshold."""
    truth = case.truth
    for size in VALIDATED:
        val = rng.integers(0, len(truth), size)
        logits = head_of(case, val, seed).logits(case.x[case.pool])
        right = logits.argmax(1) == truth
        temperature = 1.0
        if size >= calibration.FEWEST:
            temperature = calibration.fit(logits[val], truth[val])
        sure = softmax(logits / temperature).max(1)
        for share in SHARES:
            made = selective.promise(sure[val], right[val], share)
            given = sure >= (2.0 if made is None else made.below)
            broken = bool(given.any()) and float((~right[given]).mean()) > share
            name = f"at most {100 * share:.0f} % wrong, {size}"
            counted.note(f"{name}: kept", not broken)
            counted.note(f"{name}: made", made is not None)
            if made is not None:
                counted.note(f"{name}: kept, of those made", not broken)


def seeds(case: Case, rng: np.random.Generator, seed: int, counted: Counted) -> None:
    """Two seeds of one recipe, on the same test samples."""
    truth = case.truth
    val = rng.integers(0, len(truth), 60)
    x = case.x[case.pool]
    first, second = (softmax(head_of(case, val, 2 * seed + k).logits(x)) for k in range(2))
    missed = [number_errors(case, val, 2 * seed + k) for k in range(2)]
    one, other = (each.argmax(1) == truth for each in (first, second))
    for size in (20, 60, 200):
        for number in range(4):
            test = drawn(truth, size, rng)
            share = paired.SEED_SHARE
            found = [("accuracy", paired.of_shares(one[test], other[test], seeds=share))]
            weight = 1 / np.bincount(truth[test])[truth[test]]
            weight *= len(test) / len(np.unique(truth[test]))
            values = [each[test] * weight for each in (one, other)]
            found.append(("balanced accuracy", paired.of_values(*values, seeds=share)))
            lost = [each[test] for each in missed]
            part = paired.SEED_PART * float(lost[0].mean())
            found.append(("mean absolute error", paired.of_values(*lost, seeds=part)))
            if number < 1:
                wanted = np.eye(case.classes, dtype=bool)[truth[test]]
                figures = [multilabel.MeanPrecision(wanted, s[test]) for s in (first, second)]
                same = paired.of_figures(*figures, len(test), seeds=share)
                found.append(("mean average precision", same))
            for name, each in found:
                counted.note(f"two seeds alike, {name}, {size}", each.verdict == "unclear")


# -- learning curves


def curves(case: Case, rng: np.random.Generator, seed: int, counted: Counted) -> None:
    """The band at twice the size; the truth is the mean of models of other samples."""
    labels = case.labels
    size = min(250, len(labels) // 3)
    now = round(0.7 * size)
    order = rng.permutation(len(labels))
    pool, others = order[: round(0.85 * size)], order[size:]
    x = case.x
    probes = [Probe("classes", labels[pool])]
    found = sub_samples.measured(x[pool], probes, seed=seed)
    if len(found.sizes) < learning_curve.LEAST_SIZES:
        return
    band = learning_curve.fitted(found.sizes, found.values, [2 * now], found.noise, seed=seed)
    shares = []
    for _draw in range(3):
        mixed = rng.permutation(others)
        learnt, rest = mixed[: 2 * now], mixed[2 * now :][:1500]
        model = linear_probe.classifier_of(x.shape[1]).fit(x[learnt], labels[learnt])
        shares.append((model.predict(x[rest]) == labels[rest]).mean())
    low, _middle, high = band.at(2 * now)
    counted.ends("learning curve, twice the size", Range(low, high), float(np.mean(shares)))


ASKED: dict[str, tuple[Callable[[Case, np.random.Generator, int, Counted], None], float]] = {
    "intervals": (intervals, 1.0),
    "labels": (labels, 1.0),
    "questions": (questions, 1.0),
    "numbers": (numbers, 1.0),
    "groups": (groups, 1.0),
    "limits": (limits, 3.0),
    "seeds": (seeds, 1.0),
    "curves": (curves, 0.5),
}
"""What is simulated, and how often in comparison with ``--models``."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", type=int, default=100, help="of each set and level")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--only", nargs="+", choices=ASKED, default=list(ASKED))
    parser.add_argument("--seed", type=int, default=100_000, help="the first seed")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    whole: dict[bool, Counted] = {True: Counted(), False: Counted()}
    for name in arguments.sets:
        start, data, counted = time.perf_counter(), read(name), Counted()
        for kind in arguments.only:
            ask, times = ASKED[kind]
            for at in range(max(1, round(times * arguments.models)) * len(LEVELS)):
                seed = arguments.seed + at
                rng = np.random.default_rng(seed)
                counted.model = seed
                ask(case_of(data, LEVELS[at % len(LEVELS)], rng), rng, seed, counted)
        whole[name in HELD_OUT].include(counted)
        print(f"{name} ({time.perf_counter() - start:.0f} s)", *counted.lines(), sep="\n  ")
        sys.stdout.flush()
    for held_out, title in ((False, "sets of the choice"), (True, "sets held out")):
        print(f"all {title}", *whole[held_out].lines(), sep="\n  ")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
