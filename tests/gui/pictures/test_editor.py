"""Boxes are drawn, changed and named with the mouse and with the keys alone."""

import time
from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, QSizeF, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from transfergui.core.data.boxes import NamedBox, boxes_text
from transfergui.gui.pictures import drawn as drawing
from transfergui.gui.pictures.canvas import BoxCanvas
from transfergui.gui.pictures.drawn import Brush
from transfergui.gui.pictures.editor import BoxEditor

Key, Held = Qt.Key, Qt.KeyboardModifier
LEFT = Qt.MouseButton.LeftButton
CELL, PLATE = NamedBox("cell", 0.1, 0.1, 0.5, 0.5), NamedBox("plate", 0.6, 0.6, 0.9, 0.9)
NAMES = ("cell", "plate")


class Said(list[tuple[str, str]]):
    """What an editor told: the text of the boxes, and what was done."""

    @property
    def boxes(self) -> str:
        return self[-1][0]

    @property
    def did(self) -> list[str]:
        return [what for _text, what in self]


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def editor(qtbot: QtBot, said: Said) -> BoxEditor:
    """A picture of 200 x 100 pixels with two boxes."""
    made = BoxEditor(np.zeros((100, 200, 3), np.uint8), Brush())
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(made)
    layout.addWidget(QPushButton("behind"))
    qtbot.addWidget(window)
    window.resize(700, 500)
    window.show()
    made.put([CELL, PLATE], NAMES)
    made.edited.connect(lambda text, what: said.append((text, what)))
    made.canvas.setFocus()
    made.window = window  # type: ignore[method-assign, assignment] # kept alive
    return made


def at(canvas: BoxCanvas, x: float, y: float) -> QPoint:
    whole = canvas._drawn()
    return QPointF(whole.left() + x * whole.width(), whole.top() + y * whole.height()).toPoint()


def drag(
    canvas: BoxCanvas, places: Sequence[tuple[float, float]], held: Held = Held.NoModifier
) -> None:
    """Press at the first place, release at the last."""
    points = [at(canvas, *place) for place in places]
    QTest.mousePress(canvas, LEFT, held, points[0])
    for point in points[1:]:
        QTest.mouseMove(canvas, point)
    QTest.mouseRelease(canvas, LEFT, held, points[-1])


def near(box: NamedBox | None, *sides: float) -> bool:
    return box is not None and box[1:] == pytest.approx(sides, abs=0.01)


def test_a_drag_draws_a_box_of_the_class_chosen_last(editor: BoxEditor, said: Said) -> None:
    canvas = editor.canvas
    QTest.mouseClick(canvas, LEFT, Held.NoModifier, at(canvas, 0.7, 0.7))
    assert editor.drawn.current == PLATE
    drag(canvas, [(0.6, 0.1), (0.7, 0.2), (0.9, 0.4)])
    assert near(editor.drawn.current, 0.6, 0.1, 0.9, 0.4)
    assert editor.drawn.current is not None and editor.drawn.current.name == "plate"
    assert said.did == ["Draw a box"] and said.boxes == boxes_text(editor.drawn.boxes)


def test_the_chosen_box_is_moved_and_resized_others_are_drawn_over(
    editor: BoxEditor, said: Said
) -> None:
    canvas = editor.canvas
    drag(canvas, [(0.2, 0.2), (0.3, 0.25), (0.4, 0.3)])  # not chosen yet: a new one inside
    assert len(editor.drawn.boxes) == 3 and said.did == ["Draw a box"]
    QTest.mouseClick(canvas, LEFT, Held.NoModifier, at(canvas, 0.7, 0.7))
    drag(canvas, [(0.7, 0.7), (0.65, 0.65), (0.6, 0.6)])
    assert near(editor.drawn.current, 0.5, 0.5, 0.8, 0.8)
    drag(canvas, [(0.8, 0.8), (0.9, 0.9), (0.95, 0.95)])  # its corner
    assert near(editor.drawn.current, 0.5, 0.5, 0.95, 0.95)
    drag(canvas, [(0.6, 0.6), (0.7, 0.7)], Held.ShiftModifier)
    assert said.did == ["Draw a box", "Move a box", "Resize a box", "Draw a box"]
    drag(canvas, [(0.7, 0.2), (0.701, 0.201)])  # too small for a box
    assert len(said) == 4 and len(editor.drawn.boxes) == 4


def test_all_of_it_without_a_mouse(
    editor: BoxEditor, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "REST", 0)
    canvas, drawn = editor.canvas, editor.drawn
    QTest.keyClick(canvas, Key.Key_Tab)
    assert drawn.current == CELL
    QTest.keyClick(canvas, Key.Key_Right, Held.ControlModifier)
    QTest.keyClick(canvas, Key.Key_Right, Held.ControlModifier)
    QTest.keyClick(canvas, Key.Key_Down, Held.ShiftModifier)
    QTest.keyClick(canvas, Key.Key_2)
    assert said.did == ["Move a box", "Resize a box", "Change the class of a box"]
    assert drawn.current is not None and drawn.current.name == "plate"
    assert drawn.current.left > CELL.left
    QTest.keyClick(canvas, Key.Key_Tab)
    assert drawn.current == PLATE
    QTest.keyClick(canvas, Key.Key_D, Held.ControlModifier)
    QTest.keyClick(canvas, Key.Key_N)
    QTest.keyClick(canvas, Key.Key_Escape)
    assert len(drawn.boxes) == 4 and drawn.current is None
    QTest.keyClick(canvas, Key.Key_Tab)
    assert drawn.current is None and not canvas.hasFocus()  # the keyboard is not caught
    canvas.setFocus()
    numbers = []
    for _time in range(5):
        QTest.keyClick(canvas, Key.Key_Tab)
        numbers.append(drawn.number)
    assert sorted(numbers[:4]) == [0, 1, 2, 3] and numbers[4] == numbers[0]
    QTest.keyClick(canvas, Key.Key_Backtab)  # the last one
    for _time in range(4):
        assert canvas.hasFocus() and drawn.current is not None
        QTest.keyClick(canvas, Key.Key_Delete)
        QTest.keyClick(canvas, Key.Key_Tab)
    assert said.boxes == "(none)" and editor.empty.isChecked()


def test_a_new_class_is_typed(editor: BoxEditor, said: Said) -> None:
    editor.drawn.choose(0)
    editor.ask_for_name()
    QTest.keyClicks(editor.field.line, "Big; cell")
    QTest.keyClick(editor.field.line, Key.Key_Return)
    assert said.boxes.startswith("Big, cell 0.1 0.1 0.5 0.5")
    assert editor.field.itemText(2) == "Big, cell"
    assert editor.drawn.brush.name == "Big, cell" and editor.canvas.hasFocus()


def test_no_objects_is_said_and_taken_back(qtbot: QtBot, editor: BoxEditor, said: Said) -> None:
    editor.empty.click()
    assert said[-1] == ("(none)", "Mark as without objects") and not editor.drawn.boxes
    editor.empty.click()  # of data, nothing else can be said of a picture without boxes
    assert editor.empty.isChecked() and len(said) == 1
    fresh = BoxEditor(np.zeros((10, 10, 3), np.uint8), Brush(), undecided=True)
    qtbot.addWidget(fresh)
    fresh.edited.connect(lambda text, what: said.append((text, what)))
    fresh.put(None, ())
    assert not fresh.empty.isChecked()
    fresh.empty.click()
    assert said.boxes == "(none)"
    fresh.empty.click()
    assert said.boxes == ""
    drag(fresh.canvas, [(0.1, 0.1), (0.5, 0.5), (0.9, 0.9)])
    assert said.boxes.startswith("object 0.") and not fresh.empty.isChecked()


def test_a_zoomed_picture_draws_at_the_same_places(editor: BoxEditor) -> None:
    canvas = editor.canvas
    canvas.set_zoom(8.0, QPointF(at(canvas, 0.5, 0.5)))
    before = canvas._drawn()
    drag(canvas, [(0.5, 0.5), (0.52, 0.52)], Held.ControlModifier)  # moves the picture
    assert canvas._drawn() != before and len(editor.drawn.boxes) == 2
    drag(canvas, [(0.54, 0.5), (0.55, 0.53), (0.56, 0.55)])
    assert near(editor.drawn.current, 0.54, 0.5, 0.56, 0.55)


def test_a_thousand_boxes_are_fluent(editor: BoxEditor) -> None:
    rng = np.random.default_rng(0)
    corners = rng.random((1000, 2)) * 0.9
    many = [NamedBox(NAMES[n % 2], x, y, x + 0.05, y + 0.05) for n, (x, y) in enumerate(corners)]
    editor.put(many, NAMES)
    editor.drawn.choose(500)
    pixels = QPixmap(editor.canvas.size())
    begin = time.process_time()
    for _frame in range(5):
        editor.drawn.replace(many[500])
        editor.canvas.render(pixels)
    assert (time.process_time() - begin) / 5 < 0.1  # 0.01 s where nothing else runs


def test_a_large_picture_is_shrunk_from_halved_copies(qtbot: QtBot) -> None:
    """A step of the wheel in 100 megapixels took a third of a second."""
    pixels = np.zeros((2400, 2400, 3), np.uint8)
    pixels[1200:] = 200
    canvas = BoxCanvas(pixels, Brush())
    qtbot.addWidget(canvas)
    small = canvas._shrunk(QSizeF(600, 600) / canvas.devicePixelRatioF())
    assert [each.width() for each in canvas._halves] == [2400, 1200]
    colours = [small.pixelColor(300, y).red() for y in (10, 290, 310, 590)]
    assert (small.width(), colours) == (600, [0, 0, 200, 200])
    canvas._shrunk(QSizeF(1300, 1300))
    assert canvas._at_least(QSize(1300, 1300)) is canvas.image
