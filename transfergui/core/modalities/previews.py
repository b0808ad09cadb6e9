"""What the network sees of a sample, as neutral data to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base.options import Options
from transfergui.core.interfaces.plan import Modality
from transfergui.core.interfaces.samples import MarkedBox, Preview

if TYPE_CHECKING:
    import torch

NUMBERS = 5
"""Of a place: which box, left, top, right, bottom."""
Marked = tuple[Path, Sequence[MarkedBox]]
"""A sample with the boxes in it."""


def preview_variants(
    modality: Modality,
    path: Path,
    input: Options,
    augment: Options,
    seed: int,
    count: int,
    boxes: Sequence[MarkedBox] = (),
    beside: Sequence[Marked] = (),
) -> list[Preview]:
    """The sample as it is, as the network sees it, then ``count`` random changes of that.

    Args:
        augment: which changes; :meth:`Modality.mix` is only shown where places move.
        seed: the same seed gives the same changes.
        boxes: in the sample, which move with it.
        beside: other samples that may be mixed with it.

    Raises:
        UserError: a file cannot be read.
    """
    import torch

    loaded = modality.load(path, input)
    rngs = [np.random.default_rng((seed, number)) for number in range(count)]
    cpu, moved = torch.device("cpu"), None
    if modality.mixes(augment) and beside:
        every = [(path, boxes), *beside]
        all_loaded = [loaded, *(modality.load(other, input) for other, _own in beside)]
        changed, moved = _mixed(modality, all_loaded, every, input, augment, rngs)
        marks = [box for _path, own in every for box in own]
    else:
        places = _places([(path, boxes)]).repeat(count, 1, 1) if boxes else None
        changed, moved = modality.augment([loaded] * count, input, augment, rngs, cpu, places)
        marks = list(boxes)
    seen = [modality.prepare(loaded, input), *changed]
    found = [()] * count if moved is None else [_moved(marks, each) for each in moved.tolist()]
    shown = [modality.shown(one, input) for one in seen]
    marked = zip([modality.preview(path, input), *shown], [boxes, boxes, *found], strict=True)
    return [replace(each, boxes=tuple(own)) for each, own in marked]


def _mixed(
    modality: Modality,
    loaded: Sequence[torch.Tensor],
    samples: Sequence[Marked],
    input: Options,
    augment: Options,
    rngs: Sequence[np.random.Generator],
) -> tuple[torch.Tensor, torch.Tensor]:
    """The first sample [N, ...] among the others, once with each generator, and the places of all
    boxes in it [N, M, 5]."""
    import torch

    places, cpu, found = _places(samples), torch.device("cpu"), []
    for rng in rngs:
        changed = modality.augment(loaded, input, augment, rng.spawn(len(loaded)), cpu, places)
        assert changed.places is not None
        inputs, there = modality.mix(changed.inputs, changed.places, augment, rng)
        found.append((inputs[0], there[0]))
    pictures, boxes = zip(*found, strict=True)
    return torch.stack(pictures), torch.stack(boxes)


def _places(samples: Sequence[Marked]) -> torch.Tensor:
    """The boxes of all samples [N, M, 5], counted through; -1 for none."""
    import torch

    most = max(1, *(len(own) for _path, own in samples))
    places, first = torch.full((len(samples), most, NUMBERS), -1.0), 0
    for row, (_path, own) in zip(places, samples, strict=True):
        for at, box in enumerate(own):
            row[at] = torch.tensor([first + at, box.left, box.top, box.right, box.bottom])
        first += len(own)
    return places


def _moved(boxes: Sequence[MarkedBox], rows: list[list[float]]) -> tuple[MarkedBox, ...]:
    """Those of ``boxes`` that are still there, where they are now."""
    there = [row for row in rows if row[0] >= 0]
    return tuple(
        replace(boxes[int(at)], left=left, top=top, right=right, bottom=bottom)
        for at, left, top, right, bottom in there
    )
