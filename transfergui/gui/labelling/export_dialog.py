"""Saving labels elsewhere: as folders of copies or links, as a table, or as JSON lines."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QRadioButton, QVBoxLayout, QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, ngettext, paragraph
from transfergui.core.base.messages import Level
from transfergui.core.base.paths import shown
from transfergui.gui.base import desktop, file_dialogs, style, tasks, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.labelling import work
from transfergui.gui.labelling.labelling import Labelling
from transfergui.gui.labelling.work import Exported
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.progress_row import ProgressRow

HOWS: tuple[tuple[str, str, str], ...] = (
    (
        "folders",
        N_("Folders with copies"),
        N_("One folder per class, with copies. Your own files stay where they are."),
    ),
    (
        "links",
        N_("Folders with links"),
        N_("One folder per class, with links to your files. Needs hardly any space."),
    ),
    (
        "csv",
        N_("Table (CSV)"),
        N_(
            "One row per example, with the columns path, label and split. Paths are relative to "
            "the folder of the table."
        ),
    ),
    (
        "jsonl",
        N_("JSON lines"),
        N_("One JSON object per line, with the same content, for other programs."),
    ),
)
"""Key of :data:`transfergui.core.labelling.export.HOWS`, title and explanation."""
TITLES = {key: title for key, title, _meaning in HOWS}
WIDTH = 460
"""Pixels."""


class ExportDialog(QDialog):
    """Asks how and where, and writes in the background; nothing is overwritten.

    Args:
        bar: where it is said what was written.

    Attributes:
        choices: the buttons, by key.
        button: asks where, and begins.
        progress: how far it is, with a button to end it.
    """

    def __init__(self, labelling: Labelling, bar: MessageBar, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Export labels"))
        self._labelling, self._bar = labelling, bar
        self._halt = threading.Event()
        self._began = 0.0
        self.choices: dict[str, QRadioButton] = {}
        self.progress = ProgressRow(_("Progress"))
        self._work = Task(self, work.export, self._on_written, self._on_failed, self._tell)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.AROUND] * 4)
        layout.setSpacing(style.GAP)
        for key, title, meaning in HOWS:
            choice = self.choices[key] = QRadioButton(_(title))
            said = WrappedLabel(role="caption")
            said.setText(_(meaning))
            said.setContentsMargins(style.AROUND, 0, 0, style.INSIDE)
            layout.addWidget(choice)
            layout.addWidget(said)
        self.choices["folders"].setChecked(True)
        layout.addLayout(self.progress)
        layout.addWidget(self._box())
        self.progress.set_visible(False)
        self.progress.cancel_button.clicked.connect(self._halt.set)
        self.setFixedWidth(WIDTH)

    @property
    def how(self) -> str:
        """Key of the way that is chosen."""
        return next(key for key, choice in self.choices.items() if choice.isChecked())

    def write(self, target: Path) -> None:
        """Write into the folder, or the file, that was chosen."""
        self._began = time.monotonic()
        self.button.setEnabled(False)
        self.progress.set_visible(True)
        self.progress.show_waiting("")
        self._work.start(
            self._labelling.opened, self._labelling.table, self.how, target, self._halt
        )

    def done(self, result: int) -> None:
        """Closed while files are written, it ends after the file at hand, and says so."""
        self._halt.set()
        super().done(result)

    def _box(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.button = box.addButton(_("Export…"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.button.setProperty("role", "primary")
        box.accepted.connect(self._ask_where)
        box.rejected.connect(self.reject)
        return box

    def _ask_where(self) -> None:
        if (target := self._asked()) is not None:
            self.write(target)

    def _asked(self) -> Path | None:
        """The folder, or the file for a table; None where the question was cancelled."""
        if not work.is_table(self.how):
            return file_dialogs.ask_folder(self, _("Folder for the labels"), "export")
        ending = f".{self.how}"
        kind = f"{_(TITLES[self.how])} (*{ending})"
        found, _kind = file_dialogs.ask_target(
            self, _("File for the labels"), "export", f"{self._stem}{ending}", kind
        )
        if found is None or found.suffix.lower() == ending:
            return found
        return found.with_name(found.name + ending)

    @property
    def _stem(self) -> str:
        """The name that is proposed for a table."""
        source = self._labelling.opened.source
        return f"{source.name if source.is_dir() else source.stem}-labels"

    def _tell(self, done: tuple[int, int]) -> None:
        self.progress.show_progress(*done, self._began)

    def _on_written(self, made: Exported) -> None:
        told = [self._said(made)] if made.done else []
        if made.halted:
            told.append(_("The export was cancelled before its end."))
        told += [note.sentence() for note in made.troubles]
        level: Level = "warning" if made.troubles or made.halted else "info"
        undo: Callable[[], object] = lambda: _undo(self._bar, made)  # noqa: E731
        if made.done:
            show = functools.partial(_show, made)
            self._bar.show_message(paragraph(told), level, _("Show"), show, other=(_("Undo"), undo))
        else:
            self._bar.show_message(paragraph(told), level)
        self.accept()
        self.deleteLater()

    def _said(self, made: Exported) -> str:
        """What was written, by its name."""
        if made.is_file:
            return _("The labels were saved as {path}.").format(path=shown(made.place))
        text = ngettext(
            "{count} file written to {path}.", "{count} files written to {path}.", made.done
        )
        return text.format(count=words.number(made.done), path=shown(made.place))

    def _on_failed(self, error: UserError) -> None:
        self._bar.show_message(str(error), "error")
        self.accept()
        self.deleteLater()


def _show(made: Exported) -> None:
    """Show the file in its folder, or the folder."""
    (desktop.show_in_folder if made.is_file else desktop.open_folder)(made.place)


def _undo(bar: MessageBar, made: Exported) -> None:
    """Take away what was written, in the background."""

    def tell(left: list[str]) -> None:
        told = [_("The export was undone."), *left]
        bar.show_message(paragraph(told), "warning" if left else "info", passing=not left)

    def fail(error: UserError) -> None:
        bar.show_message(str(error), "error")

    tasks.run(bar, lambda: work.undo_export(made), tell, fail)
