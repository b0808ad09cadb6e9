"""Questions that must be answered before something is lost."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from transfergui.core.i18n import _
from transfergui.core.runs import Run, Stop


def ask_to_stop(parent: QWidget, answered: Callable[[Stop], object], closing: bool = False) -> None:
    """Ask how to end the training; ``answered`` is called unless it shall go on.

    Asking while the question is open does nothing.
    """
    title = _("Close while training?") if closing else _("Stop the training?")
    box = _box(parent, "ask_to_stop", title)
    if box is None:
        return
    box.setText(
        _("A training is running. What it has learnt so far can be kept, or finished later.")
    )
    role = QMessageBox.ButtonRole
    answers: dict[QPushButton, Stop] = {
        box.addButton(_("Stop and keep the best so far"), role.AcceptRole): "finish",
        box.addButton(_("Leave it, to be resumed later"), role.DestructiveRole): "cancel",
    }
    go_on = box.addButton(_("Go on training"), role.RejectRole)
    box.setDefaultButton(go_on)
    box.setEscapeButton(go_on)

    def answer() -> None:
        for button, how in answers.items():
            if box.clickedButton() is button:
                answered(how)

    box.finished.connect(answer)
    box.open()


def ask_to_resume(parent: QWidget, run: Run, answered: Callable[[], object]) -> None:
    """Ask whether to go on although the data are not what they were."""
    box = _box(parent, "ask_to_resume", _("Resume with changed data?"))
    if box is None:
        return
    box.setText(
        _(
            "Files were added, removed or changed since “{name}” was begun. It goes on with the "
            "files that it knows; those that are gone are left out, and its result can no "
            "longer be repeated exactly."
        ).format(name=run.path.name)
    )
    resume = box.addButton(_("Resume all the same"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.finished.connect(lambda: box.clickedButton() is resume and answered())
    box.open()


def _box(parent: QWidget, name: str, title: str) -> QMessageBox | None:
    """A question that deletes itself, or None while the same one is open."""
    if parent.window().findChild(QMessageBox, name) is not None:
        return None
    box = QMessageBox(parent.window())
    box.setObjectName(name)
    box.setWindowTitle(title)
    box.setIcon(QMessageBox.Icon.Question)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
