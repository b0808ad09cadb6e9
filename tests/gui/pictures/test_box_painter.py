"""Boxes in pictures are seen on any ground, and told apart without colours."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from transfergui.core.interfaces.samples import MarkedBox
from transfergui.gui.pictures import box_painter
from transfergui.gui.pictures.picture_view import PictureView

BOX = MarkedBox("cell", 0.2, 0.2, 0.8, 0.8)
SIDE = 200


def drawn(box: MarkedBox, ground: int, small: bool = False) -> np.ndarray:
    """The grey values [SIDE, SIDE] of a picture of one colour with a box in it."""
    image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    image.fill(ground * 0x010101)
    painter = QPainter(image)
    box_painter.draw(painter, QRectF(image.rect()), [box], small=small)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, -1)[:, :SIDE].astype(int)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("ground", [0, 128, 255])
@pytest.mark.parametrize("small", [False, True])
def test_a_box_is_seen_on_dark_and_on_light_pictures(ground: int, small: bool) -> None:
    side = drawn(BOX, ground, small)[SIDE // 2, 30:50]  # across its left line
    assert np.ptp(side) > 60


@pytest.mark.usefixtures("qapp")
def test_a_prediction_is_dashed_and_a_label_is_not() -> None:
    def along(predicted: bool) -> np.ndarray:
        box = MarkedBox("cell", 0.2, 0.2, 0.8, 0.8, predicted=predicted)
        return drawn(box, 0)[60:150, 40]

    assert np.ptp(along(predicted=False)) == 0
    assert np.ptp(along(predicted=True)) > 60


def test_a_view_tells_what_is_in_it(qtbot: QtBot) -> None:
    view = PictureView(np.zeros((20, 30, 3), np.uint8))
    qtbot.addWidget(view)
    view.show_boxes([BOX, BOX, MarkedBox("plate", 0, 0, 1, 1, 1)])
    assert view.accessibleDescription() == "2 cell, 1 plate"
    view.show_boxes([])
    assert not view.accessibleDescription()
