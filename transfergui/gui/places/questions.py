"""Questions before something about another computer is lost: what was typed, or the way there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.paths import shown
from transfergui.core.places.place import Place
from transfergui.gui.parts.dialogs import question_box

SAVE, REMOVE = "ask_to_save_place", "ask_to_remove_place"
"""Names of the questions."""


def ask_to_save(
    parent: QWidget, name: str, save: Callable[[], object], forget: Callable[[], object]
) -> None:
    """Ask what becomes of fields that were changed.

    Args:
        name: of the computer; may be empty.
        save, forget: called with that answer; with none of them, everything stays as it is.
    """
    box = question_box(parent, SAVE, _("Save the changes?"))
    if box is None:
        return
    box.setTextFormat(Qt.TextFormat.PlainText)
    text = (
        _("The changes to “{name}” are not saved.") if name else _("What you typed is not saved.")
    )
    box.setText(text.format(name=shown(name)))
    keep = box.addButton(_("Save"), QMessageBox.ButtonRole.AcceptRole)
    lose = box.addButton(_("Do not save"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(keep)
    box.setEscapeButton(cancel)

    def answer() -> None:
        if box.clickedButton() is keep:
            save()
        elif box.clickedButton() is lose:
            forget()

    box.finished.connect(answer)
    box.open()


def ask_to_remove(
    parent: QWidget, place: Place, runs: Sequence[str], answered: Callable[[], object]
) -> None:
    """Say what stays there, and ask.

    Args:
        runs: names of those that are trained there, or whose results are there still.
    """
    box = question_box(parent, REMOVE, _("Remove from the list?"))
    if box is None:
        return
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(_("Remove {name} from the list?").format(name=shown(place.name)))
    said = [
        _(
            "Nothing is deleted there: data, weights and runs stay in the folder {folder} on "
            "{host}. “Clean up…” deletes what is not needed; press it before you remove."
        )
    ]
    if runs:
        said += [
            "",
            _("Trained there now, or with results that are still there: {names}."),
            _(
                "These runs are not stopped, and cannot be followed or resumed until you add this "
                "computer again."
            ),
        ]
    values = {"folder": shown(place.folder), "host": shown(place.host)}
    names = shown(comma_list(runs)) if runs else ""
    box.setInformativeText("\n".join(said).format(names=names, **values))
    remove = box.addButton(_("Remove"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.finished.connect(lambda: box.clickedButton() is remove and answered())
    box.open()
