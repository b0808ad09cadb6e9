"""Which predictions the table shows: by words, by class, by kind, and what counts as unsure."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSpinBox

from transfergui.core.base.figure_texts import suffix
from transfergui.core.base.i18n import N_, _
from transfergui.gui.base import style, words
from transfergui.gui.tables.prediction_table import PredictionRow, PredictionTable

SHOWN = (N_("All predictions"), N_("Low confidence"), N_("Unreadable files"))
"""What the table can be narrowed to."""
MOST = 200
"""So many classes are listed, the commonest first."""
LETTERS = 9
"""Of a name that there is room for; the list has the whole."""
SPIN = 68
"""Pixels of the threshold."""
SOON = 200
"""Milliseconds after rows came until the classes are counted again."""


class PredictionFilter(QHBoxLayout):
    """See the module."""

    def __init__(self, table: PredictionTable) -> None:
        super().__init__()
        self._table = table
        self.unsure = QSpinBox()
        self.search = QLineEdit()
        self.narrow = QComboBox()
        self.classes = QComboBox()
        self._counting = QTimer(table, singleShot=True, interval=SOON)
        self._counting.timeout.connect(self._list_classes)
        self.search.setPlaceholderText(_("Find a file or a prediction"))
        self.search.setAccessibleName(_("Find a file or a prediction"))
        self.search.setClearButtonEnabled(True)
        self.narrow.addItems([_(text) for text in SHOWN])
        self.narrow.setAccessibleName(_("Which predictions are shown"))
        self.unsure.setRange(0, 100)
        self.unsure.setValue(self._table.unsure)
        self.unsure.setSuffix(suffix("%"))
        self.unsure.setMaximumWidth(SPIN)
        self.unsure.setToolTip(
            style.tip(
                _(
                    "Predictions with less confidence are flagged, so that you can check them. "
                    "The default of {default} % is fixed and does not come from your test set."
                ).format(default=self._table.unsure)
            )
        )
        self.unsure.setAccessibleName(_("Flag predictions below this confidence"))
        self.classes.setAccessibleName(_("Show predictions of this class"))
        for combo in (self.classes, self.narrow):
            combo.setSizeAdjustPolicy(combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(LETTERS)
        self._list_classes()
        self._label = label = QLabel(_("&Flag confidence below"))
        label.setBuddy(self.unsure)
        self.setSpacing(style.INSIDE)
        self.addWidget(self.search, 1)
        for widget in (self.classes, self.narrow, label, self.unsure):
            self.addWidget(widget)
        self.search.textChanged.connect(self._narrow)
        self.narrow.currentIndexChanged.connect(self._narrow)
        self.classes.currentIndexChanged.connect(self._narrow)
        table.rows.rowsInserted.connect(lambda *_rows: self._counting.start())
        table.rows.modelReset.connect(self._counting.start)
        self.unsure.valueChanged.connect(self._narrow)

    def follow(self, sure: bool) -> None:
        """Ask what is unsure only where predictions have a confidence."""
        for part in (self._label, self.unsure):
            part.setVisible(sure)

    def take_over(self, former: PredictionFilter) -> None:
        """Show what a filter in another language does."""
        self.classes.addItem("", former.classes.currentData())  # until they are counted
        self.classes.setCurrentIndex(self.classes.count() - 1)
        self.unsure.setValue(former.unsure.value())
        self.narrow.setCurrentIndex(former.narrow.currentIndex())
        self.search.setText(former.search.text())
        self._counting.start()

    def _list_classes(self) -> None:
        """Every prediction that there is, with how many there are of it; none of numbers."""
        counts = Counter(row.label(0) for row in self._table.rows.rows if row.share(0) is not None)
        listed = [(name, count) for name, count in counts.most_common(MOST) if name]
        before = self.classes.currentData()
        self.classes.blockSignals(True)
        self.classes.clear()
        self.classes.addItem(_("All classes"), "")
        for name, count in listed:
            self.classes.addItem(words.bracketed(name, words.number(count)), name)
        self.classes.setCurrentIndex(max(0, self.classes.findData(before)))
        self.classes.blockSignals(False)
        self.classes.setEnabled(bool(listed))
        if before and self.classes.currentData() != before:
            self._narrow()

    def _narrow(self, *_what: object) -> None:
        """Apply the search, the choice of rows and the threshold."""
        self._table.unsure = self.unsure.value()
        name = self.classes.currentData()
        text, which = self.search.text().strip().casefold(), self.narrow.currentIndex()

        def wanted(row: PredictionRow) -> bool:
            if which and not (self._table.is_unsure(row) if which == 1 else bool(row.problem)):
                return False
            if name and row.label(0) != name:
                return False
            return not text or text in f"{row.path.name}\n{row.label(0)}".casefold()

        self._table.rows.show_only(wanted)
