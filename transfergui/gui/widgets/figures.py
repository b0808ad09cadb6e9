"""Figures with what they mean: a name that explains itself above a number."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from transfergui.gui import style
from transfergui.gui.widgets.explained import Explained


class Figure(QWidget):
    """One name with its number; the number can be selected and copied."""

    def __init__(self, name: Explained, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        name.setProperty("role", "caption")
        self.value = QLabel("–")
        self.value.setFont(style.font(15, bold=True))
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(name, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.value)

    def rename(self, text: str) -> None:
        """Another name for the same kind of figure; without one it is not shown."""
        self._name.setText(text)
        self.setVisible(bool(text))

    def show_value(self, text: str) -> None:
        self.value.setText(text or "–")
        self.value.setAccessibleName(f"{self._name.text()}: {text}")


class Figures(QWidget):
    """Several of them in a row, each as wide as the others."""

    def __init__(self, names: dict[str, Explained], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = {key: Figure(name) for key, name in names.items()}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.AROUND)
        for figure in self._figures.values():
            layout.addWidget(figure, 1)

    def rename(self, key: str, text: str) -> None:
        """As :meth:`Figure.rename`."""
        self._figures[key].rename(text)

    def show_values(self, values: dict[str, str]) -> None:
        """Replace the numbers; those that are not named become a dash."""
        for key, figure in self._figures.items():
            figure.show_value(values.get(key, ""))
