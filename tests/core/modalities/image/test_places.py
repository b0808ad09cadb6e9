"""Boxes that move with their pictures."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.core.made_boxes import SIDE, make_boxes
from transfergui.core import registry
from transfergui.core.interfaces.samples import MarkedBox
from transfergui.core.modalities.image.options import ImageAugment, ImageInput
from transfergui.core.modalities.image.places import moved
from transfergui.core.modalities.image.transforms import augmented, mosaic
from transfergui.core.modalities.previews import preview_variants

INPUT = ImageInput(size=SIDE, resize=SIDE, fit="squash")
CPU = torch.device("cpu")


@pytest.mark.parametrize(
    "options",
    [
        ImageAugment(),
        ImageAugment(flip=True, flip_vertical=True),
        ImageAugment(flip=True, crop=60, shift=10, zoom=30),
    ],
)
def test_boxes_stay_around_what_they_are_around(options: ImageAugment) -> None:
    picture = torch.zeros(3, SIDE, SIDE, dtype=torch.uint8)
    picture[:, 12:40, 20:36] = 255
    box = torch.tensor([[[0, 20, 12, 36, 40], [-1, 0, 0, 0, 0]]]) / torch.tensor([1, *[SIDE] * 4])
    count = 12
    rngs = [np.random.default_rng(seed) for seed in range(count)]
    seen, places = augmented([picture] * count, INPUT, options, rngs, CPU, box.repeat(count, 1, 1))
    assert places is not None
    kept = [row for row in range(count) if places[row, 0, 0] == 0]
    assert len(kept) > count / 2
    assert (places[:, 1, 0] == -1).all()
    for row in kept:
        there = (seen[row, 0] > 0.5).nonzero()
        (top, left), (bottom, right) = there.amin(0) / SIDE, (there.amax(0) + 1) / SIDE
        wanted = torch.stack([left, top, right, bottom])
        # a reflected part of it may lie outside, at an edge
        close = (places[row, 0, 1:] - wanted).abs() <= 2 / SIDE
        assert close.all() or bool(((wanted == 0) | (wanted == 1)).any())


def test_a_box_whose_middle_is_outside_is_none() -> None:
    half = np.array([[[0.5, 0, -0.5], [0, 1.0, 0]]])  # the left half is seen
    boxes = torch.tensor([[[0, 0.3, 0.2, 0.6, 0.8], [1, 0.4, 0.2, 0.8, 0.8]]])
    found = moved(boxes, half)[0].tolist()
    assert found[0] == pytest.approx([0, 0.6, 0.2, 1, 0.8])
    assert found[1] == [-1, 0, 0, 0, 0]


def test_a_mosaic_shows_four_pictures_with_their_boxes() -> None:
    pictures = torch.zeros(4, 3, SIDE, SIDE)
    box = torch.tensor([[0, 0.25, 0.25, 0.75, 0.75], [-1, 0, 0, 0, 0]])
    pictures[..., SIDE // 4 : 3 * SIDE // 4, SIDE // 4 : 3 * SIDE // 4] = 1
    boxes = box.repeat(4, 1, 1)
    seen, found = mosaic(pictures, boxes, 1.0, np.random.default_rng(1))
    assert (seen.shape, found.shape) == (pictures.shape, (4, 8, 5))
    for picture, rows in zip(seen, found, strict=True):
        there = rows[rows[:, 0] >= 0]
        inside = torch.zeros(SIDE, SIDE)
        for _name, *corners in there.tolist():
            left, top, right, bottom = (round(value * SIDE) for value in corners)
            inside[top:bottom, left:right] = 1
        assert (picture[0] * inside).sum() > 0.9 * inside.sum()
    same, kept = mosaic(pictures, boxes, 0.0, np.random.default_rng(1))
    assert torch.equal(same, pictures)
    assert torch.equal(kept[:, :2], boxes)


def test_previews_show_boxes_where_they_are_then(tmp_path: Path) -> None:
    split = make_boxes(tmp_path, 1, 0, 0)
    boxes = (MarkedBox("red", 0.1, 0.2, 0.4, 0.6, place=1), MarkedBox("blue", 0, 0, 0.01, 0.01))
    path = tmp_path / split.train[0].path
    options = ImageAugment(flip=True, crop=50)
    shown = preview_variants(registry.modality("image"), path, INPUT, options, 0, 6, boxes)
    assert [each.boxes for each in shown[:2]] == [boxes, boxes]
    assert {len(each.boxes) for each in shown[2:]} <= {0, 1, 2}
    moved = [box for each in shown[2:] for box in each.boxes if box.name == "red"]
    assert moved and all(box.place == 1 and box.left != 0.1 for box in moved)
    beside = [(path, (MarkedBox("green", 0.2, 0.2, 0.8, 0.8, place=2),))] * 3
    mosaic = ImageAugment(mosaic=100)
    mixed = preview_variants(registry.modality("image"), path, INPUT, mosaic, 0, 6, boxes, beside)
    assert {box.name for each in mixed[2:] for box in each.boxes} == {"red", "blue", "green"}
    assert mixed[0].boxes == boxes
    plain = preview_variants(registry.modality("image"), path, INPUT, options, 0, 6)
    assert all((a.data == b.data).all() for a, b in zip(plain[1:], shown[1:], strict=True))
