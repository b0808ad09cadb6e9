"""What the table of predictions shows, saved as a file or copied."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from transfergui.core.acting import spreadsheet
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.evaluation import prediction_table as answers
from transfergui.gui.acting.act_menu import ToAct
from transfergui.gui.acting.spreadsheet_dialog import SpreadsheetDialog
from transfergui.gui.base import desktop, file_dialogs, tasks
from transfergui.gui.panels.prediction_queue import PredictionQueue, decoder
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.tables.prediction_table import PredictionTable

SAVED = ("Excel (*.xlsx)", "CSV (*.csv)")
"""What the table can be saved as."""


class PredictionOutput(QObject):
    """See the module.

    Args:
        parent: above which it is asked for the file.
        bar: where it is said that the file was written.

    Attributes:
        corrected: returns the labels that the user gave to files, by their paths.
    """

    def __init__(
        self, parent: QWidget, table: PredictionTable, queue: PredictionQueue, bar: MessageBar
    ) -> None:
        super().__init__(parent)
        self._parent, self._table, self._queue, self._bar = parent, table, queue, bar
        self.corrected: Callable[[], Mapping[str, str]] = dict

    def ask(self) -> None:
        """Ask where what the table shows is saved."""
        title, name, kinds = (
            _("Save the predictions"),
            f"predictions{answers.EXCEL}",
            ";;".join(SAVED),
        )
        target, chosen = file_dialogs.ask_target(self._parent, title, "answers", name, kinds)
        if target:
            self.save(with_ending(target, chosen))

    def save(self, path: Path) -> None:
        """Write what the table shows, in the background: as a workbook where ``path`` ends in
        ``.xlsx``, else as CSV."""
        unsure, shown = self._table.unsure, self._shown()
        more = lambda book: spreadsheet.summary(book, path, shown, unsure)  # noqa: E731
        write = functools.partial(answers.write, path, self._saved_rows(shown), more)
        tasks.run(self, write, lambda nothing: self._saved(path), self._not_written)

    def ask_with_pictures(self) -> None:
        """Ask where what the table shows is saved as a workbook with pictures."""
        title, name = _("Save the predictions"), f"predictions{answers.EXCEL}"
        target, _kind = file_dialogs.ask_target(self._parent, title, "answers", name, SAVED[0])
        if target:
            self.save_with_pictures(with_ending(target, SAVED[0]))

    def save_with_pictures(self, path: Path) -> None:
        """Write what the table shows with a picture in each row."""
        given = self.to_act()
        assert given is not None
        assert self._queue.model is not None
        decode, shown = decoder(self._queue.model), self._shown()
        SpreadsheetDialog(path, shown, decode, given.unsure, self._saved, self._parent).open()

    def to_act(self) -> ToAct | None:
        """What the table shows, to do something with its files; None where there is nothing, or
        more is to come."""
        model, source, rows = self._queue.model, self._queue.source, self._table.rows.shown
        if model is None or source is None or not rows or self._queue.running:
            return None
        name = self._queue.name_of(source)
        found = [row.answer for row in rows]
        corrected = self.corrected() if model.objective.places else {}
        return ToAct(model, found, name, self._table.unsure, corrected)

    def _shown(self) -> answers.Answered:
        """What the model says of the rows that the table shows."""
        model, source = self._queue.model, self._queue.source
        assert model is not None
        found = [row.answer for row in self._table.rows.shown]
        name = self._queue.name_of(source) if source is not None else ""
        return answers.of(model, found, name, model.modality.extent, self.corrected())

    def _saved_rows(self, given: answers.Answered | None = None) -> Iterator[answers.Row]:
        """What the table shows: its rows in their order, with their notes."""
        given = given or self._shown()
        rows, earlier, names = self._table.rows.shown, None, self._queue.side_by_side()
        if names is not None and self._queue.compared is not None:
            before = [row.earlier and row.earlier.answer for row in rows]
            earlier = answers.of(self._queue.compared, before, names[1])
        return answers.rows(given, earlier, self._table.unsure)

    def _saved(self, path: Path) -> None:
        self._bar.show_message(
            _("Saved as {path}.").format(path=shown(path)),
            "info",
            _("Show in folder"),
            lambda: desktop.show_in_folder(path),
            passing=True,
        )

    def _not_written(self, error: UserError) -> None:
        self._bar.show_message(str(error), "error")

    def copy(self) -> None:
        """Copy what the table shows, for a spreadsheet."""
        desktop.copy(answers.to_text(self._saved_rows(), "\t"))


def with_ending(path: Path, kind: str) -> Path:
    """``path`` with the ending of the chosen kind of file, where it has none."""
    return path if path.suffix else path.with_suffix(kind[kind.index(".") : -1])
