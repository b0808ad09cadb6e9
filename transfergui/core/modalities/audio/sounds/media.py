"""What holds sound and libsndfile cannot read: with PyAV."""

import contextlib
import math
import os
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from transfergui.core.modalities.audio.sounds.errors import SoundError
from transfergui.core.modalities.audio.sounds.sound import Forward


class Media(Forward):
    """A sound that PyAV decodes: FFmpeg's formats, among them videos."""

    FAR = 10.0
    """Seconds; places before are decoded from the beginning."""
    AHEAD = 1.0
    """Seconds that are decoded before a far place: encoders refer to what was before."""
    INDEXED = ("mov", "matroska", "avi", "asf", "flv")
    """FFmpeg's names of the formats in which places are found, and that say how long they are."""
    indexed: bool
    NAMES = {"wav": "WAV", "ogg": "OGG", "caf": "CAF", "aiff": "AIFF"}

    def __init__(self, path: str | os.PathLike[str], format: str) -> None:
        super().__init__()
        try:
            import av
        except ImportError:
            raise SoundError("sound.needs_av", format=format) from None
        self._av = av
        # A damaged file makes FFmpeg look for places and streams that there are not.
        self._errors = (av.error.FFmpegError, ValueError, OSError, IndexError)
        self._file = open(path, "rb")  # noqa: PTH123, SIM115 - closed with the sound
        self._container: Any = None
        try:
            self._open(format)
            self._look()
        except BaseException:
            self.close()
            raise

    def _open(self, format: str) -> None:
        """From the beginning: going back loses what encoders say of it."""
        if self._container is not None:
            self._container.close()
        self._file.seek(0)
        with self._as_sentence():
            try:
                self._container = self._av.open(self._file, metadata_errors="ignore")
            except TypeError:  # from version 19 on, tags in other encodings are no error
                self._container = self._av.open(self._file)
        self._stream = self._container.streams.best("audio")
        self._fresh = True
        codec = self._stream and self._stream.codec_context
        if not codec or not codec.sample_rate:
            if not self._container.streams.audio:
                raise SoundError("sound.no_sound_track")
            raise SoundError("sound.unsupported", format=format)
        self.format = self.NAMES.get(self._container.format.name, format)

    def _look(self) -> None:
        covers = self._av.stream.Disposition.attached_pic
        pictures = self._container.streams.video
        self.video = any(not stream.disposition & covers for stream in pictures)
        codec = self._stream.codec_context
        self.rate, self.channels = codec.sample_rate, codec.layout.nb_channels
        self.subtype = codec.name.upper()
        self.indexed = self._container.format.name.startswith(self.INDEXED)
        self._begin = float((self._stream.start_time or 0) * self._stream.time_base)
        self.frames = round(self._seconds() * self.rate)

    def _seconds(self) -> float:
        if self.indexed and self._stream.duration:
            return float(self._stream.duration * self._stream.time_base)
        said = re.fullmatch(r"(\d+):(\d+):(\d+\.\d+)", self._stream.metadata.get("DURATION", ""))
        if self.indexed and said:
            return 3600 * int(said[1]) + 60 * int(said[2]) + float(said[3])
        if self.indexed and self._container.duration and not self.video:
            return self._container.duration / 1e6
        return self._counted()

    def _counted(self) -> float:
        """Seconds, by all packets: recordings of browsers and streams do not say it."""
        seconds, last = 0.0, 0.0
        self._fresh = False
        with self._as_sentence():
            for packet in self._container.demux(self._stream):
                length = float((packet.duration or 0) * packet.time_base)
                seconds += length
                if packet.pts is not None:
                    last = max(last, float(packet.pts * packet.time_base) + length - self._begin)
        return last if self.indexed else seconds

    @contextlib.contextmanager
    def _as_sentence(self) -> Iterator[None]:
        try:
            yield
        except SoundError:
            raise
        except self._errors as error:
            raise SoundError("sound.damaged") from error

    def _from(self, frame: int) -> Iterator[np.ndarray]:
        """Far places by the timestamps of the container, near ones by counting."""
        far = self.indexed and frame > self.FAR * self.rate
        with self._as_sentence():
            if far:
                to = self._begin + frame / self.rate - self.AHEAD
                time = math.floor(to / self._stream.time_base)
                self._container.seek(time, stream=self._stream)
            elif not self._fresh:
                self._open(self.format)
            self._fresh = False
            at = None if far else 0
            for decoded in self._container.decode(self._stream):
                if decoded.sample_rate != self.rate or decoded.layout.nb_channels != self.channels:
                    raise SoundError("sound.unsupported", format="a stream of several sample rates")
                if at is None:
                    if decoded.time is None:
                        raise SoundError("sound.damaged")
                    at = round((decoded.time - self._begin) * self.rate)
                values = _of_frame(decoded)
                if frame < at + len(values):
                    yield values[max(0, frame - at) :]
                at += len(values)

    def close(self) -> None:
        if self._container is not None:
            self._container.close()
        self._file.close()


def _of_frame(frame: Any) -> np.ndarray:
    """A frame of PyAV as float32 [frames, channels], from -1 to 1."""
    values = frame.to_ndarray()
    values = values.T if frame.format.is_planar else values.reshape(frame.samples, -1)
    if values.dtype.kind == "f":
        return np.ascontiguousarray(values, np.float32)
    if values.dtype == np.uint8:
        return (values.astype(np.float32) - 128) / 128
    return (values / (np.iinfo(values.dtype).max + 1)).astype(np.float32)
