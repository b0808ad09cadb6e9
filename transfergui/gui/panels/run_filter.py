"""Which runs the table shows: by words, by their data, and whether those on one data stand
together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit

from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.data.dataset import DataOptions
from transfergui.gui.base import style, words
from transfergui.gui.tables.run_row import RunRow
from transfergui.gui.tables.run_table import RunTable


class RunFilter(QHBoxLayout):
    """See the module."""

    def __init__(self, table: RunTable) -> None:
        super().__init__()
        self._table = table
        self._rows: Sequence[RunRow] = ()
        self.search = QLineEdit()
        self.data = QComboBox()
        self.group = QCheckBox(_("Group by data"))
        self.amount = QLabel()
        self.search.setPlaceholderText(_("Find a name, a tag or a backbone"))
        self.search.setAccessibleName(_("Find runs"))
        self.search.setClearButtonEnabled(True)
        self.data.setAccessibleName(_("Show runs on these data"))
        self.data.setSizeAdjustPolicy(
            self.data.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.data.setMinimumContentsLength(14)
        self.amount.setProperty("role", "caption")
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSpacing(style.INSIDE)
        self.addWidget(self.search, 1)
        for part in (self.data, self.group, self.amount):
            self.addWidget(part)
        self.search.textChanged.connect(self._narrow)
        self.data.currentIndexChanged.connect(self._narrow)
        self.group.toggled.connect(self._arrange)

    def show_runs(self, rows: Sequence[RunRow]) -> None:
        """Replace the rows of the table; newest first, or those on one data together."""
        self._rows = rows
        self._list_data()
        self._arrange()

    def take_over(self, former: RunFilter) -> None:
        """Show what a filter in another language does."""
        self.data.addItem("", former.data.currentData())  # until the runs are read
        self.data.setCurrentIndex(self.data.count() - 1)
        self.group.setChecked(former.group.isChecked())
        self.search.setText(former.search.text())

    def _list_data(self) -> None:
        before = self.data.currentData()
        counts = Counter(row.data for row in self._rows if row.data)
        self.data.blockSignals(True)
        self.data.clear()
        self.data.addItem(_("All data"), "")
        for path, count in counts.items():
            name = shown(DataOptions(path=path).name) or shown(path)
            self.data.addItem(words.bracketed(name, words.number(count)), path)
            self.data.setItemData(
                self.data.count() - 1, style.tip(shown(path)), Qt.ItemDataRole.ToolTipRole
            )
        self.data.setCurrentIndex(max(0, self.data.findData(before)))
        self.data.blockSignals(False)

    def _arrange(self, *_what: object) -> None:
        rows = list(self._rows)
        self._table.grouped = self.group.isChecked()
        if self._table.grouped:
            first = {row.data: place for place, row in reversed(list(enumerate(rows)))}
            rows.sort(key=lambda row: first[row.data])
            self._table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self._table.show_runs(rows)
        self._narrow()

    def _narrow(self, *_what: object) -> None:
        text, data = self.search.text().strip().casefold(), self.data.currentData()

        def wanted(row: RunRow) -> bool:
            return (not data or row.data == data) and text in row.searched

        self._table.rows.show_only(wanted)
        self._table.set_empty_text(_("No run matches."))
        seen, count = len(self._table.rows.shown), len(self._rows)
        said = ngettext("{count} run", "{count} runs", count).format(count=words.number(count))
        if seen != count:
            said = _("{shown} of {total}").format(shown=words.number(seen), total=said)
        self.amount.setText(said)
