"""The map: groups with colour and symbol, a lasso, layouts in the background."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from transfergui.core.base.progress import Tell
from transfergui.core.data.split import Split
from transfergui.core.evaluation.kinds import Points
from transfergui.core.interfaces.samples import Preview
from transfergui.gui.base import tasks
from transfergui.gui.session.session import Session
from transfergui.gui.views.gallery_view import Place
from transfergui.gui.views.map_colours import MOST, groups
from transfergui.gui.views.map_plot import inside
from transfergui.gui.views.map_view import MapView

XY = np.array([[0, 0], [1, 0], [0, 1], [5, 5]], dtype=np.float32)
PICTURE = Preview("picture", np.zeros((4, 4, 3), np.uint8))


def turned(tell: Tell) -> np.ndarray:
    tell(1, 2)
    return XY[::-1]


@pytest.fixture
def view(qtbot: QtBot, ready: Session) -> MapView:
    """Of four samples of the open data."""
    assert ready.dataset is not None and isinstance(ready.split, Split)
    paths = [sample.path for sample in ready.dataset.samples[:4]]
    kinds = {"Class": list("aabb"), "Error": np.array([0.0, 1.0, 2.0, np.nan])}
    points = Points("Map", XY, paths, kinds, "PCA", {"t-SNE": turned})
    place = Place(ready, ready.dataset.root, lambda *_args: PICTURE, ready.split)
    view = MapView(points, place)
    qtbot.addWidget(view)
    view.resize(600, 600)
    view.show()
    assert view.layout_name == "PCA"  # at once
    assert tasks.wait_all()
    return view


def test_the_other_layout_comes_when_it_is_there(view: MapView):
    assert view.layout_name == "t-SNE" and not view.progress.bar.isVisible()
    assert view.minimumSizeHint().width() <= 360  # so that the window can be 1024 wide
    np.testing.assert_allclose(view.plot.xy, XY[::-1])
    view.layouts["PCA"].click()
    np.testing.assert_allclose(view.plot.xy, XY)


def test_a_lasso_chooses_what_can_be_corrected(view: MapView):
    view.layouts["PCA"].click()
    corners = [QPointF(-1, -1), QPointF(3, -1), QPointF(-1, 3)]
    view.plot._enclose(corners, False)
    assert list(view.grid.thumbnails.paths) == list(view._points.paths[:3])
    assert view.grid.isVisible() and "3 selected" in view.grid.heading.text()
    view.plot._enclose([QPointF(4, 4), QPointF(6, 4), QPointF(5, 7)], True)
    assert len(view.grid.thumbnails.paths) == 4
    view.grid.thumbnails.selectAll()
    assert view.grid.correctable
    QTest.keyClick(view.plot, Qt.Key.Key_Escape)
    assert not view.grid.isVisible()


def test_the_legend_chooses_groups_by_keyboard(view: MapView):
    assert [view.legend.item(row).text() for row in range(2)] == ["a (2)", "b (2)"]
    view.legend.setCurrentRow(1)
    assert list(view.grid.thumbnails.paths) == list(view._points.paths[2:])
    view.colour.setCurrentIndex(1)
    assert view.legend.item(view.legend.count() - 1).text() == "n/a (1)"


def test_the_point_under_the_pointer_is_named(view: MapView):
    view.plot.pointed.emit(2)
    assert tasks.wait_all()
    assert view.hint.isVisible() and "Class: b" in view.hint.text.text()
    assert not view.hint.picture.pixmap().isNull()
    view.plot.pointed.emit(None)
    assert not view.hint.isVisible()


def test_groups_are_told_apart_without_colours():
    names = [f"class {number % 14}" for number in range(140)]
    found = groups(names, len(names))
    assert len(found) == MOST and found[-1].name == "Others: 5"
    assert len({group.symbol for group in found[:-1]}) == MOST - 1
    assert sorted(np.concatenate([group.rows for group in found]).tolist()) == list(range(140))


def test_inside_a_polygon():
    corners = np.array([[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]])
    points = np.array([[1, 1], [2, 3], [3.5, 2], [5, 1], [-1, 0]])
    assert inside(points, corners).tolist() == [True, False, True, False, False]
