"""Small pictures with coloured rectangles on noise: something that can be found in seconds."""

from pathlib import Path

import numpy as np
from PIL import Image

from transfergui.core.data.boxes import NamedBox, boxes_text
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.data.targets import of_boxes

NAMES = ("blue", "red")
SIDE = 64


def draw(rng: np.random.Generator, most: int = 3) -> tuple[np.ndarray, list[NamedBox]]:
    """A picture [SIDE, SIDE, 3] with up to ``most`` rectangles, each in a third of its own."""
    pixels = rng.integers(90, 130, (SIDE, SIDE, 3)).astype(np.uint8)
    boxes = []
    for place in range(rng.integers(0, most + 1)):
        width, height = rng.integers(10, 20), rng.integers(12, 40)
        left, top = 21 * place + rng.integers(0, 21 - width + 1), rng.integers(0, SIDE - height)
        name = int(rng.integers(0, 2))
        pixels[top : top + height, left : left + width] = (230, 30, 30) if name else (30, 30, 230)
        corners = np.array([left, top, left + width, top + height]) / SIDE
        boxes.append(NamedBox(NAMES[name], *map(float, corners)))
    return pixels, boxes


def make_boxes(
    folder: Path, train: int = 32, val: int = 12, test: int = 12, seed: int = 0
) -> Split:
    """Such pictures below ``folder``, divided."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    texts = []
    for number in range(train + val + test):
        pixels, boxes = draw(rng)
        Image.fromarray(pixels).save(folder / f"{number}.png")
        texts.append(boxes_text(boxes))
    classes = tuple(sorted(set(texts)))
    samples = tuple(
        Sample(f"{at}.png", classes.index(text), (folder / f"{at}.png").stat().st_size)
        for at, text in enumerate(texts)
    )
    parts = samples[:train], samples[train : train + val], samples[train + val :]
    targets = of_boxes(classes, NAMES)
    return Split(str(folder), "image", classes, *parts, 0, "split.random", targets=targets)
