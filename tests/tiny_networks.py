"""Networks of every kind, too small to be good for anything, in the place of published ones."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import torch
from torch import nn

from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.audio import backbones as sounds
from transfergui.core.modalities.audio import generate_backbones as of_sounds
from transfergui.core.modalities.audio import models as hearing
from transfergui.core.modalities.image import backbones as pictures
from transfergui.core.modalities.image import generate_backbones as of_pictures
from transfergui.core.modalities.image import models as seeing

SIZE = 32
"""Pixels of a picture for those that must be told."""
WIDTH = 16
"""Of a transformer."""
CONVOLUTIONS = [(WIDTH, 10, 5), (WIDTH, 15, 8), (WIDTH, 9, 8)]
"""Channels, kernel, stride: a frame is as long, and as far from the next, as in those published."""


def vit(size: int = SIZE) -> nn.Module:
    from torchvision.models.vision_transformer import VisionTransformer

    return VisionTransformer(size, 16, 2, 2, WIDTH, 2 * WIDTH)


def swin(size: int = SIZE) -> nn.Module:
    from torchvision.models.swin_transformer import SwinTransformer

    return SwinTransformer([4, 4], WIDTH, [1, 1], [2, 2], [4, 4])


def maxvit(size: int = SIZE) -> nn.Module:
    from torchvision.models.maxvit import MaxVit

    return MaxVit((size, size), 8, 2, [WIDTH, WIDTH], [1, 1], 8, 0.0)


class _Stages(nn.Module):
    """The parts of a ShuffleNetV2, each of them one convolution with its BatchNorm."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 8, 16, 32, 64, 1024)
        names = ("conv1", "stage2", "stage3", "stage4", "conv5")
        for name, before, after in zip(names, widths[:-1], widths[1:], strict=True):
            side, stride = (1, 1) if name == "conv5" else (3, 2)
            conv = nn.Conv2d(before, after, side, stride, side // 2, bias=False)
            self.add_module(name, nn.Sequential(conv, nn.BatchNorm2d(after), nn.ReLU()))
        self.fc = nn.Linear(widths[-1], 1000)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        maps = pictures
        for name, part in self.named_children():
            if name != "fc":
                maps = part(maps)
        return self.fc(maps.mean((2, 3)))


def shufflenet(size: int = SIZE) -> nn.Module:
    """Stages of one convolution, as many features as the published one."""
    return _Stages()


def _hearing(**more: object) -> dict[str, object]:
    return {
        "extractor_mode": "group_norm",
        "extractor_conv_layer_config": CONVOLUTIONS,
        "extractor_conv_bias": False,
        "encoder_embed_dim": WIDTH,
        "encoder_projection_dropout": 0.1,
        "encoder_pos_conv_kernel": 8,
        "encoder_pos_conv_groups": 2,
        "encoder_num_layers": 2,
        "encoder_num_heads": 2,
        "encoder_attention_dropout": 0.1,
        "encoder_ff_interm_features": 2 * WIDTH,
        "encoder_ff_interm_dropout": 0.0,
        "encoder_dropout": 0.1,
        "encoder_layer_norm_first": False,
        "encoder_layer_drop": 0.0,
        "aux_num_out": None,
        **more,
    }


def wav2vec2() -> nn.Module:
    from torchaudio.models import wav2vec2_model

    return wav2vec2_model(**_hearing())


def wavlm() -> nn.Module:
    from torchaudio.models import wavlm_model

    return wavlm_model(**_hearing(encoder_num_buckets=8, encoder_max_distance=16))


SEEING: dict[str, Callable[[int], nn.Module]] = {
    "vit_b_32": vit,
    "swin_t": swin,
    "maxvit_t": maxvit,
}
HEARING: dict[str, Callable[[], nn.Module]] = {"wav2vec2_base": wav2vec2, "wavlm_base": wavlm}


def put_shufflenet_in_place(patch: pytest.MonkeyPatch) -> None:
    """Its row means :func:`shufflenet`: a tenth of the work of the published one, most of which is
    to call many small layers, to copy them and to save them."""
    key = "shufflenet_v2_x0_5"
    published, rows = seeing._torchvision, pictures.rows()

    def torchvision(wanted: str, size: int) -> nn.Module:
        return shufflenet() if wanted == key else published(wanted, size)

    patch.setattr(seeing, "_torchvision", torchvision)
    groups = of_pictures.groups(seeing.outline(key, SIZE).network)
    own = tuple(
        msgspec.structs.replace(row, groups=groups) if row.key == key else row for row in rows
    )
    patch.setattr(pictures, "rows", lambda: own)


def _without_last_norm(network: nn.Module) -> nn.Module:
    """As :func:`transfergui.core.modalities.audio.models.listening_network` does."""
    network.get_submodule("encoder.transformer").layer_norm = nn.Identity()
    return network


def put_in_place(patch: pytest.MonkeyPatch, weights: Path) -> None:
    """The rows of :data:`SEEING` and :data:`HEARING` mean these networks, weights included.

    Args:
        weights: a folder for their (random) weights, to be named as ``weights_dir``.
    """
    published = seeing._torchvision
    listening = hearing.listening_network

    def torchvision(key: str, size: int) -> nn.Module:
        return SEEING[key](size) if key in SEEING else published(key, size)

    def torchaudio(key: str) -> nn.Module:
        return _without_last_norm(HEARING[key]()) if key in HEARING else listening(key)

    patch.setattr(seeing, "_torchvision", torchvision)
    patch.setattr(hearing, "listening_network", torchaudio)
    for module, own in ((pictures, _that_see()), (sounds, _that_hear())):
        small = {row.key: row for row in own}
        rows = tuple(small.get(row.key, row) for row in module.rows())
        patch.setattr(module, "rows", lambda rows=rows: rows)
    torch.manual_seed(0)
    for key, make in SEEING.items():
        torch.save(make(SIZE).state_dict(), weights / f"{key}.pth")
    for key in HEARING:
        torch.save(torchaudio(key).state_dict(), weights / f"{key}.pth")


def _that_see() -> Iterator[Backbone]:
    for row in pictures.rows():
        if row.key in SEEING:
            parts = seeing.outline(row.key, SIZE)
            groups = of_pictures.groups(parts.network)
            yield msgspec.structs.replace(row, features=parts.features, groups=groups)


def _that_hear() -> Iterator[Backbone]:
    for row in sounds.rows():
        if row.key in HEARING:
            groups = of_sounds.groups(hearing.listening_network(row.key))
            yield msgspec.structs.replace(row, features=WIDTH, groups=groups)
