"""Predictions of labelled samples beside the truth, and the worst of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    pass


class PredictionRow(msgspec.Struct, frozen=True):
    """One answer beside the truth.

    Attributes:
        path: relative to the data's root.
        truth, label: in words.
        confidence: None of numbers.
        cells: as of :meth:`transfergui.core.interfaces.objective.Objective.cells`: of one class the
            probabilities, one per class; empty where there are too many to keep.
    """

    path: str
    truth: str
    label: str
    confidence: float | None
    cells: tuple[float | str, ...] = ()

    @property
    def right(self) -> bool:
        return self.truth == self.label


def class_error(row: PredictionRow) -> float:
    """The confidence of a wrong answer, 0 of a right one."""
    return 0.0 if row.right else row.confidence or 0.0


def top_mistakes(
    rows: Iterable[PredictionRow],
    limit: int | None = None,
    error: Callable[[PredictionRow], float] = class_error,
) -> list[PredictionRow]:
    """The wrong answers, most confident first: where labels are wrong, they stand at the top.

    Args:
        error: how wrong a row is, as :meth:`transfergui.core.interfaces.objective.Objective.error`.
    """
    errors = [(error(row), row) for row in rows]
    wrong = [(-much, row.path, row) for much, row in errors if much]
    return [row for _much, _path, row in sorted(wrong, key=lambda each: each[:2])[:limit]]
