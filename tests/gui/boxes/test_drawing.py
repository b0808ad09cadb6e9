"""Boxes from nothing: a folder of pictures is drawn in by mouse and keys, and opened as data."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.conftest import rest
from tests.gui.pictures.test_editor import drag
from transfergui.core.base.errors import UserError
from transfergui.core.labelling import box_table
from transfergui.gui.acting.box_forms import BoxFilesForm
from transfergui.gui.base import tasks
from transfergui.gui.boxes.page import DrawPage
from transfergui.gui.labelling import work
from transfergui.gui.labelling.work import Opened
from transfergui.gui.panels.data import DataStage
from transfergui.gui.parts.empty_page import EmptyPage
from transfergui.gui.samples.sample_viewer import SampleViewer
from transfergui.gui.shell.main_window import MainWindow

Key, Held = Qt.Key, Qt.KeyboardModifier
COUNT = 6


def scene(folder: Path) -> None:
    """Pictures of one bright square each, but the last, which is empty."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(COUNT):
        data = rng.integers(0, 60, (60, 80, 3), np.uint8)
        if number < COUNT - 1:
            data[12:36, 8 + 8 * number : 32 + 8 * number] = 230
        Image.fromarray(data).save(folder / f"{number}.png")


def begun(qtbot: QtBot, window: MainWindow, folder: Path) -> DrawPage:
    window.opening.open_path(folder)
    rest(qtbot, window.session)
    assert isinstance(window.stage.over, EmptyPage)
    window.stage.over.more.click()
    assert tasks.wait_all()
    page = window.drawing.page
    assert page is not None and window.stage.over is page and not window._left.isVisible()
    return page


def left_without_room(window: MainWindow, page: DrawPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Boxes that cannot be saved are not left behind unasked."""

    def full(_table: object, opened: Opened) -> None:
        raise UserError("disk.full", path=str(opened.place), reason="full")

    with monkeypatch.context() as patch:
        patch.setattr(work, "save", full)
        window.undoing.undo()
        assert tasks.wait_all()
        window.drawing.train()
        page.head.leave.click()
        assert not window.close()
        assert tasks.wait_all()
        assert window.drawing.page is page and window.session.dataset is None
        assert page.bar.action.text() == "Leave without saving"
    window.undoing.redo()
    assert window.drawing.save()
    assert box_table.place(page.drawing.opened.source).is_file()


def test_boxes_are_drawn_from_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "photos"
    scene(folder)
    page = begun(qtbot, window, folder)
    assert not page.head.train.isEnabled() and page.classes.field.hasFocus()
    for name in ("dark", "bright"):
        qtbot.keyClicks(page.classes.field, name)
        qtbot.keyClick(page.classes.field, Key.Key_Return)
    for number in range(COUNT - 1):
        assert tasks.wait_all() and page.editor is not None
        canvas = page.editor.canvas
        x = 0.1 + 0.1 * number
        drag(canvas, [(x, 0.2), (x + 0.1, 0.4), (x + 0.3, 0.6)])
        if not number:
            qtbot.keyClick(canvas, Key.Key_1)
            qtbot.keyClick(canvas, Key.Key_2)
            page.classes.list.itemClicked.emit(page.classes.list.item(0))  # of the next box
            assert page.drawing.boxes == {"dark": 0, "bright": 1}
            page.classes.list.itemClicked.emit(page.classes.list.item(1))
        qtbot.keyClick(canvas, Key.Key_PageDown)
    assert tasks.wait_all() and page.editor is not None
    page.editor.empty.click()
    assert page.drawing.done == COUNT and not page.next_open.isEnabled()
    assert page.drawing.boxes == {"dark": 0, "bright": COUNT - 1}
    page.drawing.rename("bright", "square")
    assert page.drawing.text("5.png") == "(none)"
    assert page.drawing.text("0.png").startswith("square 0.1")

    undo = window.menus.actions["undo"]
    qtbot.keyClick(page.editor.canvas, Key.Key_Z, Held.ControlModifier)  # the name
    qtbot.keyClick(page.editor.canvas, Key.Key_Z, Held.ControlModifier)  # the empty one
    qtbot.keyClick(page.editor.canvas, Key.Key_Z, Held.ControlModifier)  # a box in another picture
    assert tasks.wait_all() and page.path == "4.png" and page.drawing.done == COUNT - 2
    assert "Draw a box" in undo.text()
    for _time in range(3):
        window.undoing.redo()
    assert page.drawing.done == COUNT

    left_without_room(window, page, monkeypatch)
    page.head.leave.click()  # and go on another day
    assert window.drawing.page is None and box_table.place(folder).is_file()
    window.opening.open_path(folder)
    rest(qtbot, window.session)
    assert tasks.wait_all()
    page = window.drawing.page  # type: ignore[assignment]
    assert page is not None and page.drawing.done == COUNT
    page.head.train.click()
    qtbot.waitUntil(lambda: window.session.training)  # nothing else is to be pressed
    window.session.stop("cancel")
    rest(qtbot, window.session)
    dataset = window.session.dataset
    assert dataset is not None and dataset.targets.names == ("square",)
    assert len(dataset.samples) == COUNT and window.drawing.page is None
    assert [path.name for path in folder.iterdir() if path.suffix != ".png"] == []

    stage = window.stage.widget_of("data")  # a box is corrected in the data: not in the table
    assert isinstance(stage, DataStage)
    stage.choose_class(0)
    thumbnails = stage.samples.thumbnails
    thumbnails.setCurrentIndex(thumbnails.model().index(0, 0))
    assert "1 square" in thumbnails.model().data(
        thumbnails.currentIndex(), Qt.ItemDataRole.AccessibleDescriptionRole
    )
    stage.samples.relabel()  # is drawn, not chosen
    assert tasks.wait_all()
    (viewer,) = window.findChildren(SampleViewer)
    editor = viewer.panes[0].editor
    assert editor is not None
    drag(editor.canvas, [(0.6, 0.6), (0.8, 0.8), (0.95, 0.95)])
    qtbot.keyClick(editor.canvas, Key.Key_Delete)
    qtbot.keyClick(editor.canvas, Key.Key_Delete)
    rest(qtbot, window.session)
    assert window.session.recipe.data.relabel == {"0.png": "(none)"}
    assert window.session.undo_stack.undo_text == "Delete a box"
    for _time in range(3):
        qtbot.keyClick(editor.canvas, Key.Key_Z, Held.ControlModifier)
    assert not window.session.wanted.data.relabel
    qtbot.keyClick(editor.canvas, Key.Key_Y, Held.ControlModifier)
    assert len(editor.drawn.boxes) == 2
    viewer.close()

    rest(qtbot, window.session)
    assert not stage.classes.export.isHidden()
    dialog = stage.classes.export.ask()
    assert dialog is not None and isinstance(dialog.form, BoxFilesForm)
    dialog.form.choose("yolo")
    dialog.form.to.field.setText(str(tmp_path / "out"))  # not there yet
    dialog._soon.stop()
    dialog._plan()
    assert tasks.wait_all()
    dialog.start.click()  # with what was corrected
    assert tasks.wait_all()
    assert not dialog.undo.isHidden() and not dialog.open_button.isHidden()
    dialog.close()
    (lines,) = [p.read_text().splitlines() for p in (tmp_path / "out").rglob("0.txt")]
    assert len(lines) == 2
