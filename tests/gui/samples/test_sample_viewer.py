"""Samples one after the other, large: their class and part, corrections, zoom, and twins."""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import Made, open_data
from transfergui.core.interfaces.samples import Preview
from transfergui.gui.base import tasks
from transfergui.gui.panels.data import DataStage
from transfergui.gui.pictures.picture_view import PictureView
from transfergui.gui.samples.class_chooser import ClassChooser
from transfergui.gui.samples.sample_info import PARTS
from transfergui.gui.samples.sample_viewer import SampleViewer, ViewedItem
from transfergui.gui.samples.sound_view import SoundView
from transfergui.gui.session.session import Session


def settle() -> None:
    """Wait for the tasks, and for those that they begin."""
    for _task in ("scan", "derive", "gather", "show"):
        assert tasks.wait_all()


def opened(parent: QWidget) -> SampleViewer:
    """The viewer that was opened last."""
    viewer = next(v for v in parent.findChildren(SampleViewer) if v.isVisible())
    assert isinstance(viewer, SampleViewer)
    settle()
    return viewer


def save_sound(path: Path, seconds: int, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).normal(0, 3000, 8000 * seconds).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(noise.tobytes())


def look_at(stage: DataStage, row: int) -> SampleViewer:
    thumbnails = stage.samples.thumbnails
    thumbnails.choose(thumbnails.paths[row])
    stage.samples.look()
    return opened(stage)


def said(viewer: SampleViewer, pane: int = 0) -> tuple[str, str]:
    """The class and what else is known."""
    return viewer.panes[pane].heading.text(), viewer.panes[pane].facts.text()


def part_of(session: Session, path: str) -> str:
    assert session.split is not None
    parts = {part: [s.path for s in getattr(session.split, part)] for part in PARTS}
    return PARTS[next(part for part, paths in parts.items() if path in paths)]


def press(viewer: SampleViewer, key: Qt.Key, control: bool = False) -> None:
    viewer.activateWindow()  # no window manager does so here
    assert QTest.qWaitForWindowActive(viewer)
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(viewer, key, modifier)
    settle()


def choose_class(viewer: SampleViewer, name: str) -> None:
    chooser = viewer.findChild(ClassChooser)
    QTest.keyClicks(chooser.name, name)
    QTest.keyClick(chooser.name, Qt.Key.Key_Return)
    settle()


# -- one after the other


def test_arrow_keys_go_through_the_list_in_its_order(
    stage: DataStage, session: Session, qtbot: QtBot, made_data: Made
) -> None:
    """Pictures, sounds and texts alike."""
    open_data(qtbot, session, made_data.folder)
    settle()
    paths = list(stage.samples.thumbnails.paths)
    viewer = look_at(stage, 1)
    seen = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        press(viewer, key)
        seen.append((viewer.at, said(viewer)))
        assert viewer.panes[0].view is not None
    class_name = session.dataset.classes[0]  # type: ignore[union-attr]
    assert seen == [(at, (f"Class: {class_name}", part_of(session, paths[at]))) for at in (2, 3, 2)]
    assert viewer.place.text() == "3 of 12"
    viewer.close()
    assert stage.samples.thumbnails.selected() == [paths[2]]  # where one looked last


def test_at_the_ends_there_is_no_further(
    stage: DataStage, session: Session, qtbot: QtBot, pictures: Path
) -> None:
    open_data(qtbot, session, pictures)
    settle()
    viewer = look_at(stage, 0)
    assert not viewer.previous_button.isEnabled()
    press(viewer, Qt.Key.Key_Left)
    assert viewer.at == 0
    for _press in range(20):
        viewer.next_button.click()
    assert viewer.at == 11
    assert not viewer.next_button.isEnabled()
    settle()
    viewer.close()


def test_a_slow_file_never_lands_on_the_next_one(qtbot: QtBot, tmp_path: Path) -> None:
    def decode(path: Path, _large: bool = False, /) -> Preview:
        return Preview("picture", np.full((4, int(path.name), 3), 9, np.uint8))

    viewer = SampleViewer(decode, tmp_path, [ViewedItem(("3",)), ViewedItem(("7",))])
    qtbot.addWidget(viewer)
    viewer.next()
    viewer.previous()
    viewer.next()
    settle()
    view = viewer.panes[0].view
    assert isinstance(view, PictureView)
    assert view.image.width() == 7
    assert viewer.panes[0].heading.isHidden()  # nothing is known of its class


def test_a_sound_that_plays_ends_with_the_next_one(
    stage: DataStage,
    session: Session,
    qtbot: QtBot,
    tmp_path: Path,
    tiny_sounds: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_data(qtbot, session, tiny_sounds(tmp_path / "sounds"))
    settle()
    viewer = look_at(stage, 0)
    view, stopped = viewer.panes[0].view, []
    assert isinstance(view, SoundView)
    monkeypatch.setattr(view.player, "stop", lambda: stopped.append(True))
    viewer.next()
    assert stopped == [True]
    settle()
    viewer.close()


# -- corrections


def test_it_is_relabelled_and_excluded_and_that_is_undone(
    stage: DataStage, session: Session, qtbot: QtBot, pictures: Path
) -> None:
    open_data(qtbot, session, pictures)
    settle()
    path = stage.samples.thumbnails.paths[2]
    viewer = look_at(stage, 2)
    press(viewer, Qt.Key.Key_F2)
    choose_class(viewer, "class_1")
    assert session.recipe.data.relabel == {path: "class_1"}
    assert session.undo_stack.undo_text == "Relabel 1 picture"
    heading, facts = said(viewer)
    assert heading == "Class: class_1"
    assert facts.endswith(" · Relabelled by you")
    press(viewer, Qt.Key.Key_Delete)
    assert session.recipe.data.exclude == (path,)
    assert said(viewer) == ("Class: class_1", "Relabelled by you · Excluded by you")
    assert viewer.panes[0].exclude_button.text() == "Include again"
    assert not viewer.panes[0].relabel_button.isEnabled()
    press(viewer, Qt.Key.Key_Delete)
    assert session.recipe.data.exclude == ()
    press(viewer, Qt.Key.Key_Z, control=True)
    press(viewer, Qt.Key.Key_Z, control=True)
    press(viewer, Qt.Key.Key_Z, control=True)
    assert (session.recipe.data.relabel, session.recipe.data.exclude) == ({}, ())
    assert said(viewer) == ("Class: class_0", part_of(session, path))
    viewer.close()


def test_keys_undo_only_what_was_done_here(
    stage: DataStage, session: Session, qtbot: QtBot, pictures: Path
) -> None:
    open_data(qtbot, session, pictures)
    settle()
    session.change(session.recipe.replace(split__test_percent=30), "an earlier change")
    settle()
    viewer = look_at(stage, 0)
    press(viewer, Qt.Key.Key_Z, control=True)
    assert session.undo_stack.undo_text == "an earlier change"
    press(viewer, Qt.Key.Key_F2)
    viewer.findChild(ClassChooser).reject()
    press(viewer, Qt.Key.Key_Z, control=True)
    assert session.undo_stack.undo_text == "an earlier change"
    viewer.close()


# -- zoom


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    """400 x 200 pixels in a room of 300 x 300."""
    view = PictureView(np.zeros((200, 400, 3), np.uint8))
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    return view


def wheel(view: PictureView, at: QPointF, steps: int) -> None:
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    place = view.mapToGlobal(at)
    turn = QPoint(0, 120 * steps)
    view.wheelEvent(
        QWheelEvent(at, place, QPoint(), turn, *none, Qt.ScrollPhase.NoScrollPhase, False)
    )


def test_a_picture_fits_and_small_ones_grow_four_times_at_most(qtbot: QtBot) -> None:
    sizes = {(200, 400): 0.75, (300, 300): 1.0, (20, 20): 4.0, (3000, 30): 0.1}
    for (height, width), zoom in sizes.items():
        view = PictureView(np.zeros((height, width, 3), np.uint8))
        qtbot.addWidget(view)
        view.resize(300, 300)
        assert view.zoom == pytest.approx(zoom)


def test_the_wheel_zooms_about_the_mouse(view: PictureView) -> None:
    at = QPointF(30, 150)
    before = view._of_picture(at)
    wheel(view, at, 4)
    assert view.zoom == pytest.approx(0.75 * 1.25**4)
    after = view._of_picture(at)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=0.01)
    wheel(view, at, -100)
    assert view.zoom == pytest.approx(0.02)


def test_dragging_moves_it_and_no_gap_opens(qtbot: QtBot, view: PictureView) -> None:
    view.set_zoom(3.0)
    middle = view._of_picture(QPointF(150, 150))
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(150, 150))
    qtbot.mouseMove(view, QPoint(120, 150))
    moved = view._of_picture(QPointF(150, 150))
    assert moved.x() - middle.x() == pytest.approx(30 / (3 * 400), abs=0.002)
    qtbot.mouseMove(view, QPoint(5000, 150))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton)
    assert view._drawn().left() == pytest.approx(0)


def test_keys_and_buttons_zoom_and_say_how_much(
    stage: DataStage, session: Session, qtbot: QtBot, pictures: Path
) -> None:
    open_data(qtbot, session, pictures)
    settle()
    viewer = look_at(stage, 0)
    assert viewer.zoom.isVisible()
    assert viewer.zoom.percent.text() == "400 %"
    press(viewer, Qt.Key.Key_1)
    assert viewer.zoom.percent.text() == "100 %"
    press(viewer, Qt.Key.Key_Plus)
    assert viewer.zoom.percent.text() == "125 %"
    press(viewer, Qt.Key.Key_Minus)
    press(viewer, Qt.Key.Key_Minus)
    assert viewer.zoom.percent.text() == "80 %"
    press(viewer, Qt.Key.Key_0)
    assert viewer.zoom.percent.text() == "400 %"
    viewer.zoom.pixels.click()
    viewer.zoom.larger.click()
    assert viewer.zoom.percent.text() == "125 %"
    viewer.zoom.fit.click()
    assert viewer.zoom.percent.text() == "400 %"
    viewer.close()


def test_one_hundred_per_cent_are_the_pixels_of_the_file(
    stage: DataStage, session: Session, qtbot: QtBot, pictures: Path
) -> None:
    large = pictures / "class_0" / "large.png"
    Image.linear_gradient("L").resize((1500, 900)).save(large)
    open_data(qtbot, session, pictures)
    settle()
    row = list(stage.samples.thumbnails.paths).index("class_0/large.png")
    view = look_at(stage, row).panes[0].view
    assert isinstance(view, PictureView)
    assert (view.image.width(), view.image.height()) == (1500, 900)
    opened(stage).close()


# -- twins


@pytest.fixture
def copied(pictures: Path) -> Path:
    content = (pictures / "class_0" / "03.png").read_bytes()
    (pictures / "class_0" / "copy.png").write_bytes(content)
    return pictures


def open_problem(stage: DataStage, code: str) -> SampleViewer:
    problem = next(each for each in stage.problems.shown() if each.code == code)
    stage.problems.opened.emit(problem)
    return opened(stage)


def test_a_copy_is_seen_beside_its_twin(
    stage: DataStage, session: Session, qtbot: QtBot, copied: Path
) -> None:
    open_data(qtbot, session, copied)
    settle()
    viewer = open_problem(stage, "data.duplicate")
    assert len(viewer.panes) == 2
    places = [Path(pane.place.text()).name for pane in viewer.panes]
    assert places == ["copy.png", "03.png"]
    assert all(isinstance(pane.view, PictureView) for pane in viewer.panes)
    part = part_of(session, "class_0/copy.png")
    assert [said(viewer, 0), said(viewer, 1)] == [("Class: class_0", part)] * 2
    assert "exact copy" in viewer.text.text()
    press(viewer, Qt.Key.Key_Delete)  # which of the two is not said
    assert session.recipe.data.exclude == ()
    viewer.panes[1].exclude_button.click()
    settle()
    assert session.recipe.data.exclude == ("class_0/03.png",)
    assert said(viewer, 1)[1] == "Excluded by you"
    viewer.panes[0].exclude_button.setFocus()
    press(viewer, Qt.Key.Key_Delete)
    assert session.recipe.data.exclude == ("class_0/03.png", "class_0/copy.png")
    viewer.close()


def test_twins_are_zoomed_and_moved_as_one(
    stage: DataStage, session: Session, qtbot: QtBot, copied: Path
) -> None:
    open_data(qtbot, session, copied)
    settle()
    viewer = open_problem(stage, "data.duplicate")
    one, other = (pane.view for pane in viewer.panes)
    assert isinstance(one, PictureView)
    assert isinstance(other, PictureView)
    other.set_zoom(20.0, QPointF(3, 3))
    assert one.zoom == 20.0
    assert one._centre == other._centre != QPointF(0.5, 0.5)
    press(viewer, Qt.Key.Key_0)
    assert one.fits
    assert other.fits
    viewer.close()


def test_next_goes_through_the_problems_that_are_listed(
    stage: DataStage, session: Session, qtbot: QtBot, copied: Path
) -> None:
    (copied / "class_1" / "text.png").write_bytes(b"not a picture")
    open_data(qtbot, session, copied)
    settle()
    listed = [each.code for each in stage.problems.shown()]
    viewer = open_problem(stage, listed[0])
    assert viewer.place.text() == f"1 of {len(listed)}"
    shown = [sum(not pane.isHidden() for pane in viewer.panes)]
    press(viewer, Qt.Key.Key_Right)
    shown.append(sum(not pane.isHidden() for pane in viewer.panes))
    assert shown == [2 if code == "data.duplicate" else 1 for code in listed]
    viewer.close()


def test_one_picture_in_two_classes_is_decided_beside_its_twin(
    stage: DataStage, session: Session, qtbot: QtBot, pictures: Path
) -> None:
    content = (pictures / "class_0" / "03.png").read_bytes()
    (pictures / "class_1" / "same.png").write_bytes(content)
    open_data(qtbot, session, pictures)
    settle()
    paths = ["class_0/03.png", "class_1/same.png"]
    assert not set(paths) & {s.path for s in session.dataset.samples}  # type: ignore[union-attr]
    viewer = open_problem(stage, "data.two_classes")
    assert [said(viewer, at)[0] for at in (0, 1)] == ["Class: class_0", "Class: class_1"]
    viewer.panes[1].exclude_button.click()
    settle()
    assert said(viewer, 0) == ("Class: class_0", part_of(session, paths[0]))
    assert said(viewer, 1) == ("Class: class_1", "Excluded by you")
    assert viewer.text.text() == "Done: Exclude 1 picture. Press Ctrl+Z to undo."
    used = {s.path for s in session.dataset.samples}  # type: ignore[union-attr]
    assert used & set(paths) == {paths[0]}
    assert [p.code for p in session.dataset.problems] == []  # type: ignore[union-attr]
    press(viewer, Qt.Key.Key_Z, control=True)
    assert "Both are left out" in viewer.text.text()
    viewer.panes[1].relabel_button.click()
    choose_class(viewer, "class_0")
    used = {s.path for s in session.dataset.samples}  # type: ignore[union-attr]
    assert used >= set(paths)
    viewer.close()


def test_decided_conflicts_come_back_with_the_corrections(
    stage: DataStage, session: Session, qtbot: QtBot, pictures: Path
) -> None:
    content = (pictures / "class_0" / "03.png").read_bytes()
    (pictures / "class_1" / "same.png").write_bytes(content)
    open_data(qtbot, session, pictures)
    settle()
    stage.problems.view.selectRow(1)
    path = stage.problems.selected()[0].path
    assert stage.problems.exclude_button.isEnabled()
    stage.problems.exclude_button.click()
    settle()
    assert session.recipe.data.exclude == (path,)
    open_data(qtbot, session, pictures)
    settle()
    assert [each.path for each in session.corrections.offer.usable] == [path]


def test_of_a_long_recording_all_pieces_are_excluded(
    stage: DataStage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    for at, name in enumerate(("a", "b")):
        for number in range(3):
            save_sound(tmp_path / "long" / name / f"{number}.wav", seconds=30, seed=3 * at + number)
    content = (tmp_path / "long" / "a" / "0.wav").read_bytes()
    (tmp_path / "long" / "a" / "copy.wav").write_bytes(content)
    open_data(qtbot, session, tmp_path / "long")
    settle()
    assert session.dataset is not None
    pieces = [s.path for s in session.dataset.samples if s.path.startswith("a/copy.wav#")]
    assert len(pieces) > 1
    viewer = open_problem(stage, "data.duplicate")
    assert said(viewer, 0) == ("Class: a", part_of(session, pieces[0]))
    viewer.panes[0].exclude_button.click()
    settle()
    assert session.recipe.data.exclude == tuple(pieces)
    assert said(viewer, 0) == ("Class: a", "Excluded by you")
    viewer.panes[0].exclude_button.click()
    settle()
    assert session.recipe.data.exclude == ()
    viewer.close()
