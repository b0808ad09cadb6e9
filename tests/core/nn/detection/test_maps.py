"""Networks that give their feature maps side by side."""

import pytest
import torch

from transfergui.core.modalities.image import backbones, models
from transfergui.core.nn.detection import maps

ROWS = {row.key: row for row in backbones.rows()}


@pytest.mark.parametrize("key", ["tgnet", "mobilenet_v3_small", "shufflenet_v2_x0_5", "resnet18"])
def test_a_tapped_network_gives_what_its_modules_make(key: str) -> None:
    size, row = 64, ROWS[key]
    torch.manual_seed(0)
    network = models.make(key, size).network.eval()
    made: list[torch.Tensor] = []
    hooks = [
        network.get_submodule(each.at).register_forward_hook(
            lambda _module, _inputs, output: made.append(output)
        )
        for each in row.maps
    ]
    inputs = torch.rand(2, 3, size, size)
    network(inputs)
    for hook in hooks:
        hook.remove()
    shapes = maps.shapes(row.maps, size, size)
    assert [tuple(each.shape[1:]) for each in made] == shapes
    tapped = maps.tapped(network, row.maps).eval()
    for found, wanted in zip(maps.apart(tapped(inputs), shapes), made, strict=True):
        assert torch.equal(found, wanted)
    names = [name for name, _parameter in network.named_parameters()]
    assert set(names) <= {name for name, _parameter in tapped.named_parameters()}


def test_a_map_that_only_widens_another_is_not_taken() -> None:
    network = models.outline("mobilenet_v2", 320).network
    names = [f"features.{place}" for place in range(19)]
    found = maps.found(network, names, 320)
    assert [(each.at, each.stride) for each in found] == [
        ("features.6", 8),
        ("features.13", 16),
        ("features.17", 32),
    ]
    assert maps.found(network, names[:6], 320) == ()
