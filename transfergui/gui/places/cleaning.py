"""The question before what is kept on another computer is deleted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from transfergui.core.base.i18n import _, comma_list, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.places.keeping import Kept
from transfergui.core.places.place import Place
from transfergui.gui.base import words
from transfergui.gui.parts.dialogs import question_box

CLEAN = "ask_to_clean"
"""Name of the question."""


def ask_to_clean(
    parent: QWidget, place: Place, kept: Kept, answered: Callable[[bool], object]
) -> None:
    """Say what would be deleted, and how large it is.

    Args:
        answered: called if it may be, with whether unfinished runs go, too.
    """
    box = question_box(parent, CLEAN, _("Delete on another computer?"))
    if box is None:
        return
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(_("Delete on {name} what no unfinished run needs?").format(name=shown(place.name)))
    box.setInformativeText("\n".join(_lines(kept)))
    every = QCheckBox(_everything(kept))
    if kept.unfinished:
        box.setCheckBox(every)
    delete = box.addButton(_("Delete"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)

    def follow() -> None:
        delete.setEnabled(bool(kept.total if every.isChecked() else kept.unused))

    every.toggled.connect(follow)
    follow()
    box.finished.connect(lambda: box.clickedButton() is delete and answered(every.isChecked()))
    box.open()


def _lines(kept: Kept) -> list[str]:
    """A line for each kind, and who needs the rest."""
    text = _("• {kind}: {unused} of {total}")
    kinds = ((_("Data"), kept.data), (_("Weights"), kept.weights), (_("Runs"), kept.runs))
    lines = [
        text.format(kind=name, unused=words.size(each.unused), total=words.size(each.total))
        for name, each in kinds
    ]
    lines.append("")
    if kept.unfinished:
        names = shown(comma_list(kept.unfinished))
        lines.append(_("Kept for runs that are not finished: {names}").format(names=names))
    lines.append(_("What is deleted is sent again if another training needs it."))
    return lines


def _everything(kept: Kept) -> str:
    count = len(kept.unfinished)
    return ngettext(
        "Delete {count} unfinished run, too ({size} in all)",
        "Delete {count} unfinished runs, too ({size} in all)",
        count,
    ).format(count=count, size=words.size(kept.total))
