"""How far something is: a bar, the time that is left, and a button to cancel it."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton

from transfergui.core.base.i18n import _, duration
from transfergui.gui.base import style, words


class ProgressRow(QHBoxLayout):
    """See the module.

    Args:
        name: of the bar, for those who cannot see it.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.left = QLabel()
        self.cancel_button = QPushButton(_("Cancel"))
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(name)
        self.left.setProperty("role", "caption")
        self.setSpacing(style.BETWEEN)
        self.addWidget(self.bar, 1)
        self.addWidget(self.left)
        self.addWidget(self.cancel_button)

    def set_visible(self, visible: bool) -> None:
        for widget in (self.bar, self.left, self.cancel_button):
            widget.setVisible(visible)

    def show_waiting(self, text: str) -> None:
        """Show that it has begun, before anything is counted."""
        self.bar.setRange(0, 0)
        self.left.setText(text)

    def show_progress(self, done: int, total: int, began: float) -> None:
        """
        Args:
            began: when, as :func:`time.monotonic` says.
        """
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        text = f"{words.number(done)} / {words.number(total)}"
        spent = time.monotonic() - began
        if done and total > done and spent > 1:
            left = duration(spent / done * (total - done))
            text = f"{text} · " + _("about {time} left").format(time=left)
        self.left.setText(text)
