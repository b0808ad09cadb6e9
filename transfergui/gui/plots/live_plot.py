"""Loss above accuracy above the learning rate, while a training runs and afterwards.

Arrival is not drawing: events fill a :class:`~transfergui.core.runs.history.History`
elsewhere, and whoever shows the plot asks it now and then to draw what changed.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPalette,
    QPixmap,
    QShowEvent,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.runs.events import Started
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run
from transfergui.gui.base import file_dialogs, style, tasks
from transfergui.gui.base.run_names import RunName
from transfergui.gui.base.tasks import Task
from transfergui.gui.plots import curve_data as data
from transfergui.gui.plots.curve_panel import CurvePanel

PICTURE_SCALE = 2

TIPS = {
    "log": N_(
        "Show the loss on a logarithmic scale, on which small differences late in the training "
        "can be seen."
    ),
    "rate": N_("Show how big the steps of learning are, and how they change."),
    "remove": N_("Take away the run that is laid under this one for comparison."),
    "reset": N_("Show the whole training again (Home)."),
}


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
        self.setAccessibleName(_("Curves of the training"))
        self._build()
        style.theme.changed.connect(self._restyle)
        self._restyle()

    # -- what is shown

    def show_history(self, history: History) -> None:
        """Show this training from now on; what is added to it later, with :meth:`refresh`."""
        self._reader = data.CurveReader(history)
        self._zoom = self._cursor = None
        for panel in self._panels:
            panel.forget()
        self.refresh()

    def lay_under(self, name: str, history: History | None) -> None:
        """Show another training behind the current one, or none."""
        self._name.cancel()
        self._beneath = None if history is None else (name, data.CurveReader(history))
        if history is not None and history.started is not None:
            self._name.start(Path(history.started.run))
        self._remove.setVisible(history is not None)
        self.refresh()

    def _rename_beneath(self, name: str) -> None:
        """What people call it, instead of its folder."""
        if self._beneath is not None:
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
        self._reset.setEnabled(self._zoom is not None)
        self.refresh()

    def read(self, x: float | None) -> None:
        """Put the cursor at ``x`` epochs and say the values there; None takes it away."""
        self._cursor = x
        self._show_keys()

    # -- saving

    def picture(self) -> QPixmap:
        """The plots as they are, at twice the size in pixels."""
        pixmap = QPixmap(self._canvas.size() * PICTURE_SCALE)
        pixmap.setDevicePixelRatio(PICTURE_SCALE)
        pixmap.fill(style.colour("surface"))
        self._canvas.render(pixmap)
        return pixmap

    def save(self, path: Path) -> None:
        """Write PNG, SVG or CSV, as the name ends, in the background; see ``failed``."""
        makers: dict[str, Callable[[], bytes]] = {".svg": self._svg, ".csv": self._csv}
        made = makers.get(path.suffix.lower(), self._png)()
        tasks.run(self, lambda: _write(path, made), lambda nothing: None, self.failed.emit)

    def _png(self) -> bytes:
        buffer = QBuffer()
        self.picture().save(buffer, "PNG")
        return bytes(buffer.data().data())

    def _svg(self) -> bytes:
        buffer = QBuffer()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(self._canvas.size())
        generator.setViewBox(self._canvas.rect())
        generator.setTitle(_("Curves of the training"))
        painter = QPainter(generator)
        painter.fillRect(self._canvas.rect(), style.colour("surface"))
        self._canvas.render(painter, QPointF().toPoint())
        painter.end()
        return bytes(buffer.data().data())

    def _csv(self) -> bytes:
        return data.to_table(self._history).encode("utf-8", "surrogateescape")

    # -- building

    def _build(self) -> None:
        self._loss = CurvePanel("loss", _("loss"), 0.93, self)
        self._accuracy = CurvePanel("accuracy", _("accuracy, %"), 0.45, self)
        self._rate = CurvePanel("rate", _("rate"), 0.5, self)
        self._panels = (self._loss, self._accuracy, self._rate)
        self._canvas = QWidget(autoFillBackground=True)
        self._canvas.setBackgroundRole(QPalette.ColorRole.Base)
        stack = QVBoxLayout(self._canvas)
        stack.setContentsMargins(style.INSIDE, style.GAP, style.BETWEEN, style.GAP)
        stack.setSpacing(style.GAP)
        for panel, share in zip(self._panels, (5, 5, 3), strict=True):
            stack.addWidget(panel, share)
            panel.plot.zoomed.connect(self.zoom)
            panel.plot.pointed.connect(self.read)
        self._rate.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addLayout(self._tool_row())
        layout.addWidget(self._canvas, 1)

    def _tool_row(self) -> QHBoxLayout:
        self._actions = self._make_actions()
        row = QHBoxLayout()
        row.setSpacing(style.GAP)
        for name in ("log", "rate"):
            row.addWidget(_button(self._actions[name]))
        self._remove = _button(self._actions["remove"])
        self._remove.hide()
        row.addWidget(self._remove)
        row.addStretch(1)
        self._reset = _button(self._actions["reset"])
        self._reset.setEnabled(False)
        row.addWidget(self._reset)
        row.addWidget(self._save_button())
        return row

    def _make_actions(self) -> dict[str, QAction]:
        rows: tuple[tuple[str, str, bool, Callable[..., Any]], ...] = (
            ("log", N_("Log scale"), True, self._set_log),
            ("rate", N_("Learning rate"), True, self._show_rate),
            ("remove", N_("One run"), False, self._take_away),
            ("reset", N_("Whole training"), False, self._show_whole),
            ("png", N_("Save as picture (PNG)…"), False, lambda: self._ask("png")),
            ("svg", N_("Save as drawing (SVG)…"), False, lambda: self._ask("svg")),
            ("csv", N_("Save the figures (CSV)…"), False, lambda: self._ask("csv")),
            ("copy", N_("Copy picture"), False, self.copy_picture),
            ("copy_table", N_("Copy figures"), False, self.copy_table),
        )
        actions = {}
        for name, title, checkable, slot in rows:
            action = QAction(_(title), self, checkable=checkable)
            action.setToolTip(_(TIPS.get(name, title)))
            (action.toggled if checkable else action.triggered).connect(slot)
            actions[name] = action
        return actions

    def _save_button(self) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "tool")
        button.setText(_("Save or copy"))
        button.setToolTip(_("Save the plots as a picture or the figures as a table, or copy them."))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.addActions([self._actions[n] for n in ("png", "svg", "csv", "copy", "copy_table")])
        button.setMenu(menu)
        return button

    # -- what the actions do

    def copy_picture(self) -> None:
        """Put the plots on the clipboard, as a picture."""
        QGuiApplication.clipboard().setPixmap(self.picture())

    def copy_table(self) -> None:
        """Put the figures on the clipboard, as a table that spreadsheets take."""
        QGuiApplication.clipboard().setText(data.to_table(self._history, "\t"))

    def _ask(self, kind: str) -> None:
        title, kinds = _("Save the curves"), f"{kind.upper()} (*.{kind})"
        target, _kind = file_dialogs.ask_target(self, title, "curves", f"curves.{kind}", kinds)
        if target:
            self.save(target)

    def _set_log(self, on: bool) -> None:
        self._loss.set_log(on)
        self._drawn = ()
        self.refresh()

    def _show_rate(self, on: bool) -> None:
        self._rate.setVisible(on)
        self._name_axes()
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
            parts += [len(history.phases), history.started is None]
        return tuple(parts)

    def _whole(self) -> float:
        return max(data.epoch_limit(data.end(h), data.planned(h)) for h in self._histories())

    def _draw(self) -> None:
        curves = self._reader.read()
        beneath = self._beneath[1].read() if self._beneath else None
        low, high = self._zoom or (0.0, self._whole())
        for panel in self._panels:
            if panel.isVisibleTo(self):
                panel.draw(curves, beneath, low, high)
        started = self._history.started
        self._accuracy.mark_level(_baseline(started))
        self._mark()
        self._scale(curves, beneath, low, high)
        self._show_keys()

    def _name_axes(self) -> None:
        lowest = self._rate if self._rate.isVisibleTo(self) else self._accuracy
        for panel in self._panels:
            panel.name_axis(panel is lowest)

    def _scale(
        self, curves: data.Curves, beneath: data.Curves | None, low: float, high: float
    ) -> None:
        both = [curves] if beneath is None else [curves, beneath]
        bottom, top = data.loss_span(both, low, high)
        self._loss.set_span(bottom, top, zoomed=self._zoom is not None)
        started = self._history.started
        floor = data.accuracy_floor(both, _baseline(started))
        self._accuracy.plot.setYRange(floor, 100, padding=0.02)
        rates = curves["rate"][1]
        self._rate.plot.setYRange(0, data.whole_above(rates.max() if len(rates) else 1), padding=0)

    def _mark(self) -> None:
        best, phases = self._history.best, self._history.phases
        changes = [(float(p.epoch), _(p.name)) for p in phases if p.epoch > 0]
        self._loss.mark_lines(changes)
        text = (
            [] if best is None else [(float(best.epoch), _("best: epoch {n}").format(n=best.epoch))]
        )
        self._accuracy.mark_lines(text)
        loss = None if best is None else best.val_loss
        for panel, y in ((self._loss, loss), (self._accuracy, _percent(best))):
            panel.mark_best(best.epoch if best else None, y)

    def _show_keys(self) -> None:
        name = self._beneath[0] if self._beneath else ""
        for panel in self._panels:
            if panel.isVisibleTo(self):
                panel.show_key(self._cursor, name)
        at = "" if self._cursor is None else _("epoch {x:.1f}").format(x=self._cursor)
        self._loss.show_caption(at)

    def _restyle(self, *_args: Any) -> None:
        for panel in self._panels:
            panel.restyle()
        self._name_axes()
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
        menu.addActions(list(self._actions.values()))
        menu.exec(event.globalPos())

    def sizeHint(self) -> QSize:
        return QSize(800, 520)


def _percent(best: Any) -> float | None:
    return None if best is None or best.val_score is None else 100 * best.val_score


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setProperty("role", "tool")
    button.setDefaultAction(action)
    return button


def _name_of(path: Path) -> str:
    """
    Raises:
        UserError: the run is gone, or damaged.
    """
    return RunName.of(Run.open(path)).short


def _write(path: Path, made: bytes) -> None:
    """
    Raises:
        UserError: ``export.not_writable``.
    """
    try:
        files.write_atomic(path, made)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("export.not_writable", path=str(path), reason=reason) from None


def _baseline(started: Started | None) -> float | None:
    """The accuracy of always predicting one class, in per cent; None where it is not known."""
    if started is None or started.baseline is None:
        return None
    return 100 * started.baseline
