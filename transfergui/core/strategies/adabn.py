"""AdaBN: the batch norms of a finished run get the statistics of a target.

Li, Wang, Shi, Liu and Hou, "Revisiting Batch Normalization For Practical Domain Adaptation", 2016
(arXiv:1603.04779). Each batch norm computes, with its learnt scale g and shift b,

    y = g (x - mean) / sqrt(var + eps) + b

Mean and variance of its inputs x are taken from the unlabelled examples of the target instead of
the training data; no weight is trained (:func:`transfergui.core.nn.norms.estimate`). So neither
labels nor the training data are needed, and it takes one pass over the target.
"""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.plan import Strategy
from transfergui.core.strategies import source_free

FAMILIES = frozenset(
    {
        "DenseNet",
        "EfficientNet",
        "Faster R-CNN",
        "Inception",
        "MNASNet",
        "MaxViT",
        "MobileNet",
        "RegNet",
        "ResNeXt",
        "ResNet",
        "ShuffleNet",
        "TransferGUI",
    }
)
"""All of their networks have batch norms."""
WITH_NORMS = "_bn"
"""What the keys of the others end with that have some."""


class BatchNormOptions(Options, frozen=True):
    """There are none."""


def obstacle(backbone: Backbone) -> str:
    return "" if has_batch_norms(backbone) else "strategy.no_batch_norms"


def has_batch_norms(backbone: Backbone) -> bool:
    if backbone.parts:
        return any(has_batch_norms(part.backbone) for part in backbone.parts)
    return backbone.family in FAMILIES or backbone.key.endswith(WITH_NORMS)


STRATEGY = Strategy(
    key="adabn",
    title=N_("Adapt a run: batch statistics (AdaBN)"),
    summary=N_(
        "Adjusts the batch normalisation of a finished run to unlabelled examples from elsewhere. "
        "Nothing is trained, and the data of the run are not needed. Choose the run as backbone."
    ),
    options=BatchNormOptions,
    cost=1,
    preset="None",
    procedure="adapt",
    modalities=("image", "audio"),
    needs=("target",),
    obstacle=obstacle,
    gather=source_free.gather,
)
