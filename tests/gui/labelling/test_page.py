"""Labelling as a person does it: keys, drag, rubber band, undo, suggestions."""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDropEvent
from pytestqt.qtbot import QtBot

from tests.conftest import make_tiny_pictures
from transfergui.core import registry
from transfergui.core.labelling import table as tables
from transfergui.core.labelling import word_networks
from transfergui.core.labelling.features import Features
from transfergui.gui.base import tasks
from transfergui.gui.base.words import Noun
from transfergui.gui.labelling import head, work
from transfergui.gui.labelling import labelling as labellings
from transfergui.gui.labelling import tiles as tiles_module
from transfergui.gui.labelling.labelling import Labelling
from transfergui.gui.labelling.large_view import LargeView
from transfergui.gui.labelling.page import LabelPage
from transfergui.gui.labelling.tiles import MIME, picture_box
from transfergui.gui.labelling.work import Opened
from transfergui.gui.parts.name_dialog import NameDialog
from transfergui.gui.session.session import Session

NAMES = ("blob", "cross")


def unsorted(
    folder: Path, per_class: int = 12, seed: int = 0, made: str = "sorted"
) -> dict[str, str]:
    """Pictures of two classes, not sorted into folders: the class of each by its name.

    Args:
        made: name of the folder beside it that has them in class folders.
    """
    source = make_tiny_pictures(folder.with_name(made), per_class=per_class, seed=seed)
    folder.mkdir()
    files = sorted(source.rglob("*.png"))
    random.Random(seed).shuffle(files)
    truth = {}
    for number, file in enumerate(files):
        name = f"IMG_{number:03}.png"
        shutil.copyfile(file, folder / name)
        truth[name] = NAMES[int(file.parent.name[-1])]
    return truth


@pytest.fixture
def truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The class of each picture in ``photos``, which features tell apart without a network."""
    made = unsorted(tmp_path / "photos")
    rng = np.random.default_rng(0)

    def features_of(opened: Opened, report: object) -> Features:
        rows = [[made.get(path) == NAMES[0], made.get(path) == NAMES[1]] for path in opened.paths]
        noise = rng.normal(0, 0.1, (len(rows), 2))
        return Features(opened.paths, (np.array(rows, float) + noise).astype(np.float32))

    monkeypatch.setattr(work, "features_of", features_of)
    monkeypatch.setattr(labellings, "SETTLED", 0)
    return made


def opened_page(qtbot: QtBot, session: Session, folder: Path) -> LabelPage:
    labelling = Labelling(session, work.open_source(folder, None, None, lambda _count: None))
    page = LabelPage(session, labelling)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    labelling.begin()
    assert tasks.wait_all()
    return page


@pytest.fixture
def page(
    qtbot: QtBot, session: Session, tmp_path: Path, truth: dict[str, str]
) -> Iterator[LabelPage]:
    made = opened_page(qtbot, session, tmp_path / "photos")
    for name in NAMES:
        made.classes.field.setText(name)
        qtbot.keyClick(made.classes.field, Qt.Key.Key_Return)
    yield made
    made.labelling.finish()


def settle(page: LabelPage, qtbot: QtBot) -> None:
    """Wait until the suggestions for the labels of now are there, and all is saved."""
    qtbot.wait(1)
    assert tasks.wait_all()


def label_next(qtbot: QtBot, page: LabelPage, truth: dict[str, str], count: int) -> None:
    """Press the number of the class of one example after the other, as they are offered."""
    for _number in range(count):
        (path,) = page.tiles.selected()
        qtbot.keyClick(page.tiles, str(1 + NAMES.index(truth[path])))


def labels(page: LabelPage) -> dict[str, str]:
    return dict(page.labelling.table.labels)


def test_numbers_label_and_the_next_one_follows(
    qtbot: QtBot, page: LabelPage, truth: dict[str, str]
) -> None:
    first, second, third, *_rest = page.tiles.paths
    page.tiles.choose(first)
    qtbot.keyClick(page.tiles, "1")
    assert labels(page) == {first: "blob"}
    assert page.tiles.selected() == [second] and first not in page.tiles.paths
    qtbot.keyClick(page.tiles, "0")
    assert labels(page)[second] == page.labelling.table.none_class
    qtbot.keyClick(page.tiles, "7")  # there is no such class
    assert len(labels(page)) == 2
    assert page.tiles.selected() == [third]
    assert "2 of 24" in page.head.done.text()


def test_undo_brings_examples_back_to_their_places(qtbot: QtBot, page: LabelPage) -> None:
    page.resize(600, 420)
    paths = list(page.tiles.paths)
    page.tiles.go_to([paths[1], paths[14]])
    qtbot.keyClick(page.tiles, "1")
    page.tiles.go_to([paths[4]])
    qtbot.keyClick(page.tiles, "2")
    page.undo()
    assert page.tiles.selected() == [paths[4]]
    page.undo()
    assert list(page.tiles.paths) == paths


def test_every_edit_can_be_undone_and_what_comes_back_is_selected(
    qtbot: QtBot, page: LabelPage
) -> None:
    first, second, *_rest = page.tiles.paths
    page.tiles.go_to([first, second])
    qtbot.keyClick(page.tiles, "2")
    page.labelling.rename("cross", "star")
    page.labelling.merge("star", "blob")
    assert labels(page) == dict.fromkeys((first, second), "blob")
    page.labelling.remove("blob")
    assert labels(page) == {} and page.labelling.table.classes == ()
    for classes in (("blob",), ("blob", "star"), ("blob", "cross"), ("blob", "cross")):
        page.undo()
        assert page.labelling.table.classes == classes
    assert labels(page) == {} and set(page.tiles.selected()) == {first, second}
    for _number in range(4):
        page.redo()
    assert page.labelling.table.classes == ()
    assert page.redo_text == "" and "blob" in page.undo_text


def test_a_click_highlights_a_class_which_f2_renames_and_a_double_click_gives(
    qtbot: QtBot, page: LabelPage
) -> None:
    first = page.tiles.paths[0]
    page.tiles.choose(first)
    classes = page.classes.list
    port, place = classes.viewport(), classes.visualRect(classes.model().index(1, 0)).center()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=place)
    assert labels(page) == {} and classes.current_name == "cross"
    page.tiles.setFocus()
    qtbot.keyClick(page.tiles, Qt.Key.Key_F2)
    (dialog,) = page.window().findChildren(NameDialog)
    dialog.field.setText("pants 2")
    dialog.accept()
    assert page.labelling.table.classes == ("blob", "pants 2")
    classes.setFocus()
    qtbot.keyClick(classes, "n")  # it belongs to the list: no class is made of the selected
    assert not [each for each in page.window().findChildren(NameDialog) if each.isVisible()]
    qtbot.mouseDClick(port, Qt.MouseButton.LeftButton, pos=place)
    assert labels(page) == {first: "pants 2"}


def test_a_rubber_band_selects_and_a_drop_labels(qtbot: QtBot, page: LabelPage) -> None:
    tiles, port = page.tiles, page.tiles.viewport()
    cells = [tiles.visualRect(tiles.model().index(row, 0)) for row in (0, 1)]
    beside = QPoint(cells[0].left() + 2, picture_box(cells[0]).bottom() + 4)
    over = picture_box(cells[1]).center()
    assert not tiles._is_on_picture(beside) and tiles._is_on_picture(over)
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=beside)
    for place in (beside + QPoint(20, -20), over - QPoint(10, 0), over):
        qtbot.mouseMove(port, place)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=over)
    chosen = tiles.selected()
    assert chosen == list(tiles.paths[:2])
    data = QMimeData()
    data.setData(MIME, b"1")
    classes = page.classes.list
    place = QPointF(classes.visualRect(classes.model().index(1, 0)).center())
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    classes.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, data, buttons, none))
    assert labels(page) == dict.fromkeys(chosen, "cross")


def test_a_press_on_a_picture_drags_what_is_selected(
    qtbot: QtBot, page: LabelPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    dragged = []

    class Drag(QDrag):
        def exec(self, *_actions: object) -> Qt.DropAction:  # type: ignore[override]
            assert self.mimeData().hasFormat(MIME) and not self.pixmap().isNull()
            dragged.append(page.tiles.selected())
            return Qt.DropAction.CopyAction

    monkeypatch.setattr(tiles_module, "QDrag", Drag)
    tiles, port = page.tiles, page.tiles.viewport()
    tiles.go_to(tiles.paths[:3])
    start = picture_box(tiles.visualRect(tiles.model().index(1, 0))).center()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    for step in (5, 15, 30):
        qtbot.mouseMove(port, start + QPoint(step, step))
    assert dragged == [list(tiles.paths[:3])]


def test_a_backbone_that_would_need_fewer_labels_is_offered(
    qtbot: QtBot, page: LabelPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(page, qtbot)
    offer, labelling = page.head.better, page.labelling
    assert not offer.isVisible()
    assert labelling.features is not None
    rows = registry.modality("image").backbones()
    better = next(row for row in rows if row.key == "mobilenet_v2")
    labelling.features = labelling.features._replace(better=better)
    page.head.refresh()
    assert offer.isVisible() and better.title in offer.text.text()
    assert offer.start.isVisible()
    again: list[object] = []
    monkeypatch.setattr(labelling._look, "start", again.append)
    offer.arrived.emit(Path("weights"))
    assert again == [labelling.opened]


def test_suggestions_come_by_themselves_and_enter_accepts_them(
    qtbot: QtBot, page: LabelPage, truth: dict[str, str]
) -> None:
    page.tiles.choose(page.tiles.paths[0])
    label_next(qtbot, page, truth, 9)
    settle(page, qtbot)
    assert not page.labelling.suggested.guesses
    assert not page.buttons["accept"].isEnabled() and page.buttons["select_similar"].isEnabled()
    assert page.head.said.text().startswith("1 more label")
    label_next(qtbot, page, truth, 1)
    settle(page, qtbot)
    assert page.buttons["accept"].isEnabled()
    seen = list(page.tiles.paths)
    assert {page.gallery._say(path).share for path in seen} <= {f"{n} %" for n in range(96)}
    guesses = page.labelling.suggested.guesses
    assert all(guesses[path].name == truth[path] for path in seen)
    page.gallery.show_view("suggested", "blob")
    offered = list(page.tiles.paths)
    assert offered and all(truth[path] == "blob" for path in offered)
    page.tiles.selectAll()
    qtbot.keyClick(page.tiles, Qt.Key.Key_Return)
    assert all(labels(page)[path] == "blob" for path in offered)
    assert page.undo_text.startswith("Accept")
    page.gallery.show_view("unlabelled")
    page.tiles.selectAll()
    qtbot.keyClick(page.tiles, Qt.Key.Key_Enter)
    assert labels(page) == truth
    assert page.gallery.empty.text().startswith("Everything is labelled.")
    assert page.gallery.empty.hasFocus()
    page.gallery.show_view("all")
    page.tiles.go_to(page.tiles.paths[:2])
    qtbot.keyClick(page.tiles, Qt.Key.Key_Backspace)
    assert len(labels(page)) == len(truth) - 2


def test_class_names_suggest_until_the_labels_do(
    qtbot: QtBot,
    page: LabelPage,
    truth: dict[str, str],
    word_network: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    row, words = page.head.words, page.labelling.words
    assert words.looked and words.network is None
    assert row.choose.isVisible() and not row.ask.isVisible()
    assert str(word_networks.place()) in row.said.text()
    words.choose(tmp_path)
    settle(page, qtbot)
    assert words.trouble is not None and words.trouble.code == "words.not_a_network"
    assert row.choose.isVisible() and str(tmp_path) in row.said.text().replace("\u200b", "")
    words.choose(word_network("clip"))
    settle(page, qtbot)
    assert page.labelling.suggested.by_words and page.labelling.labelled == 0
    assert not row.isVisible() and "tiny-clip" in page.head.said.text().replace("\u200b", "")
    guesses = page.labelling.suggested.guesses
    assert guesses.keys() == truth.keys()
    assert page.gallery._say(page.tiles.paths[0]).share  # as every other suggestion
    first = page.tiles.paths[0]
    page.tiles.choose(first)
    qtbot.keyClick(page.tiles, Qt.Key.Key_Return)
    assert labels(page) == {first: guesses[first].name}
    page.undo()
    page.labelling.add_class("Hund")
    settle(page, qtbot)
    assert not row.isVisible()
    page.labelling.rename("Hund", "狗")  # no English word
    settle(page, qtbot)
    assert row.isVisible() and page.labelling.suggested.by_words
    page.labelling.remove("狗")
    page.tiles.choose(first)
    label_next(qtbot, page, truth, 12)
    settle(page, qtbot)
    assert not page.labelling.suggested.by_words and row.isVisible()
    guesses = page.labelling.suggested.guesses
    assert all(guesses[path].name == truth[path] for path in page.tiles.paths)
    estimate = page.labelling.suggested.estimate
    assert estimate is not None and estimate.labelled == 12  # of what was given alone
    assert words.rows is not None  # a model that is gone is told of, and labels go on
    words.rows = words.rows._replace(network=word_networks.WordNetwork(tmp_path, "clip"))
    page.labelling.add_class("star")
    settle(page, qtbot)
    settle(page, qtbot)
    assert words.trouble is not None and words.trouble.code == "words.damaged"
    assert words.rows is None and page.labelling.suggested.guesses and row.choose.isVisible()


def test_similar_ones_are_selected_and_shown_first(
    qtbot: QtBot, page: LabelPage, truth: dict[str, str]
) -> None:
    first = page.tiles.paths[5]
    page.tiles.choose(first)
    page.tiles.setFocus()
    qtbot.keyClick(page.tiles, "s")
    assert tasks.wait_all()
    chosen = page.tiles.selected()
    assert chosen == list(page.tiles.paths[: len(chosen)]) and chosen[0] == first
    assert {truth[path] for path in chosen[:10]} == {truth[first]}
    page._make_class(chosen[:3], "star")
    assert page.labelling.table.classes == ("blob", "cross", "star")
    assert sum(name == "star" for name in labels(page).values()) == 3


def test_what_is_seen_stays_in_place_when_suggestions_come(
    qtbot: QtBot, page: LabelPage, truth: dict[str, str]
) -> None:
    page.resize(600, 420)
    page.tiles.choose(page.tiles.paths[0])
    label_next(qtbot, page, truth, 10)
    before = list(page.tiles.paths)
    seen = page.tiles.last_seen
    assert 0 < seen < len(before)
    settle(page, qtbot)
    assert list(page.tiles.paths)[:seen] == before[:seen]


def test_labels_are_saved_and_found_again(
    qtbot: QtBot, session: Session, page: LabelPage, truth: dict[str, str], tmp_path: Path
) -> None:
    page.tiles.choose(page.tiles.paths[0])
    files = {path: path.stat() for path in (tmp_path / "photos").iterdir()}
    label_next(qtbot, page, truth, 4)
    given = labels(page)
    settle(page, qtbot)
    assert tables.load(page.labelling.opened.place).labels == given
    label_next(qtbot, page, truth, 1)
    page.labelling.finish()  # as when the window is closed at once
    again = opened_page(qtbot, session, tmp_path / "photos")
    assert labels(again) == labels(page) and len(labels(again)) == 5
    assert again.labelling.names[:2] == NAMES
    assert {path: path.stat() for path in (tmp_path / "photos").iterdir()} == files
    again.labelling.finish()


def test_a_full_disk_is_told_and_labels_stay(
    qtbot: QtBot, page: LabelPage, truth: dict[str, str]
) -> None:
    settle(page, qtbot)
    shutil.rmtree(page.labelling.opened.place.parent)
    page.labelling.opened.place.parent.write_text("in the way")
    page.tiles.choose(page.tiles.paths[0])
    label_next(qtbot, page, truth, 1)
    assert tasks.wait_all()
    assert not page.bar.isHidden() and len(labels(page)) == 1
    page.labelling.opened.place.parent.unlink()
    label_next(qtbot, page, truth, 1)
    settle(page, qtbot)
    assert len(tables.load(page.labelling.opened.place).labels) == 2


def test_five_thousand_examples_do_not_stall_the_window(
    qtbot: QtBot,
    session: Session,
    page: LabelPage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The longest pause of one edit with everything that follows it in the window's thread."""
    import msgspec

    first = page.labelling.opened.examples.samples[0]
    many = tuple(msgspec.structs.replace(first, path=f"{n:05}.png") for n in range(5000))
    examples = msgspec.structs.replace(page.labelling.opened.examples, samples=many)
    opened = Opened(Path("many"), examples, page.labelling.table, page.labelling.opened.place)
    big = LabelPage(session, Labelling(session, opened))
    qtbot.addWidget(big)
    big.resize(1000, 700)
    with qtbot.waitActive(big):
        big.show()
        big.activateWindow()
    big.tiles.choose(big.tiles.paths[0])
    worst = 0.0
    for _number in range(5):
        began = time.perf_counter()
        qtbot.keyClick(big.tiles, "1")
        worst = max(worst, time.perf_counter() - began)
    assert len(big.labelling.table.labels) == 5
    assert worst < 0.5
    big.labelling.finish()


def test_in_the_large_view_a_class_is_given_and_the_next_one_follows(
    qtbot: QtBot, page: LabelPage
) -> None:
    first, second, third = page.tiles.paths[:3]
    page.tiles.go_to([first, second])
    page.tiles.choose(first)
    page.look()
    view = page.findChild(LargeView)
    qtbot.keyClick(view, "2")
    assert labels(page) == {first: NAMES[1]}
    assert (view.pane.path, page.tiles.selected()) == (second, [second])
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.pane.path == third
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert not view.isVisible()


def test_suggestions_that_may_be_guesses_are_not_called_enough() -> None:
    from transfergui.core.labelling.estimate import Estimate

    good = Estimate(38, 40, 0.95, 0.84, 0.99, 60, True, True, 0.0, 0.01)
    poor = Estimate(6, 11, 0.55, 0.28, 0.79, 43, True, True, 0.0, 0.01)
    noun = Noun.of(registry.modality("text"))
    assert "guessing" not in head._judged(good, noun, 20, 0.5)
    said = head._judged(poor, noun, 37, 0.5)
    assert "guessing" in said and "backbone" in said
