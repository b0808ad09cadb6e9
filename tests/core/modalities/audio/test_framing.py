"""Recordings that are longer than a clip, or much shorter."""

import numpy as np

from transfergui.core.modalities.audio import framing
from transfergui.core.modalities.audio.options import AudioInput


def told(length: list[float], seconds: float) -> list[tuple[str, float]]:
    lengths = np.array(length)
    columns = {"length": lengths, "heard": np.minimum(1, seconds / lengths)}
    found = framing.framed(columns, AudioInput(seconds=seconds))
    return [(each.setting, each.value) for each in found]


def test_what_is_not_heard() -> None:
    assert told([1.4] * 3 + [0.9] * 7, 1.0) == [("data.options.clip", 1.5)]
    assert told([1.4] + [0.9] * 19, 1.0) == [("", None)]
    assert told([0.9] * 20, 1.0) == []


def test_a_clip_that_is_mostly_silence() -> None:
    assert told([0.4] * 10, 2.0) == [("data.options.clip", 0.5)]
    assert told([1.2] * 10, 2.0) == []
