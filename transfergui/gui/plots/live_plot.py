"""Loss above accuracy above the learning rate, while a training runs and afterwards.

Arrival is not drawing: events fill a :class:`~transfergui.core.runs.history.History`
elsewhere, and whoever shows the plot asks it now and then to draw what changed.
"""

import functools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QMenu,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run
from transfergui.gui.base import style
from transfergui.gui.base.run_names import RunName
from transfergui.gui.base.tasks import Task
from transfergui.gui.plots import curve_data as data
from transfergui.gui.plots.curve_export import CurveExport
from transfergui.gui.plots.curve_stack import CurveStack
from transfergui.gui.plots.plot_toolbar import PlotToolbar


class LivePlot(QWidget):
    """The plots of one training, with another one laid under them if wanted."""

    compare_removed = Signal()
    """The user took the run away that was laid under."""
    failed = Signal(object)
    """UserError: what was to be saved could not be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = data.CurveReader(History())
        self._beneath: tuple[str, data.CurveReader] | None = None
        self._name = Task(self, _name_of, self._rename_beneath, lambda _error: None)
        self._drawn: tuple[Any, ...] = ()
        self._zoom: tuple[float, float] | None = None
        self._cursor: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Training curves"))
        self._build()
        style.theme.changed.connect(self._restyle)
        self._restyle()

    # -- what is shown

    def show_history(self, history: History, by_score: bool = False) -> None:
        """Show this training from now on; what is added to it later, with :meth:`refresh`.

        Args:
            by_score: whether the score chooses its best epoch, not the validation loss.
        """
        self.curves.by_score = by_score
        self._reader = data.CurveReader(history)
        self._zoom = self._cursor = None
        self.curves.forget()
        self.refresh()

    def lay_under(self, name: str, history: History | None) -> None:
        """Show another training behind the current one, or none."""
        self._name.cancel()
        self.curves.explain_keys("")
        self._beneath = None if history is None else (name, data.CurveReader(history))
        if history is not None and history.started is not None:
            own = self._history.started
            self._name.start(Path(history.started.run), Path(own.run) if own else None)
        self.tools.remove.setVisible(history is not None)
        self.refresh()

    def _rename_beneath(self, names: tuple[str, str]) -> None:
        """What people call it, instead of its folder: in short, and in full."""
        name, full = names
        if self._beneath is not None:
            self.curves.explain_keys(full)
            self._beneath = name, self._beneath[1]
            self._show_keys()

    def refresh(self) -> None:
        """Draw if it can be seen, and anything changed since the last time."""
        if self.isVisible() and (stamp := self._stamp()) != self._drawn:
            self._drawn = stamp
            self._draw()

    def zoom(self, low: float | None = None, high: float | None = None) -> None:
        """Show the epochs from ``low`` to ``high``; everything without them."""
        whole = self._whole()
        if low is not None and high is not None:
            low, high = max(0.0, low), min(whole, high)
        inside = low is not None and high is not None and high > low
        whole_again = inside and low == 0.0 and high == whole
        self._zoom = (low, high) if inside and not whole_again else None  # type: ignore[assignment]
        self.tools.reset.setEnabled(self._zoom is not None)
        self._drawn = ()  # the wheel has moved one of the plots, whatever is shown now
        self.refresh()

    def read(self, x: float | None) -> None:
        """Put the cursor at ``x`` epochs and say the values there; None takes it away."""
        self._cursor = x
        self._show_keys()

    # -- building

    def _build(self) -> None:
        self.curves = CurveStack(self)
        for panel in self.curves.panels:
            panel.plot.zoomed.connect(self.zoom)
            panel.plot.pointed.connect(self.read)
        self.export = CurveExport(self, self.curves, lambda: self._history)
        self.export.failed.connect(self.failed)
        slots: dict[str, Callable[..., Any]] = {
            "log": self._set_log,
            "shares": self._show_shares,
            "rate": self._show_rate,
            "remove": self._take_away,
            "reset": self._show_whole,
            "copy": self.export.copy_picture,
            "copy_table": self.export.copy_table,
        }
        for kind in ("png", "svg", "csv"):
            slots[kind] = functools.partial(self._save, kind)
        self.tools = PlotToolbar(slots)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addLayout(self.tools)
        layout.addWidget(self.curves, 1)

    # -- what the actions do

    def _save(self, kind: str, _checked: bool = False) -> None:
        self.export.ask(kind)

    def _set_log(self, on: bool) -> None:
        self.curves.loss.set_log(on)
        self._drawn = ()
        self.refresh()

    def _show_rate(self, on: bool) -> None:
        self.curves.show_rate(on)
        self._drawn = ()
        self.refresh()

    def _show_shares(self, on: bool) -> None:
        self.curves.show_shares(on)
        self._drawn = ()
        self.refresh()

    def _show_whole(self) -> None:
        self.zoom()

    def _take_away(self) -> None:
        self.lay_under("", None)
        self.compare_removed.emit()

    # -- drawing

    @property
    def _history(self) -> History:
        return self._reader.history

    def _histories(self) -> list[History]:
        beneath = [self._beneath[1].history] if self._beneath else []
        return [self._history, *beneath]

    def _stamp(self) -> tuple[Any, ...]:
        """Differs whenever something is to be drawn anew."""
        parts: list[Any] = [self._zoom]
        for history in self._histories():
            last = history.steps[-1] if history.steps else None
            parts += [id(history), len(history.steps), last, len(history.epochs)]
            strategy = None if history.started is None else history.started.strategy
            parts += [len(history.phases), strategy]
        return tuple(parts)

    def _whole(self) -> float:
        return max(data.epoch_limit(data.end(h), data.planned(h)) for h in self._histories())

    def _draw(self) -> None:
        curves = self._reader.read()
        beneath = self._beneath[1].read() if self._beneath else None
        span, zoomed = self._zoom or (0.0, self._whole()), self._zoom is not None
        self.curves.draw(self._history, curves, beneath, span, zoomed)
        self.tools.shares.setVisible(self.curves.has_shares)
        self._show_keys()

    def _show_keys(self) -> None:
        self.curves.show_keys(self._cursor, self._beneath[0] if self._beneath else "")

    def _restyle(self, *_args: Any) -> None:
        self.curves.restyle()
        self._drawn = ()
        self.refresh()

    # -- events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        low, high = self._zoom or (0.0, self._whole())
        here = data.end(self._history) if self._cursor is None else self._cursor
        quarter = (high - low) / 4
        moves: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Left: lambda: self.read(max(low, math.ceil(here) - 1.0)),
            Qt.Key.Key_Right: lambda: self.read(min(high, math.floor(here) + 1.0)),
            Qt.Key.Key_Plus: lambda: self.zoom(low + quarter, high - quarter),
            Qt.Key.Key_Minus: lambda: self.zoom(low - quarter, high + quarter),
            Qt.Key.Key_Home: self._show_whole,
        }
        if event.key() in moves:
            moves[event.key()]()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addActions(list(self.tools.actions.values()))
        menu.exec(event.globalPos())

    def sizeHint(self) -> QSize:
        return QSize(800, 520)


def _name_of(path: Path, own: Path | None) -> tuple[str, str]:
    """What tells a run from the one at ``own``, and its whole name.

    Raises:
        UserError: the run is gone, or damaged.
    """
    name = RunName.of(Run.open(path))
    if own is None:
        return name.short, name.full
    return name.beside(RunName.of(Run.open(own))), name.full
