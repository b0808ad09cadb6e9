"""Widgets below each other."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from transfergui.gui.base import style


def column(*parts: QWidget) -> QWidget:
    """A widget with ``parts`` below each other, without margins."""
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(style.INSIDE)
    for part in parts:
        layout.addWidget(part)
    return whole
