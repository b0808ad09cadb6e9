"""Low-rank updates: where they are put, what they may change, and that merging changes nothing."""

from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import Tensor, nn

from tests import tiny_networks
from tests.core.modalities.text.conftest import config_of
from transfergui.core.modalities.text import folders
from transfergui.core.nn import lora

RANK = 3


def text_network(model_type: str) -> nn.Module:
    from transformers import AutoConfig, AutoModel

    values = {key: value for key, value in config_of(model_type).items() if key != "model_type"}
    return AutoModel.from_config(AutoConfig.for_model(model_type, **values))


def of_pictures(make: Callable[[int], nn.Module]) -> tuple[nn.Module, Tensor]:
    network = make(tiny_networks.SIZE)
    for last in ("heads", "head", "classifier"):  # a last layer of zeros would answer zeros
        if hasattr(network, last):
            setattr(network, last, nn.Flatten())
    return network, torch.rand(2, 3, tiny_networks.SIZE, tiny_networks.SIZE)


def of_sounds(make: Callable[[], nn.Module]) -> tuple[nn.Module, Tensor]:
    return make(), torch.rand(2, 4000)


def of_texts(model_type: str) -> tuple[nn.Module, Tensor]:
    return text_network(model_type), torch.randint(3, 30, (2, 7))


NETWORKS: dict[str, Callable[[], tuple[nn.Module, Tensor]]] = {
    **{key: partial(of_pictures, make) for key, make in tiny_networks.SEEING.items()},
    **{key: partial(of_sounds, make) for key, make in tiny_networks.HEARING.items()},
    **{key: partial(of_texts, key) for key in folders.FAMILIES},
}


@torch.no_grad()
def answer(network: nn.Module, inputs: Tensor) -> Tensor:
    given = network.eval()(inputs)
    return given if isinstance(given, Tensor) else given[0]


def attached(key: str) -> tuple[nn.Module, Tensor, dict[str, Tensor], Tensor]:
    """A network whose updates are far from zero; its weights and its answer before."""
    torch.manual_seed(0)
    network, inputs = NETWORKS[key]()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    plain = answer(network, inputs)
    lora.attach(network, RANK, alpha=2.0)
    torch.testing.assert_close(answer(network, inputs), plain)
    for parameter in lora.parameters(network):
        nn.init.normal_(parameter, std=0.5)
    return network, inputs, before, plain


@pytest.mark.parametrize("key", NETWORKS)
def test_merged_answers_as_updated_under_the_usual_names(key: str) -> None:
    network, inputs, before, plain = attached(key)
    updated = answer(network, inputs)
    assert not torch.allclose(updated, plain, atol=1e-3)
    state = lora.merged_state(network)
    assert lora.is_attached(network)
    lora.merge(network)
    assert not lora.is_attached(network)
    assert set(network.state_dict()) == set(before) == set(state)
    torch.testing.assert_close(answer(network, inputs), updated, atol=1e-5, rtol=1e-5)
    assert all(torch.equal(tensor, state[name]) for name, tensor in network.state_dict().items())


@pytest.mark.parametrize("key", NETWORKS)
def test_what_attends_changes_and_by_no_more_than_the_rank(key: str) -> None:
    network, _inputs, before, _plain = attached(key)
    after = lora.merged_state(network)
    changed = {name for name in after if not torch.equal(after[name], before[name])}
    assert changed
    assert all("att" in name and "mlp" not in name for name in changed)
    assert all(name.endswith(("weight", "in_proj_weight")) for name in changed)
    for name in changed:
        assert 1 <= torch.linalg.matrix_rank(after[name] - before[name], rtol=1e-4) <= RANK
    # all of what attends: query, key and value and where they are put together
    layers = sum(1 for _found in lora.attention_layers(network))
    assert layers == len(changed) >= 4


def test_only_the_updates_are_new_parameters() -> None:
    network, _inputs = NETWORKS["swin_t"]()
    before = sum(p.numel() for p in network.parameters())
    lora.attach(network, 1, 1.0)
    new = sum(p.numel() for p in lora.parameters(network))
    assert sum(p.numel() for p in network.parameters()) == before + new
    assert 0 < new < before / 4


def test_parametrisations_of_others_stay() -> None:
    """wav2vec 2.0 normalises a weight by one."""
    network, _inputs, before, _plain = attached("wav2vec2_base")
    assert any("parametrizations" in name for name in before)
    lora.merge(network)
    assert set(network.state_dict()) == set(before)


def test_networks_of_convolutions_have_nothing_to_update() -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(4, 2))
    assert not lora.has_attention(network)
    lora.attach(network, RANK, 1.0)
    assert not lora.is_attached(network)
