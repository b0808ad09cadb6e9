"""The backbones of torchvision's detectors give the maps that they give there."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from torch import nn
from torchvision.models import get_model

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.image import backbones, models
from transfergui.core.modalities.image.options import ImageInput
from transfergui.core.nn.detection.maps import apart, shapes

SIDE = 64
MOBILE = "fasterrcnn_mobilenet_v3_large_320_fpn-907ea3f9.pth"
FILES = {
    "fasterrcnn_resnet50_fpn_coco-258fb6c6.pth": ("resnet50", 0.0),
    MOBILE: ("mobilenet_v3_large", 1e-5),
}


def row_of(key: str) -> Backbone:
    return next(row for row in backbones.rows() if row.key == key)


def detector(name: str, folder: Path) -> tuple[Any, Path]:
    """One of torchvision's, at random, as it is when its weights are loaded; and their file."""
    torch.manual_seed(0)
    with torch.device("cpu"):
        made = get_model(
            name.rpartition("_coco")[0] or name.rpartition("-")[0],
            weights=None,
            weights_backbone=None,
        )
    for module in made.backbone.body.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eps = FILES[name][1]
            nn.init.uniform_(module.running_var, 0.01, 1)
            nn.init.normal_(module.running_mean)
    torch.save(made.state_dict(), folder / name)
    return made.eval(), folder / name


@pytest.mark.parametrize("name", FILES)
def test_maps_are_those_of_the_detector(name: str, tmp_path: Path) -> None:
    made, file = detector(name, tmp_path)
    plain = row_of(FILES[name][0])
    row = msgspec.structs.replace(plain, pooled=plain.features)
    encoder = models.build(row, file, ImageInput(**{**row.input, "size": SIDE})).eval()
    pictures = torch.rand(2, 3, SIDE, SIDE)
    with torch.no_grad():
        found = apart(encoder(pictures), shapes(row.maps, SIDE, SIDE))
        body = made.backbone.body
        body.return_layers = {each: each for each in dict(body.named_children())}
        wanted = body((pictures - encoder.mean) / encoder.std)
    names = [each.at.rpartition(".")[2] for each in row.maps]
    for mine, at in zip(found, names, strict=True):
        torch.testing.assert_close(mine, wanted[at], rtol=1e-4, atol=1e-4)


def test_what_was_changed_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ssdlite320_mobilenet_v3_large_coco-a79551df.pth"
    torch.save({"backbone.features.0.0.0.weight": torch.zeros(1)}, file)
    with pytest.raises(UserError) as caught:
        models.build(row_of("mobilenet_v3_large"), file, ImageInput(size=SIDE))
    assert caught.value.code == "weights.changed_detector"


def test_what_has_no_last_layers_only_finds_boxes(tmp_path: Path) -> None:
    _made, file = detector(MOBILE, tmp_path)
    with pytest.raises(UserError) as caught:
        models.build(row_of("mobilenet_v3_large"), file, ImageInput(size=SIDE))
    assert caught.value.code == "weights.of_detector"
