"""What the network sees of a sample, as neutral data to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from transfergui.core.base.options import Options
from transfergui.core.interfaces.plan import Modality
from transfergui.core.interfaces.samples import MarkedBox, Preview


def preview_variants(
    modality: Modality,
    path: Path,
    input: Options,
    augment: Options,
    seed: int,
    count: int,
    boxes: Sequence[MarkedBox] = (),
) -> list[Preview]:
    """The sample as it is, as the network sees it, then ``count`` random changes of that.

    Args:
        augment: which changes; :meth:`Modality.mix` takes other samples and is not shown.
        seed: the same seed gives the same changes.
        boxes: in the sample, which move with it.

    Raises:
        UserError: the file cannot be read.
    """
    import torch

    loaded = modality.load(path, input)
    rngs = [np.random.default_rng((seed, number)) for number in range(count)]
    rows = [[at, box.left, box.top, box.right, box.bottom] for at, box in enumerate(boxes)]
    places = torch.tensor([rows] * count) if boxes else None
    cpu = torch.device("cpu")
    changed, moved = modality.augment([loaded] * count, input, augment, rngs, cpu, places)
    seen = [modality.prepare(loaded, input), *changed]
    found = [()] * count if moved is None else [_moved(boxes, each) for each in moved.tolist()]
    shown = [modality.shown(one, input) for one in seen]
    marked = zip([modality.preview(path, input), *shown], [boxes, boxes, *found], strict=True)
    return [replace(each, boxes=tuple(own)) for each, own in marked]


def _moved(boxes: Sequence[MarkedBox], rows: list[list[float]]) -> tuple[MarkedBox, ...]:
    """Those of ``boxes`` that are still there, where they are now."""
    there = [row for row in rows if row[0] >= 0]
    return tuple(
        replace(boxes[int(at)], left=left, top=top, right=right, bottom=bottom)
        for at, left, top, right, bottom in there
    )
