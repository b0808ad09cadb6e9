"""Encoders: one contract for every row, then what is special about some."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.image import backbones, models, tgnet
from transfergui.core.modalities.image.options import ImageInput
from transfergui.core.nn.classifier import Classifier
from transfergui.core.nn.heads import make_head
from transfergui.core.recipe import HeadOptions

ROWS = {row.key: row for row in backbones.rows()}
LIGHTEST = {row.family: row for row in reversed(ROWS.values())}.values()
COMPUTED = [*LIGHTEST, ROWS["inception_v3"], ROWS["mobilenet_v2"]]
"""Rows that are really computed here: one of each family, the lightest."""
FIXED = {"inception_v3": 299, "maxvit_t": 224}
"""Below, the one goes without its auxiliary output, and the other cannot work."""
LARGE = ("vgg11",)
"""Their weights take gigabytes while they are trained."""
CLASSES = 3


def classifier(row: Backbone, encoder: models.Encoder) -> Classifier:
    """``encoder`` with a new head (and auxiliary head)."""
    auxiliary = nn.Linear(encoder.aux_features, CLASSES) if encoder.aux_features else None
    head = make_head(row.features, CLASSES, HeadOptions(kind="linear"))
    return Classifier(encoder, head, auxiliary, row.groups)


def outlined(row: Backbone) -> Classifier:
    """The classifier without values: shapes are computed, numbers are not."""
    options = ImageInput(**row.input)
    parts = models.outline(row.key, options.size)
    encoder = models.Encoder(parts.network, options, parts.aux_features)
    return classifier(row, encoder).to("meta")


def step(model: Classifier, size: int, device: str) -> Tensor:
    """Forward and backward of two pictures in train mode."""
    output = model.train()(torch.rand(2, 3, size, size, device=device))
    logits = output if isinstance(output, Tensor) else output[0]
    loss = sum(part.square().sum() for part in (output if isinstance(output, tuple) else [output]))
    assert isinstance(loss, Tensor)
    loss.backward()
    return logits


def order_of_use(model: Classifier) -> list[int]:
    """Filled by the next forward: the group of each layer, as the layers are used."""
    groups = {id(p): i for i, own in enumerate(model.group_parameters()) for p in own}
    used: list[int] = []
    for module in model.encoder.modules():
        own = [groups[id(p)] for p in module.parameters(recurse=False)]
        if own and not list(module.children()):
            module.register_forward_pre_hook(lambda _m, _a, group=own[0]: used.append(group))
    return used


def removed(row: Backbone) -> int:
    """Parameters of the last layers that were cut off (ImageNet has 1000 classes)."""
    if row.key == "tgnet":
        return tgnet.CLASSES * (row.features + 1)
    bias = 0 if row.key == "maxvit_t" else 1000
    auxiliary = 1000 * (768 + 1) if row.key == "inception_v3" else 0
    return 1000 * row.features + bias + auxiliary


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.key)
def test_groups_of_every_row_cover_each_parameter_once(row: Backbone) -> None:
    model = outlined(row)
    grouped = [p for group in model.group_parameters() for p in group]
    assert all(model.group_parameters())
    assert {id(p) for p in grouped} == {id(p) for p in model.encoder.parameters()}
    assert len(grouped) == len(list(model.encoder.parameters()))
    total = sum(p.numel() for p in grouped)
    if row.body:  # the rest is the head
        assert total < row.params
    else:
        assert total + removed(row) == row.params


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=key, marks=() if row in COMPUTED else pytest.mark.slow)
        for key, row in ROWS.items()
    ],
)
def test_every_row_can_be_trained(row: Backbone) -> None:
    """Its groups are in order of use; a step reaches every parameter."""
    model = outlined(row)
    used = order_of_use(model)
    assert step(model, row.input["size"], "meta").shape == (2, CLASSES)
    assert used == sorted(used)
    assert [name for name, p in model.named_parameters() if p.grad is None] == []


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row.key, marks=pytest.mark.slow if row.key in LARGE else ())
        for row in COMPUTED
    ],
)
def test_one_of_each_family_computes(row: Backbone) -> None:
    """With small pictures; at its own size, the test above computed the shapes."""
    _compute(row, FIXED.get(row.key, 64))


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.key)
def test_every_row_computes(row: Backbone) -> None:
    _compute(row, row.input["size"])


def _compute(row: Backbone, size: int) -> None:
    torch.manual_seed(0)
    model = classifier(row, models.build(row, None, ImageInput(**row.input | {"size": size})))
    for parameter in model.head.parameters():  # it starts at zero, which would stop the gradients
        nn.init.normal_(parameter)
    logits = step(model, size, "cpu")
    assert logits.shape == (2, CLASSES)
    assert torch.isfinite(logits).all()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
    model.eval()
    with torch.no_grad():
        assert model.encoder(torch.rand(1, 3, size, size)).shape == (1, row.features)


# -- features are what the last layer of torchvision's own network gets


def _saved(row: Backbone, folder: Path, **arguments: object) -> tuple[nn.Module, Path]:
    """torchvision's own network, randomly filled, and its weights file."""
    from torchvision.models import get_model

    torch.manual_seed(1)
    network = get_model(row.key, weights=None, **arguments).eval()
    path = folder / f"{row.key}.pth"
    torch.save(network.state_dict(), path)
    return network, path


@torch.no_grad()
def _into_last_layer(network: nn.Module, name: str, pictures: Tensor) -> Tensor:
    seen: list[Tensor] = []
    handle = network.get_submodule(name).register_forward_pre_hook(
        lambda _module, inputs: seen.append(inputs[0].clone())
    )
    network(pictures)
    handle.remove()
    return seen[0]


def _normalised(pictures: Tensor, mean: float | Tensor, std: float | Tensor) -> Tensor:
    return (pictures - mean) / std


MEAN = torch.tensor((0.485, 0.456, 0.406)).view(3, 1, 1)
STD = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)


@pytest.mark.parametrize(
    ("key", "last", "size"),
    [
        ("mobilenet_v3_small", "classifier.3", 64),
        ("resnet18", "fc", 64),
        ("mnasnet0_5", "classifier.1", 64),
    ],
)
@torch.no_grad()
def test_features_are_the_input_of_the_last_layer(
    key: str, last: str, size: int, tmp_path: Path
) -> None:
    row = ROWS[key]
    network, path = _saved(row, tmp_path)
    encoder = models.build(row, path, ImageInput(**row.input | {"size": size})).eval()
    pictures = torch.rand(2, 3, size, size)
    expected = _into_last_layer(network, last, _normalised(pictures, MEAN, STD))
    torch.testing.assert_close(encoder(pictures), expected)


@torch.no_grad()
def test_features_of_squeezenet_are_pooled(tmp_path: Path) -> None:
    row = ROWS["squeezenet1_1"]
    network, path = _saved(row, tmp_path)
    encoder = models.build(row, path, ImageInput(**row.input)).eval()
    pictures = torch.rand(2, 3, 64, 64)
    maps = network.features(_normalised(pictures, MEAN, STD))  # type: ignore[operator]
    torch.testing.assert_close(encoder(pictures), maps.mean((2, 3)))


@pytest.mark.parametrize("key", ["googlenet", "inception_v3"])
@torch.no_grad()
def test_the_inceptions_are_normalised_once(key: str, tmp_path: Path) -> None:
    """As published: ImageNet's mean and deviation outside, ``transform_input`` inside."""
    row = ROWS[key]
    network, path = _saved(row, tmp_path, transform_input=True, init_weights=False)
    encoder = models.build(row, path, ImageInput(**row.input | {"size": 96})).eval()
    pictures = torch.rand(2, 3, 96, 96)
    expected = _into_last_layer(network, "fc", _normalised(pictures, MEAN, STD))
    torch.testing.assert_close(encoder(pictures), expected.flatten(1), rtol=1e-4, atol=1e-5)


def test_inception_gives_auxiliary_features_in_train_mode_only() -> None:
    encoder = outlined(ROWS["inception_v3"]).encoder
    pictures = torch.rand(2, 3, 299, 299, device="meta")
    features, auxiliary = encoder.train()(pictures)
    assert encoder.aux_features == 768
    assert (features.shape, auxiliary.shape) == ((2, 2048), (2, 768))
    assert encoder.eval()(pictures).shape == (2, 2048)


@torch.no_grad()
def test_inception_does_without_where_pictures_are_too_small(tmp_path: Path) -> None:
    row = ROWS["inception_v3"]
    _network, path = _saved(row, tmp_path, init_weights=False)
    encoder = models.build(row, path, ImageInput(**row.input | {"size": 128}))
    assert encoder.aux_features == 0
    assert encoder.train()(torch.rand(2, 3, 128, 128)).shape == (2, 2048)


# -- sizes


@torch.no_grad()
def test_vision_transformer_takes_other_sizes(tmp_path: Path) -> None:
    """By what torchvision offers for it; corners of the grid of positions stay corners."""
    from torchvision.models.vision_transformer import interpolate_embeddings, vit_b_32

    row = ROWS["vit_b_32"]
    network, path = _saved(row, tmp_path)
    smaller = vit_b_32(weights=None, image_size=64).eval()
    smaller.load_state_dict(interpolate_embeddings(64, 32, network.state_dict()))
    pictures = torch.rand(2, 3, 64, 64)
    expected = _into_last_layer(smaller, "heads.head", _normalised(pictures, MEAN, STD))
    encoder = models.build(row, path, ImageInput(size=64)).eval()
    torch.testing.assert_close(encoder(pictures), expected)
    positions = encoder.network.get_parameter("encoder.pos_embedding")
    original = network.get_parameter("encoder.pos_embedding")
    assert positions.shape == (1, 1 + 2 * 2, 768)
    torch.testing.assert_close(positions[0, [0, 1, 4]], original[0, [0, 1, 49]])


@pytest.mark.parametrize(
    ("key", "size"),
    [("vit_b_32", 100), ("maxvit_t", 256), ("inception_v3", 64), ("alexnet", 32)],
)
def test_impossible_size_is_named(key: str, size: int) -> None:
    with pytest.raises(UserError) as caught:
        models.build(ROWS[key], None, ImageInput(size=size))
    assert caught.value.code == "backbone.size"
    assert str(size) in str(caught.value)
    assert ROWS[key].title in str(caught.value)


def test_networks_without_a_size_of_their_own_take_others() -> None:
    for key in ("tgnet", "resnet18", "swin_t"):
        models.require_sizes(ROWS[key], 96, [64, 96, 128])
    models.require_sizes(ROWS["vit_b_32"], 224, [224])


@pytest.mark.parametrize(
    ("key", "size", "other"), [("vit_b_32", 224, 192), ("inception_v3", 299, 155)]
)
def test_other_sizes_are_refused_by_name(key: str, size: int, other: int) -> None:
    with pytest.raises(UserError) as caught:
        models.require_sizes(ROWS[key], size, [other, size])
    assert caught.value.code == "backbone.one_size"
    assert ROWS[key].title in str(caught.value)
    assert str(other) in str(caught.value)


@pytest.mark.parametrize("key", ["resnet18", "swin_t", "maxvit_t", "vit_b_32"])
def test_outline_leaves_the_random_numbers_alone(key: str) -> None:
    before = torch.random.get_rng_state()
    parts = models.outline(key, ROWS[key].input["size"])
    assert torch.equal(before, torch.random.get_rng_state())
    assert all(p.is_meta for p in parts.network.parameters())


# -- weights of other times


@torch.no_grad()
def test_old_names_of_densenet_are_understood(tmp_path: Path) -> None:
    row = ROWS["densenet121"]
    network, path = _saved(row, tmp_path)
    old = {
        name.replace(".norm1.", ".norm.1.").replace(".conv2.", ".conv.2."): tensor
        for name, tensor in network.state_dict().items()
    }
    assert set(old) != set(network.state_dict())
    torch.save(old, path)
    encoder = models.build(row, path, ImageInput(size=64)).eval()
    pictures = torch.rand(2, 3, 64, 64)
    expected = _into_last_layer(network, "classifier", _normalised(pictures, MEAN, STD))
    torch.testing.assert_close(encoder(pictures), expected)


def test_a_last_layer_for_other_classes_does_not_matter(tmp_path: Path) -> None:
    row = ROWS["shufflenet_v2_x0_5"]
    _network, path = _saved(row, tmp_path, num_classes=7)
    models.build(row, path, ImageInput())


def test_deeper_relative_is_refused(tmp_path: Path) -> None:
    """ResNet-34 holds every tensor that ResNet-18 has, in the same sizes, and more."""
    _network, path = _saved(ROWS["resnet34"], tmp_path)
    with pytest.raises(UserError) as caught:
        models.build(ROWS["resnet18"], path, ImageInput())
    assert caught.value.code == "weights.misfit"
    assert "layer1.2.conv1.weight is not part of this backbone." in str(caught.value)


# -- real weights


@pytest.mark.parametrize("key", ["mobilenet_v2", "squeezenet1_1"])
@torch.no_grad()
def test_real_weights_load_to_the_bit(key: str, shared_data: Path) -> None:
    path = shared_data / "weights" / f"{key}.pth"
    encoder = models.build(ROWS[key], path, ImageInput(**ROWS[key].input)).eval()
    stored = torch.load(path, weights_only=True)
    for name, tensor in encoder.network.state_dict().items():
        assert torch.equal(tensor, stored[name].to(tensor.dtype)), name
    features = encoder(torch.rand(2, 3, 224, 224))
    assert features.std() > 0.1
    assert torch.isfinite(features).all()
