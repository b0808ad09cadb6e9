"""How long recordings are divided before they are labelled: a field for each such number."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QWidget

from transfergui.core.base.i18n import _
from transfergui.gui.base import style
from transfergui.gui.labelling.labelling import Labelling

STEP = 0.5


class ReadingFields(QWidget):
    """Hidden where nothing is to be chosen. Once there are labels, their examples must stay.

    Attributes:
        fields: by the name of the option.
        changed: read so, with the options.
    """

    changed = Signal(object)

    def __init__(self, labelling: Labelling) -> None:
        super().__init__()
        self._labelling = labelling
        self.fields: dict[str, QDoubleSpinBox] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.INSIDE)
        for option, value in labelling.opened.divided_by():
            name, field = QLabel(_(option.title)), QDoubleSpinBox()
            field.setRange(option.low or 0, option.high or 1e6)
            field.setSingleStep(STEP)
            field.setSuffix(f" {_(option.unit)}" if option.unit else "")
            field.setValue(value)
            field.setKeyboardTracking(False)
            field.setAccessibleName(_(option.title))
            field.editingFinished.connect(self._tell)
            name.setBuddy(field)
            row.addWidget(name)
            row.addWidget(field)
            self.fields[option.name] = field
        self._before = self._values()
        self.setVisible(False)
        labelling.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Whether the division may be changed."""
        fixed = bool(self._labelling.table.labels)
        tip = _("Can be changed as long as nothing is labelled.") if fixed else ""
        for field in self.fields.values():
            field.setEnabled(not fixed)
            field.setToolTip(tip)
        self.setVisible(bool(self.fields))

    def _values(self) -> dict[str, float]:
        return {name: field.value() for name, field in self.fields.items()}

    def _tell(self) -> None:
        if (values := self._values()) != self._before:
            self._before = values
            self.changed.emit(values)
