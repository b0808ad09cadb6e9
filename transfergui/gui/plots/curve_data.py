"""What the live plots show, as data: series, whole steps of axes, values at a point, a table."""

import csv
import io
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from transfergui.core import registry
from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import N_, _
from transfergui.core.evaluation.curves import followed
from transfergui.core.interfaces.logs import Log
from transfergui.core.interfaces.objective import Score
from transfergui.core.runs.events import EpochEnded
from transfergui.core.runs.history import History, Logged

Plot = Literal["loss", "score", "share", "rate"]
Columns = tuple[np.ndarray, np.ndarray]
"""x (epochs done, ascending) and y, both [N]."""
Curves = dict[str, Columns]
"""By key of :class:`Series`."""


@dataclass(frozen=True)
class Series:
    """One curve.

    Attributes:
        title: in the key, marked with ``N_``.
        colour: a token of :mod:`transfergui.gui.base.style`.
        look: ``light`` (raw), ``line``, ``dots`` (dashes with a dot at each epoch).
        column: of the history (one value per step), or of its epochs (one per epoch).
    """

    key: str
    plot: Plot
    title: str
    colour: str
    look: Literal["light", "line", "dots"]
    column: str
    per_epoch: bool = False


@dataclass(frozen=True)
class Followed:
    """The figure that a training is followed by beside its loss, as the plots draw it.

    Attributes:
        score: of the objective.
        unit: of a number that is predicted.
        probe: by which a simple model of features is measured.
    """

    score: Score
    unit: str = ""
    probe: Score | None = None

    @classmethod
    def of(cls, history: History) -> "Followed":
        started, row = history.started, followed(history)
        return cls(row.curve, "" if started is None else started.unit, row.probe)

    @property
    def scale(self) -> float:
        """What the values are multiplied by: shares are drawn in per cent."""
        return 100.0 if self.score.share else 1.0

    @property
    def axis(self) -> str:
        unit = "%" if self.score.share else self.unit
        title = within(_(self.score.title))
        return _("{title}, {unit}").format(title=title, unit=unit) if unit else title

    def text(self, drawn: float) -> str:
        """A value as it is drawn, for people."""
        return self.score.text(drawn / self.scale, self.unit)


def best_epoch_texts(best: EpochEnded, followed: Followed, by_score: bool) -> tuple[str, str]:
    """Of the best epoch: what chose it, as a caption, and its number with its figures.

    Args:
        by_score: whether the score chose it, not the validation loss.
    """
    value = best.train_score if best.val_score is None else best.val_score
    score = followed.score.text(value, followed.unit)
    values = {"epoch": best.epoch, "title": within(_(followed.score.title)), "score": score}
    if best.val_loss is None:  # then the last epoch counts as the best
        return _("Best epoch"), _("{epoch} ({title} {score})").format(**values)
    values["loss"] = f"{best.val_loss:.3f}"
    if by_score:
        name = _("Best epoch (best validation {title})").format(**values)
        return name, _("{epoch} ({title} {score}, loss {loss})").format(**values)
    name = _("Best epoch (lowest validation loss)")
    return name, _("{epoch} (loss {loss}, {title} {score})").format(**values)


def same_figure(one: History, other: History) -> bool:
    """Whether the curves of two trainings can be laid over each other, as far as that is known."""
    unknown = one.started is None or other.started is None
    return unknown or Followed.of(one) == Followed.of(other)


SERIES: tuple[Series, ...] = (
    Series("raw", "loss", N_("training, raw"), "training", "light", "losses"),
    Series("smoothed", "loss", N_("training"), "training", "line", "smoothed"),
    Series("val_loss", "loss", N_("validation"), "validation", "dots", "val_loss", True),
    Series("train_score", "score", N_("training"), "training", "line", "train_score", True),
    Series("val_score", "score", N_("validation"), "validation", "dots", "val_score", True),
    Series("rate", "rate", N_("learning rate"), "muted", "line", "rates"),
)

EPOCH_LOSS = Series("smoothed", "loss", N_("training"), "training", "line", "train_loss", True)
"""Instead of the smoothed loss, where epochs are too short for a report within each."""


LOG_COLOURS = ("log_1", "log_2", "log_3")
NOTHING: Columns = (np.empty(0), np.empty(0))


def series_of(plot: Plot) -> tuple[Series, ...]:
    return tuple(series for series in SERIES if series.plot == plot)


def logs_of(history: History) -> tuple[Log, ...]:
    """What the strategy of a training, or its objective, tells beside its loss, as far as it has
    told it."""
    started = history.started
    keys = () if started is None else (started.strategy, started.objective)
    declared = [log for row in registry.STRATEGIES if row.key in keys for log in row.logs]
    declared += [log for row in registry.OBJECTIVES if row.key in keys for log in row.logs]
    told = history.logs.keys() | {key for epoch in history.epochs for key in epoch.logs}
    return tuple(log for log in declared if log.key in told)


def series_of_logs(logs: Sequence[Log], plot: Plot) -> tuple[Series, ...]:
    """The curves of those that belong to one plot."""
    drawn = [log for log in logs if log.kind == plot]
    return tuple(
        Series(_key(log), plot, log.title, LOG_COLOURS[number % len(LOG_COLOURS)], "line", log.key)
        for number, log in enumerate(drawn)
    )


def _key(log: Log) -> str:
    """Apart from the keys of :data:`SERIES`."""
    return f"log {log.key}"


def meaning(logs: Sequence[Log]) -> str:
    """What the curves are that a strategy adds, a paragraph each."""
    text = _("{title}: {summary}")
    return "\n".join(text.format(title=_(log.title), summary=_(log.summary)) for log in logs)


class CurveReader:
    """Reads the curves of one training again and again, converting only what is new.

    Converting 100 000 Python floats takes longer than drawing them.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self._columns: dict[str, _Column] = defaultdict(_Column)

    def read(self) -> Curves:
        """All curves as they are now; the arrays are views that the next reading may change."""
        found = {series.key: self._read(series) for series in SERIES}
        if len(self.history.steps) < len(self.history.epochs):  # epochs of milliseconds
            found["smoothed"] = self._read(EPOCH_LOSS)
            found["raw"] = NOTHING  # a handful of points would make a false line
        for log in logs_of(self.history):
            found[_key(log)] = self._read_log(log)
        return found

    def _read_log(self, log: Log) -> Columns:
        """Values within epochs, or one per epoch where these are too short for reports."""
        logged = self.history.logs.get(log.key, Logged())
        rows = [(e.epoch, e.logs[log.key]) for e in self.history.epochs if log.key in e.logs]
        if len(logged.steps) < len(rows):
            columns = np.array(rows, dtype=float).T
        else:
            columns = np.array([logged.steps, logged.smoothed])
        return columns[0], columns[1] * (100.0 if log.kind == "share" else 1.0)

    def _read(self, series: Series) -> Columns:
        if not series.per_epoch:
            values = self._columns[series.column].read(getattr(self.history, series.column))
            return self._columns["steps"].read(self.history.steps), values
        rows = [(e.epoch, getattr(e, series.column)) for e in self.history.epochs]
        known = np.array([row for row in rows if row[1] is not None], dtype=float).reshape(-1, 2)
        scale = Followed.of(self.history).scale if series.plot == "score" else 1.0
        return known[:, 0], known[:, 1] * scale


class _Column:
    """An array that follows a list which grows, or is cut back and grows again."""

    def __init__(self) -> None:
        self._buffer = np.empty(1024)
        self._count = 0

    def read(self, values: Sequence[float]) -> np.ndarray:
        count, known = len(values), self._count
        if known > count or (known and values[known - 1] != self._buffer[known - 1]):
            known = 0
        if count > len(self._buffer):
            self._buffer = np.resize(self._buffer, 2 * count)
        self._buffer[known:count] = values[known:count]
        self._count = count
        return self._buffer[:count]


def value_at(columns: Columns, x: float) -> float | None:
    """The last value at or before ``x``; None before the first."""
    xs, ys = columns
    place = int(np.searchsorted(xs, x + 1e-9, side="right"))
    return float(ys[place - 1]) if place else None


def whole_above(value: float) -> float:
    """The smallest of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten that is not below ``value``."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if n * power >= value * 0.9999)


EPOCH_STEPS = (1, 2, 5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 500, 750, 1000)


def epoch_limit(done: float, planned: int) -> float:
    """Where the x axis ends: it grows by whole steps, up to what is planned."""
    step = next((n for n in EPOCH_STEPS if n >= done), math.ceil(done / 500) * 500)
    return float(max(1, min(step, planned) if planned >= done else step))


def loss_span(
    all_curves: Sequence[Curves], low: float, high: float, logs: Sequence[Log] = ()
) -> tuple[float, float]:
    """The smallest and the largest loss to show between the epochs ``low`` and ``high``.

    A few spikes of the raw loss (2 in 100) may be cut off; the other curves never are.
    """
    shown = [np.empty(0)]
    for found in all_curves:
        for series in (*series_of("loss"), *series_of_logs(logs, "loss")):
            xs, ys = found.get(series.key, NOTHING)
            seen = ys[(xs >= low) & (xs <= high)]
            spiky = series.look == "light" and len(seen)
            shown.append(np.percentile(seen, (2, 98)) if spiky else seen)
    values = np.concatenate(shown)
    return (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)


def score_span(
    all_curves: Sequence[Curves], baseline: float | None, share: bool
) -> tuple[float, float]:
    """The range of the plot of the score: per cent from a whole ten below everything that is shown;
    of another figure from 0 to a whole number above everything."""
    shown = [] if baseline is None else [baseline]
    for found in all_curves:
        for series in series_of("score"):
            ys = found[series.key][1]
            shown += [float(ys.min()), float(ys.max())] if len(ys) else []
    if not share:
        return 0.0, whole_above(max(shown, default=1.0))
    return max(0.0, 10 * math.floor((min(shown, default=0.0) - 5) / 10)), 100.0


def end(history: History) -> float:
    """Epochs done, as far as the curves reach."""
    last_epoch = history.epochs[-1].epoch if history.epochs else 0.0
    return max(history.steps[-1] if history.steps else 0.0, float(last_epoch))


def planned(history: History) -> int:
    return history.started.epochs if history.started is not None else 0


TABLE = ("epoch", *(series.key for series in SERIES))


def to_table(history: History, delimiter: str = ",") -> str:
    """All curves as a table: one row per x, shares in per cent, empty where there is no value.

    The raw figures, not what the plot could draw of them. What the strategy adds stands behind
    under the keys of its logs.
    """
    rows: dict[float, dict[str, float]] = {}
    names = {_key(log): log.key for log in logs_of(history)}
    for series_key, (xs, ys) in CurveReader(history).read().items():
        key = names.get(series_key, series_key)
        for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
            rows.setdefault(x, {})[key] = y
    stream = io.StringIO()
    writer = csv.DictWriter(
        stream, (*TABLE, *names.values()), delimiter=delimiter, lineterminator="\n"
    )
    writer.writeheader()
    for x in sorted(rows):
        writer.writerow({"epoch": f"{x:.4f}", **{k: f"{y:.6g}" for k, y in rows[x].items()}})
    return stream.getvalue()
