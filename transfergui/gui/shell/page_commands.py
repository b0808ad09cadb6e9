"""A page over the stages in which examples are labelled, or drawn in: opened, saved, left, trained
with."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions
from transfergui.core.labelling.claim import claimed
from transfergui.gui.base.settings import Recent
from transfergui.gui.base.tasks import Task
from transfergui.gui.labelling.work import Opened
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.leaving import saved
from transfergui.gui.shell.stage import StageTabs
from transfergui.gui.shell.undoing import UndoCommands


class OverPage(Protocol):
    """A widget with the signals ``closed`` and ``train_wanted``."""

    closed: Any
    train_wanted: Any
    bar: MessageBar

    @property
    def opened(self) -> Opened:
        """What is worked on."""

    @property
    def done(self) -> int:
        """How many of the examples are done."""

    @property
    def classes_named(self) -> int:
        """How many classes there are."""

    def begin(self) -> None:
        """Put the keyboard where one begins."""

    def save_now(self) -> None:
        """Save what was not saved yet; may raise :class:`UserError`."""

    def finish(self) -> None:
        """End the work, and save it; may raise :class:`UserError`."""

    def deleteLater(self) -> None: ...


P = TypeVar("P", bound=OverPage)


class PageCommands(QObject, Generic[P]):
    """See the module.

    Args:
        window: above which files are asked for.
        open_source: opens what is worked on, in the background.
        bar: where it is said what is in the way.

    Attributes:
        page: None while nothing is open.
        labelled: some examples are done, or more; with what is to be remembered of it.
        left: the page was left.
    """

    labelled = Signal(object)
    left = Signal()
    drawn = False
    """Whether boxes are drawn."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        stage: StageTabs,
        undoing: UndoCommands,
        bar: MessageBar,
        open_source: Callable[..., Opened],
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._stage = window, session, stage
        self._undoing, self._bar = undoing, bar
        self.page: P | None = None
        self._scanned = False
        self._held = contextlib.ExitStack()
        self._open = Task(self, open_source, self._on_opened, self._on_not_opened)
        session.state_changed.connect(self._follow)
        session.dataset_changed.connect(self._on_dataset)

    # -- what each of them has of its own

    def begin(self, source: Path, place: Path | None = None) -> None:
        """Begin, or go on.

        Args:
            place: of the table with what was done so far; None for the usual one.
        """
        raise NotImplementedError

    def _on_opened(self, opened: Opened) -> None:
        raise NotImplementedError

    def _data(self, opened: Opened) -> DataOptions:
        """What is opened to train with."""
        raise NotImplementedError

    def _opened_to_train(self, table: str) -> None:
        """The labels of this table are read now, to train with them."""
        raise NotImplementedError

    def _follow(self, state: State) -> None:
        raise NotImplementedError

    def _on_dataset(self, dataset: Any) -> None:
        raise NotImplementedError

    # -- common

    def save(self) -> bool:
        """Whether all is saved; where it cannot be, it is shown, with the reason."""
        if self.page is None:
            return True
        return saved(self.page.save_now, self.finish, self._stage, self.page.bar)

    def finish(self) -> None:
        """Leave the page; all of it is saved, or it is said why not."""
        page, self.page = self.page, None
        if page is not None:
            try:
                page.finish()
            except UserError as error:
                self._bar.show_message(str(error), "error")
            self._held.close()
            self._stage.take_off(page)  # type: ignore[arg-type] # a widget
            self.left.emit()
            page.deleteLater()

    def _claim(self, opened: Opened) -> bool:
        """Whether this window may change the labels. Where another one does, that is said; where
        one did since they were read, they are read again."""
        try:
            self._held.enter_context(claimed(opened.place))
        except UserError as error:
            self._on_not_opened(error)
            return False
        if files.changed(opened.place) != opened.saved:
            self._held.close()
            self.begin(opened.source, opened.place)
            return False
        return True

    def train(self) -> None:
        """Open what is done as a dataset, and train with it as soon as it is read."""
        if self.page is None:
            return
        if self._session.training:
            self.page.bar.show_message(self._session.obstacle, passing=True)
        elif self.save():
            opened = self.page.opened
            data = self._data(opened)
            self._session.open_labelled(data, opened.modality.key)
            self._opened_to_train(data.labels)

    def take_over(self, former: PageCommands[P]) -> None:
        """Go on with what a window in another language had open."""
        if former.page is not None:
            opened = former.page.opened
            former.finish()
            self.begin(opened.source, opened.place)

    def _lay(self, page: P, changed: Any) -> None:
        """Show a page; ``changed`` is its signal that something was done."""
        self.page = page
        page.closed.connect(self._leave)
        page.train_wanted.connect(self.train)
        changed.connect(self._undoing.changed)
        changed.connect(self._tell)
        self._stage.show_stage("data")
        self._stage.lay_over(page)  # type: ignore[arg-type] # a widget
        page.begin()

    def _leave(self) -> None:
        if self.save():
            self.finish()

    def _tell(self) -> None:
        """Tell how far it is, for the list of what was open lately."""
        if self.page is not None and (done := self.page.done):
            opened = self.page.opened
            entry = Recent(
                path=str(opened.source),
                modality=opened.modality.key,
                classes=self.page.classes_named,
                samples=len(opened.paths),
                labelled=done,
                drawn=self.drawn,
            )
            self.labelled.emit(entry)

    def _on_not_opened(self, error: UserError) -> None:
        bar = self._bar if self.page is None else self.page.bar
        bar.show_message(str(error), "error")
