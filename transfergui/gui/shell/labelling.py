"""Labelling in the window: offered for data without classes, shown in the place of the data."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from transfergui.core import registry
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.targets import BOXES
from transfergui.core.labelling import box_table
from transfergui.gui.base import file_dialogs
from transfergui.gui.base.tasks import Task
from transfergui.gui.boxes.page import DrawPage
from transfergui.gui.labelling import work
from transfergui.gui.labelling.export_dialog import ExportDialog
from transfergui.gui.labelling.labelling import Labelling
from transfergui.gui.labelling.page import LabelPage
from transfergui.gui.labelling.work import Opened
from transfergui.gui.parts import dialogs
from transfergui.gui.parts.empty_page import EmptyPage
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.drawing import DrawCommands
from transfergui.gui.shell.page_commands import PageCommands
from transfergui.gui.shell.stage import StageTabs
from transfergui.gui.shell.undoing import UndoCommands

UNSORTED: tuple[str, ...] = (
    "data.unsorted",
    "shards.unlabelled",
    "data.unknown_source",
    "data.table_columns",
    "text.one_column",
    "text.too_many_classes",
)
UNSORTED += ("data.class_in_name", "data.only_groups", "data.only_parts")
"""Codes of data that may be examples without labels, and of questions about such."""


DRAWING = N_(
    "Find objects instead: draw a box around each object, and the model learns where they are and "
    "what they are."
)


@dataclass(frozen=True)
class _Offers:
    """What is offered for examples without classes.

    Attributes:
        said: what they are.
        label, draw: begin to label them, or to draw boxes in them, where that is possible.
    """

    said: str
    label: Callable[[], object]
    draw: Callable[[], object] | None

    @property
    def other(self) -> tuple[str, Callable[[], object]] | None:
        """The second button of a message."""
        return None if self.draw is None else (_("Draw boxes"), self.draw)


class LabelCommands(PageCommands[LabelPage]):
    """See the module.

    Args:
        drawing: draws boxes in pictures, which is offered, too.
        bar: where it is offered to label.
        column: what stands on the left; hidden while labels are given.

    Attributes:
        offered: a sentence on the examples that may be labelled while nothing else is open; empty
            when there are none any more.
    """

    offered = Signal(str)

    def __init__(
        self,
        window: QWidget,
        session: Session,
        stage: StageTabs,
        undoing: UndoCommands,
        drawing: DrawCommands,
        bar: MessageBar,
        column: QWidget,
    ) -> None:
        super().__init__(window, session, stage, undoing, bar, work.open_source)
        self._column, self._drawing = column, drawing
        drawing.begun.connect(self._make_way)
        drawing.opened.connect(self._train_when_read)
        self._offering = False
        self._offer: EmptyPage | None = None
        self._trained: str | None = None  # the table that is opened to train with it
        self._trains = False  # it is open, and the training begins when all is ready
        self._look = Task(self, work.open_source, self._on_found, lambda _error: None)
        session.opener.refused.connect(self._on_refused)
        stage.currentChanged.connect(self._show_column)
        stage.over_changed.connect(self._show_column)

    def ask_for_folder(self) -> None:
        """Ask for a folder whose examples are to be labelled."""
        title = _("Choose a folder to label")
        if folder := file_dialogs.ask_folder(self._window, title, "data"):
            self.begin(folder)

    def begin(
        self, source: Path, place: Path | None = None, options: Mapping[str, float] | None = None
    ) -> None:
        """Label the examples of a folder, a table or a recording, or go on with that.

        Args:
            place: of the table with the labels so far; None for the usual one.
            options: by which recordings are divided; None for those of last time.
        """
        self._withdraw()
        self._open.start(source, place, options)

    def finish(self) -> None:
        """Leave what is labelled, or the offer to label; all of it is saved, or it is said why
        not."""
        self._stage.lay_over(None)
        super().finish()

    def _data(self, opened: Opened) -> DataOptions:
        return work.data_of(opened)

    def _opened_to_train(self, table: str) -> None:
        self._train_when_read(table)

    def _train_when_read(self, table: str) -> None:
        self._trained = table

    def export(self) -> None:
        """Ask how the labels are to be saved elsewhere."""
        if self.page is not None:
            ExportDialog(self.page.labelling, self.page.bar, self._window).open()

    # -- offering

    def _on_refused(self, path: str, error: UserError) -> None:
        self._trained = None
        if self.page is not None and not isinstance(error, Question):
            self.page.bar.show_message(str(error), "error")  # the one of the data is not seen
        if error.code in UNSORTED:
            self._look.start(Path(path), None, None)

    def _on_found(self, opened: Opened) -> None:
        """Offer to label, unless that was begun before: then go on with it, and say no more that
        the data have no classes."""
        if opened.table.labels:
            dialogs.forget_data_questions(self._window)
            self._bar.clear()
            self._on_opened(opened)
        elif _has_pictures(opened) and box_table.place(opened.source).is_file():
            dialogs.forget_data_questions(self._window)
            self._bar.clear()
            self._drawing.begin(opened.source)
        elif len(opened.paths) > 1:
            begin = functools.partial(self._on_opened, opened)
            amount = opened.noun.amount(len(opened.paths))
            name = shown(opened.source.name)
            text = _("The {amount} in “{name}” have no classes yet. You can label them here.")
            said = text.format(amount=amount, name=name)
            self._offering = True
            draw = functools.partial(self._drawing.begin, opened.source)
            offers = _Offers(said, begin, draw if _has_pictures(opened) else None)
            if self.page is not None:
                self._say_offer(offers)
                self.page.bar.show_message(
                    said, "info", _("Label them here"), begin, other=offers.other
                )
                return
            if self._session.dataset is None:
                text = _("“{name}” has no classes yet. Label it, or open other data:")
                self.offered.emit(text.format(name=name))
            self._bar.clear()
            self._show_offer(offers)

    def _say_offer(self, offers: _Offers) -> None:
        label = _("Label them here")
        self._bar.show_message(offers.said, "info", label, offers.label, other=offers.other)

    def _show_offer(self, offers: _Offers) -> None:
        """In the place of the data that are open, if any: else these would seem to be the new
        ones."""
        more = _(
            "Name the classes and sort the first examples. The program then suggests the rest. "
            "Your files are not changed or moved."
        )
        heading, dataset = _("Label your examples"), self._session.dataset
        back = "" if dataset is None else _("Back to “{name}”")
        name = "" if dataset is None else shown(self._session.recipe.data.name)
        self._offer = EmptyPage(
            "tag",
            heading,
            f"{offers.said} {more}",
            _("Label them here"),
            other=back.format(name=name),
        )
        self._offer.button.setProperty("role", "primary")
        self._offer.button.clicked.connect(lambda _checked=False: offers.label())
        self._offer.other.clicked.connect(lambda _checked=False: self._put_off(offers))
        if offers.draw is not None:
            drawing = self._offer.offer(_("Draw boxes"))
            self._offer.text.setText(f"{self._offer.text.text()}\n\n{_(DRAWING)}")
            drawing.clicked.connect(lambda _checked=False, draw=offers.draw: draw())
        self._stage.show_stage("data")
        self._stage.lay_over(self._offer)

    def _put_off(self, offers: _Offers) -> None:
        """Show the data that are open again, and offer to label in their card."""
        self._take_offer_away()
        self._say_offer(offers)

    def _take_offer_away(self) -> None:
        offer, self._offer = self._offer, None
        if offer is not None:
            self._stage.lay_over(self.page)
            offer.deleteLater()

    # -- following

    def _on_opened(self, opened: Opened) -> None:
        self.finish()
        self._drawing.finish()
        self._withdraw()
        if not self._claim(opened):
            return
        labelling = Labelling(self, opened)
        page = LabelPage(self._session, labelling)
        labelling.setParent(page)
        page.export_wanted.connect(self.export)
        page.reading_wanted.connect(functools.partial(self.begin, opened.source, opened.place))
        self._lay(page, labelling.changed)
        labelling.begin()
        self._tell()

    def _follow(self, state: State) -> None:
        """While other data are read, that is seen; where they cannot be, the labels are again.
        Those that were opened to be trained with are as soon as they are ready."""
        if state is State.SCANNING:
            self._scanned = True
            self._look.cancel()
            self._withdraw()
            self._stage.lay_over(None)
        elif state is State.TRAINING:
            self._take_offer_away()
        elif state is State.READY and self._trains:
            self._trains = False
            self._session.start_training()
        else:
            self._trained = None  # reading them was cancelled
            if self.page is not None and self._stage.over is not self.page:
                self._stage.lay_over(self.page)

    def _withdraw(self) -> None:
        """Offer nothing any more."""
        self._take_offer_away()
        self.offered.emit("")
        if self._offering:
            self._offering = False
            self._bar.clear()
            if self.page is not None and self.page.bar.offers:
                self.page.bar.clear()

    def _on_dataset(self, dataset: Dataset) -> None:
        """Other data are open; those that were labelled here can be labelled further."""
        if not self._scanned:  # they were only corrected
            return
        self._scanned = False
        self.finish()
        data, wanted, self._trained = self._session.recipe.data, self._trained, None
        self._trains = wanted is not None and data.labels == wanted
        if data.labels and dataset.targets.objective == BOXES:
            begin = functools.partial(self._drawing.begin, dataset.source, Path(data.labels))
            text = _("These boxes were drawn in TransferGUI. You can add or change boxes.")
            self._offering = True
            self._bar.show_message(text, "info", _("Continue drawing"), begin)
        elif data.labels:
            begin = functools.partial(self.begin, dataset.source, Path(data.labels))
            text = _("These labels were given in TransferGUI. You can add or change labels.")
            self._offering = True
            self._bar.show_message(text, "info", _("Continue labelling"), begin)

    def _make_way(self) -> None:
        """Boxes are drawn instead."""
        self.finish()
        self._withdraw()

    def _show_column(self) -> None:
        """Beside what is not about it, it would be that of other data."""
        over = self._stage.over
        others = over is not None and over is self._offer and self._session.dataset is not None
        self._column.setVisible(not others and not isinstance(over, LabelPage | DrawPage))


def _has_pictures(opened: Opened) -> bool:
    """Whether boxes can be drawn in what was opened."""
    return opened.modality.key in registry.objective(BOXES).modalities
