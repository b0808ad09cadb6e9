"""Dialogs for files begin in the folder last used for their purpose, also after a restart."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeTrainer, end, rest
from transfergui.core import registry
from transfergui.core.base import paths
from transfergui.gui.base import file_dialogs, tasks
from transfergui.gui.base.settings import Settings
from transfergui.gui.networks.backbone_chooser import BackboneChooser
from transfergui.gui.panels.predict import PredictStage
from transfergui.gui.session.session import Session
from transfergui.gui.shell.main_window import MainWindow

NAMES = ("getExistingDirectory", "getOpenFileName", "getOpenFileNames", "getSaveFileName")
NAME = "answers.csv"


class Dialogs:
    """In the place of the system's dialogs.

    Attributes:
        starts: where each began.
        answer: what is chosen; empty cancels.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.starts: list[Path] = []
        self.answer = ""
        for name in NAMES:
            monkeypatch.setattr(QFileDialog, name, self._ask(name))

    def _ask(self, name: str) -> Callable[..., object]:
        def ask(_parent: QWidget, _title: str, start: str, _kinds: str = "") -> object:
            self.starts.append(Path(start))
            if name == "getOpenFileNames":
                return [self.answer] if self.answer else [], ""
            return self.answer if name == "getExistingDirectory" else (self.answer, "")

        return ask


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Dialogs:
    return Dialogs(monkeypatch)


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@dataclass(frozen=True)
class Way:
    """One of the ways to ask; ``ends`` is what the place where it begins ends with."""

    ask: Callable[[QWidget], object]
    ends: str = ""


WAYS = {
    "folder": Way(lambda parent: file_dialogs.ask_folder(parent, "t", "data")),
    "file": Way(lambda parent: file_dialogs.ask_file(parent, "t", "data", "")),
    "files": Way(lambda parent: file_dialogs.ask_files(parent, "t", "data", "")),
    "target": Way(lambda parent: file_dialogs.ask_target(parent, "t", "data", NAME, ""), NAME),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_it_begins_where_the_last_one_ended_and_at_home_when_that_is_gone(
    parent: QWidget, asked: Dialogs, tmp_path: Path, way: Way
) -> None:
    used = tmp_path / "used"
    used.mkdir()
    way.ask(parent)
    asked.answer = str(used / "beetles")
    way.ask(parent)
    asked.answer = ""
    way.ask(parent)  # cancelled: it changes nothing
    way.ask(parent)
    shutil.rmtree(used)
    way.ask(parent)
    home = paths.home()
    wanted = [home, home, used, used, home]
    assert asked.starts == [folder / way.ends for folder in wanted]


def test_each_purpose_has_a_folder_of_its_own(
    parent: QWidget, asked: Dialogs, tmp_path: Path
) -> None:
    asked.answer = str(tmp_path / "beetles")
    file_dialogs.ask_folder(parent, "t", "data")
    asked.answer = ""
    file_dialogs.ask_file(parent, "t", "data", "")
    file_dialogs.ask_file(parent, "t", "weights", "")
    file_dialogs.ask_folder(parent, "t", "run", tmp_path)
    file_dialogs.ask_folder(parent, "t", "run", tmp_path / "gone")
    assert asked.starts[1:] == [tmp_path, paths.home(), tmp_path, paths.home()]


def test_settings_with_any_text_for_a_folder_begin_at_home(parent: QWidget, asked: Dialogs) -> None:
    file_dialogs.folders.keep_in({"data": "a\0b"})
    file_dialogs.ask_folder(parent, "t", "data")
    assert asked.starts == [paths.home()]


def test_the_folder_is_known_after_a_restart(
    qtbot: QtBot, window: MainWindow, trainer: FakeTrainer, asked: Dialogs, pictures: Path
) -> None:
    asked.answer = str(pictures)
    window.opening.open_folder()
    rest(qtbot, window.session)
    assert Settings().remembered.folders == {"data": str(pictures.parent)}
    asked.answer = ""
    session = Session()
    again = MainWindow(session, Settings())
    again.opening.open_file()
    assert asked.starts == [paths.home(), pictures.parent]
    end(qtbot, session, trainer)
    again.close()
    again.deleteLater()


def test_every_command_asks_for_its_purpose(
    qtbot: QtBot, window: MainWindow, asked: Dialogs, tmp_path: Path, pictures: Path
) -> None:
    """Whoever asks; what is written, and the models that are opened again, share the last one."""
    for purpose in ("data", "run", "model", "predict", "answers", "weights", "curves"):
        (tmp_path / purpose).mkdir()
        file_dialogs.folders.remember(purpose, tmp_path / purpose / "x")  # type: ignore[arg-type]
    chooser = BackboneChooser(registry.modality(window.session.recipe.modality), "auto")
    qtbot.addWidget(chooser)
    predict = window.stage.widget_of("predict")
    assert isinstance(predict, PredictStage)
    live = window.stage.widget_of("live")
    window.opening.open_folder()
    window.opening.open_file()
    window.opening.open_run()
    predict.model_row.ask()
    predict._ask_files()
    predict._ask_folder()
    predict.output.ask()
    chooser.choose_file()
    chooser.choose_folder()
    live.plot.export.ask("png")  # type: ignore[attr-defined]
    found = [(start if start.is_dir() else start.parent).name for start in asked.starts]
    wanted = ["data", "data", "run", "curves", "predict", "predict", "curves", "weights"]
    assert found == [*wanted, "weights", "curves"]
    assert tasks.wait_all()


def test_a_new_folder_may_have_a_name_that_nobody_has(qtbot: QtBot, tmp_path: Path) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    dialog = file_dialogs.NewFolderDialog(host, "t", str(tmp_path))
    dialog.show()
    name, box = dialog.findChild(QLineEdit), dialog.findChild(QDialogButtonBox)
    assert name is not None and box is not None
    qtbot.keyClicks(name, "brand new")
    (button,) = (b for b in box.buttons() if box.buttonRole(b) is box.ButtonRole.AcceptRole)
    assert button.isEnabled()
    button.click()
    assert not dialog.isVisible() and dialog.selectedFiles() == [str(tmp_path / "brand new")]
    assert not (tmp_path / "brand new").exists()
