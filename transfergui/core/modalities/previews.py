"""What the network sees of a sample, as neutral data to draw."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from transfergui.core.base.options import Options
from transfergui.core.interfaces.plan import Modality
from transfergui.core.interfaces.samples import Preview


def preview_variants(
    modality: Modality, path: Path, input: Options, augment: Options, seed: int, count: int
) -> list[Preview]:
    """The sample as it is, as the network sees it, then ``count`` random changes of that.

    Args:
        augment: which changes; :meth:`Modality.mix` takes other samples and is not shown.
        seed: the same seed gives the same changes.

    Raises:
        UserError: the file cannot be read.
    """
    import torch

    loaded = modality.load(path, input)
    rngs = [np.random.default_rng((seed, number)) for number in range(count)]
    changed = modality.augment([loaded] * count, input, augment, rngs, torch.device("cpu"))
    seen = [modality.prepare(loaded, input), *changed]
    return [modality.preview(path, input), *(modality.shown(one, input) for one in seen)]
