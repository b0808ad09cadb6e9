"""Files sorted, renamed and put back in the window."""

import errno
import functools
import os
import threading
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.core.acting.made_acts import contents, made, model
from transfergui.core.acting.plan import plan
from transfergui.core.acting.record import Record
from transfergui.core.data.targets import NUMBER, SEVERAL_LABELS, SEVERAL_QUESTIONS
from transfergui.core.interfaces.samples import Preview, Text
from transfergui.gui.acting import working
from transfergui.gui.acting.act_dialog import ActDialog
from transfergui.gui.acting.act_menu import ActMenu, ToAct
from transfergui.gui.acting.forms import ActForm, RenameForm, SidecarForm, SortForm
from transfergui.gui.acting.past_dialog import PastDialog
from transfergui.gui.acting.spreadsheet_dialog import SpreadsheetDialog
from transfergui.gui.acting.working import Moved
from transfergui.gui.base import tasks

NAMES = {"1.jpg": "a", "2.jpg": "b", "3.jpg": "?"}


class Desk:
    """A folder of pictures with predictions, and what is told of files that moved."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.folder, self.host = folder, QWidget()
        qtbot.addWidget(self.host)
        self.host.show()
        self.predictions = made(folder / "in", NAMES)
        self.before = contents(folder)
        self.moved: list[Moved] = []

    def open(self, form: ActForm) -> ActDialog:
        planned = functools.partial(plan, model(), self.predictions)
        dialog = ActDialog(form, planned, self.moved.append, self.host)
        dialog.open()
        return self.planned(dialog)

    def planned(self, dialog: ActDialog) -> ActDialog:
        dialog._soon.stop()
        dialog._plan()
        assert tasks.wait_all()
        return dialog

    def tree(self, dialog: ActDialog) -> list[tuple[str, str]]:
        items = [dialog.tree.topLevelItem(n) for n in range(dialog.tree.topLevelItemCount())]
        return [(item.text(0), item.text(1)) for item in items if item is not None]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


def test_a_preview_then_the_work_then_undone(desk: Desk) -> None:
    form = SortForm(model(), "beetles", 70)
    dialog = desk.open(form)
    assert not dialog.start.isEnabled()
    assert "Choose a folder" in dialog.said.text()
    form.to.field.setText(str(desk.folder / "out"))
    form.how.button(1).setChecked(True)
    assert not dialog.start.isEnabled()
    desk.planned(dialog)
    assert desk.tree(dialog) == [("a", "1 file"), ("b", "1 file"), ("_not_sure", "1 file")]
    assert dialog.said.text().startswith("3 files will be moved.")
    assert contents(desk.folder) == desk.before
    dialog.start.click()
    assert tasks.wait_all()
    assert list(contents(desk.folder / "out")) == ["_not_sure/3.jpg", "a/1.jpg", "b/2.jpg"]
    assert dialog.said.text().startswith("3 files done.")
    assert desk.moved[0][desk.folder / "in" / "1.jpg"] == desk.folder / "out" / "a" / "1.jpg"
    dialog.undo.click()
    assert tasks.wait_all()
    assert contents(desk.folder) == desk.before
    assert desk.moved[1][desk.folder / "out" / "a" / "1.jpg"] == desk.folder / "in" / "1.jpg"
    assert not dialog.undo.isVisible()
    dialog.close_button.click()


def test_what_cannot_be_done_is_said_before(desk: Desk) -> None:
    form = RenameForm(70)
    dialog = desk.open(form)
    assert desk.tree(dialog) == [(str(desk.folder / "in"), "3 files")]
    form.pattern.field.setText("{colour}")
    desk.planned(dialog)
    assert "{colour}" in dialog.said.text()
    assert not dialog.start.isEnabled()


def test_a_full_disk_is_told_and_the_rest_is_done_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = SidecarForm("beetles", 70)
    dialog = desk.open(form)
    form.beside.setChecked(True)
    desk.planned(dialog)

    def full(*_args: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("transfergui.core.acting.moving.write", full)
        dialog.start.click()
        assert tasks.wait_all()
    assert "The disk is full" in dialog.said.text()
    assert dialog.go_on.isVisible()
    dialog.go_on.click()
    assert tasks.wait_all()
    assert len(contents(desk.folder)) == 6
    dialog.close_button.click()
    past = PastDialog(desk.moved.append, desk.host)
    past.open()
    assert tasks.wait_all()
    past.undo.click()
    assert tasks.wait_all()
    assert contents(desk.folder) == desk.before
    assert past.said.text() == "3 steps undone."
    past.close_button.click()


def test_the_user_ends_it_between_two_files(tmp_path: Path) -> None:
    from tests.core.acting.made_acts import planned

    halt = threading.Event()
    act = planned(made(tmp_path / "in", NAMES), tmp_path / "out")

    def report(progress: tuple[int, int]) -> None:
        if progress[0] == 1:
            halt.set()

    done = working.carry_out(act, halt, report)
    assert done.outcome.halted
    assert 0 < done.files < 3
    with Record.open(done.record):
        pass


@pytest.mark.parametrize(
    ("objective", "choices"), [(SEVERAL_LABELS, 2), (SEVERAL_QUESTIONS, 2), ("one_class", 0)]
)
def test_what_a_prediction_leaves_open_is_asked(qtbot: QtBot, objective: str, choices: int) -> None:
    form = SortForm(model(objective), "", 70)
    qtbot.addWidget(form)
    form.show()
    form.to.field.setText("/out")
    assert form.by.count() == choices
    assert form.by.isVisible() == bool(choices)
    options = form.options()
    assert options is not None
    assert options.question == ("size" if objective == SEVERAL_QUESTIONS else "")


def test_numbers_are_not_sorted(qtbot: QtBot, tmp_path: Path) -> None:
    given: list[Any] = [None]
    menu = ActMenu(lambda: given[0], lambda: None, lambda: None, lambda moved: None)
    qtbot.addWidget(menu)
    menu._follow()
    assert not menu.sort.isEnabled()
    assert menu.past.isEnabled()
    given[0] = ToAct(model(NUMBER), made(tmp_path, NAMES), "", 70)
    menu._follow()
    assert not menu.sort.isEnabled()
    assert "number" in menu.sort.toolTip()
    assert menu.rename.isEnabled()


def test_a_spreadsheet_is_written_in_the_background(desk: Desk) -> None:
    from tests.core.made_answers import of

    path, told = desk.folder / "p.xlsx", []
    preview = lambda path: Preview("text", Text(path.name))  # noqa: E731
    answered = of("one_class", desk.predictions)
    dialog = SpreadsheetDialog(path, answered, preview, 70, told.append, desk.host)
    dialog.open()
    assert tasks.wait_all()
    assert told == [path]
    assert openpyxl.load_workbook(path)["predictions"]["A2"].value == "1.jpg"
