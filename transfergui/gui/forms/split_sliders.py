"""How the samples are divided into training, validation and test: a bar and two sliders."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from transfergui.core.base import options as opt
from transfergui.core.base.figure_texts import per_cent
from transfergui.core.base.i18n import N_, _
from transfergui.core.data.split import SplitOptions
from transfergui.gui.base import style
from transfergui.gui.base.words import Noun


@dataclass(frozen=True)
class SplitPart:
    """One part of the split, as a person meets it (untranslated)."""

    key: str
    colour: str
    title: str
    purpose: str
    option: str | None


PARTS = (
    SplitPart(
        "train", "training", N_("Training set"), N_("Examples that the model is trained on."), None
    ),
    SplitPart(
        "val",
        "validation",
        N_("Validation set"),
        N_(
            "Examples that the model is not trained on. They show overfitting and choose the "
            "best epoch."
        ),
        "val_percent",
    ),
    SplitPart(
        "test",
        "test",
        N_("Test set"),
        N_(
            "Examples that are not used until the end. They measure how good the model is on "
            "new examples."
        ),
        "test_percent",
    ),
)


class SplitSliders(QWidget):
    """Shows the sizes of a split and lets the shares be changed, where they can be."""

    chosen = Signal(object)
    """The new :class:`SplitOptions`, once per movement, not at every pixel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options = SplitOptions()
        self._bar = SegmentBar()
        self._method = QLabel()
        self._method.setWordWrap(True)
        self._method.setProperty("role", "caption")
        self._amounts = {part.key: QLabel() for part in PARTS}
        self._percents = {part.key: QLabel() for part in PARTS}
        self._sliders = {part.option: self._slider(part) for part in PARTS if part.option}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, style.BETWEEN, 0, 0)
        layout.setSpacing(style.BETWEEN)
        layout.addWidget(self._bar)
        layout.addLayout(self._rows())
        layout.addWidget(self._method)
        layout.addStretch()

    def show_split(
        self,
        sizes: Mapping[str, int],
        options: SplitOptions,
        noun: Noun,
        method: str,
        fixed: Mapping[str, str] | None = None,
    ) -> None:
        """Show a split.

        Args:
            sizes: samples per part: ``train``, ``val``, ``test``.
            options: the shares asked for.
            noun: what the samples are called.
            method: how it was made, as a sentence.
            fixed: why a share cannot be changed, by the name of its option.
        """
        self._options = options
        self._bar.set_sizes([sizes[part.key] for part in PARTS])
        total = sum(sizes.values())
        for part in PARTS:
            self._amounts[part.key].setText(noun.amount(sizes[part.key]))
            share = 100 * sizes[part.key] / total if total else 0
            self._percents[part.key].setText(per_cent(f"{share:.0f}"))
        self._method.setText(method)
        for name, slider in self._sliders.items():
            reason = (fixed or {}).get(name, "")
            with QSignalBlocker(slider):
                slider.setValue(getattr(options, name))
            slider.setEnabled(not reason)
            slider.setToolTip(reason or slider.accessibleDescription())

    def slider(self, option: str) -> QSlider:
        """The slider of a share, by the name of its option."""
        return self._sliders[option]

    def amount(self, part: str) -> str:
        """The size of a part, as it is shown."""
        return self._amounts[part].text()

    def _slider(self, part: SplitPart) -> QSlider:
        described = next(o for o in opt.describe(SplitOptions) if o.name == part.option)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(int(described.low or 0), int(described.high or 100))
        slider.setPageStep(5)
        slider.setAccessibleName(_(described.title))
        slider.setAccessibleDescription(_(described.help))
        slider.setTracking(False)
        slider.valueChanged.connect(self._tell)
        slider.sliderMoved.connect(lambda value: self._percents[part.key].setText(per_cent(value)))
        return slider

    def _rows(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.BETWEEN)
        grid.setVerticalSpacing(style.GAP)
        for row, part in enumerate(PARTS):
            title = QLabel(_(part.title))
            purpose = QLabel(_(part.purpose))
            purpose.setWordWrap(True)
            purpose.setProperty("role", "caption")
            grid.addWidget(Swatch(part.colour), row, 0)
            grid.addWidget(title, row, 1)
            if part.option:
                title.setBuddy(self._sliders[part.option])
                grid.addWidget(self._sliders[part.option], row, 2)
            for column, label in ((3, self._percents[part.key]), (4, self._amounts[part.key])):
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(label, row, column)
            grid.addWidget(purpose, row, 5)
        grid.setColumnMinimumWidth(2, 140)
        grid.setColumnStretch(5, 1)
        return grid

    def _tell(self) -> None:
        values = {name: slider.value() for name, slider in self._sliders.items()}
        options = msgspec.structs.replace(self._options, **values)
        if options != self._options:
            self._options = options
            self.chosen.emit(options)


class SegmentBar(QWidget):
    """One bar, cut into the parts of the split by their true sizes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes = [0] * len(PARTS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_sizes(self, sizes: list[int]) -> None:
        self._sizes = sizes
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        total, left = sum(self._sizes) or 1, 0.0
        for part, size in zip(PARTS, self._sizes, strict=True):
            width = self.width() * size / total
            painter.setBrush(style.colour(part.colour))
            painter.drawRoundedRect(QRectF(left, 0, max(0.0, width - 2), self.height()), 3, 3)
            left += width


class Swatch(QWidget):
    """The colour of one part of the split, as it is on every plot."""

    def __init__(self, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = colour
        self.setFixedSize(12, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour(self._colour))
        painter.drawRoundedRect(self.rect(), 3, 3)
