"""Files to be played as if a camera or a microphone gave them."""

from pathlib import Path

import av
import numpy as np
import soundfile

RATE = 8000


def make_video(path: Path, seconds: float = 0.5) -> Path:
    """20 frames a second of 64 x 48 pixels, each brighter than the one before."""
    with av.open(path, "w") as container:
        stream = container.add_stream("mpeg4", rate=20)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(round(20 * seconds)):
            picture = np.full((48, 64, 3), 20 * number % 256, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    return path


def make_sound(path: Path, seconds: float = 0.5) -> Path:
    """A tone of :data:`RATE`."""
    sound = 0.5 * np.sin(np.arange(round(seconds * RATE)) * 0.3)
    soundfile.write(path, sound, RATE, subtype="FLOAT")
    return path
