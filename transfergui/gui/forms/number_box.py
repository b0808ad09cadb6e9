"""A field for a number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from transfergui.core.base.figure_texts import suffix
from transfergui.core.base.i18n import _
from transfergui.core.base.options import Option


class NumberBox(QDoubleSpinBox):
    """A number of any size, or "Automatic" one step below the smallest.

    Typed as people write it: ``0.001`` and ``1e-3`` are the same. A number beyond a bound becomes
    that bound, which is said.
    """

    edited = Signal()
    corrected = Signal(str)  # the sentence that says what became of what was typed

    def __init__(self, option: Option) -> None:
        super().__init__()
        self._whole = option.kind == "int"
        self._low = option.low if option.low is not None else -1e12
        self._optional = option.optional
        self._unit = suffix(option.unit)
        self._title = option.title
        self._automatic: float | None = None
        self.setDecimals(0 if self._whole else 12)
        self.setRange(self._low - option.optional, 1e12 if option.high is None else option.high)
        self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSuffix(self._unit)
        self.valueChanged.connect(lambda value: self.edited.emit())
        self.set_automatic(None)

    def set_automatic(self, value: float | None) -> None:
        """What the program would choose, shown beside "Automatic"."""
        self._automatic = value
        if self._optional:
            known = "" if value is None else f"{value:g}{self._unit}"
            self.setSpecialValueText(with_choice(_("Automatic"), known))

    def number(self) -> int | float | None:
        """What is entered; None for automatic."""
        value = super().value()
        if self._optional and value < self._low:
            return None
        return round(value) if self._whole else value

    def stepBy(self, steps: int) -> None:
        if self.number() is None and steps > 0:
            self.setValue(self._low if self._automatic is None else self._automatic)
        elif self._optional and self.number() == self._low and steps < 0:
            self.setValue(self.minimum())
        else:
            super().stepBy(steps)
            self.setValue(max(super().value(), self._low))

    def textFromValue(self, value: float) -> str:
        return str(round(value)) if self._whole else f"{value:g}"

    def valueFromText(self, text: str) -> float:
        number = _number(self._plain(text))
        return self.minimum() if number is None else number

    def validate(self, text: str, position: int) -> Any:
        plain = self._plain(text)
        number = _number(plain)
        if number is None:
            typing = not plain or all(c in "+-.,eE0123456789" for c in plain)
            state = QValidator.State.Intermediate if typing else QValidator.State.Invalid
        elif self._low <= number <= self.maximum():
            state = QValidator.State.Acceptable
        else:
            state = QValidator.State.Intermediate
        if self._optional and plain == self.specialValueText():
            state = QValidator.State.Acceptable
        return state, text, position

    def fixup(self, text: str) -> str:
        """The bound in place of a number beyond it; Qt takes back what is no number."""
        number = _number(self._plain(text))
        if number is None or self._low <= number <= self.maximum():
            return text
        above = number > self.maximum()
        bound = self.textFromValue(self.maximum() if above else self._low)
        said = _("“{title}” is at most {bound}: {typed} was changed to {bound}.")
        if not above:
            said = _("“{title}” is at least {bound}: {typed} was changed to {bound}.")
        told = said.format(title=_(self._title), bound=bound, typed=self._plain(text))
        QTimer.singleShot(0, self, lambda: self.corrected.emit(told))  # after it was edited
        return bound

    def wheelEvent(self, event: QWheelEvent) -> None:
        only_with_focus(self, event, super().wheelEvent)

    def _plain(self, text: str) -> str:
        return text.removesuffix(self.suffix()).strip()


def with_choice(automatic: str, chosen: str) -> str:
    """``Automatic (40)``, where it is known what the program chooses."""
    if not chosen:
        return automatic
    return _("{automatic} ({chosen})").format(automatic=automatic, chosen=chosen)


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def only_with_focus(
    widget: QWidget, event: QWheelEvent, handle: Callable[[QWheelEvent], None]
) -> None:
    """A wheel that scrolls the form must not change what lies under the mouse."""
    if widget.hasFocus():
        handle(event)
    else:
        event.ignore()
