"""Boxes that a model found, for use elsewhere: written as those of a data set are
(:mod:`.box_files`), with or without copies of the pictures.

With copies, the folder can be opened as data again: to correct what was found, and to train.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from transfergui.core.acting.plan import Acting
from transfergui.core.acting.steps import Act
from transfergui.core.base.errors import UserError
from transfergui.core.base.parallel import in_chunks
from transfergui.core.data.dataset import Problem
from transfergui.core.data.targets import BOXES
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.figures import box_answers
from transfergui.core.figures.box_answers import ScoredBox
from transfergui.core.labelling.box_files import (
    How,
    Picture,
    Written,
    act_of,
    free_name,
    require_empty,
)


class Found(NamedTuple):
    """A picture in which a model looked for boxes.

    Attributes:
        path: what the picture is called.
        file: where it is.
        width, height: in pixels, upright.
        boxes: that are shown.
    """

    path: Path
    file: Path
    width: int
    height: int
    boxes: tuple[ScoredBox, ...]

    def named(self, name: str) -> Picture:
        """As it is written under this name."""
        return Picture(name, self.width, self.height, tuple(box.place for box in self.boxes))

    @property
    def scores(self) -> list[float]:
        return [box.score for box in self.boxes]


def shown_boxes(model: Acting, prediction: Prediction) -> tuple[ScoredBox, ...]:
    """The boxes of a prediction with at least the model's threshold."""
    if prediction.probabilities is None:
        return ()
    least = box_answers.threshold(model.found.fitted)
    names = model.found.targets.names
    every = box_answers.scored_boxes(prediction.probabilities, names)
    return tuple(box for box in every if box.score >= least)


def found(
    model: Acting, predictions: Sequence[Prediction], places: Mapping[Path, Path] | None = None
) -> tuple[list[Found], list[Problem]]:
    """What was found in the pictures that can be read, and what is left out.

    Args:
        places: where files are that are called something else; see :attr:`Prediction.path`.
    """
    places = places or {}
    read = [each for each in predictions if each.probabilities is not None]
    left = [each.problem for each in predictions if each.probabilities is None and each.problem]
    files = [places.get(each.path, each.path) for each in read]
    pictures = []
    sizes = in_chunks(model.modality.extent, files)
    for each, file, size in zip(read, files, sizes, strict=True):
        if size is None:
            left.append(Problem("act.gone", path=str(each.name or each.path)))
        else:
            pictures.append(Found(each.path, file, *size, shown_boxes(model, each)))
    return pictures, left


def planned(
    model: Acting, predictions: Sequence[Prediction], to: Path, how: How, copies: bool = True
) -> Act:
    """What is to be written; nothing is touched.

    Args:
        to: a folder, which need not be there.
        copies: of the pictures are written, too.

    Raises:
        UserError: ``boxes.no_detector``: the model finds none; ``boxes.folder_in_use``.
    """
    if model.objective.key != BOXES:
        raise UserError("boxes.no_detector")
    require_empty(to)
    pictures, left = found(model, predictions)
    taken: set[str] = set()
    named = [each.named(free_name(each.path.as_posix(), taken)) for each in pictures]
    sources = [each.file if copies else None for each in pictures]
    scores = [each.scores for each in pictures]
    given = Written(named, sources, model.found.targets.names, scores, left)
    return act_of(given, to, how)
