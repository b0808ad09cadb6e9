import numpy as np
import pytest

from transfergui.core.capture.columns import BANDS, Columns
from transfergui.core.capture.feed import Clips, Pictures
from transfergui.core.capture.level import FLOOR, Level
from transfergui.core.capture.newest import Newest
from transfergui.core.capture.ring import Ring
from transfergui.core.interfaces.capture import Captured


def picture(value: int) -> Captured:
    return Captured(np.full((2, 2, 3), value, np.uint8))


def test_only_the_newest_thing_is_handed_on() -> None:
    newest: Newest[int] = Newest()
    for number in range(5):
        newest.put(number)
    assert (newest.take(), newest.take(), newest.given, newest.dropped) == (4, None, 5, 4)


def test_the_model_gets_the_newest_picture_once() -> None:
    feed = Pictures()
    first, second = picture(1), picture(2)
    feed.put(first)
    feed.put(second)
    assert feed.take(0) is second
    assert feed.take(0) is None
    assert feed.shown is second


def test_a_ring_keeps_the_last_samples() -> None:
    blocks, ring = (3, 7, 1, 12, 5), Ring(10)
    whole = np.arange(sum(blocks), dtype=np.float32)
    for block in np.split(whole, np.cumsum(blocks)[:-1]):
        ring.append(block)
        seen = min(ring.total, 10)
        found = ring.newest(seen)
        assert found is not None
        assert found.tolist() == whole[: ring.total][-seen:].tolist()
    assert ring.span(ring.total - 11, ring.total) is None
    assert ring.span(ring.total - 1, ring.total + 1) is None


def test_clips_have_the_length_of_the_model_and_move_on() -> None:
    feed, rate = Clips(0.5), 1000
    assert feed.take(0) is None
    feed.put(Captured(np.arange(400, dtype=np.float32), rate))
    assert feed.take(0) is None
    assert feed.missing == pytest.approx(0.1)
    feed.put(Captured(np.arange(400, 700, dtype=np.float32), rate))
    clip = feed.take(0)
    assert clip is not None
    assert (clip.rate, clip.values.tolist()) == (rate, list(range(200, 700)))
    assert feed.take(0) is None  # nothing new was heard
    feed.put(Captured(np.zeros(100, np.float32), rate))
    assert feed.take(0) is not None


def test_the_meter_reads_decibels_of_full_scale_and_sinks_slowly() -> None:
    level = Level()
    level.feed(np.full(100, 0.1, np.float32), 1000)
    assert level.decibels == pytest.approx(-20)
    level.feed(np.zeros(100, np.float32), 1000)
    assert (level.decibels, level.peak) == (FLOOR, pytest.approx(-22))
    level.feed(np.ones(10, np.float32), 1000)
    assert level.clipped


def test_columns_do_not_depend_on_how_the_sound_is_cut() -> None:
    rng = np.random.default_rng(0)
    sound = rng.normal(0, 0.1, 8000).astype(np.float32)
    whole, pieces = Columns(8000, 1.0, 40), Columns(8000, 1.0, 40)
    whole.feed(sound)
    for block in np.array_split(sound, 13):
        pieces.feed(block)
    assert whole.count == pieces.count
    assert whole.shades.shape == (BANDS, 40)
    np.testing.assert_array_equal(whole.shades, pieces.shades)


def test_a_tone_is_bright_in_its_band_alone() -> None:
    columns = Columns(8000, 1.0, 40)
    columns.feed(np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000).astype(np.float32))
    column = columns.shades[:, -1].astype(int)
    assert column.max() > 240
    assert (column > 128).sum() < BANDS // 4
