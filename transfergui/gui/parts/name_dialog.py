"""Asking for another name, with what is wrong with it, or follows from it, said while typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel


@dataclass(frozen=True)
class NameCheck:
    """What is said of a name.

    Attributes:
        problem: why it cannot be taken, as a sentence; empty where it can.
        note: what follows from it, as a sentence.
        button: what the button says.
    """

    problem: str = ""
    note: str = ""
    button: str = ""


class NameDialog(QDialog):
    """One field, and a sentence below it.

    Args:
        title: of the dialog.
        name: of now.
        judge: what is said of what was typed, without spaces around it.
        named: called with the new name, unless it is cancelled or the same.
    """

    WIDTH = 380

    def __init__(
        self,
        parent: QWidget,
        title: str,
        name: str,
        judge: Callable[[str], NameCheck],
        named: Callable[[str], object],
    ) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._judge = judge
        self._before = name
        self.field = QLineEdit(name)
        self.said = WrappedLabel(role="caption")
        self._box = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.button = self._box.button(QDialogButtonBox.StandardButton.Ok)
        self._build()
        self.accepted.connect(lambda: self.name != name and named(self.name))
        self._follow()

    @property
    def name(self) -> str:
        return self.field.text().strip()

    def _build(self) -> None:
        self.field.setAccessibleName(_("Name"))
        self.field.selectAll()
        self.field.textChanged.connect(self._follow)
        self._box.accepted.connect(self.accept)
        self._box.rejected.connect(self.reject)
        self.said.setMinimumHeight(3 * self.said.fontMetrics().lineSpacing())
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        for part in (self.field, self.said, self._box):
            layout.addWidget(part)
        self.setMinimumWidth(self.WIDTH)

    def _follow(self, *_text: object) -> None:
        verdict = self._judge(self.name)
        self.said.setText(verdict.problem or verdict.note)
        self.field.setAccessibleDescription(self.said.text())
        self.button.setText(verdict.button or _("Rename"))
        self.button.setEnabled(not verdict.problem)
