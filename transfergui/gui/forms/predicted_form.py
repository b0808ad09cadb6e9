"""What is predicted of the open data, in a line, and as fields to change it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from transfergui.core import registry
from transfergui.core.base import options as opt
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.options import Option
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.label_parts import label_parts
from transfergui.gui.base import style, words
from transfergui.gui.forms.options_form import ChoiceBox
from transfergui.gui.parts.term_label import TermLabel

WHAT, COLUMNS = "objective", "predict"
LABEL_COLUMN = "label_column"
"""What the scan calls the columns that it took."""


class PredictedForm(QWidget):
    """One choice of what is predicted, and the columns that say it.

    Attributes:
        edited: (name, value, title) of an option of the data that the user changed.
    """

    edited = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self._options = {o.name: o for o in opt.describe(DataOptions) if o.name in (WHAT, COLUMNS)}
        self._shown = ""
        self.what = ChoiceBox(self._options[WHAT])
        self.columns = QLineEdit()
        self.what.activated.connect(lambda _row: self._tell(WHAT, self.what.currentData()))
        self.columns.editingFinished.connect(self._tell_columns)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(style.INSIDE)
        grid.setVerticalSpacing(style.GAP)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        for row, (name, field) in enumerate(((WHAT, self.what), (COLUMNS, self.columns))):
            self._add(grid, 2 * row, self._options[name], field)

    def show_dataset(self, dataset: Dataset, data: DataOptions, obstacle: str) -> None:
        """Show what is predicted.

        Args:
            data: what the user chose.
            obstacle: why nothing can be changed now.
        """
        found = _title(dataset)
        with QSignalBlocker(self.what), QSignalBlocker(self.columns):
            self.what.setItemText(0, _("Found in the data ({what})").format(what=found))
            self.what.put(data.objective)
            self._shown = ", ".join(data.predict)
            self.columns.setText(self._shown)
        self.columns.setPlaceholderText(_columns(dataset, data))
        self.setEnabled(not obstacle)
        self.setToolTip(obstacle)

    def _tell(self, name: str, value: object) -> None:
        self.edited.emit(name, value, _(self._options[name].title))

    def _tell_columns(self) -> None:
        """Of columns that were really changed: leaving a field is no change."""
        typed = self.columns.text()
        if typed.strip() != self._shown.strip():
            self._shown = typed
            names = tuple(name for part in typed.split(",") if (name := part.strip()))
            self._tell(COLUMNS, names)

    def _add(self, grid: QGridLayout, row: int, option: Option, field: QWidget) -> None:
        label = TermLabel(_(option.title), _(option.help), focusable=False)
        label.setBuddy(field)
        field.setAccessibleName(_(option.title))
        field.setAccessibleDescription(_(option.help))
        field.setToolTip(label.toolTip())
        said = QLabel(_(option.help), wordWrap=True)
        said.setProperty("role", "caption")
        grid.addWidget(label, row, 0)
        grid.addWidget(field, row, 1)
        grid.addWidget(said, row + 1, 0, 1, 2)


def leaves_choice(dataset: Dataset, data: DataOptions) -> bool:
    """Whether something else might be predicted of these data, too."""
    read = bool(dataset.chosen or dataset.conflicts)
    said = bool(label_parts(dataset.targets) or data.objective or data.predict)
    return read or said or all(map(_is_number, dataset.classes))


def predicted(dataset: Dataset, data: DataOptions) -> str:
    """``Predicts: several labels, from column tags``."""
    what, columns = _title(dataset), _columns(dataset, data)
    what = words.within(what)
    if not columns:
        return _("Predicts: {what}").format(what=what)
    count = columns.count(",") + 1
    text = ngettext(
        "Predicts: {what}, from column {names}", "Predicts: {what}, from columns {names}", count
    )
    return text.format(what=what, names=columns)


def _title(dataset: Dataset) -> str:
    return _(registry.objective(dataset.targets.objective).title)


def _columns(dataset: Dataset, data: DataOptions) -> str:
    return ", ".join(data.predict) or str(dataset.chosen.get(LABEL_COLUMN) or "")


def _is_number(name: str) -> bool:
    try:
        float(name.replace(",", "."))
    except ValueError:
        return False
    return True
