"""What is taken while a key is held: pictures now and then, or clips one after the other."""

from __future__ import annotations

from transfergui.core.capture.feed import Clips, Pictures
from transfergui.core.capture.recorder import Recorder
from transfergui.core.interfaces.capture import Captured


class PictureBurst:
    """Pictures of one class, from its making to :meth:`release`.

    Args:
        name: of the class.
        per_second: how many pictures, at most: the same one is never taken twice.

    Attributes:
        taken: how many.
        done: whether no more come.
    """

    def __init__(self, recorder: Recorder, feed: Pictures, name: str, per_second: float) -> None:
        self._recorder, self._feed = recorder, feed
        self._burst = recorder.begin(name)
        self._gap = 1 / per_second
        self._due = 0.0
        self._last: Captured | None = None
        self.taken = 0
        self.done = False

    def poll(self, now: float) -> None:
        """Take a picture if it is time for one; to be called often.

        Args:
            now: seconds of any clock.
        """
        shown = self._feed.shown
        if self.done or now < self._due or shown is None or shown is self._last:
            return
        self._due = max(self._due + self._gap, now + self._gap / 2)
        self._last = shown
        self._recorder.add(self._burst, shown)
        self.taken += 1

    def release(self) -> None:
        """The key is no longer held."""
        self.done = True


class ClipBurst:
    """Clips of one class, without gaps, from its making on; the one that was begun when the key is
    released is taken to its end.

    Attributes: as of :class:`PictureBurst`.
        missing: seconds until the clip that was begun is whole.
    """

    def __init__(self, recorder: Recorder, feed: Clips, name: str) -> None:
        self._recorder, self._feed = recorder, feed
        self._burst = recorder.begin(name)
        self._start = None if feed.ring is None else feed.ring.total
        self._released = False
        self.taken = 0
        self.done = False
        self.missing = feed.seconds

    def poll(self, now: float) -> None:
        """Take the clips that are whole; to be called often."""
        ring, size = self._feed.ring, self._feed.clip
        if ring is None or self.done:
            return
        if self._start is None:
            self._start = 0
        while (clip := ring.span(self._start, self._start + size)) is not None:
            self._recorder.add(self._burst, Captured(clip, self._feed.rate, now))
            self.taken += 1
            self._start += size
            if self._released:
                self.done = True
                return
        self.missing = (self._start + size - ring.total) / self._feed.rate

    def release(self) -> None:
        """The key is no longer held."""
        self._released = True
