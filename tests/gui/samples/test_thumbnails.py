"""Thumbnails: decoded as they come into sight, kept a while, never all at once."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.samples import Preview
from transfergui.gui.base import tasks
from transfergui.gui.samples import thumbnails
from transfergui.gui.samples.thumbnail_delegate import SIDE, THUMBNAIL
from transfergui.gui.samples.thumbnails import ThumbnailCache, Thumbnails


class Decoder:
    """Makes a picture of any file, and remembers which were asked for, and in which thread."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.threads: set[int] = set()

    def __call__(self, path: Path) -> Preview:
        self.seen.append(path.name)
        self.threads.add(threading.get_ident())
        if path.name.startswith("bad"):
            raise UserError("input.vanished", path=path.name)
        return Preview("picture", np.full((30, 60, 3), 200, np.uint8), path.name)


@pytest.fixture
def decoder() -> Decoder:
    return Decoder()


@pytest.fixture
def view(qtbot: QtBot, decoder: Decoder) -> Iterator[Thumbnails]:
    view = Thumbnails()
    qtbot.addWidget(view)
    view.cache.reset(decoder)
    view.resize(600, 400)
    yield view
    assert tasks.wait_all()


def names(count: int) -> list[str]:
    return [f"class/{number:07}.png" for number in range(count)]


def thumbnail(view: Thumbnails, row: int) -> QImage | str | None:
    return view.model().index(row, 0).data(THUMBNAIL)


def test_a_thumbnail_arrives_from_another_thread(
    qtbot: QtBot, view: Thumbnails, decoder: Decoder
) -> None:
    view.fill(Path("/data"), ["class/a.png"])
    assert thumbnail(view, 0) is None
    with qtbot.waitSignal(view.model().dataChanged):
        pass
    image = thumbnail(view, 0)
    assert isinstance(image, QImage)
    assert (image.width(), image.height()) == (SIDE, SIDE // 2)
    assert image.pixelColor(5, 5).red() == 200
    assert threading.get_ident() not in decoder.threads


def test_what_cannot_be_read_says_why(qtbot: QtBot, view: Thumbnails) -> None:
    view.fill(Path("/data"), ["class/bad.png"])
    thumbnail(view, 0)
    assert tasks.wait_all()
    assert thumbnail(view, 0) == "Is missing."


def test_only_what_is_seen_is_decoded(qtbot: QtBot, view: Thumbnails, decoder: Decoder) -> None:
    view.fill(Path("/data"), names(5000))
    view.show()
    qtbot.waitExposed(view)
    assert tasks.wait_all()
    qtbot.wait(20)
    assert tasks.wait_all()
    assert 8 <= len(decoder.seen) <= 40


def test_a_million_files_open_without_a_stall(
    qtbot: QtBot, view: Thumbnails, decoder: Decoder
) -> None:
    paths = names(1_000_000)
    view.show()
    ticks = Ticks(view)
    view.fill(Path("/data"), paths)

    def at_the_end() -> bool:
        view.scrollToBottom()
        return Path(paths[-1]).name in decoder.seen

    qtbot.waitUntil(at_the_end, timeout=20_000)
    assert ticks.worst < 0.25
    assert len(decoder.seen) < 5000


class Ticks:
    """What the window's thread computes between two beats of a 10 ms timer, in seconds.

    Its own time, not the clock's: other programs may keep this machine busy.
    """

    def __init__(self, parent: QObject) -> None:
        self.worst = 0.0
        self._last = time.thread_time()
        timer = QTimer(parent, interval=10)
        timer.timeout.connect(self._beat)
        timer.start()

    def _beat(self) -> None:
        now = time.thread_time()
        self.worst = max(self.worst, now - self._last)
        self._last = now


def test_the_newest_wish_comes_first_and_the_oldest_are_forgotten(
    qtbot: QtBot, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnails, "AT_ONCE", 1)
    monkeypatch.setattr(thumbnails, "WAITING", 3)
    gate = threading.Event()
    cache = ThumbnailCache()

    def slow(path: Path) -> Preview:
        gate.wait(5)
        return decoder(path)

    cache.reset(slow)
    for number in range(6):
        cache.get(Path(str(number)))
    gate.set()
    assert tasks.wait_all()
    assert decoder.seen == ["0", "5", "4", "3"]


def test_the_cache_keeps_what_was_used_last(
    qtbot: QtBot, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnails, "CAPACITY", 2)
    cache = ThumbnailCache()
    cache.reset(decoder)
    for name in "aba":
        cache.get(Path(name))
        assert tasks.wait_all()
    cache.get(Path("c"))
    assert tasks.wait_all()
    assert cache.get(Path("a")) is not None
    assert cache.get(Path("b")) is None
    assert tasks.wait_all()


def test_another_dataset_forgets_the_pictures_of_the_first(qtbot: QtBot, decoder: Decoder) -> None:
    cache = ThumbnailCache()
    cache.reset(decoder)
    cache.get(Path("a"))
    cache.reset(Decoder())
    assert tasks.wait_all()
    assert cache.get(Path("a")) is None
    assert tasks.wait_all()


def test_the_place_is_kept_when_one_is_taken_away(qtbot: QtBot, view: Thumbnails) -> None:
    view.show()
    view.fill(Path("/data"), names(500))
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 0)
    view.choose("class/0000300.png")
    place = view.verticalScrollBar().value()
    assert place > 0
    view.fill(Path("/data"), [n for n in names(500) if "300" not in n], keep_place=True)
    assert view.verticalScrollBar().value() == place
    assert view.currentIndex().row() == 300 and view.selected() == []  # Delete, pressed twice
    view.choose("class/0000302.png")
    view.fill(Path("/data"), [n for n in names(500) if "301" not in n], keep_place=True)
    assert view.selected() == ["class/0000302.png"]


def test_selected_rows_are_counted_by_their_ranges(view: Thumbnails) -> None:
    view.fill(Path("/data"), names(100_000))
    view.selectAll()
    assert view.selected_count() == 100_000
    view.select_paths({names(9)[at] for at in (7, 2, 3)})
    assert view.selected_count() == 3
    assert view.selected_rows() == [2, 3, 7]


def test_undecodable_names_are_shown_escaped_and_kept(qtbot: QtBot, view: Thumbnails) -> None:
    view.fill(Path("/data"), ["class/a\nb\udcff.png"])
    index = view.model().index(0, 0)
    assert index.data() == "a\\nb\\udcff.png"
    view.setCurrentIndex(index)
    assert view.selected() == ["class/a\nb\udcff.png"]


@pytest.mark.parametrize("count", [1, 4, 6, 8, 9, 40])
def test_there_is_a_scroll_bar_if_and_only_if_it_scrolls(
    qtbot: QtBot, view: Thumbnails, count: int
) -> None:
    view.show()
    for size in ((600, 400), (600, 200), (700, 330), (600, 400)):
        view.fill(Path("/data"), names(count))
        view.resize(*size)
        qtbot.wait(20)
        bar = view.verticalScrollBar()
        assert bar.isVisible() == (bar.maximum() > 0)
        assert view.contentsSize().height() <= view.viewport().height() + bar.maximum()
