"""Whether what is said of results holds as often as it claims.

``python -m tests.benchmarks.promises``.

Over many splits of real data, on features of the frozen backbone: how often 95 % intervals hold the
true figure, how often two seeds of one recipe are called different, how often the band of a
learning curve holds the figure at twice the size. The true figure is that of the samples that were
neither learnt from nor tested on; tests are drawn from these, the same share of every class, as the
program divides data. Takes some minutes; figures of 200 splits have a standard error of 1.5 points.
"""

from __future__ import annotations

import argparse
import os
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from tests.places import DATA
from transfergui.core import registry
from transfergui.core.data import split as splitting
from transfergui.core.figures import grouped, learning_curve, multilabel, paired, regression
from transfergui.core.figures.intervals import Interval, Range
from transfergui.core.interfaces import Probe
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.training import linear_probe, sub_samples

SETS = {
    "clothing": ("image", "images/clothing", "mobilenet_v2"),
    "hand-signs": ("image", "images/hand-signs", "mobilenet_v2"),
    "movie-reviews": ("text", "text/movie-reviews/train.tsv", "word_vectors"),
    "spoken-digits": ("audio", "audio/spoken-digits", "tgnet"),
}
COLUMNS = 60
"""Of the features, their principal components, so that a linear model takes milliseconds."""
TESTED = 60
POOL = 3000


class Data(NamedTuple):
    """Features [N, F], their principal components [N, :data:`COLUMNS`] and the class of each."""

    whole: np.ndarray
    x: np.ndarray
    labels: np.ndarray


def read(name: str) -> Data:
    """Of a data set, by the program itself; from its cache where they are known."""
    from sklearn.decomposition import PCA

    from transfergui.core.training import ranking

    modality, path, backbone = SETS[name]
    recipe = Recipe(modality=modality).replace(data__path=str(DATA / path), backbone=backbone)
    dataset = registry.modality(modality).scan(recipe.data)
    plan = resolve(recipe, splitting.split(dataset, recipe.split, 0))
    source = ranking.source_of(plan, (*plan.split.train, *plan.split.val, *plan.split.test))
    rows = source.versions[0].numpy()
    rows = (rows - rows.mean(0)) / rows.std()
    x = PCA(min(COLUMNS, rows.shape[1]), random_state=0).fit_transform(rows)
    x /= x.std()  # the scale on which every linear model of the program learns
    return Data(rows, x.astype(np.float32), np.array(source.labels))


class Counted:
    """How often each promise held."""

    def __init__(self) -> None:
        self._held: dict[str, list[float]] = defaultdict(list)

    def add(self, promise: str, ends: Interval | Range | None, true: float) -> None:
        assert ends is not None
        self._held[promise].append(float(ends.low <= true <= ends.high))

    def note(self, promise: str, held: bool) -> None:
        self._held[promise].append(float(held))

    def lines(self) -> Iterator[str]:
        for promise, held in self._held.items():
            yield f"{promise:<44} {100 * np.mean(held):5.1f} % of {len(held)}"


def parts(labels: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Half to learn from, at most 300; of the others, those that the true figure is of."""
    order = rng.permutation(len(labels))
    learnt = min(300, len(labels) // 2)
    return order[:learnt], order[learnt:][:POOL]


def drawn(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rows of a test of about 60, the same share of every class, each as often as it comes."""
    found = []
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        found.append(rng.choice(rows, max(1, round(TESTED * len(rows) / len(labels)))))
    return np.concatenate(found)


def intervals(data: Data, seed: int, counted: Counted) -> None:
    rng = np.random.default_rng(seed)
    learnt, pool = parts(data.labels, rng)
    model = linear_probe.classifier_of(data.x.shape[1]).fit(data.x[learnt], data.labels[learnt])
    truth, scores = data.labels[pool], model.decision_function(data.x[pool])
    said = model.predict(data.x[pool])
    classes = int(data.labels.max()) + 1
    test = drawn(truth, rng)
    right, own = truth == said, truth[test]
    alike = rng.integers(0, len(pool), TESTED)
    counted.add(
        "accuracy (Wilson), stratified test", grouped.share_interval(right[test]), right.mean()
    )
    counted.add(
        "accuracy (Wilson), random test", grouped.share_interval(right[alike]), right.mean()
    )
    balanced = np.mean([right[truth == label].mean() for label in np.unique(own)])
    counted.add("balanced accuracy", grouped.balanced_interval(right[test], own), float(balanced))
    hits = np.bincount(truth[right], minlength=classes)
    f1 = 2 * hits / (np.bincount(truth, minlength=classes) + np.bincount(said, minlength=classes))
    ends = grouped.macro_f1_interval(own, said[test], classes)
    counted.add("macro F1", ends, float(f1[np.unique(own)].mean()))
    if scores.ndim > 1:
        likely = 1 / (1 + np.exp(-scores))
        wanted = truth[:, None] == np.arange(classes)
        true = multilabel.mean_average_precision(wanted, likely)
        ends = multilabel.mean_average_precision_interval(wanted[test], likely[test], count=300)
        counted.add("mean average precision", ends, true or 0.0)
    line = np.linalg.lstsq(data.x[learnt], data.labels[learnt] * 1.0, rcond=None)[0]
    errors = np.abs(data.x[pool] @ line - truth) + 1e-9
    ends = regression.mean_interval(errors[alike])
    counted.add("mean absolute error", ends, float(errors.mean()))


def seeds(data: Data, seed: int, counted: Counted) -> None:
    """Two models of one recipe that differ in their seed, tested on the same samples."""
    from sklearn.linear_model import SGDClassifier

    rng = np.random.default_rng(seed)
    learnt, pool = parts(data.labels, rng)
    test = pool[drawn(data.labels[pool], rng)]
    first, second = (
        SGDClassifier(loss="log_loss", alpha=1e-3, max_iter=8, random_state=2 * seed + each)
        .fit(data.x[learnt], data.labels[learnt])
        .predict(data.x[test])
        == data.labels[test]
        for each in range(2)
    )
    found = paired.of_shares(first, second)
    counted.note("two seeds cannot be told apart", found.verdict == "unclear")


def groups(counted: Counted, rounds: int = 1000) -> None:
    """A share of groups that differ, by a beta distribution."""
    rng = np.random.default_rng(0)
    for correlation in (0.02, 0.1, 0.3):
        scale = 1 / correlation - 1
        for count, size in ((5, 12), (12, 5), (30, 2)):
            of = np.repeat(np.arange(count), size)
            for _round in range(rounds):
                shares = rng.beta(0.8 * scale, 0.2 * scale, count)
                ends = grouped.share_interval(rng.random(len(of)) < shares[of], of.tolist())
                counted.add(f"{count} groups of {size}, correlation {correlation}", ends, 0.8)


def curves(data: Data, seed: int, counted: Counted, size: int) -> None:
    """The band of ``size`` samples, and the figure of twice as many training samples."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(data.labels))
    pool, others = order[: round(0.85 * size)], order[size:]
    now = round(0.7 * size)
    x = data.whole
    found = sub_samples.measured(x[pool], [Probe("classes", data.labels[pool])], seed=seed)
    band = learning_curve.fitted(found.sizes, found.values, [2 * now], found.noise, seed=seed)
    shares = []
    for _draw in range(4):
        mixed = rng.permutation(others)
        learnt, rest = mixed[: 2 * now], mixed[2 * now :][:POOL]
        model = linear_probe.classifier_of(x.shape[1])
        said = model.fit(x[learnt], data.labels[learnt]).predict(x[rest])
        shares.append((said == data.labels[rest]).mean())
    low, _middle, high = band.at(2 * now)
    counted.note(f"learning curve at twice {now}", low <= np.mean(shares) <= high)


SIZES = {"clothing": 150, "hand-signs": 120, "movie-reviews": 200, "spoken-digits": 200}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--splits", type=int, default=200)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--without-curves", action="store_true")
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    warnings.simplefilter("ignore")
    made = Counted()
    groups(made)
    print("made groups\n  " + "\n  ".join(made.lines()), flush=True)
    for name in arguments.sets:
        data, counted = read(name), Counted()
        asked: list[Callable[[Data, int, Counted], None]] = [intervals, seeds]
        for seed in range(arguments.splits):
            for ask in asked:
                ask(data, seed, counted)
            if not arguments.without_curves:
                curves(data, seed, counted, SIZES[name])
        print(f"{name}\n  " + "\n  ".join(counted.lines()), flush=True)


if __name__ == "__main__":
    main()
