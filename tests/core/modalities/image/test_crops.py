"""A part of a picture, and another picture of the same kind."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from transfergui.core.modalities.image.crops import comparison
from transfergui.core.modalities.image.deep import PLAIN
from transfergui.core.modalities.image.modality import LIKENESS


def photo(seed: int) -> Image.Image:
    """A bright shape before a dark ground, the same in all, and texture of its own."""
    rng = np.random.default_rng(seed)
    pixels = np.full((160, 200), 60.0)
    pixels[30:130, 40:150] = 190
    noise = Image.fromarray(rng.integers(0, 255, (160, 200), np.uint8))
    texture = np.asarray(noise.filter(ImageFilter.GaussianBlur(3)), float) - 127
    return Image.fromarray((pixels + 2 * texture).clip(0, 255).astype(np.uint8)).convert("RGB")


def test_a_part_is_told_from_a_picture_of_the_same_shape(tmp_path: Path) -> None:
    image = photo(0)
    image.save(tmp_path / "whole.png")
    image.crop((12, 8, 188, 150)).save(tmp_path / "part.jpg", quality=60)
    image.resize((90, 72)).save(tmp_path / "small.png")
    photo(1).save(tmp_path / "other.png")
    compare = comparison(PLAIN)
    whole = tmp_path / "whole.png"
    assert compare(whole, tmp_path / "part.jpg") > LIKENESS.same
    assert compare(tmp_path / "part.jpg", whole) > LIKENESS.same
    assert compare(whole, tmp_path / "small.png") > LIKENESS.same
    assert compare(whole, tmp_path / "other.png") < LIKENESS.same - 0.05


def test_pictures_of_one_colour_are_like_nothing(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        Image.new("RGB", (50, 50), "white").save(tmp_path / name)
    photo(0).save(tmp_path / "c.png")
    compare = comparison(PLAIN)
    assert compare(tmp_path / "a.png", tmp_path / "b.png") == 0
    assert compare(tmp_path / "a.png", tmp_path / "c.png") == 0
