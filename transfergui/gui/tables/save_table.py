"""Tables written as CSV files for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.evaluation import csv_tables
from transfergui.gui.base import file_dialogs, tasks
from transfergui.gui.parts.tool_button import tool_button

KINDS = "CSV (*.csv)"
Rows = Iterable[Sequence[str]]
"""Cells, the titles first."""


def save_csv(owner: QWidget, path: Path, rows: Rows, say: Callable[[str], object]) -> None:
    """Write rows in the background, and say where they are, or why they could not be written."""
    text = _("Saved as {path}.").format(path=shown(path))
    tasks.run(
        owner,
        lambda: csv_tables.write(path, rows),
        lambda _nothing: say(text),
        lambda error: say(str(error)),
    )


def save_button(
    owner: QWidget, rows: Callable[[], Rows], name: str, say: Callable[[str], object]
) -> QWidget:
    """A button that asks where a table should be saved, and saves it.

    Args:
        owner: of the dialog.
        name: of the file that is proposed, without its ending.
        say: told a sentence about the file.
    """

    def ask() -> None:
        title = _("Save the table")
        path, _kind = file_dialogs.ask_target(owner, title, "answers", f"{name}.csv", KINDS)
        if path is not None:
            save_csv(owner, path if path.suffix else path.with_suffix(".csv"), rows(), say)

    button = tool_button(_("Save…"), _("Save the table as a CSV file for a spreadsheet."))
    button.clicked.connect(lambda _checked=False: ask())
    return button
