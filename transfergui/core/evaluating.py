"""A trained model against labelled data that it was not tested on in its training.

Classes, labels, questions and answers are matched by name (:func:`evaluate`); samples that it was
trained on are found by their content, wherever they lie (:func:`trained_on`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from transfergui.core import registry
from transfergui.core.base import shards
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.parallel import ordered_map
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data import labels
from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.dataset import DataOptions, Dataset, Problem, Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.targets import members
from transfergui.core.evaluation.prediction import calibration, prediction_rows
from transfergui.core.figures.metrics import Circumstances
from transfergui.core.interfaces.objective import Found, Matched
from transfergui.core.reading.classes import class_names

if TYPE_CHECKING:
    import numpy as np

    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.figures.metrics import Report
    from transfergui.core.trained import TrainedModel

AHEAD = 64
"""Samples whose content is read before it is asked for."""


class Evaluation(NamedTuple):
    """A report on labelled data, every answer, and the files that could not be read."""

    report: Report
    rows: list[PredictionRow]
    problems: list[Problem]


def evaluate(
    model: TrainedModel, dataset: Dataset, similar: str = "", tell: Tell = untold
) -> Evaluation:
    """Compare the answers of ``model`` with the labels of ``dataset``.

    Args:
        similar: whether similar names mean the same class, as
            :mod:`transfergui.core.reading.classes.class_names` calls it; empty to ask.
        tell: how many samples are answered.

    Raises:
        Question: ``evaluate.similar_classes``.
        UserError: ``evaluate.other_classes``: the model knows none of them;
            ``evaluate.other_objective``, ``evaluate.other_unit``.
    """
    answers = (class_names.MERGE, class_names.SEPARATE)
    similar = class_names.checked(class_names.OPTION, similar, answers)
    _require_same_objective(model, dataset)
    dataset = _renamed(model, dataset)
    known = _matched(model, dataset, similar)
    samples = [s for s in dataset.samples if known.labels[s.label] is not None]
    if not samples:
        names = members(dataset.targets, dataset.classes)
        values = {"names": _some(names), "known": _some(model.classes)}
        raise UserError("evaluate.other_classes", path=str(dataset.source), **values)
    return _compared(model.reading(dataset), dataset, samples, known, tell)


def trained_on(
    model: TrainedModel, dataset: Dataset, samples: Sequence[Sample] | None = None
) -> int | None:
    """How many samples of ``dataset`` ``model`` was trained on, or chosen by: those with the same
    content, wherever they lie.

    None where that cannot be found out: a package or an ONNX file does not say what it was trained
    on, and the data of a run may be gone.

    Args:
        samples: some of those of ``dataset``; None for all.
    """
    if model.run is None:
        return None
    split, given = model.run.split, dataset.samples if samples is None else samples
    mine, root = [*split.train, *split.val], Path(split.root)
    return same_content(model, root, mine, model.reading(dataset), dataset.root, given)


def same_content(
    model: TrainedModel,
    root: Path,
    samples: Sequence[Sample],
    other: TrainedModel,
    other_root: Path,
    others: Sequence[Sample],
) -> int | None:
    """How many of ``others``, read as ``other`` reads them, have the content of one of ``samples``;
    None where none of ``samples`` can be read."""
    mine, theirs = list(samples), list(others)
    if not model.modality.tables:  # files of different sizes differ; rows have no size
        mine, theirs = _of_same_size(root, mine, other_root, theirs)
    known = set(_digests(model, root, mine)) - {None}
    if mine and not known:
        return None
    return sum(digest in known for digest in _digests(other, other_root, theirs))


# -- what its classes are called


def _require_same_objective(model: TrainedModel, dataset: Dataset) -> None:
    """
    Raises:
        UserError: ``evaluate.other_objective``.
    """
    found = registry.objective(dataset.targets.objective)
    if found.key != model.objective.key:
        values = {"found": _(found.title), "own": _(model.objective.title)}
        values["key"] = model.objective.key
        raise UserError("evaluate.other_objective", path=str(dataset.source), **values)


def _renamed(model: TrainedModel, dataset: Dataset) -> Dataset:
    """``dataset`` with the renamed classes called as the model calls them.

    So are those of the training data; and those of others in which a class still has its old
    name, by which the model knows none.
    """
    place = None if model.run is None else os.path.realpath(model.run.recipe.data.path)
    own = place == os.path.realpath(dataset.source)
    names = set(members(dataset.targets, dataset.classes))
    old = model.renamed.keys() & names - set(model.classes)
    return corrected(dataset, DataOptions(rename=model.renamed)) if own or old else dataset


def _matched(model: TrainedModel, dataset: Dataset, similar: str) -> Matched:
    """What the classes of ``dataset`` mean to ``model``.

    Raises:
        Question: ``evaluate.similar_classes``.
        UserError: ``evaluate.other_unit``.
    """
    probable: dict[str, str] = {}

    def match(names: Sequence[str], known: Sequence[str]) -> dict[str, str]:
        surely = labels.matched(names, known, loosely=False)
        if similar == class_names.SEPARATE:
            return surely
        probably = labels.matched(names, known, loosely=True)
        probable.update({n: own for n, own in probably.items() if n not in surely})
        return probably

    found = model.objective.matched(dataset.classes, dataset.targets, _learnt(model), match)
    if probable and not similar:
        pairs = (
            f"{labels.quoted([name])} – {labels.quoted([own])}" for name, own in probable.items()
        )
        raise Question(
            "evaluate.similar_classes",
            setting=class_names.SETTING,
            choices=class_names.choices(),
            guess=class_names.MERGE,
            path=str(dataset.source),
            names=_some(list(pairs)),
        )
    return found


def _learnt(model: TrainedModel) -> Found:
    """What it was trained on: its names, with the combinations where the run is at hand."""
    if model.run is None:
        return model.found
    split = model.run.split
    return Found(split.targets, split.classes, model.card.fitted)


def _some(names: Sequence[str]) -> str:
    return comma_list(names[: labels.NAMED]) + (", …" if len(names) > labels.NAMED else "")


# -- the figures


def _compared(
    model: TrainedModel, dataset: Dataset, samples: list[Sample], known: Matched, tell: Tell
) -> Evaluation:
    """
    Args:
        samples: those of ``dataset`` of which the model knows what they are.
        known: what their classes mean to it.
    """
    began = time.monotonic()
    predictions = []
    for prediction in model.predict(dataset.root / s.path for s in samples):
        predictions.append(prediction)
        tell(len(predictions), len(samples))
    seconds = time.monotonic() - began
    rows, answers, truth = _rows(model, samples, predictions, known)
    temperatures = model.card.temperatures
    circumstances = Circumstances(
        seconds=seconds,
        measured_on="data",
        fitted=model.card.fitted,
        calibration=calibration(rows, model.objective, known.found.targets, temperatures, 0),
        strangers=model.card.strangers,
        unknown_classes=_unknown(dataset, known),
        matched_classes=dict(known.renamed),
        trained_on=trained_on(model, dataset, samples),
    )
    counts = _train_counts(model, len(known.found.classes))
    report = model.objective.measure(answers, truth, known.found, counts, circumstances)
    unread = [p.problem for p in predictions if p.problem and p.probabilities is None]
    return Evaluation(report, rows, unread)


def _rows(
    model: TrainedModel,
    samples: Sequence[Sample],
    predictions: Sequence[Prediction],
    known: Matched,
) -> tuple[list[PredictionRow], np.ndarray, list[int]]:
    """Of those samples that could be read: a row each, the answers [N, O] and the true labels."""
    import numpy as np

    answered = [
        (sample, prediction.probabilities)
        for sample, prediction in zip(samples, predictions, strict=True)
        if prediction.probabilities is not None
    ]
    truth = [label for s, _answer in answered if (label := known.labels[s.label]) is not None]
    none = np.empty((0, model.objective.answered(model.card.targets, len(model.classes))))
    answers = np.stack([answer for _sample, answer in answered]) if answered else none
    names = [sample.path for sample, _answer in answered]
    return prediction_rows(names, truth, answers, model.objective, known.found), answers, truth


def _train_counts(model: TrainedModel, classes: int) -> list[int] | None:
    """Training samples of each of so many classes, those of the training first; None where the run
    that knows is not at hand."""
    if model.run is None:
        return None
    counts = [0] * classes
    for sample in model.run.split.train:
        counts[sample.label] += 1
    return counts


def _unknown(dataset: Dataset, known: Matched) -> dict[str, int]:
    """How many samples of ``dataset`` have each of the names that the model does not know."""
    found: dict[str, int] = {}
    for names, count in zip(known.unknown, dataset.counts(), strict=True):
        for name in names:
            found[name] = found.get(name, 0) + count
    return found


# -- what it was trained on


def _of_same_size(
    root: Path, mine: Sequence[Sample], their_root: Path, theirs: Sequence[Sample]
) -> tuple[list[Sample], list[Sample]]:
    """Those of either that have the size in bytes of one of the others, or an unknown size."""
    own = [_size(root, sample) for sample in mine]
    others = [_size(their_root, sample) for sample in theirs]
    both = (set(own) & set(others)) | {None}
    return (
        [sample for sample, size in zip(mine, own, strict=True) if size in both],
        [sample for sample, size in zip(theirs, others, strict=True) if size in both],
    )


def _size(root: Path, sample: Sample) -> int | None:
    """Bytes of a sample, or of its file where it is a part of one; in a tar, its own.
    None if it is gone."""
    if sample.size and not shards.is_member(sample.path):
        return sample.size
    path = root / sample.path
    if not shards.is_member(path):
        path = FilePart.parse(path).path
    try:
        return shards.status(path)[0]
    except OSError:
        return None


def _digests(model: TrainedModel, root: Path, samples: Iterable[Sample]) -> Iterator[str | None]:
    """What tells the content of each sample; None where it cannot be read."""

    def digest(sample: Sample) -> str | None:
        try:
            return model.modality.digest(root / sample.path, model.input)
        except OSError:
            return None

    return ordered_map(digest, samples, ahead=AHEAD)
