"""Labelled data as a model is to be measured on them: read as those that it learnt were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.core.base.errors import Question
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.targets import columns_of
from transfergui.core.reading.classes import class_names

if TYPE_CHECKING:
    from transfergui.core.trained import TrainedModel

Read = Callable[[str, DataOptions], Dataset]
"""Scans data of a modality, by its key."""
ALL_KEPT = {class_names.OPTION: class_names.SEPARATE, class_names.KEEP_UNTRAINED: True}
"""Data options with which no class is merged or left out: what similar names mean is between the
data and the model."""


def settings(
    model: TrainedModel, path: str, objective: str = "", predict: tuple[str, ...] = ()
) -> dict[str, Any]:
    """How the data are read, as plain values: as those of the model were, for what it predicts.

    Args:
        objective, predict: where they are not those of the model.
    """
    learnt = model.card.recipe.data
    return {
        "path": path,
        "options": model.modality.data_for(model.input),
        "objective": objective or model.objective.key,
        "predict": predict or learnt.predict or columns_of(model.card.targets),
    }


def read_for(model: TrainedModel, options: DataOptions, read: Read) -> Dataset:
    """The data; what they leave open is answered as for those that the model learnt, else, where
    their folders can be understood in several ways, in the one that gives classes of the model
    only.

    Raises:
        Question: none does, or several do.
        UserError: as of ``read``.
    """
    learnt = model.card.recipe.data.options
    table = str(learnt.get("table") or "")
    if table and "table" not in options.options and (Path(options.path) / table).is_file():
        options = msgspec.structs.replace(options, options=options.options | {"table": table})
    while True:
        try:
            return read(model.modality.key, options)
        except Question as question:
            name = question.setting.removeprefix("data.options.")
            value = learnt.get(name)
            if name in options.options or not _answers(question, value):
                return _read_by_classes(model, options, question, read)
            answered = options.options | {name: value}
            options = msgspec.structs.replace(options, options=answered)


def _answers(question: Question, value: object) -> bool:
    """Whether a value is one of the answers, or several of them together."""
    if value in question.choices or not question.join:
        return value in question.choices
    return all(each in question.choices for each in question.chosen(str(value or "")))


def _read_by_classes(
    model: TrainedModel, options: DataOptions, question: Question, read: Read
) -> Dataset:
    """The data in the one layout that gives classes of the model only.

    Raises:
        Question: ``question``: none does, or several do, or something else is asked.
    """
    if question.setting != "data.options.layout":
        raise question
    known = {*model.classes, *model.renamed}
    answers = (options.options | {"layout": value} for value in question.choices)
    datasets = [
        read(model.modality.key, msgspec.structs.replace(options, options=answer))
        for answer in answers
    ]
    fitting = [dataset for dataset in datasets if known.issuperset(dataset.classes)]
    if len(fitting) != 1:
        raise question
    return fitting[0]
