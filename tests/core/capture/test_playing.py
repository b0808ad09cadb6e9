import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.captured import RATE, make_sound, make_video
from transfergui.core import registry
from transfergui.core.capture.feed import Clips
from transfergui.core.capture.playing import PlayedFile
from transfergui.core.interfaces.capture import Captured, Device


class Kept:
    """A feed that forgets nothing."""

    def __init__(self) -> None:
        self.came: list[Captured] = []

    def put(self, captured: Captured) -> None:
        self.came.append(captured)

    def take(self, timeout: float) -> Captured | None:
        return None


def device(key: str) -> Device:
    found = registry.modality(key).device
    assert found is not None
    return found


def play(key: str, path: Path, speed: float = 20.0) -> tuple[PlayedFile, Kept]:
    feed = Kept()
    played = PlayedFile(device(key), path, feed, speed=speed)
    played.start()
    until(lambda: not played.running)
    return played, feed


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_a_video_gives_its_frames_in_order(tmp_path: Path) -> None:
    played, feed = play("image", make_video(tmp_path / "brighter.mp4"))
    assert played.problem is None
    assert [round(each.at, 2) for each in feed.came] == [round(0.05 * n, 2) for n in range(10)]
    shades = [float(each.values.mean()) for each in feed.came]
    assert shades == sorted(shades)
    assert feed.came[0].values.shape == (48, 64, 3)


def test_a_sound_gives_all_of_its_samples(tmp_path: Path) -> None:
    _played, feed = play("audio", make_sound(tmp_path / "tone.wav"))
    whole = np.concatenate([each.values for each in feed.came])
    assert {each.rate for each in feed.came} == {RATE}
    np.testing.assert_allclose(whole, 0.5 * np.sin(np.arange(RATE // 2) * 0.3), atol=1e-6)


@pytest.mark.parametrize("key", ["image", "audio"])
def test_what_cannot_be_played_is_said(key: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.mp4"
    wrong.write_bytes(b"no film at all")
    played, feed = play(key, wrong)
    assert feed.came == []
    assert played.problem is not None
    assert played.problem.code.startswith(("capture.", "sound."))


def test_it_begins_anew_until_it_is_stopped(tmp_path: Path) -> None:
    feed, video = Kept(), make_video(tmp_path / "brighter.mp4")
    played = PlayedFile(device("image"), video, feed, again=True, speed=50)
    played.start()
    until(lambda: len(feed.came) > 15)
    played.stop(10)
    assert not played.running


def test_a_short_sound_is_given_as_its_file_is_predicted(tmp_path: Path) -> None:
    """Half a second for a model of a whole one: never twice in one clip."""
    feed, path = Clips(1.0), make_sound(tmp_path / "tone.wav")
    played = PlayedFile(device("audio"), path, feed, again=True, speed=20)
    played.start()
    clips = []
    while len(clips) < 3:
        if (clip := feed.take(5.0)) is not None:
            clips.append(clip)
    played.stop(10)
    modality = registry.modality("audio")
    input = modality.input_options(seconds=1.0, rate=RATE)
    wanted = modality.prepare(modality.load(path, input), input)
    for clip in clips:
        got = modality.prepare(device("audio").load(clip, input), input)
        np.testing.assert_allclose(got, wanted, atol=1e-4)


def test_a_longer_sound_slides_by(tmp_path: Path) -> None:
    feed = Clips(0.2)
    played = PlayedFile(device("audio"), make_sound(tmp_path / "tone.wav"), feed, speed=20)
    played.start()
    until(lambda: not played.running)
    assert not feed.whole and feed.ring is not None and feed.ring.total == RATE // 2
