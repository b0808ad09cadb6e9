"""A chart with a slider: a threshold is moved, and what comes of it is said at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import _
from transfergui.core.evaluation.kinds import Sweep
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.views.chart_view import ChartView
from transfergui.gui.views.table_view import table_view


class SweepView(QWidget):
    """See the module.

    Attributes:
        slider: its values are numbers of thresholds.
        said: what comes of the one that is chosen.
        back: to the threshold of the model.
        table, title: what comes of it in more detail, to be laid out below; None without.
    """

    def __init__(self, sweep: Sweep, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sweep = sweep
        self.chart = ChartView(sweep.chart)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(sweep.thresholds) - 1)
        self.slider.setPageStep(max(1, len(sweep.thresholds) // 10))
        self.slider.setAccessibleName(sweep.name)
        label = QLabel(sweep.name)
        label.setBuddy(self.slider)
        self.value = QLabel()
        self.value.setMinimumWidth(self.fontMetrics().horizontalAdvance("100.0 %"))
        self.back = QPushButton(_("Model's threshold"))
        self.back.setToolTip(_("Back to the threshold that the model uses."))
        self.said = WrappedLabel()
        self.title = QLabel()
        self.table = None if sweep.table is None else table_view(sweep.table(sweep.chosen))
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(label)
        row.addWidget(self.slider, 1)
        row.addWidget(self.value)
        row.addWidget(self.back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.chart)
        layout.addLayout(row)
        layout.addWidget(self.said)
        self.slider.valueChanged.connect(self._show)
        self.back.clicked.connect(lambda: self.slider.setValue(sweep.chosen))
        self.slider.setValue(sweep.chosen)
        self._show(self.slider.value())

    def _show(self, at: int) -> None:
        sweep = self._sweep
        threshold, own = sweep.thresholds[at], at == sweep.chosen
        self.value.setText(percent(threshold, 0))
        self.said.setText(sweep.said(at))
        self.slider.setAccessibleDescription(sweep.said(at))
        self.back.setEnabled(not own)
        if self.table is not None and sweep.table is not None:
            found = sweep.table(at)
            self.title.setText(found.title)
            self.table.setAccessibleName(found.title)
            self.table.rows.fill(found.rows)
        self.chart.mark(sweep.x[at], sweep.y[at])
