"""What pictures lose when they are brought to the size of the network: by cropping, squeezing and
enlarging. Where the object is, is estimated (:mod:`.objects`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from transfergui.core.data.properties import Framing
from transfergui.core.modalities.image.options import ImageInput

CUT = 0.1
"""Of the object's box: the share from which on it is called cut."""
OFTEN = 0.1
"""Of the pictures in which the object was found: with fewer cut ones, nothing is said."""
FEWEST = 20
"""Pictures in which the object must be found for anything to be said of the others."""
KEPT = 0.5
"""Where the objects are not known: the share of a typical picture that cropping should keep."""
SQUARE = 1.15
"""Up to this ratio of the sides, pictures are nearly square: they are cut at the edges alone."""
SQUEEZED = 1.5
"""From this ratio on, squeezing changes shapes, ..."""
MANY = 0.2
"""... and is told of more than this share."""
ENLARGED = 4.0
"""A picture that is enlarged so many times shows no detail."""


def framed(columns: Mapping[str, np.ndarray], input: ImageInput) -> Iterator[Framing]:
    """As :meth:`transfergui.core.interfaces.plan.Modality.framing`."""
    if not columns:
        return
    width, height = columns["width"], columns["height"]
    if input.fit == "crop":
        yield from _cropped(columns, input)
    elif input.fit == "squash":
        yield from _squeezed(width, height)
    yield from _enlarged(width, height, input)


def _cropped(columns: Mapping[str, np.ndarray], input: ImageInput) -> Iterator[Framing]:
    lost = lost_shares(columns, input)
    known = np.isfinite(lost)
    cut = known & (lost > CUT)
    width, height = columns["width"], columns["height"]
    kept_width, kept_height = _kept(width, height, input)
    ratio = float(np.median(np.maximum(width, height) / np.minimum(width, height)))
    edges = ratio < SQUARE and input.resize > input.size
    setting, value = ("input.resize", input.size) if edges else ("input.fit", "pad")
    if known.sum() >= FEWEST:
        if cut.sum() >= max(3, OFTEN * known.sum()):
            order = np.flatnonzero(cut)[np.argsort(-lost[cut], kind="stable")]
            count, total = int(cut.sum()), int(known.sum())
            values = {"count": count, "total": total, "size": input.size}
            values["percent"] = round(100 * count / total)
            code = "check.framing_cut_edges" if edges else "check.framing_cut"
            yield Framing(code, values, tuple(order.tolist()), setting, value)
        return
    kept = float(np.median(kept_width * kept_height))
    if kept < KEPT:
        yield Framing("check.framing_narrow", {"kept": round(100 * kept)}, (), setting, value)


def _kept(
    width: np.ndarray, height: np.ndarray, input: ImageInput
) -> tuple[np.ndarray, np.ndarray]:
    """The shares of width and height that the crop keeps [N]."""
    side = np.minimum(width, height) * input.size / max(input.resize, input.size)
    return side / width, side / height


def lost_shares(columns: Mapping[str, np.ndarray], input: ImageInput) -> np.ndarray:
    """How much of the area of each object's box the crop cuts off [N]; NaN where it is unknown."""
    keeps = _kept(columns["width"], columns["height"], input)
    seen = np.ones(len(columns["width"]))
    for kept, low, high in zip(keeps, ("left", "top"), ("right", "bottom"), strict=True):
        start, end = columns[f"box_{low}"], columns[f"box_{high}"]
        inside = np.minimum(end, 0.5 + kept / 2) - np.maximum(start, 0.5 - kept / 2)
        seen = seen * np.maximum(inside, 0) / np.maximum(end - start, 1e-9)
    return np.asarray(1 - seen)


def _squeezed(width: np.ndarray, height: np.ndarray) -> Iterator[Framing]:
    ratio = np.maximum(width, height) / np.minimum(width, height)
    bad = np.flatnonzero(ratio >= SQUEEZED)
    if len(bad) > MANY * len(ratio):
        values = {"count": len(bad), "total": len(ratio)}
        order = bad[np.argsort(-ratio[bad], kind="stable")]
        yield Framing("check.framing_squeezed", values, tuple(order.tolist()), "input.fit", "pad")


def _enlarged(width: np.ndarray, height: np.ndarray, input: ImageInput) -> Iterator[Framing]:
    if input.fit == "crop":
        times = max(input.resize, input.size) / np.minimum(width, height)
    else:
        times = input.size / np.maximum(width, height)
    bad = np.flatnonzero(times >= ENLARGED)
    if len(bad):
        order = bad[np.argsort(-times[bad], kind="stable")]
        values = {"count": len(bad), "total": len(times), "times": int(ENLARGED)}
        yield Framing("check.framing_enlarged", values, tuple(order.tolist()))
