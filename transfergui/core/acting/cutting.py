"""A part of a picture, as the bytes of a file of its own."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from transfergui.core import registry
from transfergui.core.acting.moving import SourceError
from transfergui.core.acting.steps import Part, Step
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError

SMALLEST = 1
"""Pixels of a side, at least."""


def cropped(step: Step) -> bytes:
    """What a step that crops writes.

    Raises:
        SourceError: the picture cannot be read.
    """
    try:
        return png(Path(step.source), step.text, step.part)
    except UserError as error:
        raise SourceError(0, str(error).rstrip(".")) from error


def png(source: Path, reading: str, part: Part) -> bytes:
    """A part of an upright picture, in its own pixels.

    Args:
        reading: JSON: the key of the ``modality``, and its ``input`` options.

    Raises:
        UserError: the picture cannot be read, or ``reading`` is damaged.
    """
    from PIL import Image

    tree = _object(reading)
    modality = registry.modality(str(tree.get("modality")))
    input = opt.check(tree.get("input"), modality.input_options, "input")
    pixels = modality.preview(source, input, large=True).data
    height, width = pixels.shape[:2]
    rows, columns = _ends(part[1], part[3], height), _ends(part[0], part[2], width)
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels[rows, columns])).save(stream, "PNG")
    return stream.getvalue()


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _ends(low: float, high: float, extent: int) -> slice:
    """The pixels of a side, one at least."""
    start = min(extent - SMALLEST, max(0, round(low * extent)))
    return slice(start, max(start + SMALLEST, min(extent, round(high * extent))))
