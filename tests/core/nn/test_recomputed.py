"""Activations that are computed again: the same bits, and less to keep."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import pytest
import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from tests import tiny_networks
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.audio import generate_backbones as of_sounds
from transfergui.core.modalities.audio.models import Hearing
from transfergui.core.modalities.image import backbones, models
from transfergui.core.modalities.image import generate_backbones as of_pictures
from transfergui.core.modalities.image.options import ImageInput
from transfergui.core.modalities.text import folders
from transfergui.core.modalities.text.models import MeanPooled, Recurrent
from transfergui.core.nn import lora
from transfergui.core.nn.recomputed import Recomputation, Segment

ROWS = {row.key: row for row in backbones.rows()}
Groups = tuple[tuple[str, ...], ...]


class Made(NamedTuple):
    encoder: nn.Module
    groups: Groups
    inputs: Tensor


def _seeing(row: Backbone, size: int) -> Made:
    encoder = models.build(row, None, ImageInput(size=size, resize=size))
    return Made(encoder, row.groups, torch.rand(4, 3, size, size))


def pictures(key: str, size: int = 32) -> Made:
    return _seeing(ROWS[key], size)


def boxes(key: str) -> Made:
    """Its maps, side by side."""
    return _seeing(msgspec.structs.replace(ROWS[key], pooled=1), 64)


def transformer_for_pictures() -> Made:
    network = tiny_networks.vit()
    network.heads = nn.Identity()
    groups = of_pictures.groups(tiny_networks.vit())
    groups = tuple(each for each in groups if "heads" not in each[0])
    return Made(models.Encoder(network, ImageInput()), groups, torch.rand(4, 3, 32, 32))


def transformer_for_texts() -> Made:
    from transformers import AutoConfig, AutoModel

    values = {"vocab_size": 30, "hidden_size": 16, "num_hidden_layers": 3, "pooler": None}
    config = AutoConfig.for_model(
        "bert", num_attention_heads=2, intermediate_size=32, max_position_embeddings=12, **values
    )
    network = AutoModel.from_config(config)
    network.pooler = None
    ids = torch.randint(1, 30, (4, 10))
    ids[:, 8:] = 0
    return Made(MeanPooled(network, 0), folders.groups("bert", 3), ids)


def recurrent() -> Made:
    groups = (("network.table",), ("network.forwards", "network.backwards"))
    return Made(MeanPooled(Recurrent(30, 8, 16), 0), groups, torch.randint(1, 30, (4, 10)))


def sounds(make: Callable[[], nn.Module]) -> Made:
    network = make()
    network.get_submodule("encoder.transformer").layer_norm = nn.Identity()
    return Made(Hearing(network, True), of_sounds.groups(network), torch.randn(4, 4000))


NETWORKS: dict[str, Callable[[], Made]] = {
    "tgnet": lambda: pictures("tgnet"),
    "resnet18": lambda: pictures("resnet18"),
    "mobilenet_v2": lambda: pictures("mobilenet_v2"),
    "densenet121": lambda: pictures("densenet121"),
    "squeezenet1_1": lambda: pictures("squeezenet1_1"),
    "vit": transformer_for_pictures,
    "bert": transformer_for_texts,
    "wav2vec2": lambda: sounds(tiny_networks.wav2vec2),
    "wavlm": lambda: sounds(tiny_networks.wavlm),
    "boxes of resnet18": lambda: boxes("resnet18"),
    "boxes of mobilenet_v3_small": lambda: boxes("mobilenet_v3_small"),
}


def learnt(
    make: Callable[[], Made],
    precision: torch.dtype | None,
    recomputes: bool,
    prepare: Callable[[Made], object] = lambda made: None,
) -> dict[str, Tensor]:
    """What three steps leave: weights, statistics, and the last gradients."""
    torch.manual_seed(0)
    made = make()
    made.encoder.train()
    prepare(made)
    recomputation = Recomputation(made.encoder, made.groups)
    assert recomputation.places
    trained = [p for p in made.encoder.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=0.01, momentum=0.9)
    for number in range(3):
        torch.manual_seed(number)
        optimizer.zero_grad()
        with torch.autocast("cpu", precision or torch.bfloat16, enabled=precision is not None):
            if recomputes:
                with recomputation.active():
                    features = made.encoder(made.inputs)
            else:
                features = made.encoder(made.inputs)
            features = features.float()
        (features * torch.randn(features.shape[-1]) / 10).mean().backward()
        optimizer.step()
    state = {f"state {name}": tensor for name, tensor in made.encoder.state_dict().items()}
    drawn = {"drawn afterwards": torch.rand(2)}
    named = made.encoder.named_parameters()
    return state | drawn | {f"gradient {n}": p.grad for n, p in named if p.grad is not None}


def assert_same(one: dict[str, Tensor], other: dict[str, Tensor]) -> None:
    assert one.keys() == other.keys()
    assert not [name for name, tensor in one.items() if not torch.equal(tensor, other[name])]


@pytest.mark.parametrize("precision", [None, torch.bfloat16], ids=["float32", "bfloat16"])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_same_to_the_bit(name: str, precision: torch.dtype | None) -> None:
    """Gradients, weights, statistics, and the draws of dropout and after it."""
    plain, again = (learnt(NETWORKS[name], precision, way) for way in (False, True))
    assert_same(plain, again)
    assert all(bool(torch.isfinite(tensor).all()) for tensor in plain.values())


def test_low_rank_updates_too() -> None:
    def attach(made: Made) -> None:
        lora.attach(made.encoder, 2, 4.0)
        made.encoder.requires_grad_(False)
        for parameter in lora.parameters(made.encoder):
            parameter.requires_grad_(True)

    plain, again = (learnt(transformer_for_texts, None, way, attach) for way in (False, True))
    assert_same(plain, again)
    assert any(name.startswith("gradient") for name in plain)


def test_nothing_is_computed_again_where_nothing_is_trained() -> None:
    """Of frozen groups nothing is kept: the first trained one is the first to be computed again."""
    calls = dict.fromkeys(("layer1", "layer2", "layer3", "layer4"), 0)

    def freeze(made: Made) -> None:
        for prefix in (p for group in made.groups[:3] for p in group):
            made.encoder.get_submodule(prefix).requires_grad_(False).eval()
        for name in calls:
            layer = made.encoder.get_submodule(f"network.{name}.0.conv1")
            layer.register_forward_hook(lambda *_, name=name: calls.update({name: calls[name] + 1}))

    plain, again = (
        learnt(lambda: pictures("resnet18"), None, way, freeze) for way in (False, True)
    )
    assert_same(plain, again)
    once = 2 * 3  # steps of both
    assert calls == {"layer1": once, "layer2": once, "layer3": once + 3, "layer4": once + 3}


def test_the_network_stays_what_it_is() -> None:
    made = pictures("resnet18")
    names, kinds = list(made.encoder.state_dict()), list(map(type, made.encoder.modules()))
    recomputation = Recomputation(made.encoder, made.groups)
    with recomputation.active():
        made.encoder(made.inputs).mean().backward()
        assert list(made.encoder.state_dict()) == names
    assert list(map(type, made.encoder.modules())) == kinds
    assert not [module for module in made.encoder.modules() if "forward" in vars(module)]


def test_without_gradients_nothing_is_done() -> None:
    made = pictures("resnet18")
    made.encoder.eval()
    with Recomputation(made.encoder, made.groups).active(), torch.no_grad():
        assert not made.encoder(made.inputs).requires_grad


def test_recurrent_layers_have_no_segments() -> None:
    """What an LSTM keeps of one sequence is all within one layer: nothing would be gained."""
    made = recurrent()
    assert not Recomputation(made.encoder, made.groups).places


# -- how much is kept


def _plainly_kept(made: Made) -> int:
    found: dict[int, int] = {}
    own = {each.untyped_storage().data_ptr() for each in made.encoder.state_dict().values()}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            found[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        output = made.encoder(made.inputs)
    total = sum(found.values())
    del output
    return total


@pytest.mark.parametrize(
    ("name", "share"),
    [("mobilenet_v2", 0.6), ("densenet121", 0.3), ("boxes of resnet18", 0.95)],
)
def test_less_is_kept(name: str, share: float) -> None:
    made = NETWORKS[name]()
    kept = Recomputation(made.encoder, made.groups).kept(lambda: made.encoder(made.inputs))
    assert kept.recomputed < share * kept.plain
    assert kept.plain == _plainly_kept(made)


# -- every kind of network


def smallest() -> dict[str, Backbone]:
    """Of each family."""
    found: dict[str, Backbone] = {}
    for row in sorted(backbones.rows(), key=lambda row: row.params):
        if not row.body:
            found.setdefault(row.family, row)
    return found


@pytest.mark.parametrize("family", smallest())
def test_no_segment_changes_its_inputs(family: str) -> None:
    """Else it would be computed again of other ones. On a device without values."""
    row, seen = smallest()[family], []
    size = row.input["size"]
    holder = nn.Module()
    holder.network = models.outline(row.key, size).network.train()

    def checking(segment: Segment, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        given = [each for each in tree_leaves((arguments, named)) if isinstance(each, Tensor)]
        before = [each._version for each in given]
        found = segment.function(*arguments, **named)
        seen.append(before == [each._version for each in given])
        return found

    recomputation = Recomputation(holder, row.groups)
    with recomputation._calling(checking), torch.enable_grad():
        holder.network(torch.empty(2, 3, size, size, device="meta"))
    assert len(seen) >= 4
    assert all(seen)
