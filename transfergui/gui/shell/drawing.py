"""Boxes drawn from nothing, in the window: begun, left, and trained with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import DataOptions
from transfergui.core.labelling import box_table
from transfergui.gui.base import file_dialogs
from transfergui.gui.boxes.drawing import Drawing
from transfergui.gui.boxes.page import DrawPage
from transfergui.gui.labelling import work
from transfergui.gui.labelling.work import Opened
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.page_commands import PageCommands
from transfergui.gui.shell.stage import StageTabs
from transfergui.gui.shell.undoing import UndoCommands


class DrawCommands(PageCommands[DrawPage]):
    """See the module.

    Attributes:
        begun: the page was opened.
        opened: to train with them, the boxes of this table were.
    """

    begun = Signal()
    opened = Signal(str)
    drawn = True

    def __init__(
        self,
        window: QWidget,
        session: Session,
        stage: StageTabs,
        undoing: UndoCommands,
        bar: MessageBar,
    ) -> None:
        super().__init__(window, session, stage, undoing, bar, work.open_pictures)

    def ask_for_folder(self) -> None:
        """Ask for a folder in whose pictures boxes are to be drawn."""
        title = _("Choose a folder of pictures")
        if folder := file_dialogs.ask_folder(self._window, title, "data"):
            self.begin(folder)

    def begin(self, source: Path, place: Path | None = None) -> None:
        """Draw boxes in the pictures of a folder, or go on with that."""
        self._open.start(source, place)

    def _data(self, opened: Opened) -> DataOptions:
        return box_table.drawn_data(opened.examples, opened.place)

    def _opened_to_train(self, table: str) -> None:
        self.opened.emit(table)

    def _on_opened(self, opened: Opened) -> None:
        self.begun.emit()
        self._bar.clear()  # of what could not be opened before
        self.finish()
        if not self._claim(opened):
            return
        drawing = Drawing(None, opened)
        page = DrawPage(self._session, drawing)
        drawing.setParent(page)
        self._lay(page, drawing.changed)
        self._tell()

    def _follow(self, state: State) -> None:
        """While other data are read, that is seen; where they cannot be, the boxes are again."""
        if state is State.SCANNING:
            self._scanned = True
            if self.page is not None:
                self._stage.lay_over(None)
        elif self.page is not None and self._stage.over is not self.page:
            self._stage.lay_over(self.page)

    def _on_dataset(self, _dataset: object) -> None:
        """Other data are open."""
        if self._scanned:  # else they were only corrected
            self._scanned = False
            self.finish()
