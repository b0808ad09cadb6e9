"""In a language that is 40 % longer than English nothing is cut, and the window stays small."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from tests import pseudo
from tests.gui import finished
from tests.gui.conftest import open_data
from tests.gui.test_layout import cut
from transfergui.core.base import i18n
from transfergui.gui.base import tasks
from transfergui.gui.panels import STAGES
from transfergui.gui.parts.term_label import TermLabel
from transfergui.gui.shell.main_window import MainWindow

WIDTH, HEIGHT = 1280, 760


@pytest.fixture
def _longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_translations", pseudo.Pseudo())


def narrow_buttons(widget: QWidget) -> Iterator[str]:
    """Texts of the buttons that have no room for them."""
    for button in widget.findChildren(QPushButton):
        if button.isVisible() and button.text():
            text = QFontMetrics(button.font()).size(Qt.TextFlag.TextShowMnemonic, button.text())
            if text.width() > button.width():
                yield button.text()


@pytest.mark.usefixtures("_longer")
def test_nothing_is_cut_in_a_longer_language(
    qtbot: QtBot, window: MainWindow, pictures: Path
) -> None:
    open_data(qtbot, window.session, pictures)
    assert tasks.wait_all()
    assert window.session.plan is not None
    window.session.open_run(finished.finished_run(window.session.plan).path)
    assert tasks.wait_all()
    window.resize(WIDTH, HEIGHT)
    found = {}
    for row in STAGES:
        window.stage.show_stage(row.key)
        assert tasks.wait_all()
        qtbot.wait(30)
        found[row.key] = [*narrow_buttons(window), *cut(window)]
        assert window.minimumSizeHint().width() <= WIDTH, row.key
        assert window.width() == WIDTH, row.key
    assert {key: texts for key, texts in found.items() if texts} == {}


@pytest.mark.usefixtures("_longer")
def test_the_window_speaks_one_language(qtbot: QtBot, window: MainWindow, pictures: Path) -> None:
    """What is seen without accents cannot be translated: names of the user's data alone."""
    open_data(qtbot, window.session, pictures)
    seen = set()
    for row in STAGES:
        window.stage.show_stage(row.key)
        assert tasks.wait_all()
        for widget in window.findChildren(QWidget):
            text = getattr(widget, "text", None)
            seen |= {str(text())} if callable(text) and widget.isVisible() else set()
            seen |= {widget.toolTip(), widget.accessibleName()} if widget.isVisible() else set()
            if isinstance(widget, QTableView) and widget.model() is not None:
                titles = range(widget.model().columnCount())
                across = Qt.Orientation.Horizontal
                seen |= {str(widget.model().headerData(i, across) or "") for i in titles}
    plain = {word for text in seen for word in pseudo.untranslated(text)}
    assert plain <= set(OWN), plain - set(OWN)


OWN = ("shapes", "class", "TGNet", "TransferGUI", "Scroll", "Left", "Right")
"""Names of the data, of backbones, of the program; and what Qt translates, in its own tabs."""


def test_every_term_has_its_explanation_and_tab_reaches_it(
    qtbot: QtBot, window: MainWindow, pictures: Path
) -> None:
    """The label of a field is explained where the focus is: at the field."""
    open_data(qtbot, window.session, pictures)
    terms, tab = [], Qt.FocusPolicy.TabFocus
    for row in STAGES:
        window.stage.show_stage(row.key)
        assert tasks.wait_all()
        terms = window.findChildren(TermLabel)
    explained = [term for term in terms if term.explanation]
    assert len(explained) > 20
    beside = [t for t in explained if not t.focusPolicy() & tab]
    assert [t.text() for t in beside if not (t.buddy() and t.buddy().toolTip())] == []
