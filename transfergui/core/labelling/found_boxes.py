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

Corrected = Mapping[str, str]
NOTHING_CORRECTED: Corrected = {}


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


def shown_boxes(
    model: Acting, prediction: Prediction, corrected: Corrected = NOTHING_CORRECTED
) -> tuple[ScoredBox, ...]:
    """The boxes of a prediction with at least the model's threshold; those that a person drew or
    confirmed instead, with a score of 1."""
    known = model.found.targets.names, model.found.fitted
    own = corrected.get(str(prediction.path))
    return box_answers.shown_or_corrected(prediction.probabilities, *known, own)


def found(
    model: Acting,
    predictions: Sequence[Prediction],
    places: Mapping[Path, Path] | None = None,
    corrected: Corrected = NOTHING_CORRECTED,
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
            boxes = shown_boxes(model, each, corrected)
            pictures.append(Found(each.path, file, *size, boxes))
    return pictures, left


def planned(
    model: Acting,
    predictions: Sequence[Prediction],
    to: Path,
    how: How,
    copies: bool = True,
    corrected: Corrected = NOTHING_CORRECTED,
) -> Act:
    """What is to be written; nothing is touched.

    Args:
        to: a folder, which need not be there.
        copies: of the pictures are written, too.
        corrected: boxes that a person drew or confirmed, as a text, by the path of the picture.

    Raises:
        UserError: ``boxes.no_detector``: the model finds none; ``boxes.folder_in_use``.
    """
    if model.objective.key != BOXES:
        raise UserError("boxes.no_detector")
    require_empty(to)
    pictures, left = found(model, predictions, corrected=corrected)
    taken: set[str] = set()
    named = [each.named(free_name(each.path.as_posix(), taken)) for each in pictures]
    sources = [each.file if copies else None for each in pictures]
    scores = [each.scores for each in pictures]
    drawn = (box.name for each in pictures for box in each.boxes)
    names = tuple(dict.fromkeys((*model.found.targets.names, *drawn)))
    return act_of(Written(named, sources, names, scores, left), to, how)
