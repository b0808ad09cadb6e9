"""The line of the Live stage that says who trains what is shown, where this window only follows."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.session.session import Session


class WatchedLine(QWidget):
    """See the module; hidden while this window trains by itself."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.text = WrappedLabel(role="caption")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.text, 1)
        self.follow()

    def follow(self) -> None:
        """Bring it up to date."""
        watch = self._session.runner.watch
        self.setVisible(watch is not None)
        if watch is not None:
            text = _(
                "This window follows “{name}”, which another process trains (process {pid} on "
                "{host}). Stop and Pause are passed on to it."
            )
            self.text.setText(text.format(name=shown(watch.run.path.name), **watch.trainer))
