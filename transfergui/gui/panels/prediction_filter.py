"""Which predictions the table shows: by words, by kind, and what counts as unsure."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSpinBox

from transfergui.core.base.i18n import N_, _
from transfergui.gui.base import style
from transfergui.gui.tables.prediction_table import PredictionRow, PredictionTable

SHOWN = (N_("All predictions"), N_("Low confidence"), N_("Unreadable files"))
"""What the table can be narrowed to."""


class PredictionFilter(QHBoxLayout):
    """See the module."""

    def __init__(self, table: PredictionTable) -> None:
        super().__init__()
        self._table = table
        self.unsure = QSpinBox()
        self.search = QLineEdit()
        self.narrow = QComboBox()
        self.search.setPlaceholderText(_("Find a file or a prediction"))
        self.search.setAccessibleName(_("Find a file or a prediction"))
        self.search.setClearButtonEnabled(True)
        self.narrow.addItems([_(text) for text in SHOWN])
        self.narrow.setAccessibleName(_("Which predictions are shown"))
        self.unsure.setRange(0, 100)
        self.unsure.setValue(self._table.unsure)
        self.unsure.setSuffix(" %")
        self.unsure.setToolTip(
            style.tip(
                _(
                    "Predictions with less confidence are flagged, so that you can check them. "
                    "{default} % is the default of the program; this threshold was not measured on "
                    "your test set."
                ).format(default=self._table.unsure)
            )
        )
        self.unsure.setAccessibleName(_("Flag predictions below this confidence"))
        self._label = label = QLabel(_("&Flag confidence below"))
        label.setBuddy(self.unsure)
        self.setSpacing(style.INSIDE)
        self.addWidget(self.search, 1)
        for widget in (self.narrow, label, self.unsure):
            self.addWidget(widget)
        self.search.textChanged.connect(self._narrow)
        self.narrow.currentIndexChanged.connect(self._narrow)
        self.unsure.valueChanged.connect(self._narrow)

    def follow(self, sure: bool) -> None:
        """Ask what is unsure only where predictions have a confidence."""
        for part in (self._label, self.unsure):
            part.setVisible(sure)

    def _narrow(self, *_what: object) -> None:
        """Apply the search, the choice of rows and the threshold."""
        self._table.unsure = self.unsure.value()
        text, which = self.search.text().strip().casefold(), self.narrow.currentIndex()

        def wanted(row: PredictionRow) -> bool:
            if which and not (self._table.is_unsure(row) if which == 1 else bool(row.problem)):
                return False
            return not text or text in f"{row.path.name}\n{row.label(0)}".casefold()

        self._table.rows.show_only(wanted)
