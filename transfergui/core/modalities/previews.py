"""Samples as neutral data to draw, and what they are called."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from transfergui.core.dataset import part_of
from transfergui.core.i18n import _
from transfergui.core.modalities import Modality, Preview
from transfergui.core.modalities.layouts import extension
from transfergui.core.modalities.rows import SUFFIXES
from transfergui.core.options import Options
from transfergui.core.paths import shown


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
    loaded = modality.load(path, input)
    generators = (np.random.default_rng((seed, number)) for number in range(count))
    seen = [modality.prepare(loaded, input)]
    seen += [modality.augment(loaded, input, augment, rng) for rng in generators]
    return [modality.preview(path, input), *(modality.shown(one, input) for one in seen)]


def caption(path: str) -> str:
    """What a sample is called: its file (or the name of it), and which part of it the sample is.

    ``long.wav#72000`` is "long.wav, from 1:12", ``reviews.csv#17`` is "row 17 of reviews.csv".
    """
    file, part = part_of(path)
    if part is None:
        return shown(file)
    if extension(file) in SUFFIXES:
        return _("row {number} of {name}").format(number=part, name=shown(file))
    return _("{name}, from {time}").format(name=shown(file), time=clock(part / 1000))


def clock(seconds: float) -> str:
    """A moment in a recording: ``1:12``, or ``0:02.5`` amid a second."""
    minutes, rest = divmod(round(seconds, 1), 60)
    whole = rest == int(rest)
    return f"{int(minutes)}:{int(rest):02}" if whole else f"{int(minutes)}:{rest:04.1f}"
