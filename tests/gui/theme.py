"""The theme that windows are tested in."""

from PySide6.QtWidgets import QApplication

from transfergui.gui.base import style


def use_light_theme(app: QApplication) -> None:
    """Once in a process, where no test changes it: to install it again is to style every widget
    again, which takes longer than to make a window."""
    if style.theme.wanted != "light" or not app.styleSheet():
        style.theme.install(app, "light")
