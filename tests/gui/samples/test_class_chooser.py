"""Choosing a class by keyboard: what is typed, what Enter takes, and new names."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from transfergui.gui.samples.class_chooser import ClassChooser

NAMES = ["ant", "bee", "beetle", "Wasp"]
NOTHING = ""


@pytest.fixture
def chooser(qtbot: QtBot) -> ClassChooser:
    chooser = ClassChooser("Relabel 2 pictures", NAMES, current="ant")
    qtbot.addWidget(chooser)
    chooser.show()
    return chooser


def rows(chooser: ClassChooser) -> list[str]:
    model = chooser.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("typed", "listed", "taken"),
    [
        pytest.param("wa", ["Wasp", "New class “wa”"], "Wasp", id="the only match"),
        pytest.param("WASP", ["Wasp", "New class “WASP”"], "Wasp", id="whatever the case"),
        pytest.param("bee", ["bee", "beetle"], "bee", id="the exact name of several"),
        pytest.param("be", ["bee", "beetle", "New class “be”"], NOTHING, id="several"),
        pytest.param("cricket", ["New class “cricket”"], "cricket", id="a new class"),
        pytest.param("  ", NAMES, NOTHING, id="nothing typed"),
    ],
)
def test_enter_takes_what_is_clear(
    qtbot: QtBot, chooser: ClassChooser, typed: str, listed: list[str], taken: str
) -> None:
    accepted: list[str] = []
    chooser.accepted.connect(lambda: accepted.append(chooser.chosen()))
    qtbot.keyClicks(chooser.name, typed)
    assert rows(chooser) == listed
    ok = chooser._buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert ok.isEnabled() is bool(taken)
    qtbot.keyClick(chooser.name, Qt.Key.Key_Return)
    assert accepted == ([taken] if taken else [])
    assert chooser.isVisible() is not bool(taken)


def test_arrow_keys_choose_among_several_matches(qtbot: QtBot, chooser: ClassChooser) -> None:
    accepted: list[str] = []
    chooser.accepted.connect(lambda: accepted.append(chooser.chosen()))
    qtbot.keyClicks(chooser.name, "be")
    assert "2 classes match" in chooser._hint.text()
    qtbot.keyClick(chooser.name, Qt.Key.Key_Down)
    qtbot.keyClick(chooser.name, Qt.Key.Key_Down)
    assert chooser._hint.text() == "Press Enter to choose “beetle”."
    qtbot.keyClick(chooser.name, Qt.Key.Key_Return)
    assert accepted == ["beetle"]


def test_a_new_class_beside_a_match_is_one_key_away(qtbot: QtBot, chooser: ClassChooser) -> None:
    qtbot.keyClicks(chooser.name, "as")
    assert chooser.chosen() == "Wasp"
    qtbot.keyClick(chooser.name, Qt.Key.Key_Down)
    assert chooser.chosen() == "as"
    assert chooser._hint.text() == "Press Enter to create the class “as”."


def test_enter_in_the_list_takes_it_once(qtbot: QtBot, chooser: ClassChooser) -> None:
    accepted: list[str] = []
    chooser.accepted.connect(lambda: accepted.append(chooser.chosen()))
    chooser.list.setFocus()
    chooser.list.setCurrentIndex(chooser.list.model().index(0, 0))
    qtbot.keyClick(chooser.list, Qt.Key.Key_Down)
    qtbot.keyClick(chooser.list, Qt.Key.Key_Return)
    assert accepted == ["bee"]


def test_escape_changes_nothing(qtbot: QtBot, chooser: ClassChooser) -> None:
    accepted: list[str] = []
    chooser.accepted.connect(lambda: accepted.append(chooser.chosen()))
    qtbot.keyClicks(chooser.name, "wa")
    qtbot.keyClick(chooser, Qt.Key.Key_Escape)
    assert accepted == []
    assert not chooser.isVisible()
