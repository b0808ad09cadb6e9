"""Figures with what they mean: a name that explains itself above a number."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from transfergui.gui.base import style
from transfergui.gui.parts.term_label import TermLabel


class Figure(QWidget):
    """One name with its number; the number can be selected and copied."""

    def __init__(self, name: TermLabel, parent: QWidget | None = None) -> None:
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
    """Several of them in a row, each as wide as the others; in two rows where it is narrow."""

    def __init__(self, names: dict[str, TermLabel], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures = {key: Figure(name, self) for key, name in names.items()}
        self._placed: list[tuple[Figure, int, int]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(style.AROUND)
        self._grid.setVerticalSpacing(style.INSIDE)
        self._arrange()

    def rename(self, key: str, text: str) -> None:
        """As :meth:`Figure.rename`."""
        self._figures[key].rename(text)
        self._arrange()

    def show_values(self, values: dict[str, str]) -> None:
        """Replace the numbers; those that are not named become a dash."""
        for key, figure in self._figures.items():
            figure.show_value(values.get(key, ""))
        self._arrange()

    def show_only(self, values: dict[str, str]) -> None:
        """Replace the numbers, and hide the figures that are not named."""
        for key, figure in self._figures.items():
            figure.setVisible(key in values)
        self.show_values(values)

    def sizeHint(self) -> QSize:
        there = self._there()
        return QSize(_width(there, len(there)), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        there = self._there()
        return QSize(_width(there, _half(there)), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _there(self) -> list[Figure]:
        return [figure for figure in self._figures.values() if not figure.isHidden()]

    def _arrange(self) -> None:
        """In one row, where there is room for it."""
        there = self._there()
        one_row = _width(there, len(there)) <= self.width()
        columns = len(there) if one_row else _half(there)
        placed = [(figure, *divmod(number, columns)) for number, figure in enumerate(there)]
        if placed == self._placed:
            return
        self._placed = placed
        for figure, row, column in placed:
            self._grid.addWidget(figure, row, column)
        for column in range(len(self._figures)):
            self._grid.setColumnStretch(column, int(column < columns))


def _half(figures: list[Figure]) -> int:
    return (len(figures) + 1) // 2


def _width(figures: list[Figure], columns: int) -> int:
    """The least that they need in so many columns."""
    needs = [figure.minimumSizeHint().width() for figure in figures]
    widest = [max(needs[column::columns]) for column in range(columns)]
    return sum(widest) + style.AROUND * (columns - 1)
