"""Whether networks that look together see more than the best of them alone.

A weak partner does harm: its features are as many as the others', and hide them (clothing, five
seeds, frozen MobileNetV2: alone 0.769, with SqueezeNet 0.789, with TGNet 0.751). So a linear
model is tried on what each sees, and on what all see, before the head is trained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from transfergui.core.base.figure_texts import hundredths
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.nn import heads
from transfergui.core.training import linear_probe, ranking

if TYPE_CHECKING:
    from transfergui.core.data.targets import Targets
    from transfergui.core.interfaces.networks import Backbone
    from transfergui.core.interfaces.objective import Objective
    from transfergui.core.training.features import FeatureSource


@torch.no_grad()
def note(
    backbone: Backbone, source: FeatureSource, objective: Objective, targets: Targets
) -> Note | None:
    """What to say of a fused network; None where its parts help each other.

    Args:
        backbone: that is made of several networks.
        source: their features of the training samples; no others are looked at.
        objective: what is predicted, which ``targets`` explain.
    """
    looked_at = {sample.path for sample in ranking.looked_at(source.samples, objective)}
    features = torch.from_numpy(source.among(looked_at)[0])
    labels = np.array([s.label for s in source.samples if s.path in looked_at])
    scale = heads.Standardize(*backbone.widths)
    scale.fit(features)
    parts = scale(features).split(backbone.widths, 1)
    whole = torch.stack(parts).mean(0) if backbone.merge == "average" else torch.cat(parts, 1)
    probes = objective.probes(labels, targets)
    scores = [linear_probe.scored(x.numpy(), probes).value for x in (whole, *parts)]
    known = [score for score in scores if score is not None]
    if len(known) < len(scores):  # too few examples to tell
        return None
    together, *alone = known
    best = int(np.argmax(alone))
    if together > alone[best]:
        return None
    values = {"title": backbone.parts[best].backbone.title, "n": len(labels)}
    return _no_gain(objective, {"alone": alone[best], "together": together}, values)


def _no_gain(objective: Objective, figures: dict[str, float], values: dict[str, Any]) -> Note:
    """Of one class in words that need no figure's name."""
    score = objective.probe
    if score.key == ranking.ACCURACY:
        shares = {name: int(hundredths(value)) for name, value in figures.items()}
        return Note("fusion.no_gain", values | shares, "warning")
    texts = {name: score.text(value) for name, value in figures.items()}
    return Note("fusion.no_gain_score", {"score": _(score.title), **values, **texts}, "warning")
