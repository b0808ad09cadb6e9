"""The language of Qt's own texts is that of the program."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QLibraryInfo, QLocale, QMetaMethod, QObject, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.gui import finished
from tests.gui.conftest import FakeTrainer, end, estimated, open_data, rest
from tests.gui.theme import use_light_theme
from transfergui.core.base import i18n, paths
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.base.settings import Settings
from transfergui.gui.panels import training as training_panel
from transfergui.gui.session.session import Session
from transfergui.gui.shell import languages
from transfergui.gui.shell.main_window import MainWindow

Trained = Callable[[str], Run]


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
    languages._translate_qt(qapp)
    assert _texts(qtbot) == ["Cancel", "Close", "Yes", "Look in:", "Undo"]


@pytest.mark.usefixtures("_own_language")
def test_qt_is_translated_where_the_program_is(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    assert own.load(QLocale("de_DE"), "qtbase", "_", folder)  # PySide6 brings them
    monkeypatch.setattr(i18n, "language", lambda: "de_DE")
    monkeypatch.setattr(i18n, "is_translated", lambda: True)
    languages._translate_qt(qapp)
    assert _texts(qtbot)[0] == "Abbrechen"


@pytest.mark.usefixtures("_own_language")
def test_figures_and_buttons_are_in_the_language_that_is_chosen(
    qapp: QApplication, qtbot: QtBot
) -> None:
    languages.use(qapp, "zh_CN")
    assert QLocale().language() is QLocale.Language.Chinese
    assert _texts(qtbot)[:2] == ["取消", "关闭"]
    assert _texts(qtbot)[-2].startswith("查找范围")  # not in Qt's own catalogue
    languages.use(qapp, "en")
    assert QLocale().language() is not QLocale.Language.Chinese
    assert _texts(qtbot)[:2] == ["Cancel", "Close"]


# -- the window in another language


def _shown(window: MainWindow) -> list[str]:
    """Every text of the window that is seen now."""
    widgets = [w for w in window.findChildren(QWidget) if w.isVisible()]
    texts = [w.text() for w in widgets if isinstance(w, QLabel | QAbstractButton | QLineEdit)]
    return sorted(text for text in texts if text)


@pytest.fixture
def windows(
    qtbot: QtBot, qapp: QApplication, trainer: FakeTrainer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[languages.Windows]:
    """The window, shown, of which another can take the place."""
    monkeypatch.setattr(training_panel, "_estimate", lambda plan: estimated(42.0))
    use_light_theme(qapp)
    windows = languages.Windows(qapp, Session(source=trainer), Settings())
    windows.current.show()
    yield windows
    end(qtbot, windows.current.session, trainer)
    windows.current.close()
    windows.current.deleteLater()
    assert tasks.wait_all()


def _assert_letters_differ(menu: QMenu | QMenuBar) -> None:
    """No two entries of a menu, or of a menu in it, are reached by the same letter."""
    letters = [
        found[1].lower()
        for action in menu.actions()
        if (found := re.search(r"&(\w)", action.text())) is not None
    ]
    assert len(letters) == len(set(letters)), [action.text() for action in menu.actions()]
    for action in menu.actions():
        if isinstance(below := action.menu(), QMenu):
            _assert_letters_differ(below)


@pytest.mark.usefixtures("_own_language")
def test_each_entry_of_a_menu_has_a_letter_of_its_own(
    qtbot: QtBot, windows: languages.Windows
) -> None:
    _assert_letters_differ(windows.current.menuBar())
    _assert_letters_differ(_reopened(qtbot, windows, "zh_CN").menuBar())


def _reopened(qtbot: QtBot, windows: languages.Windows, language: str) -> MainWindow:
    former = windows.current
    windows.use_language(language)
    changed = lambda: windows.current is not former and not shiboken6.isValid(former)  # noqa: E731
    qtbot.waitUntil(changed, timeout=30_000)
    qtbot.wait(50)
    assert tasks.wait_all()
    return windows.current


def _listeners(source: QObject) -> dict[str, int]:
    """How many listen to each signal of an object that outlives the window, and of its parts."""
    found = {}
    for each in (source, *source.findChildren(QObject)):
        meta = each.metaObject()
        for at in range(meta.methodCount()):
            if (method := meta.method(at)).methodType() is QMetaMethod.MethodType.Signal:
                signature = method.methodSignature().data().decode()
                name = f"{meta.className()}.{signature}"
                found[name] = found.get(name, 0) + each.receivers(f"2{signature}")
    return found


@pytest.mark.usefixtures("_own_language")
def test_a_window_that_is_gone_listens_no_more(qtbot: QtBot, windows: languages.Windows) -> None:
    session = windows.current.session
    _reopened(qtbot, windows, "en")  # what is made at the first need is made
    before = _listeners(session)
    assert max(before.values()) > 5
    _reopened(qtbot, windows, "en")
    now = _listeners(session)
    assert {
        name: now[name] - before.get(name, 0) for name in now if now[name] != before[name]
    } == {}


@pytest.mark.usefixtures("_own_language")
def test_nothing_is_lost_in_another_language(
    qtbot: QtBot, windows: languages.Windows, trainer: FakeTrainer, pictures: Path
) -> None:
    session = windows.current.session
    open_data(qtbot, session, pictures)
    recipe = session.recipe.replace(run__epochs=7)
    session.change(recipe, "Set the epochs")
    trainer.hold.clear()
    session.start_training()
    qtbot.waitUntil(lambda: session.history.started is not None)
    for key in ("data", "live"):
        windows.current.stage.show_stage(key)
        qtbot.wait(50)
        before = _shown(windows.current)
        assert _shown(_reopened(qtbot, windows, "en")) == before
        assert windows.current.stage.key == key
    window = _reopened(qtbot, windows, "zh_CN")
    assert session.training
    trainer.hold.set()
    rest(qtbot, session)
    assert window.stage.key == "results"
    assert session.recipe == recipe
    session.undo_stack.undo()
    assert session.recipe != recipe
    assert json.loads((paths.settings_dir() / "settings.json").read_text())["language"] == "zh_CN"


@pytest.mark.usefixtures("_own_language")
def test_predictions_stay(qtbot: QtBot, windows: languages.Windows, trained: Trained) -> None:
    run = trained("one_class")
    windows.current.session.open_run(run.path)
    assert tasks.wait_all(60)
    stage = windows.current.stage
    stage.show_stage("predict")
    predict = stage.widget_of("predict")
    predict.choose_model(run.path)
    predict.predict([Path(run.split.root)])
    assert tasks.wait_all(60)
    rows = predict.table.rows.rows
    assert rows
    predict = _reopened(qtbot, windows, "en").stage.widget_of("predict")
    assert predict.table.rows.rows == rows
    assert predict.table.isVisible()


@pytest.mark.usefixtures("_own_language")
def test_an_offer_is_made_again(qtbot: QtBot, windows: languages.Windows, pictures: Path) -> None:
    session = windows.current.session
    open_data(qtbot, session, pictures)
    assert tasks.wait_all()
    assert session.plan is not None
    finished.finished_run(session.plan, "cancelled")
    windows.current.offers.look_for_unfinished()
    assert tasks.wait_all()
    before = windows.current.cards["training"].bar.text.text()
    after = _reopened(qtbot, windows, "en").cards["training"].bar
    assert after.offers
    assert after.text.text() == before


@pytest.mark.usefixtures("_own_language")
def test_what_is_chosen_in_pages_stays(
    qtbot: QtBot, windows: languages.Windows, trained: Trained
) -> None:
    opened = trained("one_class")
    other = Run(Path(shutil.copytree(opened.path, paths.runs_dir() / "other")))
    windows.current.session.open_run(opened.path)
    assert tasks.wait_all(60)
    stage = windows.current.stage
    for key in ("export", "results", "runs"):
        stage.show_stage(key)
        assert tasks.wait_all(60)
    stage.widget_of("export").choose(other.path)
    assert tasks.wait_all(60)
    stage.widget_of("results").head.unfold(True)
    stage.widget_of("runs").filter.group.setChecked(True)
    after = _reopened(qtbot, windows, "zh_CN").stage
    assert after.widget_of("export").models.currentData() == other.path
    assert after.widget_of("results").head.unfolded
    assert after.widget_of("runs").filter.group.isChecked()
