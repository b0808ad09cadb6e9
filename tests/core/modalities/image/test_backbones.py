"""The list of networks agrees with torchvision, and says what people need to choose."""

import re

import pytest

from transfergui.core.base import options as opt
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.image import backbones
from transfergui.core.modalities.image.options import ImageInput

ROWS = backbones.rows()
PUBLISHED = [row for row in ROWS if row.key != "tgnet" and not row.body]
"""torchvision's for whole pictures; one comes with the program, and others are detectors."""


def row(key: str) -> Backbone:
    return next(row for row in ROWS if row.key == key)


def test_the_quickest_row_of_each_family_is_what_torchvision_says() -> None:
    from transfergui.core.modalities.image import generate_backbones

    quickest = tuple({row.family: row for row in reversed(PUBLISHED)}.values())
    made = tuple(generate_backbones.row(row.key) for row in quickest)
    assert backbones.read(backbones.write(made)) == quickest


@pytest.mark.slow  # the rest of each family, once torchvision is another one
def test_file_is_what_torchvision_says() -> None:
    from transfergui.core.modalities.image import generate_backbones

    made = backbones.read(backbones.write(generate_backbones.generate()))
    assert made == ROWS, "run python -m transfergui.core.modalities.image.generate_backbones"


def test_every_classification_network_is_listed() -> None:
    import torchvision

    listed = torchvision.models.list_models(module=torchvision.models)
    assert sorted(row.key for row in PUBLISHED) == listed
    assert len(listed) >= 80


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: row.key)
def test_row_can_be_used(row: Backbone) -> None:
    checked = opt.check(row.input, ImageInput)
    assert checked.resize >= checked.size
    assert row.weights_url is not None
    assert row.weights_url.startswith("https://download.pytorch.org/models/")
    assert re.fullmatch(r"[0-9a-f]{8,64}", row.weights_hash)
    assert row.weights_url.endswith(f"-{row.weights_hash}.pth")
    assert row.download_bytes > 2 * row.params  # GoogLeNet's file holds more, none less than half
    assert 50 < (row.accuracy or 0) < 90
    assert row.summary.endswith(".")
    assert row.source.startswith("https://")


def test_detectors_are_listed() -> None:
    rows = [row for row in ROWS if row.body]
    assert len(rows) == 4 and {row.trained_on for row in rows} == {"COCO"}
    for found in rows:
        assert (found.weights_url or "").endswith(f"-{found.weights_hash}.pth")
        assert row(found.body).maps and found.accuracy is None
        assert found.input["size"] % found.maps[-1].stride == 0


def test_titles_are_distinct() -> None:
    assert len({row.title for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("key", "title", "family"),
    [
        ("vgg16", "VGG16", "VGG"),
        ("resnext50_32x4d", "ResNeXt-50 32x4d", "ResNeXt"),
        ("regnet_x_1_6gf", "RegNetX 1.6 GF", "RegNet"),
        ("mobilenet_v3_small", "MobileNetV3 Small", "MobileNet"),
        ("vit_b_16", "ViT B/16", "Vision Transformer"),
        ("inception_v3", "Inception v3", "Inception"),
    ],
)
def test_titles_are_those_of_the_field(key: str, title: str, family: str) -> None:
    assert (row(key).title, row(key).family) == (title, family)


def test_only_the_two_swag_networks_are_not_for_commerce() -> None:
    restricted = [row for row in PUBLISHED if row.licence != "BSD-3-Clause"]
    assert {row.key for row in restricted} == {"regnet_y_128gf", "vit_h_14"}
    for found in restricted:
        assert found.licence == "CC-BY-NC-4.0"
        assert "Not for commercial use." in found.summary
        assert found.trained_on == "ImageNet-1K after SWAG"
        assert found.input["size"] == 224  # not the 384 and 518 of torchvision's default


def test_speed_follows_the_computing() -> None:
    order = ["fast", "medium", "slow", "very slow"]
    by_flops = [order.index(row.speed) for row in sorted(ROWS, key=lambda row: row.flops)]
    assert by_flops == sorted(by_flops)
    assert row("mobilenet_v2").speed == "fast"
    assert row("resnet50").speed == "medium"
    assert row("vgg16").speed == "slow"


def test_groups_start_at_the_stem_and_end_at_the_top() -> None:
    groups = row("resnet18").groups
    assert groups[0] == ("network.conv1", "network.bn1")
    assert groups[-1] == ("network.layer4",)
    assert row("vgg16").groups[-2:] == (("network.classifier.0",), ("network.classifier.3",))
    vit = row("vit_b_16").groups
    assert len(vit) == 13
    assert vit[-1] == ("network.encoder.layers.encoder_layer_11", "network.encoder.ln")
    assert ("network.Mixed_6e", "network.AuxLogits") in row("inception_v3").groups
