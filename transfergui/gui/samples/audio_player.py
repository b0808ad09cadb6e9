"""Plays a sound from memory by QtMultimedia, where there is that and something to hear it with."""

from __future__ import annotations

import functools

import numpy as np
from PySide6.QtCore import QBuffer, QObject, QTimer, Signal

from transfergui.core.base.i18n import _
from transfergui.core.interfaces.samples import Sound
from transfergui.gui.base import system_libraries

TICK = 30
"""Milliseconds between two places of the cursor."""
STEPS = {
    "UInt8": (np.uint8, 127, 128),
    "Int16": (np.int16, 32767, 0),
    "Int32": (np.int32, 2**31 - 1, 0),
}
"""Whole numbers that a device may want: their type, how far they reach, and where silence is."""


class AudioPlayer(QObject):
    """One sound at a time.

    Attributes:
        moved: seconds from the beginning, again and again while it plays.
        ended: it was played to its end, or stopped.
    """

    moved = Signal(object)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._output: _Output | None = None
        self._clock = QTimer(self, interval=TICK)
        self._clock.timeout.connect(self._tell)

    @property
    def obstacle(self) -> str:
        """Why nothing can be played here, as a sentence; empty when it can."""
        return obstacle()

    @property
    def playing(self) -> bool:
        return self._output is not None

    def play(self, sound: Sound) -> None:
        """Play from the beginning, instead of what is being played."""
        self.stop()
        self._output = _Output(self, sound)
        self._clock.start()

    def stop(self) -> None:
        """Be silent."""
        if self._output is not None:
            self._clock.stop()
            self._output.stop()
            self._output = None
            self.ended.emit()

    def _tell(self) -> None:
        assert self._output is not None
        if self._output.over:
            self.stop()
        else:
            self.moved.emit(self._output.seconds)


def obstacle() -> str:
    """Why sounds cannot be played here, as a sentence; empty when they can."""
    missing = _missing()
    if known := system_libraries.missing(missing):
        text = _(
            "Sounds cannot be played, because the system library {library} is missing. On Debian "
            "and Ubuntu, install it with: sudo apt install {package}. Then start TransferGUI again."
        )
        return text.format(library=known[0], package=known[1])
    if missing:
        text = _(
            "Sounds cannot be played, because QtMultimedia does not work on this computer "
            "({reason})."
        )
        return text.format(reason=missing)
    from PySide6.QtMultimedia import QMediaDevices

    if QMediaDevices.defaultAudioOutput().isNull():
        return _(
            "Sounds cannot be played: no loudspeaker or headphones were found. Connect one of "
            "them and try again."
        )
    return ""


@functools.cache
def _missing() -> str:
    """Why QtMultimedia cannot be imported; empty when it can."""
    try:
        import PySide6.QtMultimedia
    except ImportError as error:
        return str(error)
    _imported = PySide6.QtMultimedia
    return ""


class _Output:
    """A sound on its way to the loudspeaker."""

    def __init__(self, parent: QObject, sound: Sound) -> None:
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices

        device = QMediaDevices.defaultAudioOutput()
        form = QAudioFormat()
        form.setSampleRate(sound.rate)
        form.setChannelCount(1)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        if not device.isFormatSupported(form):
            form = device.preferredFormat()
        self._buffer = QBuffer(parent)
        kind = form.sampleFormat().name
        self._buffer.setData(wave(sound, form.sampleRate(), form.channelCount(), kind))
        self._buffer.open(QBuffer.OpenModeFlag.ReadOnly)
        self._sink = QAudioSink(device, form, parent)
        self._sink.start(self._buffer)

    @property
    def seconds(self) -> float:
        """How much has been heard."""
        return self._sink.processedUSecs() / 1e6

    @property
    def over(self) -> bool:
        """By name: the enumeration itself has moved from QAudio to QtAudio within Qt 6."""
        return self._sink.state().name in ("IdleState", "StoppedState")

    def stop(self) -> None:
        self._sink.stop()
        for thing in (self._sink, self._buffer):
            thing.deleteLater()


def wave(sound: Sound, rate: int, channels: int, kind: str) -> bytes:
    """A sound as a device wants it: at ``rate``, the same on all channels, in samples of ``kind``.

    Args:
        kind: ``Float`` or one of :data:`STEPS`.
    """
    samples = sound.samples
    if rate != sound.rate:
        places = np.arange(round(len(samples) * rate / sound.rate)) * (sound.rate / rate)
        samples = np.interp(places, np.arange(len(samples)), samples)
    samples = np.clip(samples, -1, 1)
    if kind in STEPS:
        dtype, reach, silence = STEPS[kind]
        samples = (np.rint(samples.astype(np.float64) * reach) + silence).astype(dtype)
    else:
        samples = samples.astype(np.float32)
    return np.repeat(samples, channels).tobytes()
