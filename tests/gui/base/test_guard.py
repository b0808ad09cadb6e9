"""An exception in anything that Qt calls back is a bug report, and Qt goes on."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QTableView, QWidget
from pytestqt.qtbot import QtBot

import transfergui.gui
from transfergui.gui.base import errors, guard


def classes() -> Iterator[type]:
    """Every class of the window that Qt knows."""
    for module in pkgutil.walk_packages(transfergui.gui.__path__, "transfergui.gui."):
        for _name, found in inspect.getmembers(importlib.import_module(module.name)):
            if inspect.isclass(found) and found.__module__ == module.name:
                yield found


CALLBACKS = [
    (made, name)
    for made in dict.fromkeys(classes())
    if issubclass(made, QObject)
    for name in guard.overrides(made)
]


def test_there_are_callbacks() -> None:
    named = {f"{made.__name__}.{name}" for made, name in CALLBACKS}
    assert len(named) > 80
    assert {"RowsModel.data", "_BarDelegate.paint", "MainWindow.closeEvent"} <= named
    assert {"ScrollColumn.eventFilter", "ElidedLabel.paintEvent"} <= named


def test_each_is_guarded(qapp: QApplication, bugs: list[str]) -> None:
    """Called with nothing that it needs, it raises inside; nothing comes out."""
    for made, name in CALLBACKS:
        assert hasattr(vars(made)[name], guard.MARK), f"{made.__name__}.{name}"
        vars(made)[name](object())


def fails(*_anything: Any) -> Any:
    raise ZeroDivisionError("raised inside")


def made_here(base: type, **methods: Callable[..., Any]) -> Any:
    """An object of a class as the program's own are."""
    return type("Made", (base,), {"__module__": "transfergui.gui.made", **methods})()


def reported(bugs: list[str]) -> bool:
    QCoreApplication.processEvents()
    return any("raised inside" in bug for bug in bugs)


def test_model_data(qtbot: QtBot, bugs: list[str]) -> None:
    size = {"rowCount": lambda *_: 3, "columnCount": lambda *_: 2}
    model, view = made_here(QAbstractTableModel, **size, data=fails), QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.show()
    qtbot.waitExposed(view)
    view.sizeHintForColumn(0)  # what Qt asks meanwhile must not be raised here
    view.grab()
    assert reported(bugs)


def test_model_size(qtbot: QtBot, bugs: list[str]) -> None:
    model, view = made_here(QAbstractTableModel, rowCount=fails, columnCount=fails), QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    assert model.rowCount() == 0
    assert reported(bugs)


def test_delegates(qtbot: QtBot, bugs: list[str]) -> None:
    model = made_here(
        QAbstractTableModel, rowCount=lambda *_: 3, columnCount=lambda *_: 2, data=lambda *_: None
    )
    view, delegate = QTableView(), made_here(QStyledItemDelegate, paint=fails, sizeHint=fails)
    qtbot.addWidget(view)
    view.setItemDelegate(delegate)
    view.setModel(model)
    view.resizeRowsToContents()
    view.grab()
    assert reported(bugs)


def paints_and_fails(self: QWidget, event: QEvent) -> None:
    painter = QPainter(self)
    painter.drawPoint(1, 1)
    fails()


def test_painting(qtbot: QtBot, bugs: list[str]) -> None:
    """The painter that was open has ended before Qt goes on to paint."""
    widget = made_here(QWidget, paintEvent=paints_and_fails, sizeHint=fails)
    qtbot.addWidget(widget)
    widget.show()
    widget.adjustSize()
    for _time in range(3):
        widget.grab()
    assert reported(bugs)


@pytest.mark.parametrize("name", ["event", "showEvent", "resizeEvent", "changeEvent"])
def test_events(name: str, qtbot: QtBot, bugs: list[str]) -> None:
    widget = made_here(QWidget, **{name: fails})
    qtbot.addWidget(widget)
    widget.show()
    widget.resize(50, 60)
    widget.setEnabled(False)
    assert widget.isVisible()
    assert reported(bugs)


def test_event_filters(qtbot: QtBot, bugs: list[str]) -> None:
    widget, watcher = QWidget(), made_here(QObject, eventFilter=fails)
    qtbot.addWidget(widget)
    widget.installEventFilter(watcher)
    widget.show()
    assert widget.isVisible()
    assert reported(bugs)


class Emitter(QObject):
    signal = Signal()


def test_slots_and_timers(qtbot: QtBot, bugs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The next slot is called all the same."""
    monkeypatch.setattr("sys.excepthook", None)
    errors.install()
    emitter, called = Emitter(), []
    emitter.signal.connect(fails)
    emitter.signal.connect(lambda: called.append(True))
    with qtbot.captureExceptions():
        errors.install()  # instead of the hook of the tests
        emitter.signal.emit()
        assert called == [True]
        assert reported(bugs)
        bugs.clear()
        QTimer.singleShot(0, fails)
        qtbot.waitUntil(lambda: reported(bugs))


def test_a_report_does_not_open_amid_painting(qtbot: QtBot, bugs: list[str]) -> None:
    """A dialog that is made in a paint event ends the process."""
    errors.report_bug(ZeroDivisionError("raised inside"))
    assert bugs == []
    assert reported(bugs)
