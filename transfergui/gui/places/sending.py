"""Questions before something leaves this computer, and while it does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from transfergui.core.base import archives
from transfergui.core.base.i18n import _, ngettext, paragraph
from transfergui.core.base.paths import shown
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places.cargo import Cargo
from transfergui.core.places.place import Place
from transfergui.gui.base import words
from transfergui.gui.parts.dialogs import question_box

SEND, LEAVE = "ask_to_send", "ask_to_leave_sending"
"""Names of the questions."""


def ask_to_send(
    parent: QWidget, plan: Plan, place: Place, cargo: Cargo, answered: Callable[[], object]
) -> None:
    """Say what leaves this computer and how large it is; ``answered`` is called if it may."""
    box = _box(parent, SEND, _("Send to another computer?"))
    if box is None:
        return
    box.setText(_("To train on {name}, this is sent to {host}:").format(**_named(place)))
    box.setInformativeText("\n".join(_lines(plan, place, cargo)))
    send = box.addButton(_("Send and train"), QMessageBox.ButtonRole.AcceptRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.finished.connect(lambda: box.clickedButton() is send and answered())
    box.open()


def _lines(plan: Plan, place: Place, cargo: Cargo) -> list[str]:
    text = _("• {amount}, {size}, with the names of their files and folders")
    amount = _amount(plan, cargo)
    lines = [text.format(amount=amount, size=words.size(cargo.data_bytes))]
    lines.append(_("• Labels, classes and settings"))
    if cargo.weights:
        size = words.size(cargo.weight_bytes)
        lines.append(_("• Pretrained weights and models, {size}").format(size=size))
    said = (
        _("Files that are there already are not sent again."),
        _("Everything stays there in the folder {folder} until somebody deletes it there."),
    )
    return [*lines, "", paragraph(said).format(folder=shown(place.folder))]


def _amount(plan: Plan, cargo: Cargo) -> str:
    """``80 pictures``; ``80 pictures in 1 tar file``; ``31 clips of 12 recordings``."""
    tars = sum(archives.is_tar(piece.source) for piece in cargo.data)
    if not tars:
        return words.amount(plan.modality, cargo.samples, len(cargo.data))
    text = ngettext("{amount} in {count} tar file", "{amount} in {count} tar files", tars)
    amount = words.amount(plan.modality, cargo.samples, cargo.samples)
    return text.format(amount=amount, count=words.number(tars))


def _named(place: Place) -> dict[str, str]:
    return {"name": shown(place.name), "host": shown(place.host)}


def ask_to_leave(parent: QWidget, answered: Callable[[], object]) -> None:
    """Ask whether to close although files are still sent: nothing is trained there yet."""
    box = _box(parent, LEAVE, _("Close while sending?"))
    if box is None:
        return
    box.setText(
        _(
            "Files are still being sent, so the training on the other computer has not started. "
            "If you close now, Resume continues from here."
        )
    )
    leave = box.addButton(_("Close"), QMessageBox.ButtonRole.DestructiveRole)
    go_on = box.addButton(_("Keep sending"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(go_on)
    box.setEscapeButton(go_on)
    box.finished.connect(lambda: box.clickedButton() is leave and answered())
    box.open()


def _box(parent: QWidget, name: str, title: str) -> QMessageBox | None:
    """As :func:`question_box`; names and paths in it are no markup."""
    box = question_box(parent, name, title)
    if box is not None:
        box.setTextFormat(Qt.TextFormat.PlainText)
    return box
