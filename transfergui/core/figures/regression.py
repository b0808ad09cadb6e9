"""Figures of a model that predicts a number.

N samples; ``truth`` and ``predicted`` are floats [N] in the unit of the number, and so are all
figures but R². Where there was nothing to measure a figure is None.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from transfergui.core.figures.grouped import Groups, mean_interval
from transfergui.core.figures.intervals import Range

LARGEST = 1e100
"""The squares of larger numbers, added up, may be infinite."""


class RegressionFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How far predicted numbers are from the truth.

    Attributes:
        n: samples measured on.
        mae: mean absolute error.
        mae_interval: its 95 % interval.
        median_error: median absolute error.
        rmse: root of the mean squared error.
        r2: coefficient of determination; None where all true values are equal.
        baseline: what always predicting one number reaches.
    """

    n: int
    mae: float | None
    mae_interval: Range | None
    median_error: float | None
    rmse: float | None
    r2: float | None
    baseline: ConstantNumber | None = None


class ConstantNumber(msgspec.Struct, frozen=True):
    """Always predicting ``value``.

    Attributes:
        mae: its mean absolute error.
        rmse: its root mean squared error.
    """

    value: float
    mae: float | None
    rmse: float | None


def measure(
    truth: Sequence[float] | np.ndarray,
    predicted: Sequence[float] | np.ndarray,
    train_mean: float | None = None,
) -> RegressionFigures:
    """All figures.

    Args:
        truth: [N].
        predicted: [N].
        train_mean: mean of the training values; gives the baseline.

    Raises:
        ValueError: lengths differ, or a value is not finite or beyond :data:`LARGEST`.
    """
    true, given = _checked(truth, predicted)
    return RegressionFigures(
        n=len(true),
        mae=mean_absolute_error(true, given),
        mae_interval=mae_interval(true, given),
        median_error=median_absolute_error(true, given),
        rmse=root_mean_squared_error(true, given),
        r2=r_squared(true, given),
        baseline=None if train_mean is None else constant_baseline(true, train_mean),
    )


def mean_absolute_error(
    truth: Sequence[float] | np.ndarray, predicted: Sequence[float] | np.ndarray
) -> float | None:
    """MAE; None without samples."""
    errors = absolute_errors(truth, predicted)
    return float(errors.mean()) if len(errors) else None


def median_absolute_error(
    truth: Sequence[float] | np.ndarray, predicted: Sequence[float] | np.ndarray
) -> float | None:
    """Half of the errors are smaller; None without samples."""
    errors = absolute_errors(truth, predicted)
    return float(np.median(errors)) if len(errors) else None


def root_mean_squared_error(
    truth: Sequence[float] | np.ndarray, predicted: Sequence[float] | np.ndarray
) -> float | None:
    """RMSE; None without samples."""
    errors = absolute_errors(truth, predicted)
    return float(np.sqrt(np.mean(errors**2))) if len(errors) else None


def r_squared(
    truth: Sequence[float] | np.ndarray, predicted: Sequence[float] | np.ndarray
) -> float | None:
    """R²: 1 - (squared errors) / (squared deviations from the mean of the true values).

    1 is perfect, 0 as good as the mean of these samples, below 0 worse than it.

    Returns:
        None where all true values are equal, as with fewer than two samples.
    """
    true, given = _checked(truth, predicted)
    if not len(true) or true.min() == true.max():
        return None
    deviations = np.sum((true - true.mean()) ** 2)
    return float(1 - np.sum((true - given) ** 2) / deviations) if deviations else None


def mae_interval(
    truth: Sequence[float] | np.ndarray,
    predicted: Sequence[float] | np.ndarray,
    groups: Groups = (),
) -> Range | None:
    """The 95 % interval of the mean absolute error; None without samples."""
    return mean_interval(absolute_errors(truth, predicted), groups)


def constant_baseline(truth: Sequence[float] | np.ndarray, value: float) -> ConstantNumber:
    """What always predicting ``value`` reaches: the mean of the training values.

    The mean is the constant of the smallest RMSE; of the smallest MAE it is the median.
    """
    constant = np.full(len(truth), float(value))
    return ConstantNumber(
        float(value),
        mean_absolute_error(truth, constant),
        root_mean_squared_error(truth, constant),
    )


def absolute_errors(
    truth: Sequence[float] | np.ndarray, predicted: Sequence[float] | np.ndarray
) -> np.ndarray:
    """How far each prediction is off: float64 [N]."""
    true, given = _checked(truth, predicted)
    return np.abs(true - given)


def _checked(
    truth: Sequence[float] | np.ndarray, predicted: Sequence[float] | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Both as float64 [N]."""
    true, given = (np.asarray(values, dtype=np.float64) for values in (truth, predicted))
    if true.ndim != 1 or true.shape != given.shape:
        raise ValueError(f"shapes {true.shape} and {given.shape}, the same [N] wanted")
    if any(not (np.abs(values) <= LARGEST).all() for values in (true, given)):
        raise ValueError(f"numbers must be finite, up to {LARGEST:g}")
    return true, given
