"""Tests of what stands in the cells of the confusion matrix."""

import numpy as np
import pytest
from PySide6.QtGui import QFontInfo, QFontMetricsF
from pytestqt.qtbot import QtBot

from transfergui.core.figures import one_class
from transfergui.gui.tables import confusion_matrix
from transfergui.gui.tables.confusion_matrix import ConfusionMatrix


@pytest.mark.parametrize(("each", "classes"), [(9, 10), (900, 30), (15_000, 10)])
def test_figures_are_never_cut_off(qtbot: QtBot, each: int, classes: int) -> None:
    """15000 would be read as 500."""
    truth = np.repeat(np.arange(classes), each)
    report = one_class.measure(truth.tolist(), np.eye(classes)[truth], [*map(str, range(classes))])
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.resize(400, 360)
    matrix.show()
    matrix.fill(report)
    room = matrix.columnWidth(0) - 2 * confusion_matrix.EDGE
    font = confusion_matrix._fitting(matrix.font(), str(each), room)
    assert matrix.cells.texts == {"", str(each)}
    assert QFontMetricsF(font).horizontalAdvance(str(each)) <= room
    usual, found = (QFontInfo(each).pixelSize() for each in (matrix.font(), font))
    assert int(confusion_matrix.SMALLER * usual) <= found <= usual
    matrix.cells.use_unit("percent")
    assert matrix.columnWidth(0) <= room + 2 * confusion_matrix.EDGE
