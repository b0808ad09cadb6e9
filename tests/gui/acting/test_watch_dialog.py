"""The dialog that watches a folder: begins, lists, stops, and says what is wrong."""

from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from tests.core.made_runs import make_run
from transfergui.core.watching import arrivals
from transfergui.gui.acting import folder_watch
from transfergui.gui.acting.watch_dialog import WatchDialog


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WatchDialog:
    monkeypatch.setattr(folder_watch, "warm_up", lambda: None)
    monkeypatch.setattr(arrivals, "SETTLE", 0.0)
    run = make_run(tmp_path / "run", ("cat", "dog"))
    (tmp_path / "in").mkdir()
    dialog = WatchDialog(run.path, "pets", 0)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_new_files_are_listed_until_it_is_stopped(
    qtbot: QtBot, dialog: WatchDialog, tmp_path: Path
) -> None:
    assert not dialog.start.isEnabled()
    dialog.form.folder.field.setText(str(tmp_path / "in"))
    assert dialog.form.to.path == str(tmp_path / "in_sorted")  # proposed
    assert dialog.start.isEnabled()
    dialog.form.to.field.setText(str(tmp_path / "out"))
    (tmp_path / "in" / "notes.txt").touch()
    dialog.form.how.button(1).setChecked(True)  # move
    Image.new("RGB", (40, 40), "red").save(tmp_path / "in" / "a.png")
    dialog.start.click()
    assert not dialog.form.isEnabled()
    qtbot.waitUntil(lambda: "1 prediction." in dialog.said.text(), timeout=20_000)
    assert "1 file of another kind is left alone." in dialog.said.text()
    item = dialog.files.topLevelItem(0)
    assert item is not None
    assert item.text(1) == "a.png"
    assert Path(item.toolTip(1)).is_file()
    assert not (tmp_path / "in" / "a.png").exists()
    dialog.start.click()
    qtbot.waitUntil(dialog.start.isEnabled, timeout=20_000)
    assert dialog.form.isEnabled()
    assert not dialog.watch.running


def test_what_is_wrong_is_said(qtbot: QtBot, dialog: WatchDialog, tmp_path: Path) -> None:
    for field in (dialog.form.folder, dialog.form.to):
        field.field.setText(str(tmp_path / "in"))
    dialog.form.how.button(3).setChecked(True)
    options = dialog.form.watch_options()
    assert options is not None
    assert (options.table_only, options.new_only) == (True, False)
    dialog.press()
    qtbot.waitUntil(lambda: "cannot be watched" in dialog.said.text(), timeout=20_000)
    assert dialog.start.isEnabled()
