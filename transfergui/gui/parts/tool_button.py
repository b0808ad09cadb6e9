"""A small button among others."""

from PySide6.QtWidgets import QToolButton


def tool_button(text: str, tip: str, name: str = "") -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(name or text)
    button.setProperty("role", "tool")
    return button
