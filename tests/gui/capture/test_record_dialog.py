from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.captured import make_sound, make_video
from transfergui.gui.base import tasks
from transfergui.gui.capture import multimedia, recording
from transfergui.gui.capture.record_dialog import RecordDialog
from transfergui.gui.session.session import Session


@pytest.fixture(autouse=True)
def _no_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multimedia, "import_error", lambda: "not here")


@pytest.fixture
def dialog(qtbot: QtBot, session: Session, tmp_path: Path) -> RecordDialog:
    root = tmp_path / "mine"
    (root / "cup").mkdir(parents=True)
    (root / "cup" / "own.jpg").write_bytes(b"")
    dialog = recording.dialog(None, root, session)  # type: ignore[arg-type]
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    tasks.wait_all()
    return dialog


def start(qtbot: QtBot, dialog: RecordDialog, file: Path) -> None:
    dialog.panel.play(file)
    dialog.panel.switch.click()
    qtbot.waitUntil(dialog.hold.isEnabled)


def rest(qtbot: QtBot, dialog: RecordDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.recording and not dialog._finishing.isActive())


def pictures(dialog: RecordDialog, name: str) -> int:
    return len(list((dialog.root / name).glob("*.jpg")))


def test_pictures_are_taken_while_a_key_is_held_and_undone(
    qtbot: QtBot, dialog: RecordDialog, tmp_path: Path
) -> None:
    assert dialog.classes.names == ["cup"]
    assert not dialog.hold.isEnabled()
    dialog.classes.name.setText("spoon")
    dialog.classes.add.click()
    start(qtbot, dialog, make_video(tmp_path / "film.mp4"))
    dialog.rate.setValue(15)
    QTest.keyPress(dialog.classes.list, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: pictures(dialog, "spoon") > 1)
    QTest.keyRelease(dialog.classes.list, Qt.Key.Key_2)
    rest(qtbot, dialog)
    taken = pictures(dialog, "spoon")
    assert f"({taken})" in dialog.classes.list.item(1).text()
    assert dialog.open_data.isEnabled()
    dialog.undo.click()
    qtbot.waitUntil(lambda: not (dialog.root / "spoon").exists())
    tasks.wait_all()
    assert [path.name for path in dialog.root.rglob("*.jpg")] == ["own.jpg"]
    assert not dialog.undo.isEnabled()


def test_a_name_that_is_no_folder_is_refused(dialog: RecordDialog) -> None:
    for name in ("CUP", "a/b"):
        dialog.classes.name.setText(name)
        dialog.classes.add.click()
        assert dialog.classes.names == ["cup"]
        assert dialog.classes.problem.text()


def test_sounds_are_recorded_in_clips_and_opened_as_data(
    qtbot: QtBot, dialog: RecordDialog, tmp_path: Path
) -> None:
    opened: list[object] = []
    dialog.opened.connect(opened.append)
    dialog.kinds.setCurrentIndex(dialog.kinds.findData("audio"))
    dialog.kinds.activated.emit(dialog.kinds.currentIndex())
    tasks.wait_all()
    assert "pictures" in dialog.said.text()  # which are in the folder already
    dialog.length.setValue(0.2)
    start(qtbot, dialog, make_sound(tmp_path / "tone.wav"))
    dialog.press()
    dialog.release()  # the clip that was begun is taken to its end
    rest(qtbot, dialog)
    assert len(list((dialog.root / "cup").glob("*.wav"))) == 1
    dialog.open_data.click()
    assert opened == [dialog.root]
    assert not dialog.panel.running
