"""The training samples that pull a wrong prediction where it is, whatever is predicted.

Of one class by the gradients of the loss (:func:`transfergui.core.looking.nearest.pull`); of
labels, answers to questions and numbers by what a linear model on the same features would predict
without each sample (:mod:`transfergui.core.looking.pulls`), in the unit of what is predicted.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.data.targets import NUMBER, ONE_CLASS, SEVERAL_LABELS, Targets
from transfergui.core.looking import nearest
from transfergui.core.looking.pulls import Moved, Pulls
from transfergui.core.views.insight import Alike, alike_of

if TYPE_CHECKING:
    from transfergui.core.views.result import Features, Result


@dataclass(frozen=True)
class Pulled:
    """Why one prediction is wrong.

    Attributes:
        examples: the training samples that pull most, the strongest first.
        output: which output they are about; None of one class.
        raises: whether they make it higher.
        agrees: whether the linear model errs in the same direction; None of one class.
        doubted: whether the label rather than the prediction may be wrong: all training samples
            that are most like it have what was predicted.
    """

    examples: list[Alike]
    output: int | None = None
    raises: bool = True
    agrees: bool | None = None
    doubted: bool = False


class Pulling:
    """Asked for one error after the other.

    Args:
        train, row: features of the training samples, and of those with errors.
        count: how many samples are named.
    """

    def __init__(self, result: Result, train: Features, row: Features, count: int) -> None:
        self._result, self._train, self._row, self._count = result, train, row, count

    def of(self, at: int) -> Pulled:
        """Of the sample ``at``."""
        if self._result.objective.key == ONE_CLASS:
            return Pulled(self._to_class(at), doubted=self._is_doubted(at))
        label, answers = int(self._row.labels[at]), self._row.answers[at]
        output = wrong_output(self._result, self._truths[label], answers)
        wanted = self._truths[self._train.labels, output]
        known = np.flatnonzero(~np.isnan(wanted))
        moved = self._pulls(tuple(known)).of(wanted[known], self._row.rows[at])
        truth = float(self._truths[self._row.labels[at], output])
        raises = float(self._row.answers[at, output]) > truth
        pull = np.where(moved.weights > 0, moved.by if raises else -moved.by, 0.0)
        if self._result.objective.key != NUMBER:  # those that have it raise it
            pull = np.where((wanted[known] >= 0.5) == raises, pull, 0.0)
        examples = self._strongest(moved, known, pull)
        agrees = (moved.prediction > truth) == raises
        if self._result.objective.key != NUMBER:
            agrees = agrees and abs(moved.prediction - truth) >= 0.5
        return Pulled(examples, output, raises, agrees, self._is_doubted(at, output))

    def _to_class(self, at: int) -> list[Alike]:
        query, answers = self._row.rows[at], self._row.answers[at]
        predicted = np.array([int(answers.argmax())])
        wanted = nearest.residuals(answers[None], predicted)[0]
        known = nearest.residuals(self._train.answers, self._train.labels)
        likeness = nearest.pull(self._train.rows, known, query, wanted)
        classes = self._result.split.classes
        found = alike_of(self._train, likeness, classes, self._count)
        return [each for each in found if each.likeness > 0]

    def _strongest(self, moved: Moved, known: np.ndarray, pull: np.ndarray) -> list[Alike]:
        """Those that pull into the direction of the error [N]; what is unlike it pulls by teaching
        the opposite, which nobody would see."""
        classes = self._result.split.classes
        samples = [self._train.samples[place] for place in known]
        return [
            Alike(samples[place].path, classes[samples[place].label], 0.0, float(moved.by[place]))
            for place in nearest.ranked(pull, self._count)
            if pull[place] > 0
        ]

    def _is_doubted(self, at: int, output: int | None = None) -> bool:
        """As :attr:`Pulled.doubted`; of numbers that is not known."""
        if self._result.objective.key == NUMBER:
            return False
        likeness = nearest.alike(self._train.rows, self._row.rows[at])
        answers = self._row.answers[at]
        labels = self._train.labels
        if output is None:
            predicted, said = labels, int(answers.argmax())
        else:
            predicted = self._truths[labels, output]
            said = int(float(answers[output]) > self._truths[self._row.labels[at], output])
            likeness = np.where(np.isnan(predicted), -np.inf, likeness)
        places = nearest.ranked(likeness, self._count)
        return {float(predicted[place]) for place in places} == {float(said)}

    @functools.cached_property
    def _truths(self) -> np.ndarray:
        return truths(self._result.split.targets)

    @functools.lru_cache(maxsize=4)  # noqa: B019 - it lives as long as one view is computed
    def _pulls(self, known: tuple[int, ...]) -> Pulls:
        """Of the training samples ``known``: not all answer every question."""
        return Pulls(self._train.rows[list(known)])


def truths(targets: Targets) -> np.ndarray:
    """What each class of the data means, for each output, float64 [C, O]; NaN where that is not
    known. Of labels, questions and numbers."""
    if targets.objective == NUMBER:
        return np.array(targets.values, dtype=np.float64)
    if targets.objective == SEVERAL_LABELS:
        table = np.zeros((len(targets.values), len(targets.names)))
        for row, labels in enumerate(targets.values):
            table[row, [int(label) for label in labels]] = 1
        return table
    parts = []
    for place, answers in enumerate(targets.answers):
        given = np.array([row[place] for row in targets.values], dtype=np.int64)
        part = np.eye(len(answers))[given.clip(0)]
        part[given < 0] = np.nan
        parts.append(part)
    return np.concatenate(parts, 1)


def wrong_output(result: Result, truth: np.ndarray, answers: np.ndarray) -> int:
    """The output that is furthest from the truth, of those that make a prediction wrong.

    Args:
        truth: a row of :func:`truths` [O].
        answers: [O].
    """
    off = np.nan_to_num(np.abs(answers - truth))
    if result.objective.key == SEVERAL_LABELS:
        limits = result.found.fitted or (0.5,) * len(answers)
        wrong = (answers >= np.array(limits)) != (truth >= 0.5)
        off = np.where(wrong, off, 0.0) if wrong.any() else off
    elif result.objective.key != NUMBER:
        off = np.where(_chosen(result, answers), np.nan_to_num(answers - truth).clip(0), 0.0)
    return int(off.argmax())


def _chosen(result: Result, answers: np.ndarray) -> np.ndarray:
    """The answers to questions that were predicted, bool [O]."""
    sizes = [len(each) for each in result.split.targets.answers]
    chosen = np.zeros(len(answers), dtype=bool)
    for start, size in zip(np.cumsum([0, *sizes[:-1]]), sizes, strict=True):
        chosen[start + int(answers[start : start + size].argmax())] = True
    return chosen
