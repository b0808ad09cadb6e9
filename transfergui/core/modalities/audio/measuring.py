"""What can be measured of a recording without knowing what is heard."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from transfergui.core.data.file_part import FilePart
from transfergui.core.data.properties import Value
from transfergui.core.modalities.audio import decode
from transfergui.core.modalities.audio.decode import Header
from transfergui.core.modalities.audio.sounds.sound import Sound

FRAME = 0.02
"""Seconds in which loudness is measured."""
FULL = 0.999
"""Of the loudest value: what is not below it, twice in a row, is clipped, ..."""
CLIPS_FROM = 0.5
"""... if the loudest value of the recording is not less than this of full scale."""
SILENT = 40.0
"""Decibels below the loudest frame from which on a frame is silent, ..."""
FAINT = -60.0
"""... or below full scale."""
NOISE = 10
"""Of 100 frames, so many are no louder than the background."""
NOTHING = -100.0
"""Decibels of what is no sound at all."""


def measure(path: Path, seconds: float) -> dict[str, Value]:
    """By the keys of :mod:`.properties`; of one clip of a long recording, its own sound.

    Args:
        seconds: of a clip.

    Raises:
        UserError: ``sound.*``.
    """
    file, part = FilePart.parse(path)
    header, channels = decode.read(file, _of_file)
    samples, rate, _start = decode.clip(path, seconds)
    length = header.seconds if part is None else len(samples) / rate
    return {
        "length": length,
        "sample_rate": float(header.rate),
        "channels": float(channels),
        "file_type": f"{header.format} {header.subtype}".strip(),
        "heard": min(1.0, len(samples) / rate / max(length, 1e-9)),
        **_of_samples(samples - samples.mean(), rate),
    }


def _of_file(sound: Sound) -> tuple[Header, int]:
    return decode.header_of(sound), sound.channels


def _of_samples(samples: np.ndarray, rate: int) -> dict[str, Value]:
    """Of one channel, float32 [T] in [-1, 1] without a constant offset."""
    size = max(1, round(FRAME * rate))
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    if not len(frames):
        frames = samples[None]
    powers = np.square(frames).mean(axis=1)
    loud = np.maximum(10 * np.log10(np.maximum(powers, 1e-12)), NOTHING)
    silent = loud < max(float(loud.max()) - SILENT, FAINT)
    return {
        "loudness": _decibels(float(powers.mean())),
        "noise": float(np.percentile(loud, NOISE)),
        "silence": float(silent.mean()),
        "clipping": _clipped(samples),
    }


def _decibels(power: float) -> float:
    return max(NOTHING, 10 * math.log10(max(power, 1e-12)))


def _clipped(samples: np.ndarray) -> float:
    """The share of values at the limit that have a neighbour there."""
    peak = float(np.abs(samples).max(initial=0))
    if peak < CLIPS_FROM:
        return 0.0
    low, high = samples <= FULL * samples.min(), samples >= FULL * samples.max()
    flat = (low[1:] & low[:-1]) | (high[1:] & high[:-1])
    return float(flat.mean()) if len(flat) else 0.0
