"""Sounds that a microphone gives, and those of files in blocks."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base.options import Options
from transfergui.core.interfaces.capture import Captured, Device
from transfergui.core.modalities.audio import decode
from transfergui.core.modalities.audio.options import AudioInput

if TYPE_CHECKING:
    import torch

BLOCK = 0.05
"""Seconds in a block of a sound that is played; microphones give about as much at once."""
READ = 5.0
"""Seconds that are read at once."""


def load(captured: Captured, input: Options) -> torch.Tensor:
    from transfergui.core.modalities.audio import transforms

    assert isinstance(input, AudioInput)
    return transforms.load_samples(captured.values, captured.rate, input)


def encode(captured: Captured) -> tuple[bytes, str]:
    """As WAV of 16 bits."""
    stream = io.BytesIO()
    decode.soundfile().write(stream, captured.values, captured.rate, format="WAV", subtype="PCM_16")
    return stream.getvalue(), ".wav"


def seconds(input: Options) -> float:
    assert isinstance(input, AudioInput)
    return input.seconds


def blocks_of(path: Path) -> Iterator[Captured]:
    """A sound in blocks of :data:`BLOCK` seconds.

    Raises:
        UserError: ``sound.*``, as :func:`decode.window`.
    """
    length = decode.header(path).seconds
    for number in itertools.count():
        start = number * READ
        if start >= length:
            return
        samples, rate = decode.window(path, start, READ)
        size = max(1, round(BLOCK * rate))
        for first in range(0, len(samples), size):
            block = np.ascontiguousarray(samples[first : first + size], np.float32)
            yield Captured(block, rate, start + first / rate)


DEVICE = Device(
    key="microphone",
    load=load,
    play=blocks_of,
    encode=encode,
    patterns=("*.wav", "*.flac", "*.ogg", "*.mp3", "*.m4a", "*.aiff", "*.opus"),
    seconds=seconds,
)
