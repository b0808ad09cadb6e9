"""What a detector is taught, and what it says: boxes to outputs and back."""

import pytest
import torch

from transfergui.core.nn.detection import decode, loss
from transfergui.core.nn.detection.fcos import BESIDE, FCOS, places

SIDE = 2
"""Of the coarsest map."""
COUNT = 21 * SIDE**2
NONE = [-1.0, 0, 0, 0, 0]


def perfect(wanted: torch.Tensor, classes: int) -> torch.Tensor:
    """Outputs [N, P * (C + 5)] that say exactly what places are taught."""
    grid = loss.grid_of(COUNT, torch.device("cpu"))
    taught = loss.assigned(grid, wanted)
    outputs = torch.full((len(wanted), COUNT, classes + BESIDE), -20.0)
    outputs[..., classes : classes + 4] = torch.tensor([0.0, 0.0, 0.1, 0.1])
    picture, place = (taught >= 0).nonzero(as_tuple=True)
    boxes = wanted[picture, taught[picture, place]]
    outputs[picture, place, boxes[:, 0].long()] = 20.0
    outputs[picture, place, classes : classes + 4] = boxes[:, 1:]
    central = loss.centrality(grid.middles[place], boxes[:, 1:]).clamp(1e-6, 1 - 1e-6)
    outputs[picture, place, -1] = central.logit()
    return outputs.flatten(1)


def test_every_box_has_a_place_however_small_or_large() -> None:
    wanted = torch.tensor(
        [[[0, 0.1, 0.1, 0.9, 0.95], [1, 0.4, 0.4, 0.401, 0.401], [1, 0.2, 0.6, 0.4, 0.8], NONE]]
    )
    taught = loss.assigned(loss.grid_of(COUNT, torch.device("cpu")), wanted)
    assert set(taught.flatten().tolist()) == {-1, 0, 1, 2}


def test_of_boxes_at_one_place_the_smallest_is_taught() -> None:
    wanted = torch.tensor([[[0, 0.2, 0.2, 0.6, 0.6], [1, 0.3, 0.3, 0.5, 0.5]]])
    taught = loss.assigned(loss.grid_of(COUNT, torch.device("cpu")), wanted)
    middle = places(4 * SIDE, 4 * SIDE)
    at = (middle - torch.tensor([0.4375, 0.4375])).abs().sum(1).argmin()
    assert int(taught[0, at]) == 1


def test_what_is_taught_is_decoded_again() -> None:
    boxes = [[1, 0.1, 0.2, 0.5, 0.6], [0, 0.6, 0.6, 0.9, 0.9], NONE]
    wanted = torch.tensor([boxes, [NONE] * 3])
    outputs = perfect(wanted, 2)
    classes, where, _central = loss.DetectionLoss(2).parts(outputs, wanted)
    assert (float(classes), float(where)) == pytest.approx((0, 0), abs=1e-5)
    found = decode.decoded(outputs, 2).reshape(2, decode.MOST, decode.NUMBERS)
    there = found[0][found[0, :, 1] > 0]
    assert sorted(there[:, [0, 2, 3, 4, 5]].tolist()) == [
        pytest.approx([0, 0.6, 0.6, 0.9, 0.9]),
        pytest.approx([1, 0.1, 0.2, 0.5, 0.6]),
    ]
    assert not found[1].any()


def test_of_boxes_that_overlap_the_surest_is_kept() -> None:
    outputs = torch.full((1, COUNT, 1 + BESIDE), -20.0)
    outputs[0, :3, 0] = torch.tensor([1.0, 3.0, 2.0])
    outputs[0, :3, -1] = 3.0
    outputs[0, :3, 1:5] = torch.tensor(
        [[0.1, 0.1, 0.5, 0.5], [0.1, 0.1, 0.5, 0.52], [0.6, 0, 1, 1]]
    )
    found = decode.decoded(outputs.flatten(1), 1).reshape(-1, decode.NUMBERS)
    assert found[:3, 2].tolist() == pytest.approx([0.1, 0.6, 0])
    assert found[2, 1] == 0


def test_pictures_without_boxes_teach_that_there_are_none() -> None:
    torch.manual_seed(0)
    shapes = [(8, 4 * SIDE, 4 * SIDE), (8, 2 * SIDE, 2 * SIDE), (8, SIDE, SIDE)]
    head = FCOS(shapes, 2)
    features = torch.randn(2, sum(c * h * w for c, h, w in shapes))
    outputs = head(features)
    assert outputs.shape == (2, COUNT * (2 + BESIDE))
    found = loss.DetectionLoss(2)(outputs, torch.tensor([[NONE], [NONE]]))
    found.backward()
    assert 0 < found.item() < 10
    gradients = [p.grad for p in head.parameters() if p.grad is not None]
    assert all(bool(torch.isfinite(each).all()) for each in gradients)


def test_a_thousand_boxes_in_one_picture() -> None:
    torch.manual_seed(0)
    corners = torch.rand(1, 1000, 2) * 0.9
    boxes = torch.cat([torch.zeros(1, 1000, 1), corners, corners + 0.05], 2)
    taught = loss.assigned(loss.grid_of(21 * 20**2, torch.device("cpu")), boxes)
    assert len(taught.unique()) > 750
