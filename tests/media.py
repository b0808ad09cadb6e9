"""Sounds and videos as phones and browsers store them, made with PyAV."""

from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import av
import numpy as np


def tone(seconds: float, rate: int, pitch: float, channels: int = 1) -> np.ndarray:
    """A pure tone: float32 [T, channels]."""
    time = np.arange(round(seconds * rate))[:, None] / rate
    return np.repeat(0.3 * np.sin(2 * np.pi * pitch * time), channels, axis=1).astype(np.float32)


def encode(
    path: Path | IO[bytes],
    codec: str,
    sound: np.ndarray,
    rate: int,
    format: str | None = None,
    video: bool = False,
) -> None:
    """Write float32 [T, channels] in an encoding of FFmpeg, with moving pictures if ``video``."""
    layout = "mono" if sound.shape[1] == 1 else "stereo"
    with av.open(path, "w", format=format) as container:
        stream: Any = container.add_stream(codec, rate=rate)
        stream.layout = layout
        if codec.startswith("wma"):
            stream.bit_rate = 64000
        if video:
            _add_video(container, len(sound) / rate)
        size = stream.codec_context.frame_size or 1024
        resampler = av.AudioResampler(stream.format.name, layout, rate, frame_size=size)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T), "fltp", layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        for part in (*resampler.resample(frame), *resampler.resample(None), None):
            container.mux(stream.encode(part))


def _add_video(container: Any, seconds: float) -> None:
    stream = container.add_stream("mpeg4", rate=10)
    stream.width = stream.height = 32
    stream.pix_fmt = "yuv420p"
    for number in range(round(10 * seconds)):
        picture = np.full((32, 32, 3), number % 256, np.uint8)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
    container.mux(stream.encode(None))
