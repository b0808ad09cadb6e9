"""The figures of a model that predicts one class, from its probabilities for samples with a truth.

Where there was nothing to measure, a figure is None ("n/a"), never 0 or 100 %: a class without test
samples has no recall, a class that was never answered has no precision. Balanced accuracy and macro
F1 are means over the classes that have samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from transfergui.core.data import imbalance
from transfergui.core.figures.intervals import wilson

if TYPE_CHECKING:
    import numpy as np
from transfergui.core.figures.metrics import Circumstances, ClassFigures, Confused, Report, primary

MATRIX_CLASSES = 250
"""Up to this many classes the confusion matrix is whole: 250 x 250 cells are 200 KB of JSON."""
CONFUSED_CLASSES = 50
"""Beyond, it is cut to these most confused classes; 10 000 squared would be 400 MB."""
CONFUSED_PAIRS = 50


def measure(
    truth: Sequence[int],
    probabilities: np.ndarray,
    classes: Sequence[str],
    *,
    train_counts: Sequence[int] | None = None,
    **circumstances: Unpack[Circumstances],
) -> Report:
    """Compare answers with the truth.

    Args:
        truth: class indices [N].
        probabilities: [N, C], each row adds up to 1.
        classes: C names.
        train_counts: training samples per class; gives the majority baseline.
        circumstances: as of :class:`Report`, which keeps them.

    Raises:
        ValueError: shapes do not fit, or the probabilities are none (a bug of the caller).
    """
    import numpy as np

    from transfergui.core.figures import grouped

    targets = np.asarray(truth, dtype=np.int64).reshape(-1)
    _check(targets, probabilities, len(classes))
    answers = probabilities.argmax(axis=1)
    right = int((targets == answers).sum())
    n = len(targets)
    figures = _per_class(targets, answers, len(classes))
    supports = [row.support for row in figures]
    shown = _shown_classes(targets, answers, len(classes))
    commonest = _commonest(train_counts, supports) if train_counts is not None and n else None
    return Report(
        accuracy=right / n if n else None,
        balanced_accuracy=_mean([row.recall for row in figures]),
        macro_f1=_mean([row.f1 for row in figures]),
        n=n,
        classes=tuple(classes),
        confusion=_confusion(targets, answers, shown),
        confusion_classes=tuple(classes[i] for i in shown),
        confused=_confused(targets, answers, classes),
        per_class=dict(zip(classes, figures, strict=True)),
        interval=wilson(right, n),
        primary=primary("accuracy", right / n if n else None, wilson(right, n)),
        confidence=float(probabilities.max(axis=1).mean()) if n else None,
        majority=None if commonest is None else supports[commonest] / n,
        majority_class=None if commonest is None else classes[commonest],
        imbalance=imbalance.ratio(supports if train_counts is None else train_counts),
        balanced_interval=grouped.balanced_interval(targets == answers, targets),
        macro_f1_interval=grouped.macro_f1_interval(targets, answers, len(classes)),
        **circumstances,
    )


def _check(targets: np.ndarray, probabilities: np.ndarray, classes: int) -> None:
    import numpy as np

    if probabilities.shape != (len(targets), classes):
        raise ValueError(f"{probabilities.shape} probabilities, {len(targets)} x {classes} wanted")
    if len(targets) and not 0 <= targets.min() <= targets.max() < classes:
        raise ValueError("a truth is not among the classes")
    sums = probabilities.sum(axis=1, dtype=np.float64)
    if not np.allclose(sums, 1, atol=1e-2) or (probabilities < 0).any():
        raise ValueError("probabilities must be positive and add up to 1")


def _per_class(targets: np.ndarray, answers: np.ndarray, classes: int) -> list[ClassFigures]:
    """By counting: scikit-learn's function for it takes a second to import."""
    import numpy as np

    right, answered, wanted = (
        np.bincount(labels, minlength=classes).tolist()
        for labels in (targets[targets == answers], answers, targets)
    )
    return [_class_figures(*counts) for counts in zip(right, answered, wanted, strict=True)]


def _class_figures(right: int, answered: int, wanted: int) -> ClassFigures:
    """Of one class; precision is unknown where nothing was taken for it."""
    if not wanted:
        return ClassFigures(None, None, None, 0)
    precision = right / answered if answered else None
    return ClassFigures(precision, right / wanted, 2 * right / (answered + wanted), wanted)


def _commonest(train_counts: Sequence[int], supports: Sequence[int]) -> int:
    """The class that it pays most to always predict: who knows the training samples would take
    their commonest class, who knows the test its own."""
    of_train = max(range(len(train_counts)), key=train_counts.__getitem__)
    of_test = max(range(len(supports)), key=supports.__getitem__)
    return of_test if supports[of_test] > supports[of_train] else of_train


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _shown_classes(targets: np.ndarray, answers: np.ndarray, classes: int) -> list[int]:
    """Indices of the rows of the confusion matrix: all, or the ones with most mistakes."""
    import numpy as np

    if classes <= MATRIX_CLASSES:
        return list(range(classes))
    wrong = targets != answers
    errors = np.bincount(np.concatenate([targets[wrong], answers[wrong]]), minlength=classes)
    worst = np.argsort(-errors, kind="stable")[:CONFUSED_CLASSES]
    return sorted(worst.tolist())


def _confusion(targets: np.ndarray, answers: np.ndarray, shown: list[int]) -> list[list[int]]:
    import numpy as np

    inside = np.isin(targets, shown) & np.isin(answers, shown)
    rows = np.searchsorted(shown, targets[inside])
    columns = np.searchsorted(shown, answers[inside])
    size = len(shown)
    cells = np.bincount(rows * size + columns, minlength=size * size)
    return cells.reshape(size, size).tolist()


def _confused(
    targets: np.ndarray, answers: np.ndarray, classes: Sequence[str]
) -> tuple[Confused, ...]:
    import numpy as np

    wrong = targets != answers
    pairs = np.stack([targets[wrong], answers[wrong]], axis=1)
    found, counts = np.unique(pairs, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:CONFUSED_PAIRS]
    return tuple(
        Confused(classes[found[i][0]], classes[found[i][1]], int(counts[i])) for i in order
    )
