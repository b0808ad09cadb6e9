"""What is predicted of the open data, in a line, and as fields to change it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from transfergui.core import registry
from transfergui.core.base import options as opt
from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.options import Option
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.label_parts import label_parts
from transfergui.gui.base import style
from transfergui.gui.forms.columns_field import ColumnsField
from transfergui.gui.forms.options_form import ChoiceBox
from transfergui.gui.parts.term_label import TermLabel

WHAT, COLUMNS = "objective", "predict"
LABEL_COLUMN = "label_column"
"""What the scan calls the columns that it took."""
JOIN = ", "
"""Between them."""


class PredictedForm(QWidget):
    """One choice of what is predicted, and the columns that say it.

    Attributes:
        edited: (name, value, title) of an option of the data that the user changed.
    """

    edited = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self._options = {o.name: o for o in opt.describe(DataOptions) if o.name in (WHAT, COLUMNS)}
        self.what = ChoiceBox(self._options[WHAT])
        self.columns = ColumnsField()
        self.what.activated.connect(lambda _row: self._tell(WHAT, self.what.currentData()))
        self.columns.applied.connect(lambda names: self._tell(COLUMNS, names))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(style.INSIDE)
        grid.setVerticalSpacing(style.GAP)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        self._add(grid, 0, self._options[WHAT], _(self._options[WHAT].help), self.what)
        self._of_columns = self._add(
            grid,
            2,
            self._options[COLUMNS],
            _(
                "Select what is predicted, then press Apply. If nothing is selected, the program "
                "chooses."
            ),
            self.columns,
        )

    def show_dataset(self, dataset: Dataset, data: DataOptions, obstacle: str) -> None:
        """Show what is predicted.

        Args:
            data: what the user chose.
            obstacle: why nothing can be changed now.
        """
        found = _title(dataset)
        with QSignalBlocker(self.what):
            self.what.setItemText(0, _("Automatic ({what})").format(what=found))
            self.what.put(data.objective)
        choices = _choices(dataset, data)
        self.columns.show_columns(choices, _used(dataset, data, choices))
        for part in self._of_columns:
            part.setVisible(bool(choices))
        self.setEnabled(not obstacle)
        self.setToolTip(obstacle)

    def _tell(self, name: str, value: object) -> None:
        self.edited.emit(name, value, _(self._options[name].title))

    def _add(
        self, grid: QGridLayout, row: int, option: Option, help: str, field: QWidget
    ) -> tuple[QWidget, ...]:
        """A field with its name and its explanation, all of which are returned."""
        label = TermLabel(_(option.title), help, focusable=False)
        label.setBuddy(field)
        field.setAccessibleName(_(option.title))
        field.setAccessibleDescription(help)
        field.setToolTip(label.toolTip())
        said = QLabel(help, wordWrap=True)
        said.setProperty("role", "caption")
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(field, row, 1)
        grid.addWidget(said, row + 1, 0, 1, 2)
        return label, field, said


def leaves_choice(dataset: Dataset, data: DataOptions) -> bool:
    """Whether something else might be predicted of these data, too."""
    read = bool(dataset.chosen or dataset.conflicts)
    said = bool(label_parts(dataset.targets) or data.objective or data.predict)
    return read or said or all(map(_is_number, dataset.classes))


def predicted(dataset: Dataset, data: DataOptions) -> str:
    """``Predicts: several labels, from column tags``."""
    what, columns = _title(dataset), _columns(dataset, data)
    what = within(what)
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


def _choices(dataset: Dataset, data: DataOptions) -> dict[str, str]:
    """The columns, or levels of folders, that may be predicted, and how each is called."""
    if levels := dataset.choices.get(COLUMNS):
        return levels
    every = dataset.choices.get(LABEL_COLUMN, {})
    given = {name: value for name, value in dataset.chosen.items() if name in data.options}
    others = {given.get(name) for name in ("split_column", "group_column")}
    others |= {dataset.chosen.get(name) for name in ("path_column", "text_column")}
    found = {
        name: text
        for name, text in every.items()
        if name and name not in others and not _joins(name, every)
    }
    return found | {name: name for name in data.predict if name not in found}


def _joins(name: str, every: Mapping[str, str]) -> bool:
    """Whether this is several of the columns, joined."""
    parts = name.split(JOIN)
    return len(parts) > 1 and {*parts} <= {*every}


def _used(dataset: Dataset, data: DataOptions, choices: Mapping[str, str]) -> list[str]:
    """The columns that are predicted now."""
    taken = str(dataset.chosen.get(LABEL_COLUMN) or "")
    parts = data.predict or ((taken,) if taken in choices else tuple(taken.split(JOIN)))
    if not data.predict and not taken:  # marks, or levels of folders
        parts = tuple(name.replace("level ", "level:") for name in dataset.targets.names)
        parts += dataset.targets.names
    return [name for name in choices if name in parts]


def _is_number(name: str) -> bool:
    try:
        float(name.replace(",", "."))
    except ValueError:
        return False
    return True
