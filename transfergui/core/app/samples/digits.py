"""1797 pictures of ten handwritten digits (Alpaydin and Kaynak 1998), a folder per class."""

from pathlib import Path

SIDE = 32
"""The originals have 8 x 8 pixels; enlarged, a person recognises them too."""
SEEN = 96
"""Pixels for the network. Three times the size: strokes are then as wide as what it knows."""


def write(folder: Path) -> None:
    """Fill ``folder`` with the digits that come with scikit-learn."""
    from PIL import Image
    from sklearn.datasets import load_digits

    bunch = load_digits()
    for number, (values, label) in enumerate(zip(bunch.images, bunch.target, strict=True)):
        home = folder / str(label)
        home.mkdir(exist_ok=True)
        picture = Image.fromarray((values * (255 / 16)).round().astype("uint8"))
        picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(home / f"{number:04}.png")
