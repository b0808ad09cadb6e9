"""The window: the only place with PySide6 and pyqtgraph."""

from transfergui.gui.base import guard

guard.install()  # before any class of the window is made
