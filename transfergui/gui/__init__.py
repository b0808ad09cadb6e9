"""The window: the only place with PySide6 and pyqtgraph."""
