"""The button with which the Predict stage turns to a camera or a microphone, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QPushButton

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.interfaces.plan import Modality
from transfergui.gui.base import style
from transfergui.gui.capture.live_page import LivePage

TEXTS = {
    "camera": (N_("Camera"), N_("Predict what a camera sees, or a video, while it runs.")),
    "microphone": (
        N_("Microphone"),
        N_("Predict what a microphone hears, or a recording, while it runs."),
    ),
}
"""What the button says, and its tool tip."""


class LiveSwitch(QPushButton):
    """See the module.

    Args:
        fail: shows why something does not work.

    Attributes:
        page: what is seen while it is on.
    """

    def __init__(self, fail: Callable[[UserError], object]) -> None:
        super().__init__()
        self.setCheckable(True)
        self.page = LivePage(fail)
        style.theme.changed.connect(self._dress)
        self._kind = ""

    def follow(self, modality: Modality, model: Path | None) -> bool:
        """Predict with ``model``, of samples of this kind; whether the page is to be seen."""
        device = modality.device
        self.setVisible(device is not None)
        self.page.use(model)
        if device is None or model is None:
            self.setChecked(False)
        if device is None:
            return False
        self._kind = device.key
        self.setEnabled(model is not None)
        text, tip = TEXTS[device.key]
        self.setText(_(text))
        self.setToolTip(style.tip(_(tip)))
        if self.isChecked():
            self.page.panel.use(device)
        self._dress()
        return self.isChecked()

    def _dress(self) -> None:
        self.setIcon(style.icon("wave" if self._kind == "microphone" else "picture"))
