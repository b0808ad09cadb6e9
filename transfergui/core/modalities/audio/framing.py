"""What recordings lose when they are brought to the length that the network hears."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from transfergui.core.data.properties import Framing
from transfergui.core.modalities.audio.options import AudioInput

WHOLE = 0.95
"""Of a recording: what is heard to a smaller share is called cut."""
OFTEN = 0.1
"""Of the recordings: with fewer cut ones, a longer clip is not worth its time."""
FILLED = 1 / 3
"""Of a clip: typical recordings that fill less are mostly silence."""
LONGEST = 60
"""Seconds that a clip may have."""


def framed(columns: Mapping[str, np.ndarray], input: AudioInput) -> Iterator[Framing]:
    """As :meth:`transfergui.core.interfaces.plan.Modality.framing`."""
    if not columns:
        return
    heard, length = columns["heard"], columns["length"]
    cut = np.flatnonzero(heard < WHOLE)
    rows = tuple(cut[np.argsort(heard[cut], kind="stable")].tolist())
    values = {"count": len(cut), "total": len(heard), "seconds": f"{input.seconds:g}"}
    if len(cut) > OFTEN * len(heard):
        wanted = min(LONGEST, math.ceil(2 * float(np.max(length[cut]))) / 2)
        values["wanted"] = f"{wanted:g}"
        yield Framing("check.framing_unheard", values, rows, "data.options.clip", wanted)
        return
    if len(cut):
        yield Framing("check.framing_unheard_few", values, rows)
    typical = float(np.percentile(length, 90))
    if typical < FILLED * input.seconds:
        wanted = max(0.25, math.ceil(4 * typical) / 4)
        values = {"seconds": f"{input.seconds:g}", "length": f"{typical:.2g}"}
        values["wanted"] = f"{wanted:g}"
        yield Framing("check.framing_padded", values, (), "data.options.clip", wanted)
