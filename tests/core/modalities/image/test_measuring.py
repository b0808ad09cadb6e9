"""What is measured of pictures."""

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from transfergui.core.modalities.image import measuring, objects
from transfergui.core.modalities.image.deep import PLAIN


def scene(seed: int = 0, size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Rectangles of many colours."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", size, "gray")
    draw = ImageDraw.Draw(image)
    for _number in range(40):
        x, y = (int(rng.integers(0, length)) for length in size)
        colour = tuple(map(int, rng.integers(0, 256, 3)))
        draw.rectangle((x, y, x + 30, y + 20), fill=(colour[0], colour[1], colour[2]))
    return image


def test_what_the_file_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Canon", "Canon EOS 550D", 6
    path = tmp_path / "a.png"  # not what its name says
    scene().save(path, "JPEG", quality=72, exif=exif)
    values = measuring.measure(path, PLAIN)
    assert values["file_type"] == "JPEG"
    assert values["camera"] == "Canon EOS 550D"
    assert values["jpeg_quality"] == pytest.approx(72, abs=1)
    assert (values["width"], values["height"]) == (200, 300)  # turned upright
    assert values["file_size"] == path.stat().st_size


def test_nothing_is_made_up_of_other_files(tmp_path: Path) -> None:
    scene().save(tmp_path / "a.png")
    values = measuring.measure(tmp_path / "a.png", PLAIN)
    assert values["camera"] == ""
    assert math.isnan(float(values["jpeg_quality"]))


def test_blur_is_seen_whatever_is_shown() -> None:
    for seed in range(5):
        sharp = np.asarray(scene(seed).convert("L"), np.float32)
        soft = scene(seed).convert("L").filter(ImageFilter.GaussianBlur(6))
        assert measuring.sharpness(np.asarray(soft, np.float32)) < 0.35
        assert measuring.sharpness(sharp) > 0.6


def test_the_box_around_an_object_before_a_plain_background() -> None:
    noise = np.random.default_rng(0).normal(0, 5, (240, 160, 3))
    pixels = np.full((240, 160, 3), 180, np.float32) + noise.astype(np.float32)
    pixels[40:220, 30:100] = (200, 40, 40)
    found = objects.box(pixels)
    wanted = {
        "box_left": 30 / 160,
        "box_top": 40 / 240,
        "box_right": 100 / 160,
        "box_bottom": 220 / 240,
    }
    assert found == pytest.approx(wanted, abs=0.04)


@pytest.mark.parametrize("colourful", [True, False], ids=["everything differs", "nothing does"])
def test_no_box_is_claimed_where_nothing_tells(colourful: bool) -> None:
    image = scene(1) if colourful else Image.new("RGB", (300, 200), "gray")
    found = objects.box(np.asarray(image, np.float32))
    assert all(map(math.isnan, found.values()))
