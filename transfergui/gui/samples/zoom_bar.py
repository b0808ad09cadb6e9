"""How large a sample is shown: buttons, and the size in per cent."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.gui.base import style
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.pictures.picture_view import PictureView


class ZoomBar(QWidget):
    """Zooms all pictures that are shown, as one; hidden where there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._views: list[PictureView] = []
        self.percent = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.percent.setMinimumWidth(self.fontMetrics().horizontalAdvance("0000 %"))
        self.percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.fit = tool_button(_("Fit"), _("Fit the picture into the window (0)."))
        self.pixels = tool_button(
            _("100 %"), _("Actual size: one screen pixel for each pixel of the picture (1).")
        )
        self.smaller = tool_button("−", _("Zoom out (-, or the mouse wheel)."), _("Zoom out"))
        self.larger = tool_button("+", _("Zoom in (+, or the mouse wheel)."), _("Zoom in"))
        self.smaller.clicked.connect(lambda: self.by(-1))
        self.larger.clicked.connect(lambda: self.by(1))
        self.fit.clicked.connect(lambda: self.to(None))
        self.pixels.clicked.connect(lambda: self.to(1.0))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.GAP)
        for part in (self.smaller, self.percent, self.larger, self.fit, self.pixels):
            row.addWidget(part)
        self.hide()

    def take(self, view: QWidget) -> None:
        """Zoom ``view``, too, if it is a picture."""
        if isinstance(view, PictureView):
            for other in self._views[:1]:
                view.follow(other)
            self._views.append(view)
            view.changed.connect(lambda: self._lead(view))
            view.shown.connect(self._say)
            self.show()
            self._say()

    def forget(self) -> None:
        """Other samples are shown."""
        for view in self._views:
            view.shown.disconnect(self._say)
        self._views.clear()
        self.hide()

    def by(self, steps: int) -> None:
        for view in self._views[:1]:
            view.zoom_by(steps)

    def to(self, zoom: float | None) -> None:
        for view in self._views[:1]:
            view.set_zoom(zoom)

    def _lead(self, view: PictureView) -> None:
        for other in self._views:
            if other is not view:
                other.follow(view)

    def _say(self) -> None:
        for view in self._views[:1]:
            self.percent.setText(_("{percent} %").format(percent=round(100 * view.zoom)))
