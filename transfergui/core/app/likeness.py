"""Whether what is to be predicted looks like the data that a model was tested on.

Asked of some of the files, before all are predicted: figures that were measured on a test set hold
for samples like those in it. Four questions: how many the model was trained on, how many are
strangers, whether a simple classifier can tell the two sets apart by what the model sees, and
whether the classes come in other shares.
"""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from transfergui.core import evaluating
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent, span
from transfergui.core.base.i18n import comma_list
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data import split as splitting
from transfergui.core.data.captions import caption
from transfergui.core.data.dataset import Sample, SplitName
from transfergui.core.figures import two_samples
from transfergui.core.figures.intervals import wilson
from transfergui.core.runs.run import SPLIT
from transfergui.core.views.result import Features, Result, features_of

if TYPE_CHECKING:
    from transfergui.core.trained import TrainedModel

FEWEST = 20
"""Files: of fewer, nothing could be told from chance."""
MOST, MOST_KNOWN = 120, 200
"""Files that are looked at, and held-out samples that they are compared with."""
APART = 0.58
"""The least accuracy of the classifier, by the lower end of its interval, that is worth a sentence.
On the bundled clothes, others of them reach 0.47, the same ones in warmer light 0.67, those of a
cheap camera 0.98. Of 800 pairs of sets of 20 to 110 samples from one source, two come above it."""
STRANGERS = 0.1
"""The same of the share of strangers: of the data's own kind, about 5 % are taken for some."""
FARTHER = 0.05
"""The probability below which files lie farther from the training samples than held-out ones do. A
part of the same data (one camera, one day) can be told apart as well, and is no other data."""
UNUSUAL, SHIFT = 0.01, 0.2
"""The probability below which shares of classes differ, and the least difference of one."""
ONE_CLASS = 0.95
"""From this share of one class on, other shares alone are an unlikely reason: a model that does not
know what it sees often gives all of it the same class."""
MOST_NAMED = 1000
"""Files of which it is asked whether the model was trained on them."""
HELD_OUT: tuple[SplitName, ...] = ("val", "test")
NAMED = 3
SEED = 0


@dataclass(frozen=True)
class Looked:
    """What a model makes of some samples.

    Attributes:
        paths: [N].
        rows: its features [N, F].
        labels: what it predicts [N]; empty of numbers.
        strange: how unlike the training samples they are [N], above 1 strangers; None where that
            is not known.
    """

    paths: Sequence[str]
    rows: np.ndarray
    labels: Sequence[str]
    strange: np.ndarray | None = None


_known: weakref.WeakKeyDictionary[TrainedModel, Looked] = weakref.WeakKeyDictionary()
"""What each model makes of held-out samples of its own."""


def likeness(model: TrainedModel, files: Sequence[Path], tell: Tell = untold) -> list[Note]:
    """What is to be said of files before they are predicted; nothing where they are new and look
    like the training data, or where that cannot be found out.

    Args:
        tell: called often with how many were looked at; may raise.
    """
    samples = [Sample(str(path), 0) for path in files]
    known = _trained_on(model, _drawn(samples, MOST_NAMED), len(samples))
    return [*known, *_unlike(model, samples, tell)]


def _trained_on(model: TrainedModel, drawn: Sequence[Sample], total: int) -> list[Note]:
    """How many of some files the model was trained on, or chosen by: those of the same name and
    content. Renamed copies are not looked for, which would take reading all that it was trained on.

    Args:
        drawn: of so many in ``total``.
    """
    if model.run is None:
        return []
    try:
        split = splitting.kept(str(model.run.path / SPLIT))
    except UserError:  # damaged, or gone
        return []
    names = {_name(sample) for sample in drawn}
    mine = [sample for sample in (*split.train, *split.val) if _name(sample) in names]
    count = evaluating.same_content(model, Path(split.root), mine, model, Path(), drawn) or 0
    if not count:
        return []
    code = "likeness.trained_on" if len(drawn) == total else "likeness.trained_on_some"
    values = {"noun": model.modality.many, "count": count, "n": len(drawn)}
    return [Note(code, values, "warning")]


def _name(sample: Sample) -> str:
    return sample.path.replace("\\", "/").rpartition("/")[2]


def _unlike(model: TrainedModel, samples: Sequence[Sample], tell: Tell) -> list[Note]:
    if len(samples) < FEWEST:
        return []
    drawn = _drawn(samples, MOST)
    try:
        found = _looked(model, features_of(model, Path(), drawn, tell))
        known = _held_out(model, tell)
    except UserError:  # its run or its data are gone, or it is a graph: nothing to compare with
        return []
    if len(found.paths) < FEWEST:
        return []
    other = [note for note in (_apart(model, found, known), _strangers(model, found)) if note]
    if other:  # other shares of classes follow from that
        return other
    shares = _shares(model, found, known)
    return [shares] if shares else []


def _drawn(samples: Sequence[Sample], most: int) -> list[Sample]:
    """Up to ``most`` of them, at random."""
    if len(samples) <= most:
        return list(samples)
    rows = np.random.default_rng(SEED).choice(len(samples), most, replace=False)
    return [samples[row] for row in np.sort(rows)]


def _held_out(model: TrainedModel, tell: Tell) -> Looked | None:
    """Samples that the model was not trained on; None of a package, which keeps none.

    Raises:
        UserError: the run or its data are gone.
    """
    if model.run is None:
        return None
    if model not in _known:
        result = Result(model.run)
        if result.is_cached:
            every = [result.features(part, tell) for part in HELD_OUT if result.part(part)]
        else:
            samples = [sample for part in HELD_OUT for sample in result.part(part)]
            drawn = _drawn(samples, MOST_KNOWN)
            every = [features_of(model, result.root, drawn, tell)]
        _known[model] = _together([_looked(model, each, result.root) for each in every])
    return _known[model]


def _together(every: Sequence[Looked]) -> Looked:
    return Looked(
        [path for each in every for path in each.paths],
        np.concatenate([each.rows for each in every]),
        [label for each in every for label in each.labels],
        _all([each.strange for each in every]),
    )


def _all(every: Sequence[np.ndarray | None]) -> np.ndarray | None:
    found = [each for each in every if each is not None]
    return np.concatenate(found) if found and len(found) == len(every) else None


def _looked(model: TrainedModel, features: Features, root: Path = Path()) -> Looked:
    said = model.objective.said(features.answers, model.found) if model.objective.confident else ()
    return Looked(
        [sample.path for sample in features.samples],
        features.rows,
        [each.label for each in said],
        _strangeness(model, root, features),
    )


def _strangeness(model: TrainedModel, root: Path, found: Features) -> np.ndarray | None:
    """How unlike the training samples they are [N]; their paths are relative to ``root``."""
    import torch

    if model.unlikeness is None:
        return None
    inputs = None
    if model.unlikeness.reads:
        inputs = torch.stack([model.read(root / sample.path) for sample in found.samples])
    with torch.inference_mode():
        features = torch.from_numpy(found.rows)
        return model.unlikeness(features, model.module.head(features), inputs)[:, 0].numpy()


# -- what is said


def _strangers(model: TrainedModel, found: Looked) -> Note | None:
    """How many are unlike anything that the model was trained on, and which most."""
    if found.strange is None:
        return None
    count, total = int((found.strange > 1).sum()), len(found.paths)
    between = wilson(count, total)
    if between is None or between.low <= STRANGERS:
        return None
    oddest = np.argsort(-found.strange)[: min(NAMED, count)]
    odd = [Path(found.paths[row]) for row in oddest]
    values = {
        "noun": model.modality.many,
        "count": count,
        "total": total,
        "percent": percent(count / total, 0),
        "between": span(percent(between.low, 0), percent(between.high, 0)),
        "names": comma_list([caption(path.name, path.parent) for path in odd]),
    }
    return Note("likeness.strangers", values, "warning")


def _apart(model: TrainedModel, found: Looked, known: Looked | None) -> Note | None:
    """Whether a classifier can tell them from held-out samples with the same predictions."""
    if known is None or not _farther(found, known):
        return None
    mine, theirs = np.arange(len(found.rows)), np.arange(len(known.rows))
    if found.labels:
        labels = np.array(found.labels, dtype=str), np.array(known.labels, dtype=str)
        mine, theirs = two_samples.matched(*labels)
    distance = two_samples.proxy_distance(found.rows[mine], known.rows[theirs])
    if distance is None or distance.low <= APART:
        return None
    values = {
        "noun": model.modality.many,
        "percent": percent(distance.accuracy, 0),
        "distance": f"{distance.value:.1f}",
    }
    return Note("likeness.apart", values, "warning")


def _farther(found: Looked, known: Looked) -> bool:
    """Whether files are more unlike the training samples than held-out ones; if that is unknown,
    they may be."""
    from scipy.stats import mannwhitneyu

    if found.strange is None or known.strange is None:
        return True
    test = mannwhitneyu(found.strange, known.strange, alternative="greater")
    return bool(test.pvalue < FARTHER)


def _shares(model: TrainedModel, found: Looked, known: Looked | None) -> Note | None:
    """Whether one class is predicted much more, or less, often than for held-out samples."""
    if known is None or not found.labels or model.objective.several:
        return None
    names = sorted({*found.labels, *known.labels})
    one, other = (Counter(labels) for labels in (found.labels, known.labels))
    counts, usual = (np.array([each[name] for name in names]) for each in (one, other))
    shares, before = counts / counts.sum(), usual / usual.sum()
    most = int(np.abs(shares - before).argmax())
    if abs(shares[most] - before[most]) < SHIFT:
        return None
    if two_samples.shares_differ(counts, usual) > UNUSUAL:
        return None
    values: dict[str, Any] = {
        "noun": model.modality.many,
        "label": names[most],
        "percent": percent(shares[most], 0),
        "usual": percent(before[most], 0),
    }
    top = int(counts.argmax())
    if shares[top] < ONE_CLASS:
        return Note("likeness.shares", values)
    values |= {"label": names[top], "usual": percent(before[top], 0)}
    values |= {"count": int(counts[top]), "total": int(counts.sum())}
    return Note("likeness.one_class", values, "warning")
