"""What a person gives to a model, predicted: every sample with the rows of the user's own tables.

Rows are read while the samples are, so that a table which changes in between, or the unpacked
folder of a zip, cannot make a prediction stand beside another row.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from transfergui.core.data.dataset import Problem
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.rows import OwnRow
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.reading.given import Given
from transfergui.core.trained import TrainedModel

TEXT = ("text",)
"""The column of a text that has no table: a line of standard input, say."""

Version = tuple[int, int]


def version(path: Path) -> Version | None:
    """Modification time and size of a file; None where it is gone."""
    try:
        status = os.stat(path)  # noqa: PTH116 - one call for each row of a table
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size


def predict(model: TrainedModel, given: Given, paths: Iterable[Path]) -> Iterator[Prediction]:
    """Predictions in the order of ``paths``, called as who gave them calls them, with the rows of
    the user's own tables.

    A row of a table that changed meanwhile gets the problem ``predict.changed`` instead.

    Args:
        paths: the samples in ``given``.
    """
    waiting: deque[_Known] = deque()

    def noted() -> Iterator[Path]:
        for path in paths:
            waiting.append(_known(model, given, path))
            yield path

    with contextlib.closing(model.predict(noted())) as found:  # type: ignore[type-var]
        for prediction in found:
            path, known = prediction.path, waiting.popleft()
            name = given.called(path) if given.zips else None
            if known.table is not None and version(known.table) != known.before:
                problem = Problem("predict.changed", path=str(path))
                yield Prediction(path, problem=problem, name=name, version=known.version)
            else:
                yield replace(prediction, name=name, own=known.own, version=known.version)


class _Known(NamedTuple):
    """What is known of a sample before the model reads it.

    Attributes:
        version: of the file that holds it, as who gave it knows that: the zip, for example.
        table: of which it is a row; None where it is none.
        before: the version of ``table``.
    """

    own: tuple[OwnRow, ...]
    version: Version | None
    table: Path | None = None
    before: Version | None = None


def _known(model: TrainedModel, given: Given, path: Path) -> _Known:
    file = FilePart.parse(path).path
    holder = version(given.holder(path))
    naming = given.rows.get(path) or given.rows.get(file)
    if naming:
        return _Known(tuple(naming), holder)
    before = version(file)
    own = model.modality.own_row(path, model.input)
    return _Known((), holder) if own is None else _Known((own,), holder, file, before)


def text_of(path: Path) -> list[OwnRow]:
    """The row of a text that was typed or piped in; none where it cannot be read."""
    try:
        return [OwnRow(TEXT, (path.read_text(encoding="utf-8-sig").strip(),))]
    except (OSError, UnicodeDecodeError):
        return []


# -- two models


def key(prediction: Prediction) -> str:
    """What tells the predictions of two models for one file."""
    return str(prediction.name or prediction.path)


def beside(prediction: Prediction, earlier: Mapping[str, Prediction]) -> Prediction | None:
    """What another model said of the same file; with the problem ``predict.changed_since`` where
    the file, or the rows that name it, are not the same any more.

    Args:
        earlier: by their :func:`key`.
    """
    other = earlier.get(key(prediction))
    if other is None or (other.version, _cells(other)) == (prediction.version, _cells(prediction)):
        return other
    problem = Problem("predict.changed_since", path=str(prediction.path))
    return Prediction(prediction.path, problem=problem, name=prediction.name)


def _cells(prediction: Prediction) -> list[list[str]]:
    """Of the rows of a table; what their columns are called depends on the model."""
    return [list(row.cells) for row in prediction.own]
