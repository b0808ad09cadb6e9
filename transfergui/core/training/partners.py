"""Whether networks that look together see more than the best of them alone.

A weak partner does harm: its features are as many as the others', and hide them (clothing, five
seeds, frozen MobileNetV2: alone 0.769, with SqueezeNet 0.789, with TGNet 0.751). So a linear
classifier is tried on what each sees, and on what all see, before the head is trained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from transfergui.core.nn import heads
from transfergui.core.training import ranking

if TYPE_CHECKING:
    from transfergui.core.interfaces import Backbone
    from transfergui.core.training.features import FeatureSource


@torch.no_grad()
def remark(backbone: Backbone, source: FeatureSource) -> tuple[str, dict[str, Any]] | None:
    """Code and values of what to say of a fused network; None where its parts help each other.

    Args:
        backbone: that is made of several networks.
        source: their features of the training samples; no others are looked at.
    """
    looked_at = {sample.path for sample in ranking.spread(source.samples, ranking.SAMPLES)}
    features = torch.from_numpy(source.among(looked_at)[0])
    labels = np.array([s.label for s in source.samples if s.path in looked_at])
    scale = heads.Standardize(*backbone.widths)
    scale.fit(features)
    parts = scale(features).split(backbone.widths, 1)
    whole = torch.stack(parts).mean(0) if backbone.merge == "average" else torch.cat(parts, 1)
    scores = [ranking.probe(x.numpy(), labels) for x in (whole, *parts)]
    if not scores[0].size:  # too few examples to tell
        return None
    together, *alone = (score.mean() for score in scores)
    best = int(np.argmax(alone))
    if together > alone[best]:
        return None
    shares = {"alone": round(100 * alone[best]), "together": round(100 * together)}
    return "fusion.no_gain", shares | {
        "title": backbone.parts[best].backbone.title,
        "n": len(labels),
    }
