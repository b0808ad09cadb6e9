"""The language of Qt's own texts is that of the program."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from transfergui.core.base import i18n
from transfergui.gui.shell import app


@pytest.fixture
def _own_language(qapp: QApplication) -> Iterator[None]:
    """Whatever a test chooses is taken back."""
    before = QLocale()
    yield
    QLocale.setDefault(before)
    i18n.use_language("en")
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)


def _texts(qtbot: QtBot) -> list[str]:
    """Of each kind of text that Qt writes itself."""
    dialog, message, files, line = QDialogButtonBox(), QMessageBox(), QFileDialog(), QLineEdit()
    for widget in (dialog, message, files, line):
        qtbot.addWidget(widget)
    files.setOption(QFileDialog.Option.DontUseNativeDialog)
    standard = QDialogButtonBox.StandardButton
    buttons = [dialog.addButton(kind) for kind in (standard.Cancel, standard.Close)]
    buttons.append(message.addButton(QMessageBox.StandardButton.Yes))
    menu = line.createStandardContextMenu()
    found = [button.text() for button in buttons]
    found += [files.labelText(QFileDialog.DialogLabel.LookIn), menu.actions()[0].text()]
    menu.deleteLater()
    return [text.replace("&", "").partition("\t")[0] for text in found]


@pytest.mark.parametrize("language", ["de_DE", "fr_FR"])
@pytest.mark.usefixtures("_own_language")
def test_qt_writes_english_where_the_program_does(
    language: str, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSFERGUI_LANGUAGE", language)
    QLocale.setDefault(QLocale(language))
    i18n.use_language()
    app._translate_qt(qapp)
    assert _texts(qtbot) == ["Cancel", "Close", "Yes", "Look in:", "Undo"]


@pytest.mark.usefixtures("_own_language")
def test_qt_is_translated_where_the_program_is(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    assert own.load(QLocale("de_DE"), "qtbase", "_", folder)  # PySide6 brings them
    monkeypatch.setenv("TRANSFERGUI_LANGUAGE", "de_DE")
    monkeypatch.setattr(i18n, "is_translated", lambda: True)
    app._translate_qt(qapp)
    assert _texts(qtbot)[0] == "Abbrechen"
