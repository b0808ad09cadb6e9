"""Maps of what an output rests on, of networks of which that is known."""

import pytest
import torch
from torch import Tensor, nn

from transfergui.core.modalities.text.models import CountedNGrams, MeanPooled, WordVectors
from transfergui.core.nn.attribution import Attribution
from transfergui.core.nn.classifier import Classifier
from transfergui.core.nn.composite import Composite
from transfergui.core.nn.evidence import log_odds

SIDE = 32
PLACES = [(8, 8), (24, 8), (16, 24)]
"""Middles of a red square: row and column."""


class Encoder(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, inputs: Tensor) -> Tensor:
        return self.network(inputs)


class Detector(nn.Module):
    """How much red there is and how much blue, on average; maps of 8 x 8."""

    def __init__(self, around: bool = False) -> None:
        super().__init__()
        self.finds = nn.Conv2d(3, 2, 4, stride=4)
        self.last = nn.Conv2d(2, 2, 1)
        self.around = around
        with torch.no_grad():
            self.finds.weight.zero_()
            self.finds.weight[0, 0] = self.finds.weight[1, 2] = 1
            self.last.weight.copy_(torch.eye(2)[..., None, None])
            self.finds.bias.zero_(), self.last.bias.zero_()

    def forward(self, pictures: Tensor) -> Tensor:
        maps = self.finds(pictures).relu()
        found = self.last(maps).relu().mean((2, 3))
        return found + maps.std((2, 3)) if self.around else found


def pictures() -> Tensor:
    """A red square on grey, and a blue one always in the same corner."""
    found = torch.full((len(PLACES), 3, SIDE, SIDE), 0.1)
    for picture, (row, column) in zip(found, PLACES, strict=True):
        picture[0, row - 4 : row + 4, column - 4 : column + 4] = 1
        picture[2, -6:, -6:] = 1
    return found


def hottest(heat: Tensor) -> list[tuple[int, int]]:
    """Row and column of the middle of the hottest place, in pixels."""
    cell = SIDE / heat.shape[1]
    return [
        (int((at // heat.shape[2] + 0.5) * cell), int((at % heat.shape[2] + 0.5) * cell))
        for at in heat.flatten(1).argmax(1).tolist()
    ]


def explained(encoder: nn.Module, features: int = 2) -> Attribution:
    head = nn.Linear(features, 2, bias=False)
    with torch.no_grad():
        head.weight.copy_(torch.eye(2).repeat(1, features // 2))
    return Attribution(Classifier(encoder, head).eval().requires_grad_(False), log_odds)


def near(found: list[tuple[int, int]]) -> bool:
    pairs = zip(found, PLACES, strict=True)
    return all(abs(a - c) <= 4 and abs(b - d) <= 4 for (a, b), (c, d) in pairs)


@pytest.mark.parametrize("around", [False, True])
def test_heat_lies_where_the_object_is(around: bool) -> None:
    network = Detector(around)
    attribution = explained(Encoder(network))
    inputs = pictures()
    heat = attribution.heat(inputs, [0, 0, 0], torch.zeros_like(inputs))
    assert heat.shape == (3, 8, 8)
    assert near(hottest(heat))
    (layer,) = attribution._maps.values()
    assert layer is (network.finds if around else network.last)  # through which all of it goes
    blue = attribution.heat(inputs, [1, 1, 1], torch.zeros_like(inputs))
    assert all(row > 24 and column > 24 for row, column in hottest(blue))


def test_random_weights_give_another_map() -> None:
    """The sanity check of Adebayo et al. 2018 (arXiv:1810.03292)."""
    inputs = pictures()
    known = explained(Encoder(Detector())).heat(inputs, [0, 0, 0], torch.zeros_like(inputs))
    torch.manual_seed(0)
    alike = []
    for _draw in range(8):
        network = Detector()
        nn.init.normal_(network.finds.weight)
        nn.init.normal_(network.last.weight)
        found = explained(Encoder(network)).heat(inputs, [0, 0, 0], torch.zeros_like(inputs))
        pairs = torch.stack([known.flatten(), found.flatten()])
        alike.append(float(torch.corrcoef(pairs)[0, 1].nan_to_num()))
    assert sum(alike) / len(alike) < 0.5


def test_without_a_map_gradients_are_integrated() -> None:
    """As of vision transformers: pixels go straight into a product."""
    network = nn.Sequential(nn.Flatten(), nn.Linear(3 * SIDE * SIDE, 2))
    with torch.no_grad():
        network[1].weight.zero_(), network[1].bias.zero_()
        network[1].weight[0, : SIDE * SIDE] = 0.01
    inputs = pictures()
    heat = explained(Encoder(network)).heat(inputs, [0, 0, 0], torch.zeros_like(inputs))
    assert heat.shape == (3, 14, 14)
    assert near(hottest(heat))


def test_networks_together_are_explained_together() -> None:
    encoder = Composite([Encoder(Detector()), Encoder(Detector())], [None, (16, 16)])
    inputs = pictures()
    heat = explained(encoder, 4).heat(inputs, [0, 0, 0], torch.zeros_like(inputs))
    assert heat.shape == (3, 8, 8)
    assert near(hottest(heat))


def test_counted_words_add_up_to_the_output() -> None:
    encoder = CountedNGrams(torch.ones(32), longest=2, known=8)
    model = Classifier(encoder, nn.Linear(32, 2, bias=False)).eval().requires_grad_(False)
    ids = torch.tensor([[2, 3, 4, 2, 0, 0]])
    found = Attribution(model, lambda outputs: outputs).heat(ids, [1], ids)
    torch.testing.assert_close(found.sum(), model(ids)[0, 1])
    assert found[0, 4:].tolist() == [0, 0]


def test_word_vectors_add_up_to_the_output() -> None:
    network = WordVectors(9, 4)
    model = Classifier(MeanPooled(network, 0), nn.Linear(4, 2, bias=False))
    model.eval().requires_grad_(False)
    with torch.no_grad():
        network.table.weight[1].zero_()
    ids = torch.tensor([[2, 3, 4, 0]])
    found = Attribution(model, lambda outputs: outputs).heat(ids, [1], torch.ones_like(ids))
    torch.testing.assert_close(found.sum(), model(ids)[0, 1], atol=1e-5, rtol=1e-4)


def test_log_odds_are_exact_where_a_share_rounds_to_one() -> None:
    logits = torch.tensor([[0.3, -1.0, 2.0], [90.0, 0.0, 1.0]], dtype=torch.float64)
    shares = logits[:1].softmax(1)
    torch.testing.assert_close(log_odds(logits)[:1], (shares / (1 - shares)).log())
    assert float(log_odds(logits)[1, 0]) == pytest.approx(90 - 1.3132616875)
