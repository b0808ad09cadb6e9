"""Boxes drawn from nothing, in the window: begun, left, and trained with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.labelling import box_table
from transfergui.gui.base import file_dialogs
from transfergui.gui.base.settings import Recent
from transfergui.gui.base.tasks import Task
from transfergui.gui.boxes.drawing import Drawing
from transfergui.gui.boxes.page import DrawPage
from transfergui.gui.labelling import work
from transfergui.gui.labelling.work import Opened
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.leaving import saved
from transfergui.gui.shell.stage import StageTabs
from transfergui.gui.shell.undoing import UndoCommands


class DrawCommands(QObject):
    """See the module.

    Args:
        window: above which files are asked for.
        bar: where it is said what is in the way.

    Attributes:
        page: where boxes are drawn; None while none are.
        begun: the page was opened.
        opened: to train with them, the boxes of this table were.
        labelled, left: as of :class:`transfergui.gui.shell.labelling.LabelCommands`.
    """

    begun = Signal()
    opened = Signal(str)
    labelled = Signal(object)
    left = Signal()

    def __init__(
        self,
        window: QWidget,
        session: Session,
        stage: StageTabs,
        undoing: UndoCommands,
        bar: MessageBar,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._stage = window, session, stage
        self._undoing, self._bar = undoing, bar
        self.page: DrawPage | None = None
        self._scanned = False
        self._open = Task(self, work.open_pictures, self._on_opened, self._on_not_opened)
        session.state_changed.connect(self._follow)
        session.dataset_changed.connect(self._on_dataset)

    def ask_for_folder(self) -> None:
        """Ask for a folder in whose pictures boxes are to be drawn."""
        title = _("Choose a folder of pictures")
        if folder := file_dialogs.ask_folder(self._window, title, "data"):
            self.begin(folder)

    def begin(self, source: Path, place: Path | None = None) -> None:
        """Draw boxes in the pictures of a folder, or go on with that.

        Args:
            place: of the table with the boxes so far; None for the usual one.
        """
        self._open.start(source, place)

    def save(self) -> bool:
        """Whether all boxes are saved; where they cannot be, they are shown, with the reason."""
        if self.page is None:
            return True
        return saved(self.page.save_now, self.finish, self._stage, self.page.bar)

    def finish(self) -> None:
        """Leave what is drawn; all of it is saved, or it is said why not."""
        page, self.page = self.page, None
        if page is not None:
            try:
                page.finish()
            except UserError as error:
                self._bar.show_message(str(error), "error")
            if self._stage.over is page:
                self._stage.lay_over(None)
            self.left.emit()
            page.deleteLater()

    def _leave(self) -> None:
        if self.save():
            self.finish()

    def train(self) -> None:
        """Open what is drawn as a dataset, and train with it as soon as it is read."""
        if self.page is None:
            return
        if self._session.training:
            self.page.bar.show_message(self._session.obstacle, passing=True)
        elif self.save():
            opened = self.page.drawing.opened
            data = box_table.drawn_data(opened.examples, opened.place)
            self._session.open_labelled(data, opened.modality.key)
            self.opened.emit(data.labels)

    def take_over(self, former: DrawCommands) -> None:
        """Go on with what was drawn in a window in another language."""
        if former.page is not None:
            opened = former.page.drawing.opened
            former.finish()
            self.begin(opened.source, opened.place)

    def _on_opened(self, opened: Opened) -> None:
        self.begun.emit()
        self.finish()
        drawing = Drawing(None, opened)
        page = self.page = DrawPage(self._session, drawing)
        drawing.setParent(page)
        page.closed.connect(self._leave)
        page.train_wanted.connect(self.train)
        drawing.changed.connect(self._undoing.changed)
        drawing.changed.connect(self._tell_drawn)
        self._stage.show_stage("data")
        self._stage.lay_over(page)
        page.begin()
        self._tell_drawn()

    def _tell_drawn(self) -> None:
        """Tell how far the boxes are, for the list of what was open lately."""
        if self.page is not None and (done := self.page.drawing.done):
            opened = self.page.drawing.opened
            entry = Recent(
                path=str(opened.source),
                modality=opened.modality.key,
                classes=len(self.page.drawing.table.classes),
                samples=len(opened.paths),
                labelled=done,
                drawn=True,
            )
            self.labelled.emit(entry)

    def _on_not_opened(self, error: UserError) -> None:
        bar = self._bar if self.page is None else self.page.bar
        bar.show_message(str(error), "error")

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
