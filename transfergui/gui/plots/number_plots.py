"""The plots of a number: each prediction beside the truth, and how far they are off."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter

from transfergui.core.base.i18n import _
from transfergui.gui.base import style
from transfergui.gui.parts.titled_part import titled_part
from transfergui.gui.plots.error_histogram import ErrorHistogram
from transfergui.gui.plots.scatter_plot import ScatterPlot

HEIGHT = 256
"""The least height of a plot, in pixels."""


def beside_each_other(scatter: ScatterPlot, errors: ErrorHistogram) -> QSplitter:
    """Both plots with their titles."""
    both = QSplitter(Qt.Orientation.Horizontal)
    for title, plot in ((_("Predicted and true values"), scatter), (_("Errors"), errors)):
        part = titled_part(QLabel(title), [], plot)
        part.setMinimumHeight(HEIGHT)
        both.addWidget(part)
    both.setSizes([500, 300])
    both.setChildrenCollapsible(False)
    both.setHandleWidth(style.BETWEEN)
    return both
