"""Nearly equal pictures: copies are found, look-alikes are not; and damage inside."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from tests.bad_files import picture
from transfergui.core import registry
from transfergui.core.data.dataset import DataOptions, Sample
from transfergui.core.modalities.image import near
from transfergui.core.reading.files.duplicates import Comparison


def compare(folder: Path) -> Comparison:
    """By names; what is before the first space is the class."""
    names = sorted(path.name for path in folder.iterdir())
    classes = sorted({name.split()[0] for name in names if " " in name})
    samples = [Sample(n, classes.index(n.split()[0]) if " " in n else 0) for n in names]
    found = near.compare(str(folder), samples, lambda: None)
    assert found is not None
    return found


def pairs(folder: Path) -> list[tuple[int, int]]:
    return compare(folder).near


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
        Image.fromarray(faint).save(tmp_path / f"faint-{level}.png")
    assert pairs(tmp_path) == []


def test_a_picture_that_is_gone_or_damaged_within_is_like_no_other(tmp_path: Path) -> None:
    noisy(0).save(tmp_path / "0.png")
    samples = [Sample("0.png", 0), Sample("gone.png", 0), Sample("gone too.png", 0)]
    found = near.compare(str(tmp_path), samples, lambda: None)
    assert found is not None
    assert found.near == []
    assert [(at, p.code) for at, p in found.problems] == [
        (1, "picture.vanished"),
        (2, "picture.vanished"),
    ]


def test_nothing_and_one(tmp_path: Path) -> None:
    assert pairs(tmp_path) == []
    noisy(0).save(tmp_path / "0.png")
    assert pairs(tmp_path) == []


def test_the_nearest_is_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    """In blocks as without."""
    rows = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    expected = [0] + [int(((rows[:i] - rows[i]) ** 2).sum(1).argmin()) for i in range(1, 50)]
    alone = np.zeros(50, np.int64)
    for block in (7, 512):
        monkeypatch.setattr(near, "BLOCK", block)
        nearest, others = near._nearest_earlier(rows, alone, lambda: None)
        assert (nearest.tolist(), others) == (expected, [])


def test_the_nearest_of_each_class_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    rows, labels = rng.normal(size=(50, 4)).astype(np.float32), rng.integers(0, 3, 50)
    for block in (7, 512):
        monkeypatch.setattr(near, "BLOCK", block)
        nearest, others = near._nearest_earlier(rows, labels, lambda: None)
        for at in range(50):
            apart = ((rows[:at] - rows[at]) ** 2).sum(1)
            own = labels[:at] == labels[at]
            found = int(np.where(own, apart, np.inf).argmin()) if own.any() else at
            assert nearest[at] == found
            foreign = np.flatnonzero(~own)
            wanted = foreign[np.argsort(apart[foreign], kind="stable")][: near.CANDIDATES]
            assert dict(others).get(at, []) == wanted.tolist()


def test_too_many_are_not_compared() -> None:
    samples = [Sample(f"{n}", 0) for n in range(near.MAX_PICTURES + 1)]
    assert near.compare("", samples, lambda: None) is None
    assert near.compare("", [Sample("huge", 0, near.MAX_BYTES + 1)], lambda: None) is None


def test_progress_may_cancel(tmp_path: Path) -> None:
    def cancel() -> None:
        raise InterruptedError

    noisy(0).save(tmp_path / "0.png")
    with pytest.raises(InterruptedError):
        near.compare(str(tmp_path), [Sample("0.png", 0)], cancel)


@pytest.mark.parametrize("name", ["clothing", "hand-signs", "omniglot"])
def test_no_two_of_the_real_pictures_are_taken_for_one(shared_data: Path, name: str) -> None:
    root = shared_data / "images" / name
    samples = [Sample(str(p.relative_to(root)), 0) for p in sorted(root.rglob("*.*"))]
    step = 4 if name == "omniglot" else 1
    found = near.compare(str(root), samples[::step], lambda: None)
    assert found == Comparison()


# -- one picture in two classes, or two parts before one camera


COPIES: dict[str, dict[str, Any]] = {
    "90.jpg": {"quality": 90},
    "60.jpg": {"quality": 60},
    "50.webp": {"quality": 50},
    "smaller.jpg": {"quality": 80},
}


@pytest.mark.parametrize("name", COPIES)
def test_photos_saved_again_in_another_class_are_the_same(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    photos = sorted((shared_data / "images/clothing/hat").iterdir())[:12]
    for number, path in enumerate(photos):
        with Image.open(path) as image:
            photo = image.convert("RGB")
        photo.save(tmp_path / f"a {number:02}.png")
        if name == "smaller.jpg":
            photo = photo.resize((photo.width * 2 // 3, photo.height * 2 // 3))
        photo.save(tmp_path / f"b {number:02} {name}", **COPIES[name])
    found = compare(tmp_path)
    assert found.near == []
    wanted = [(number, 12 + number, True) for number in range(12)]
    if name == "smaller.jpg":  # which changes faint ones too much
        assert len(found.across) >= 9
        wanted = [pair for pair in wanted if pair in found.across]
    assert found.across == wanted


def shots(folder: Path, scene: Image.Image, each: int, ending: str = "png") -> None:
    """Good parts and scratched ones before a fixed camera, with its noise and flickering light."""
    rng = np.random.default_rng(0)
    pixels = np.asarray(scene.convert("RGB").resize((320, 240)), np.float32)
    for name in ("good", "scratched"):
        for number in range(each):
            shot = pixels * rng.uniform(0.99, 1.01) + rng.normal(0, 1.5, pixels.shape)
            image = Image.fromarray(shot.clip(0, 255).astype(np.uint8))
            if name == "scratched":
                x, y = rng.integers(60, 240), rng.integers(60, 160)
                ImageDraw.Draw(image).line((x, y, x + 25, y + 14), fill=(250, 250, 250), width=3)
            image.save(folder / f"{name} {number:02}.{ending}")


@pytest.mark.parametrize("ending", ["png", "jpg"])
@pytest.mark.parametrize("scene", ["shoes", "dress"])
def test_parts_before_a_fixed_camera_are_not_the_same(
    shared_data: Path, tmp_path: Path, scene: str, ending: str
) -> None:
    with Image.open(sorted((shared_data / "images/clothing" / scene).iterdir())[0]) as image:
        shots(tmp_path, image, 12, ending)
    found = compare(tmp_path)
    assert len(found.across) == 12
    assert not any(same for _, _, same in found.across)
    with Image.open(tmp_path / f"good 05.{ending}") as image:
        image.save(tmp_path / "scratched again.jpg", quality=95)
    assert [pair for pair in compare(tmp_path).across if pair[2]] == [(5, 24, True)]


def test_one_part_with_and_without_a_scratch_is_not_the_same(tmp_path: Path) -> None:
    """Without others to compare with, too."""
    for number in range(6):
        part = picture(number, (320, 240))
        part.save(tmp_path / f"good {number}.png")
        ImageDraw.Draw(part).line((100, 100, 125, 114), fill=(0, 0, 0), width=3)
        part.save(tmp_path / f"scratched {number}.png")
    assert compare(tmp_path).across == [(number, 6 + number, False) for number in range(6)]


def test_a_lamp_of_another_colour_is_another_picture(tmp_path: Path) -> None:
    for name, colour in (("green", (0, 200, 0)), ("red", (255, 70, 70))):
        panel = picture(3, (320, 240))
        ImageDraw.Draw(panel).ellipse((150, 100, 170, 120), fill=colour)
        panel.save(tmp_path / f"{name} lamp.png")
    ((_, _, same),) = compare(tmp_path).across
    assert not same


# -- damage inside, and nothing to see


def photo(**options: Any) -> bytes:
    stream = io.BytesIO()
    noisy(3).save(stream, "JPEG", quality=80, **options)
    return stream.getvalue()


def damaged() -> dict[str, bytes]:
    whole, other = photo(), io.BytesIO()
    noisy(4).save(other, "JPEG", quality=70)
    half, end = len(whole) // 2, b"\xff\xd9"
    progressive, restarts = photo(progressive=True), photo(restart_marker_blocks=8)
    return {
        "zeros": whole[:half] + bytes(len(whole) - half - 2) + end,
        "hole": whole[:half] + bytes(300) + whole[half + 300 :],
        "lost": whole[:half] + whole[half + 2000 :],
        "foreign": whole[:half] + other.getvalue()[half:],
        "cut": whole[:half] + end,
        "progressive": progressive[: len(progressive) // 3] + end,
        "restarts": restarts[:half] + restarts[half + 1500 :],
    }


@pytest.mark.parametrize("kind", damaged())
def test_damage_inside_a_jpeg_is_found(tmp_path: Path, kind: str) -> None:
    (tmp_path / "0.jpg").write_bytes(damaged()[kind])
    ((_, problem),) = compare(tmp_path).problems
    assert problem.code in ("picture.damaged_inside", "picture.left_over")
    assert problem.left_out == (problem.code == "picture.damaged_inside")


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"optimize": True}, {"restart_marker_blocks": 4}, {"exif": b""}],
)
def test_whole_jpegs_are_not_called_damaged(tmp_path: Path, options: dict[str, Any]) -> None:
    (tmp_path / "0.jpg").write_bytes(photo(**options))
    (tmp_path / "1.jpg").write_bytes(photo(**options) + bytes(1000))
    noisy(5).convert("L").save(tmp_path / "2.jpg")
    noisy(6).convert("CMYK").save(tmp_path / "3.jpg")
    assert compare(tmp_path).problems == []


def test_a_png_with_a_wrong_check_sum_is_damaged(tmp_path: Path) -> None:
    noisy(0).save(tmp_path / "0.png", compress_level=0)
    data = bytearray((tmp_path / "0.png").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "0.png").write_bytes(data)
    ((_, problem),) = compare(tmp_path).problems
    assert (problem.code, problem.left_out) == ("picture.damaged_inside", True)


def test_pictures_of_one_colour_are_noted(tmp_path: Path) -> None:
    Image.new("RGB", (50, 40), (9, 9, 9)).save(tmp_path / "0.png")
    Image.new("L", (50, 40), 200).save(tmp_path / "1.jpg")
    dot = Image.new("L", (500, 400), 200)
    dot.putpixel((3, 3), 201)
    dot.save(tmp_path / "2.png")
    found = [(at, p.code, p.left_out) for at, p in compare(tmp_path).problems]
    assert found == [(0, "picture.one_colour", False), (1, "picture.one_colour", False)]


@pytest.mark.parametrize(
    ("objective", "values"),
    [("number", ("1.5", "2.5")), ("several_labels", ("cat;dog", "cat")), ("one_class", "ab")],
)
def test_nearly_equal_pictures_of_two_numbers_are_kept_together(
    objective: str, values: Sequence[str], tmp_path: Path
) -> None:
    """They straddled training and test; of two classes, they are told instead."""
    for number in range(8):
        noisy(number).save(tmp_path / f"{number}.png")
    changed = noisy(0)
    ImageDraw.Draw(changed).rectangle((40, 40, 46, 46), fill="red")
    changed.save(tmp_path / "0 again.png")
    names = [*(f"{number}.png" for number in range(8)), "0 again.png"]
    rows = [f"{name},{values[at // 4 % 2]}" for at, name in enumerate(names)]
    rows[-1] = f"{names[-1]},{values[1]}"
    (tmp_path / "table.csv").write_text("\n".join(["file,value", *rows]))
    options = DataOptions(path=str(tmp_path), objective=objective, predict=("value",))
    groups = {s.path: s.group for s in registry.modality("image").scan(options).samples}
    together = groups["0.png"] is not None and groups["0.png"] == groups["0 again.png"]
    assert together == (objective != "one_class")
