"""What the two-stage head answers is what torchvision's own modules make of the same weights."""

import pytest
import torch
from torch import Tensor
from torchvision.ops import nms

from transfergui.core.nn.detection import suppression, taught_loss, two_stage
from transfergui.core.nn.detection.decode import decoded
from transfergui.core.nn.taught import seeing

SHAPES = ((16, 16, 16), (24, 8, 8), (32, 4, 4))
WIDTH = sum(c * h * w for c, h, w in SHAPES)
NONE = [-1.0, 0.0, 0.0, 0.0, 0.0]


@pytest.fixture
def head() -> two_stage.FasterRCNN:
    torch.manual_seed(0)
    made = two_stage.FasterRCNN(SHAPES, 3)
    for layer in (made.proposing.head, made.looking.box_predictor):
        for parameter in layer.parameters():
            torch.nn.init.normal_(parameter, std=0.05)
    return made


def some_boxes(count: int) -> Tensor:
    low = torch.rand(count, 2)
    return torch.cat([low, low + 0.05 + 0.3 * torch.rand(count, 2)], 1)


def test_suppression_keeps_what_the_usual_one_keeps() -> None:
    torch.manual_seed(0)
    for limit in (0.3, 0.5, 0.7):
        boxes = torch.stack([some_boxes(300), some_boxes(300)])
        found = suppression.kept(boxes, limit)
        for each, mine in zip(boxes, found, strict=True):
            wanted = nms(each, torch.arange(300, 0, -1.0), limit)
            assert mine.nonzero().flatten().tolist() == wanted.sort().values.tolist()


@torch.no_grad()
def test_what_diverged_is_no_number_and_no_crash(head: two_stage.FasterRCNN) -> None:
    """Places that are no numbers were read out of memory that is not the map's."""
    outputs = head.eval()(torch.full((1, WIDTH), torch.nan))
    assert not torch.isfinite(outputs).all()


@torch.no_grad()
def test_answers_are_those_of_torchvision(head: two_stage.FasterRCNN) -> None:
    features = torch.randn(2, WIDTH)
    head.eval()
    answers = decoded(head(features), 3).reshape(2, -1, 6)
    maps = two_stage.apart(features, head.shapes)
    scaled = {
        str(at): norm(each) for at, (norm, each) in enumerate(zip(head.scaled, maps, strict=True))
    }
    levels = head.pyramid(scaled)
    pictures = head._pictures(torch.zeros(2, 3, head.side, head.side))
    proposals, _none = head.proposing(pictures, levels)
    found, _none = head.looking(levels, proposals, pictures.image_sizes)
    for mine, theirs in zip(answers, found, strict=True):
        count = len(theirs["scores"])
        assert count > 5 and int((mine[:, 1] > 0).sum()) == count
        torch.testing.assert_close(mine[:count, 1], theirs["scores"], rtol=0, atol=1e-5)
        corners = theirs["boxes"] / head.side
        torch.testing.assert_close(mine[:count, 2:], corners, rtol=0, atol=1e-4)
        assert (mine[:count, 0] + 1).tolist() == theirs["labels"].tolist()


def test_it_is_taught_where_it_sees_what_is_wanted(head: two_stage.FasterRCNN) -> None:
    wanted = torch.tensor([[[1.0, 0.1, 0.1, 0.5, 0.6], NONE], [NONE, NONE]])
    features, loss = torch.randn(2, WIDTH), taught_loss.TaughtLoss(3, ("a", "b", "c"))
    with seeing(head, wanted):
        value = loss(head(features), wanted)
    value.backward()
    assert set(loss.logs) == {"a", "b", "c"}
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in head.parameters())
    assert head.wanted is None
    assert head(features).shape == (2, two_stage.PROPOSALS * 8)
    head.eval()
    with seeing(head, wanted):
        assert head(features).shape == (2, two_stage.PROPOSALS * 8)


def test_answers_are_judged_by_the_boxes_that_are_kept() -> None:
    """Perfect ones, then with a class, a place, and a false one wrong."""
    truth = torch.tensor([[[1.0, 0.1, 0.1, 0.5, 0.6], NONE]])

    def answer(*rows: tuple[int, float, float]) -> Tensor:
        found = torch.full((1, 4, 8), -30.0)
        found[..., 7], found[..., 3:7] = 30.0, 0.0
        for at, (name, left, shift) in enumerate(rows):
            found[0, at, name] = 14.0
            found[0, at, 3:7] = torch.tensor([left, 0.1 + shift, left + 0.4, 0.6 + shift])
        return found.flatten(1)

    right, *others = (
        float(taught_loss.judged(answer(*rows), truth, 3))
        for rows in (
            [(1, 0.1, 0.0)],
            [(2, 0.1, 0.0)],
            [(1, 0.1, 0.1)],
            [(1, 0.1, 0.0), (2, 0.55, 0.3)],
            [],
        )
    )
    assert right == pytest.approx(0, abs=1e-3)
    assert all(other > 0.1 for other in others)
