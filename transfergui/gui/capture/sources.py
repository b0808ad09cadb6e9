"""Where pictures and sounds come from: a camera, a microphone, or a file that is played."""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QImage

from transfergui.core.base.errors import UserError
from transfergui.core.capture.feed import Feed
from transfergui.core.capture.newest import Newest
from transfergui.core.capture.playing import PlayedFile
from transfergui.core.interfaces.capture import Captured, Device
from transfergui.gui.capture import multimedia

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioDevice, QCameraDevice, QCameraFormat

LOOK = 100
"""Milliseconds after which it is looked whether a file still plays."""
WAIT = 5.0
"""Seconds that are waited for a thread to end, which takes much less."""


class Source(QObject):
    """Puts what it gives into a feed, from :meth:`start` to :meth:`stop`.

    Attributes:
        failed: with a :class:`UserError`; nothing comes any more.
    """

    failed = Signal(object)

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        """Give nothing more; returns when that is so."""
        raise NotImplementedError


class FileSource(Source):
    """A video or a sound, over and over."""

    def __init__(
        self, device: Device, path: Path, feed: Feed, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._path = path
        self._file = PlayedFile(device, path, feed, again=True)
        self._clock = QTimer(self, interval=LOOK)
        self._clock.timeout.connect(self._look)

    def start(self) -> None:
        self._file.start()
        self._clock.start()

    def stop(self) -> None:
        self._clock.stop()
        self._file.stop(WAIT)

    def _look(self) -> None:
        if self._file.running:
            return
        self._clock.stop()
        empty = UserError("capture.not_a_video", path=str(self._path))
        self.failed.emit(self._file.problem or empty)


class _Frames:
    """Turns the newest frame of Qt into pixels, in a thread of its own: the window never does."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._newest: Newest[Any] = Newest()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="frames", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, frame: object) -> None:
        self._newest.put(frame)

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(WAIT)

    def _run(self) -> None:
        while not self._stopped.is_set():
            frame = self._newest.take(LOOK / 1000)
            if frame is not None and frame.isValid():
                image = frame.toImage()
                if not image.isNull():
                    self._feed.put(Captured(pixels(image), at=frame.startTime() / 1e6))


def file_source(device: Device, path: Path, feed: Feed, parent: QObject) -> Source:
    """What plays the file: PyAV or soundfile, and for videos Qt where PyAV is not installed."""
    plain = device.key != "camera" or importlib.util.find_spec("av") is not None
    if plain or multimedia.import_error():
        return FileSource(device, path, feed, parent)
    return QtVideoSource(path, feed, parent)


def pixels(image: QImage) -> np.ndarray:
    """uint8 [height, width, 3] of any image."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


class QtVideoSource(Source):
    """A video that Qt plays over and over, where PyAV is not installed."""

    def __init__(self, path: Path, feed: Feed, parent: QObject | None = None) -> None:
        from PySide6.QtMultimedia import QMediaPlayer, QVideoSink

        super().__init__(parent)
        self._path = path
        self._frames = _Frames(feed)
        self._player = QMediaPlayer(self)
        self._sink = QVideoSink(self)
        self._player.setVideoSink(self._sink)
        self._player.setLoops(QMediaPlayer.Loops.Infinite)
        self._sink.videoFrameChanged.connect(self._frames.put)
        self._player.errorOccurred.connect(self._fail)
        self._player.mediaStatusChanged.connect(self._follow)

    def start(self) -> None:
        self._frames.start()
        self._player.setSource(QUrl.fromLocalFile(str(self._path)))
        self._player.play()

    def stop(self) -> None:
        self._player.stop()
        self._frames.stop()

    def _fail(self, _error: object, reason: str) -> None:
        self.failed.emit(UserError("capture.unreadable", path=str(self._path), reason=reason))

    def _follow(self, status: Any) -> None:
        if status.name == "LoadedMedia" and not self._player.hasVideo():
            self.failed.emit(UserError("capture.not_a_video", path=str(self._path)))


class CameraSource(Source):
    """A camera.

    Args:
        form: size and rate of its pictures; None for what it prefers.
    """

    def __init__(
        self,
        device: QCameraDevice,
        form: QCameraFormat | None,
        feed: Feed,
        parent: QObject | None = None,
    ) -> None:
        from PySide6.QtMultimedia import (
            QCamera,
            QMediaCaptureSession,
            QMediaDevices,
            QVideoSink,
        )

        super().__init__(parent)
        self._device = device
        self._frames = _Frames(feed)
        self._camera = QCamera(device, self)
        if form is not None:
            self._camera.setCameraFormat(form)
        self._sink = QVideoSink(self)
        self._session = QMediaCaptureSession(self)
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self._sink)
        self._media = QMediaDevices(self)
        self._sink.videoFrameChanged.connect(self._frames.put)
        self._camera.errorOccurred.connect(self._fail)
        self._media.videoInputsChanged.connect(self._look)

    def start(self) -> None:
        self._frames.start()
        self._camera.start()

    def stop(self) -> None:
        self._camera.stop()
        self._frames.stop()

    def _look(self) -> None:
        """Another device came or went: perhaps this one."""
        if self._device not in self._media.videoInputs():
            self.failed.emit(UserError("capture.camera_gone", name=self._device.description()))

    def _fail(self, error: Any, reason: str) -> None:
        if error.name != "NoError":
            name = self._device.description()
            self.failed.emit(UserError("capture.camera_failed", name=name, reason=reason))


class MicrophoneSource(Source):
    """A microphone."""

    def __init__(self, device: QAudioDevice, feed: Feed, parent: QObject | None = None) -> None:
        from PySide6.QtMultimedia import QAudioFormat, QAudioSource, QMediaDevices

        super().__init__(parent)
        self._device, self._feed = device, feed
        form = device.preferredFormat()
        plain = QAudioFormat(form)
        plain.setChannelCount(1)
        plain.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._form = plain if device.isFormatSupported(plain) else form
        self._source = QAudioSource(device, self._form, self)
        self._source.stateChanged.connect(self._follow)
        self._stream: Any = None
        self._rest = b""
        self._stopped = False
        self._media = QMediaDevices(self)
        self._media.audioInputsChanged.connect(self._look)

    def start(self) -> None:
        self._stream = self._source.start()
        if self._stream is None:
            self._fail("")
        else:
            self._stream.readyRead.connect(self._read)

    def stop(self) -> None:
        self._stopped = True
        self._source.stop()

    def _read(self) -> None:
        content = self._rest + bytes(self._stream.readAll().data())
        size = self._form.bytesPerFrame()
        whole = len(content) // size * size
        self._rest = content[whole:]
        if whole:
            name, channels = self._form.sampleFormat().name, self._form.channelCount()
            block = samples(content[:whole], name, channels)
            self._feed.put(Captured(block, self._form.sampleRate()))

    def _look(self) -> None:
        if self._device not in self._media.audioInputs():
            name = self._device.description()
            self.failed.emit(UserError("capture.microphone_gone", name=name))

    def _follow(self, state: Any) -> None:
        error = self._source.error().name
        if not self._stopped and state.name == "StoppedState" and error != "NoError":
            self._fail(error)

    def _fail(self, reason: str) -> None:
        name = self._device.description()
        error = UserError("capture.microphone_failed", name=name, reason=reason or "OpenError")
        QTimer.singleShot(0, self, lambda: self.failed.emit(error))  # whoever starts it listens


SCALES: dict[str, tuple[Any, float, float]] = {
    "UInt8": (np.uint8, 128.0, 128.0),
    "Int16": (np.int16, 0.0, 32768.0),
    "Int32": (np.int32, 0.0, 2147483648.0),
    "Float": (np.float32, 0.0, 1.0),
}
"""Of a format of Qt: the type of its values, which of them is silence, and full scale."""


def samples(content: bytes, form: str, channels: int) -> np.ndarray:
    """What a device gave as float32 [T] in [-1, 1], the mean of its channels.

    Args:
        form: one of :data:`SCALES`.
    """
    dtype, silence, scale = SCALES[form]
    values = np.frombuffer(content, dtype).astype(np.float32).reshape(-1, channels)
    return ((values.mean(axis=1) - silence) / scale).astype(np.float32)
