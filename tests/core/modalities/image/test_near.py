"""Nearly equal pictures: copies are found, look-alikes are not."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from tests.bad_files import picture
from transfergui.core.dataset import Sample
from transfergui.core.modalities.image import near


def pairs(folder: Path) -> list[tuple[int, int]]:
    names = sorted(path.name for path in folder.iterdir())
    found = near.pairs(str(folder), [Sample(name, 0) for name in names], lambda: None)
    assert found is not None
    return list(found)


def noisy(seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 256, (60, 80, 3), dtype=np.uint8)).resize((320, 240))


def test_resized_recompressed_and_converted_copies_are_found(tmp_path: Path) -> None:
    original = noisy(0)
    original.save(tmp_path / "0.png")
    original.resize((200, 150)).save(tmp_path / "1.jpg", quality=70)
    original.convert("L").save(tmp_path / "2.webp", quality=80)
    original.resize((640, 480)).save(tmp_path / "3.jpg", quality=30)
    noisy(1).save(tmp_path / "4.png")
    assert {later for _, later in pairs(tmp_path)} == {1, 2, 3}
    assert all(earlier < later for earlier, later in pairs(tmp_path))


def test_different_pictures_are_not_found(tmp_path: Path) -> None:
    for number in range(40):
        picture(number, (64, 48)).save(tmp_path / f"{number:02}.png")
    picture(0, (64, 48)).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "40.png")
    ImageEnhance.Brightness(picture(1, (64, 48))).enhance(0.7).save(tmp_path / "41.png")
    assert pairs(tmp_path) == []


def test_flat_and_faint_pictures_are_not_taken_for_one(tmp_path: Path) -> None:
    for level in range(6):
        Image.new("L", (40, 40), 250 + level).save(tmp_path / f"{level}.png")
        faint = np.full((40, 40), 128, np.uint8)
        faint[4 * level : 4 * level + 4] += 6
        Image.fromarray(faint).save(tmp_path / f"faint {level}.png")
    assert pairs(tmp_path) == []


def test_a_picture_that_is_gone_or_damaged_within_is_like_no_other(tmp_path: Path) -> None:
    noisy(0).save(tmp_path / "0.png")
    samples = [Sample("0.png", 0), Sample("gone.png", 0), Sample("gone too.png", 0)]
    assert list(near.pairs(str(tmp_path), samples, lambda: None) or ()) == []


def test_nothing_and_one(tmp_path: Path) -> None:
    assert pairs(tmp_path) == []
    noisy(0).save(tmp_path / "0.png")
    assert pairs(tmp_path) == []


def test_the_nearest_is_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    """In blocks as without."""
    rows = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    expected = [0] + [int(((rows[:i] - rows[i]) ** 2).sum(1).argmin()) for i in range(1, 50)]
    for block in (7, 512):
        monkeypatch.setattr(near, "BLOCK", block)
        assert near._nearest_earlier(rows, lambda: None).tolist() == expected


def test_too_many_are_not_compared() -> None:
    samples = [Sample(f"{n}", 0) for n in range(near.MAX_PICTURES + 1)]
    assert near.pairs("", samples, lambda: None) is None
    assert near.pairs("", [Sample("huge", 0, near.MAX_BYTES + 1)], lambda: None) is None


def test_progress_may_cancel(tmp_path: Path) -> None:
    def cancel() -> None:
        raise InterruptedError

    noisy(0).save(tmp_path / "0.png")
    with pytest.raises(InterruptedError):
        list(near.pairs(str(tmp_path), [Sample("0.png", 0)], cancel) or ())


@pytest.mark.parametrize("name", ["clothing", "hand-signs", "omniglot"])
def test_no_two_of_the_real_pictures_are_taken_for_one(shared_data: Path, name: str) -> None:
    root = shared_data / "images" / name
    samples = [Sample(str(p.relative_to(root)), 0) for p in sorted(root.rglob("*.*"))]
    step = 4 if name == "omniglot" else 1
    assert list(near.pairs(str(root), samples[::step], lambda: None) or ()) == []
