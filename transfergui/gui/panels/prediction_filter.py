"""Which predictions the table shows: by words, by class, by kind, and what counts as unsure."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSpinBox

from transfergui.core.base.figure_texts import suffix
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import names_in
from transfergui.core.evaluation import promises
from transfergui.gui.base import style, words
from transfergui.gui.tables.prediction_table import PredictionRow, PredictionTable

SHOWN = (
    N_("All predictions"),
    N_("Low confidence"),
    N_("Unreadable files"),
    N_("Unlike the training data"),
)
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

    promised = Signal(object)
    """No more than this share of the predictions is to be wrong; None for all predictions."""

    def __init__(self, table: PredictionTable) -> None:
        super().__init__()
        self._table = table
        self.unsure = QSpinBox()
        self.search = QLineEdit()
        self.narrow = QComboBox()
        self._boxes = False
        self._counts: Counter[str] = Counter()
        self._counted: list[PredictionRow] = []  # whose first rows are in the counts
        self._until = 0
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
        self.narrow.setSizeAdjustPolicy(self.narrow.SizeAdjustPolicy.AdjustToContents)
        self._list_classes()
        self.promise = _choice()
        self.promise.activated.connect(lambda at: self.promised.emit(self.promise.itemData(at)))
        self.setSpacing(style.INSIDE)
        self.addWidget(self.search, 1)
        for widget in (self.classes, self.narrow, self.promise, self.unsure):
            self.addWidget(widget)
        self.search.textChanged.connect(self._narrow)
        self.narrow.currentIndexChanged.connect(self._narrow)
        self.classes.currentIndexChanged.connect(self._narrow)
        table.rows.rowsInserted.connect(lambda *_rows: self._counting.start())
        table.rows.modelReset.connect(self._counting.start)
        self.unsure.valueChanged.connect(self._narrow)

    def follow(self, sure: bool, promised: float | None, busy: bool, boxes: bool = False) -> None:
        """Ask what is unsure only where predictions have a confidence.

        Args:
            promised: what the model promised.
            busy: whether predictions are still coming.
            boxes: whether these are boxes, whose classes are listed.
        """
        if boxes != self._boxes:
            self._boxes, self._until = boxes, 0
            self._counting.start()
        self.promise.setVisible(sure)
        self.promise.setEnabled(not busy)
        self.promise.setCurrentIndex(max(0, self.promise.findData(promised)))
        self.unsure.setVisible(sure and promised is None)
        self._narrow()

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
        self._count()
        listed = [(name, count) for name, count in self._counts.most_common(MOST) if name]
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

    def _count(self) -> None:
        """Count the rows that came since the last time; all where they are others."""
        rows = self._table.rows.rows
        if rows is not self._counted or self._until > len(rows) or not self._until:
            self._counts, self._counted, self._until = Counter(), rows, 0
        new = itertools.islice(rows, self._until, None)
        self._counts.update(name for row in new for name in self._names(row))
        self._until = len(rows)

    def _narrow(self, *_what: object) -> None:
        """Apply the search, the choice of rows and the threshold."""
        promised = self.promise.currentData() is not None
        self._table.unsure = 0 if promised else self.unsure.value()
        name = self.classes.currentData()
        text, which = self.search.text().strip().casefold(), self.narrow.currentIndex()

        def wanted(row: PredictionRow) -> bool:
            if which and not self._is(row, which):
                return False
            if name and name not in self._names(row):
                return False
            return not text or text in f"{row.path.name}\n{row.label(0)}".casefold()

        self._table.rows.show_only(wanted)

    def _names(self, row: PredictionRow) -> Sequence[str]:
        """The class that is predicted, or the classes of the boxes; none of other answers."""
        if self._boxes and row.answer.said is not None:
            return tuple(map(shown, names_in(row.answer.said.label))) or (_("no boxes"),)
        return (row.label(0),) if row.share(0) is not None else ()

    def _is(self, row: PredictionRow, which: int) -> bool:
        """Whether a row belongs to an entry of :data:`SHOWN`."""
        looks = {1: self._table.is_unsure, 3: self._table.is_unlike}
        return looks[which](row) if which in looks else bool(row.problem)


def _choice() -> QComboBox:
    """What becomes of predictions that are not confident."""
    box = QComboBox()
    box.addItem(_("Flag confidence below"), None)
    for share in promises.CHOICES:
        text = _("Wrong in at most {share}").format(share=promises.promised_text(share))
        box.addItem(text, share)
    box.setAccessibleName(_("What happens to predictions with low confidence"))
    box.setToolTip(
        style.tip(
            _(
                "Flag predictions below a confidence that you choose. Or set what share of the "
                "predictions may be wrong: predictions whose confidence is too low for this are"
                " left out. The confidence needed is measured on the validation set and saved "
                "in the model and its exports."
            )
        )
    )
    return box
