from pathlib import Path

import numpy as np
import pytest

from transfergui.core import registry
from transfergui.core.capture import class_folders, existing, recorder
from transfergui.core.capture.bursts import ClipBurst, PictureBurst
from transfergui.core.capture.feed import Clips, Pictures
from transfergui.core.capture.recorder import Recorder
from transfergui.core.interfaces.capture import Captured


def made(root: Path, key: str = "image") -> Recorder:
    device = registry.modality(key).device
    assert device is not None
    return Recorder(device, root)


def picture(value: int = 0) -> Captured:
    return Captured(np.full((8, 8, 3), value, np.uint8))


def record(record: Recorder, name: str, count: int) -> None:
    burst = record.begin(name)
    for value in range(count):
        record.add(burst, picture(value))


def files(root: Path) -> dict[str, bytes]:
    return {f"{path.relative_to(root)}": path.read_bytes() for path in root.rglob("*.*")}


def test_undo_deletes_the_last_burst_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "cup").mkdir()
    (tmp_path / "cup" / "own.jpg").write_bytes(b"of the user")
    record(one := made(tmp_path), "cup", 3)
    one.close()
    before = files(tmp_path)
    assert len(before) == 4
    record(one, "spoon", 2)
    found = one.undo()
    assert found is not None
    assert (found[0].name, found[1]) == ("spoon", [])
    assert files(tmp_path) == before
    assert not (tmp_path / "spoon").exists()
    assert one.undo() is not None
    assert files(tmp_path) == {"cup/own.jpg": b"of the user"}
    assert one.undo() is None
    one.close()


def test_what_somebody_changed_stays(tmp_path: Path) -> None:
    record(one := made(tmp_path), "cup", 2)
    one.close()
    first, second = sorted((tmp_path / "cup").iterdir())
    first.write_bytes(b"cropped by the user")
    second.unlink()
    found = one.undo()
    assert found is not None
    assert found[1] == [first]
    assert first.read_bytes() == b"cropped by the user"


def test_nothing_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder.time, "strftime", lambda _form: "now")
    there = tmp_path / "cup now 001.jpg"
    there.write_bytes(b"there")
    written = recorder.write_new(tmp_path, "cup", b"new", ".jpg")
    assert (there.read_bytes(), written.name) == (b"there", "cup now 002.jpg")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "cup").write_bytes(b"a file where the folder should be")
    record(one := made(tmp_path), "cup", 1)
    one.close()
    assert one.problem is not None
    assert one.problem.code == "capture.not_written"
    assert one.count("cup") == 0


def test_pictures_are_taken_so_many_a_second_and_none_twice(tmp_path: Path) -> None:
    one, feed = made(tmp_path), Pictures()
    burst = PictureBurst(one, feed, "cup", per_second=5)
    for step in range(100):  # two seconds
        if step % 4 == 0:
            feed.put(picture(step))
        burst.poll(step * 0.02)
    burst.release()
    burst.poll(9.0)
    one.close()
    assert burst.taken == one.count("cup") == 10
    feed = Pictures()
    feed.put(picture())
    stuck = PictureBurst(one, feed, "cup", per_second=5)
    for step in range(100):
        stuck.poll(step * 0.02)
    one.close()
    assert stuck.taken == 1
    root = existing.counts(tmp_path, registry.modality("image"))
    assert root == {"cup": 11}
    assert existing.most_frequent(tmp_path) == "image"


def test_the_clip_that_was_begun_is_taken_to_its_end(tmp_path: Path) -> None:
    one, feed, rate = made(tmp_path, "audio"), Clips(0.5), 1000
    feed.put(Captured(np.ones(300, np.float32), rate))  # before the key was pressed
    burst = ClipBurst(one, feed, "hum")
    values = np.linspace(-0.5, 0.5, 1200, dtype=np.float32)
    for block in np.split(values[:600], 6):
        feed.put(Captured(block, rate))
        burst.poll(0)
    assert (burst.taken, burst.missing) == (1, pytest.approx(0.4))
    burst.release()
    for block in np.split(values[600:], 6):
        feed.put(Captured(block, rate))
        burst.poll(0)
    one.close()
    assert (burst.taken, burst.done) == (2, True)
    audio = registry.modality("audio")
    written = sorted((tmp_path / "hum").iterdir())
    assert len(written) == 2
    heard = [audio.preview(path, audio.input_options()).data.samples for path in written]
    np.testing.assert_allclose(np.concatenate(heard), values[:1000], atol=1e-4)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("cup", ""),
        ("茶杯 2", ""),
        ("", "capture.name_empty"),
        ("a/b", "capture.name_forbidden"),
        ("..", "capture.name_forbidden"),
        ("dot.", "capture.name_forbidden"),
        ("Con", "capture.name_reserved"),
        ("x" * 81, "capture.name_long"),
        ("SPOON", "capture.name_twice"),
    ],
)
def test_names_of_classes_are_names_of_folders(name: str, code: str) -> None:
    assert class_folders.problem(name, ["spoon"]) == code
