"""The backbones of torchvision's detectors, trained on COCO, as weights of the same networks for
whole pictures.

A detector keeps its backbone as ``backbone.body``, without the layers behind the last map. The
pyramid and the heads in the file are of other widths than ours, and left out. Its norms have an
epsilon of their own, e'; with running variances v + e' - e, a norm with the epsilon e computes the
same. Faster R-CNN can be taken over whole instead: :mod:`.published`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from torch import Tensor, nn

BODY = "backbone.body."
EPSILON = 1e-5
"""Of norms in torchvision's detectors; but :data:`WITHOUT` have none, as they were trained so
(``overwrite_eps``)."""
WITHOUT = re.compile(r"(fasterrcnn|retinanet)_resnet50_fpn_coco\b")
VARIANCE = "running_var"
DETECTORS = "fasterrcnn_"
"""How the keys of those begin that can be taken over whole: :mod:`.published`."""
WHOLE = "backbone."
"""How the names of the network and its pyramid begin."""
PARTS = {"rpn.": "proposing.", "roi_heads.": "looking."}
"""And those of the head of Faster R-CNN, there and in :class:`.published.Published`."""
EARLIER = (
    (re.compile(r"((?:inner|layer)_blocks\.\d+)\.(weight|bias)$"), r"\1.0.\2"),
    (re.compile(r"(rpn\.head\.conv)\.(weight|bias)$"), r"\1.0.0.\2"),
)
"""Names in files from before 2022, and today's."""
CHANGED = "backbone.features."
"""How SSD calls its backbone, which it has cut and lengthened."""


def is_detector(tensors: Mapping[str, Tensor]) -> bool:
    """Whether they are of a detector with such a backbone."""
    return any(name.startswith(BODY) for name in tensors)


def is_changed(tensors: Mapping[str, Tensor]) -> bool:
    """Whether they are of a detector whose backbone is none of the list any more."""
    return any(name.startswith(CHANGED) for name in tensors)


def of_detector(
    tensors: Mapping[str, Tensor], network: nn.Module, file_name: str
) -> dict[str, Tensor]:
    """The tensors of the backbone, as ``network`` calls them, whose norms have their own epsilon.

    Args:
        network: may be on the meta device.
        file_name: without its folder; it tells with which epsilon the detector was trained.
    """
    before = 0.0 if WITHOUT.match(file_name) else EPSILON
    start = "features." if hasattr(network, "features") else ""
    body = {n.removeprefix(BODY): t for n, t in tensors.items() if n.startswith(BODY)}
    found = {start + name: tensor for name, tensor in body.items()}
    for name, norm in network.named_modules():
        variance = found.get(f"{name}.{VARIANCE}")
        if variance is not None and isinstance(norm, nn.BatchNorm2d):
            found[f"{name}.{VARIANCE}"] = variance + (before - norm.eps)
    return found


def modern(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """``tensors`` of a published detector under the names that they have today."""
    found = dict(tensors)
    for before, now in EARLIER:
        found = {before.sub(now, name): tensor for name, tensor in found.items()}
    return found


def of_head(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Those of the head of a published Faster R-CNN, as ours is called; none of a checkpoint."""
    return {
        own + name.removeprefix(start): tensor
        for name, tensor in modern(tensors).items()
        for start, own in PARTS.items()
        if name.startswith(start)
    }
