"""A part of a page: a title with its buttons, and what it is about below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from transfergui.gui.base import style


def titled_part(
    title: QLabel, buttons: Sequence[QWidget], *below: QWidget, stretch: bool = False
) -> QWidget:
    """A titled part with its buttons at the right.

    Args:
        stretch: whether what is left of the height stays empty.
    """
    title.setProperty("role", "title")
    top = QHBoxLayout()
    top.setSpacing(style.GAP)
    top.addWidget(title)
    top.addStretch(1)
    for button in buttons:
        top.addWidget(button)
    part = QWidget()
    layout = QVBoxLayout(part)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(style.GAP)
    layout.addLayout(top)
    for widget in below:
        layout.addWidget(widget)
    if stretch:
        layout.addStretch(1)
    return part
