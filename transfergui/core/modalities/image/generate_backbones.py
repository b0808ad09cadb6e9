"""Makes ``backbones.json`` from torchvision's registry, and our own network's row.

Run as ``python -m transfergui.core.modalities.image.generate_backbones`` after
an update of torchvision. What torchvision does not tell (family, title and
plain words) is in the tables here.

Of several published weights torchvision's own default is taken, with one
exception: where that default was trained on pictures of 384 or 518 pixels
("SWAG, end to end"), the same network's weights for 224 pixels are taken. They
compute three to six times less, and leave the features as general as they were
before ImageNet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import torch
from torch import nn

from transfergui.core.base.i18n import N_
from transfergui.core.interfaces.networks import Backbone, Map
from transfergui.core.modalities.image import backbones, models
from transfergui.core.modalities.image.tgnet import CLASSES
from transfergui.core.nn import lora
from transfergui.core.nn.detection import maps as detection_maps

Speed = Literal["fast", "medium", "slow", "very slow"]


class Family(NamedTuple):
    """Networks of one kind.

    Attributes:
        pattern: matches the whole key; its groups, capitalised, fill the title.
        name: as the list is grouped.
        summary: when it is the right one, for people who do not program.
    """

    pattern: str
    title: str
    name: str
    summary: str


RESNET = N_("The standard choice for many kinds of pictures: reliable and well understood.")
REGNET = N_("A family designed for efficiency, from tiny to huge.")
VGG = N_(
    "The textbook classic: simple, with good features for small datasets, but very large and "
    "slow for its accuracy."
)
EFFICIENTNET_V2 = N_("A faster successor of EfficientNet with high accuracy, for large pictures.")
MOBILENET_V3 = N_("A refined MobileNet with even less computation, for phones and small computers.")
INCEPTION = N_("Combines details of several sizes and needs pictures of 299 × 299 pixels.")
SWIN = N_(
    "A transformer that processes a picture in shifted windows: very accurate on complex scenes."
)

FAMILIES = (
    Family(
        r"alexnet",
        "AlexNet",
        "AlexNet",
        N_("The backbone that made deep learning known in 2012; newer backbones are better."),
    ),
    Family(
        r"convnext_(\w+)",
        "ConvNeXt {0}",
        "ConvNeXt",
        N_(
            "One of the most accurate backbones: a good choice when accuracy matters more than "
            "time."
        ),
    ),
    Family(
        r"densenet(\d+)",
        "DenseNet-{0}",
        "DenseNet",
        N_(
            "Reuses the features of its early layers: a small file, often used for medical "
            "pictures."
        ),
    ),
    Family(
        r"efficientnet_(b\d)",
        "EfficientNet {0}",
        "EfficientNet",
        N_(
            "High accuracy for little computation: the higher the number in the name, the "
            "larger the pictures."
        ),
    ),
    Family(r"efficientnet_v2_(\w)", "EfficientNetV2 {0}", "EfficientNet", EFFICIENTNET_V2),
    Family(
        r"googlenet",
        "GoogLeNet",
        "Inception",
        N_("The first Inception network: small, but old; ResNet-18 is usually better."),
    ),
    Family(r"inception_v3", "Inception v3", "Inception", INCEPTION),
    Family(
        r"maxvit_(\w)",
        "MaxViT {0}",
        "MaxViT",
        N_("Combines local and global attention in every block: accurate, but slow."),
    ),
    Family(
        r"mnasnet(\d)_(\d+)",
        "MNASNet {0}.{1}",
        "MNASNet",
        N_("Designed automatically for phones: small and fast."),
    ),
    Family(
        r"mobilenet_v2",
        "MobileNetV2",
        "MobileNet",
        N_("Small, fast and reliable: a good first choice."),
    ),
    Family(r"mobilenet_v3_(\w+)", "MobileNetV3 {0}", "MobileNet", MOBILENET_V3),
    Family(r"regnet_([xy])_(\d+)_(\d)gf", "RegNet{0} {1}.{2} GF", "RegNet", REGNET),
    Family(r"regnet_([xy])_(\d+)gf", "RegNet{0} {1} GF", "RegNet", REGNET),
    Family(r"regnet_([xy])_(\d+)mf", "RegNet{0} {1} MF", "RegNet", REGNET),
    Family(r"resnet(\d+)", "ResNet-{0}", "ResNet", RESNET),
    Family(
        r"resnext(\d+)_(\w+)",
        "ResNeXt-{0} {1}",
        "ResNeXt",
        N_(
            "A ResNet whose layers are split into parallel groups: somewhat more accurate, and "
            "slower."
        ),
    ),
    Family(
        r"shufflenet_v2_x(\d)_(\d)",
        "ShuffleNetV2 x{0}.{1}",
        "ShuffleNet",
        N_("One of the fastest backbones: for slow computers and a first impression."),
    ),
    Family(
        r"squeezenet(\d)_(\d)",
        "SqueezeNet {0}.{1}",
        "SqueezeNet",
        N_("A very small and fast backbone, but less accurate than MobileNet."),
    ),
    Family(r"swin_([tsb])", "Swin {0}", "Swin", SWIN),
    Family(r"swin_v2_(\w)", "Swin V2 {0}", "Swin", SWIN),
    Family(r"vgg(\d+)", "VGG{0}", "VGG", VGG),
    Family(r"vgg(\d+)_bn", "VGG{0} with BatchNorm", "VGG", VGG),
    Family(
        r"vit_(\w)_(\d+)",
        "ViT {0}/{1}",
        "Vision Transformer",
        N_(
            "A transformer that reads a picture as a sequence of patches: accurate, above all "
            "after fine-tuning."
        ),
    ),
    Family(
        r"wide_resnet(\d+)_2",
        "Wide ResNet-{0}-2",
        "ResNet",
        N_("A ResNet with twice as many channels inside: somewhat more accurate, and slower."),
    ),
)

SPEEDS: tuple[tuple[float, Speed, str], ...] = (
    (2, "fast", N_("Works well without a graphics card.")),
    (6, "medium", N_("Takes some time without a graphics card.")),
    (20, "slow", N_("A graphics card is recommended.")),
    (float("inf"), "very slow", N_("Needs a powerful graphics card.")),
)
"""Up to how many 1e9 multiply-adds a class goes, and what it means."""

BSD = "BSD-3-Clause"
SWAG = "CC-BY-NC-4.0"
LICENCES = {None: BSD, "https://github.com/facebookresearch/SWAG/blob/main/LICENSE": SWAG}
NOT_COMMERCIAL = N_("Not for commercial use.")

DESCENDED = frozenset(
    {
        "body",
        "features",
        "layers",
        "blocks",
        "trunk_output",
        "classifier",
        "encoder",
        "encoder.layers",
    }
)
"""Parts of a network that are split into groups; every other part is a group of its own."""
NORMS = (nn.LayerNorm, nn.BatchNorm2d)
POOLS = (nn.MaxPool2d, nn.AdaptiveAvgPool2d)


def generate() -> tuple[Backbone, ...]:
    """TGNet, then each classification network of torchvision, by family and computing."""
    import torchvision

    keys = torchvision.models.list_models(module=torchvision.models)
    rows = sorted(map(row, keys), key=lambda r: (r.family.casefold(), r.flops, r.key))
    return tgnet(), *rows, *map(detector, DETECTORS)


class Detector(NamedTuple):
    """One of torchvision's detectors that are taken over whole.

    Attributes:
        body: the key of the network within it.
        size: pixels of the pictures; but for the first, fewer than it was trained with (about 800),
            so that a training takes less time.
        native: for which torchvision counts its computing.
        speed: see :data:`SPEEDS`; set by hand and not measured: that of its network, or slower, as
            proposals are looked at one by one.
    """

    key: str
    title: str
    body: str
    size: int
    native: int
    summary: str
    speed: Speed


MOBILE_320 = N_(
    "A detector trained on COCO, taken over whole: the quickest of them, for large things in small "
    "pictures."
)
MOBILE = N_(
    "A detector trained on COCO, taken over whole: also for smaller things, but needs more time."
)
RESNET_50 = N_("A detector trained on COCO, taken over whole: accurate, but slow.")
RESNET_50_V2 = N_("A detector trained on COCO, taken over whole: the most accurate, and slowest.")

DETECTORS = (
    Detector(
        "fasterrcnn_mobilenet_v3_large_320_fpn",
        "Faster R-CNN MobileNetV3 Large 320",
        "mobilenet_v3_large",
        320,
        320,
        MOBILE_320,
        "fast",
    ),
    Detector(
        "fasterrcnn_mobilenet_v3_large_fpn",
        "Faster R-CNN MobileNetV3 Large",
        "mobilenet_v3_large",
        640,
        800,
        MOBILE,
        "medium",
    ),
    Detector(
        "fasterrcnn_resnet50_fpn",
        "Faster R-CNN ResNet-50",
        "resnet50",
        512,
        800,
        RESNET_50,
        "very slow",
    ),
    Detector(
        "fasterrcnn_resnet50_fpn_v2",
        "Faster R-CNN ResNet-50 V2",
        "resnet50",
        512,
        800,
        RESNET_50_V2,
        "very slow",
    ),
)
FASTER_RCNN = "https://arxiv.org/abs/1506.01497"
DETECTOR_LR = 0.1
"""Of the learning rates that suit new heads: this one has learnt something already."""


def detector(made: Detector) -> Backbone:
    """The row of a detector."""
    weights = _weights(made.key)
    meta, size = weights.meta, made.size
    network: Any = models.outline(made.key, size).network
    with torch.no_grad():
        levels = network.eval().fpn(network.body(torch.empty(1, 3, size, size, device="meta")))
    words = next(words for _most, speed, words in SPEEDS if speed == made.speed)
    return Backbone(
        key=made.key,
        title=made.title,
        family="Faster R-CNN",
        summary=f"{made.summary} {words}",
        params=meta["num_params"],
        features=network.features,
        groups=groups(network),
        maps=tuple(
            Map(f"fpn.{n}", each.shape[1], size // each.shape[2]) for n, each in levels.items()
        ),
        input={
            "size": size,
            "resize": size,
            "interpolation": "bilinear",
            "mean": [0.485, 0.456, 0.406],
            "std": [0.229, 0.224, 0.225],
        },
        flops=round(meta["_ops"] * (size / made.native) ** 2, 3),
        weights_url=weights.url,
        weights_hash=PurePosixPath(urlsplit(weights.url).path).stem.rpartition("-")[2],
        download_bytes=round(meta["_file_size"] * 2**20),
        trained_on="COCO",
        accuracy=None,
        licence=LICENCES[meta.get("license")],
        speed=made.speed,
        source=found if "arxiv" in (found := _source(made.key)) else FASTER_RCNN,
        body=made.body,
        lr_scale=DETECTOR_LR,
    )


MAPS_SIZE = 320
"""Pixels of the pictures in which feature maps are looked for."""
TGNET_SIZE = 80
"""Pixels: where the linear probes of its model card are best."""


def tgnet() -> Backbone:
    """The row of the network that comes with the program; see its model card."""
    parts = models.outline("tgnet", TGNET_SIZE)
    encoder = sum(p.numel() for p in parts.network.parameters())
    return Backbone(
        key="tgnet",
        title="TGNet",
        family="TransferGUI",
        summary=" ".join(
            (N_("Included in TransferGUI: small, very fast, a good start."), SPEEDS[0][2])
        ),
        params=encoder + CLASSES * (parts.features + 1),
        features=parts.features,
        groups=groups(parts.network),
        maps=maps("tgnet"),
        input={
            "size": TGNET_SIZE,
            "resize": TGNET_SIZE,
            "interpolation": "bilinear",
            "mean": [0.485, 0.456, 0.406],
            "std": [0.229, 0.224, 0.225],
        },
        flops=_flops(parts.network, TGNET_SIZE),
        weights_url=None,
        weights_hash="",
        download_bytes=0,
        trained_on="Tiny ImageNet, taught by MobileNetV2",
        accuracy=None,
        licence="MIT",
        speed="fast",
        source="https://arxiv.org/abs/1512.03385",
    )


def _flops(network: nn.Module, size: int) -> float:
    """Multiply-adds of one picture, in units of 1e9, as torchvision counts them."""
    from torch.utils.flop_counter import FlopCounterMode

    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        network.eval()(torch.empty(1, 3, size, size, device="meta"))
    return round(counter.get_total_flops() / 2e9, 3)


def row(key: str) -> Backbone:
    """The row of one network."""
    weights = _weights(key)
    meta = weights.meta
    family, title = _family(key)
    input = _input(key, weights.transforms())
    parts = models.outline(key, input["size"])
    speed, speed_words = next((s, words) for most, s, words in SPEEDS if meta["_ops"] <= most)
    licence = LICENCES[meta.get("license")]
    words = [family.summary, speed_words, *([NOT_COMMERCIAL] if licence == SWAG else [])]
    return Backbone(
        key=key,
        title=title,
        family=family.name,
        summary=" ".join(words),
        params=meta["num_params"],
        features=parts.features,
        groups=groups(parts.network),
        maps=maps(key),
        input=input,
        flops=meta["_ops"],
        weights_url=weights.url,
        weights_hash=PurePosixPath(urlsplit(weights.url).path).stem.rpartition("-")[2],
        download_bytes=round(meta["_file_size"] * 2**20),
        trained_on="ImageNet-1K after SWAG" if licence == SWAG else "ImageNet-1K",
        accuracy=meta["_metrics"]["ImageNet-1K"]["acc@1"],
        licence=licence,
        speed=speed,
        source=_source(key),
        attention=lora.has_attention(parts.network),
    )


def _weights(key: str) -> Any:
    """Which of the published weights; see the module."""
    from torchvision.models import get_model_weights

    published = get_model_weights(key)
    name = published.DEFAULT.name.replace("SWAG_E2E", "SWAG_LINEAR")
    return published[name]


def _family(key: str) -> tuple[Family, str]:
    """The family and the title of a network."""
    for family in FAMILIES:
        match = re.fullmatch(family.pattern, key)
        if match:
            return family, family.title.format(*(word.capitalize() for word in match.groups()))
    raise LookupError(f"no family for {key}: add it to FAMILIES")


def _input(key: str, transforms: Any) -> dict[str, Any]:
    """The fields of ``ImageInput`` that belong to a network.

    torchvision gives GoogLeNet and Inception v3 its usual mean and deviation and
    has them turned into 0.5 inside the network (``transform_input``). Here the
    network is made without that, and told 0.5 at once.
    """
    halves = key in ("googlenet", "inception_v3")
    return {
        "size": transforms.crop_size[0],
        "resize": transforms.resize_size[0],
        "interpolation": transforms.interpolation.value,
        "mean": [0.5] * 3 if halves else list(transforms.mean),
        "std": [0.5] * 3 if halves else list(transforms.std),
    }


def _source(key: str) -> str:
    """The paper that torchvision names first."""
    from torchvision.models import get_model_builder

    found = re.search(r"<(https?://[^>]+)>", get_model_builder(key).__doc__ or "")
    if found is None:
        raise LookupError(f"torchvision names no source for {key}")
    return found[1].replace("http://arxiv.org", "https://arxiv.org")


# -- feature maps


def maps(key: str) -> tuple[Map, ...]:
    """The feature maps of a network, looked for among the outputs of its groups' modules."""
    try:
        network = models.outline(key, MAPS_SIZE).network
    except (RuntimeError, ValueError, AssertionError):  # it takes pictures of its own size only
        return ()
    prefixes = (name for group in groups(network) for name in group)
    known = dict(network.named_modules())
    names = [name for each in prefixes if (name := each.removeprefix("network.")) in known]
    return detection_maps.found(network, names, MAPS_SIZE)


# -- parameter groups


def groups(network: nn.Module) -> tuple[tuple[str, ...], ...]:
    """Parameter-name prefixes of the encoder, stem first, one tuple per group.

    Blocks as torchvision names them, in the order in which they are made, which
    is the order in which they are used. Layers outside of a block form a group
    as far as the next block, pooling or linear layer. A normalisation after a
    block, and an auxiliary branch, belong to what is before them.
    """
    found: list[list[str]] = []
    joining = False
    for name, part in _parts(network):
        if isinstance(part, POOLS):
            joining = False
        if not _has_parameters(part):
            continue
        loose = _is_loose(part)
        if found and (isinstance(part, NORMS) or name == "AuxLogits" or (loose and joining)):
            found[-1].append(f"network.{name}")
        else:
            found.append([f"network.{name}"])
        joining = loose or (joining and isinstance(part, NORMS))
    return tuple(map(tuple, found))


def _parts(network: nn.Module, within: str = "") -> Iterator[tuple[str, nn.Module | nn.Parameter]]:
    """What a network consists of, parameters of its own first, by full name."""
    for name, parameter in network.named_parameters(recurse=False):
        yield f"{within}{name}", parameter
    for name, part in network.named_children():
        if f"{within}{name}" in DESCENDED:
            yield from _parts(part, f"{within}{name}.")
        else:
            yield f"{within}{name}", part


def _has_parameters(part: nn.Module | nn.Parameter) -> bool:
    return isinstance(part, nn.Parameter) or any(True for _ in part.parameters())


def _is_loose(part: nn.Module | nn.Parameter) -> bool:
    """Whether it is a single layer that is not a block of its own."""
    return isinstance(part, nn.Parameter | nn.Conv2d)


if __name__ == "__main__":
    backbones.FILE.write_bytes(backbones.write(generate()))
