"""What a detector's head begins with of another's."""

import pytest
import torch

from transfergui.core.nn.detection.carried import take_over
from transfergui.core.nn.detection.fcos import FCOS
from transfergui.core.nn.detection.two_stage import FasterRCNN

SHAPES = ((8, 8, 8), (8, 4, 4), (8, 2, 2))


@pytest.mark.parametrize(
    ("kind", "layer", "first"),
    [(FCOS, "classes_of", 0), (FasterRCNN, "looking.box_predictor.cls_score", 1)],
)
def test_all_but_new_classes_is_taken_over(
    kind: type[FCOS] | type[FasterRCNN], layer: str, first: int
) -> None:
    old, new = kind(SHAPES, 3), kind(SHAPES, 2)
    before = {f"head.{name}": tensor for name, tensor in old.state_dict().items()}
    drawn = new.get_submodule(layer).weight.clone()
    take_over(new, before, ("c", "x"), ("a", "b", "c"))
    for name, tensor in new.state_dict().items():
        if not name.startswith(layer):
            assert torch.equal(tensor, before[f"head.{name}"])
    weight, known = new.get_submodule(layer).weight, old.get_submodule(layer).weight
    assert torch.equal(weight[first], known[first + 2])
    assert torch.equal(weight[first + 1], drawn[first + 1])
    assert torch.equal(weight[:first], known[:first])


def test_the_other_head_takes_over_the_pyramid() -> None:
    old, new = FCOS(SHAPES, 2), FasterRCNN(SHAPES, 2)
    before = {f"head.{name}": tensor for name, tensor in old.state_dict().items()}
    take_over(new, before, ("a", "b"), ("a", "b"))
    for name, tensor in new.state_dict().items():
        if name.startswith(("scaled", "pyramid")):
            assert torch.equal(tensor, before[f"head.{name}"])
