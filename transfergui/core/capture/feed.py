"""Where a device puts what it gives: for the model, for the eye, and for recording."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Protocol

from transfergui.core.capture.columns import Columns
from transfergui.core.capture.level import Level
from transfergui.core.capture.newest import Newest
from transfergui.core.capture.ring import Ring
from transfergui.core.interfaces.capture import Captured

SHOWN = 5.0
"""Seconds of the running spectrogram."""
KEPT = 3.0
"""Clips that are remembered, so that slow reading of clips loses nothing."""
LEAST = 30.0
"""Seconds that are remembered at least."""
HOP = 0.1
"""Seconds of new sound for which the model is asked again."""


class Feed(Protocol):
    """What a source puts in, and the model takes out."""

    def put(self, captured: Captured) -> None:
        """Called by the source, in any thread."""

    def take(self, timeout: float) -> Captured | None:
        """The newest sample that the model was not yet given; None where none came in time."""


class Pictures:
    """The newest picture.

    Attributes:
        shown: the newest one, for the eye; None as long as none came.
        newest: hands it to the model.
    """

    def __init__(self) -> None:
        self.newest: Newest[Captured] = Newest()
        self.shown: Captured | None = None
        self._times: deque[float] = deque(maxlen=120)

    def put(self, captured: Captured) -> None:
        self.shown = captured
        self._times.append(time.monotonic())
        self.newest.put(captured)

    def take(self, timeout: float) -> Captured | None:
        return self.newest.take(timeout)

    @property
    def rate(self) -> int:
        """Pictures that came in the last second."""
        since = time.monotonic() - 1
        return sum(at >= since for at in list(self._times))


class Clips:
    """The last seconds of a sound; the model gets clips of its own length, each a little later than
    the one before.

    Args:
        seconds: of a clip.

    Attributes:
        whole: whether what comes is one clip after the other, each a sample of its own: the model
            gets these alone, and none that begins amid one of them.
        ring: the samples; None as long as nothing came, since nothing tells their rate.
        rate: of the samples, in hertz; 0 as long as nothing came.
        level: how loud it is.
        columns: the running spectrogram; None likewise.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.rate = 0
        self.whole = False
        self.ring: Ring | None = None
        self.level = Level()
        self.columns: Columns | None = None
        self._began = threading.Event()
        self._asked = 0

    def put(self, captured: Captured) -> None:
        if self.ring is None:
            self.rate = captured.rate
            self.columns = Columns(captured.rate, SHOWN)
            self.ring = Ring(round(max(LEAST, KEPT * self.seconds) * captured.rate))
            self._began.set()
        assert self.columns is not None
        self.level.feed(captured.values, captured.rate)
        self.columns.feed(captured.values)
        self.ring.append(captured.values)

    def take(self, timeout: float) -> Captured | None:
        if not self._began.wait(timeout) or self.ring is None:
            return None
        count = self.clip
        step = count if self.whole else round(HOP * self.rate)
        if not self.ring.wait(max(count, self._asked + step), timeout):
            return None
        self._asked = self.ring.total // step * step if self.whole else self.ring.total
        values = self.ring.span(self._asked - count, self._asked)
        return None if values is None else Captured(values, self.rate, time.monotonic())

    @property
    def clip(self) -> int:
        """Samples of a clip."""
        return max(1, round(self.seconds * self.rate))

    @property
    def missing(self) -> float:
        """Seconds until there is a first clip."""
        if self.ring is None:
            return self.seconds
        return max(0.0, self.seconds - self.ring.total / self.rate)
