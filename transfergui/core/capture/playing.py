"""A file that is played as if a device saw or heard it."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from transfergui.core.base.errors import UserError
from transfergui.core.capture.feed import Clips, Feed
from transfergui.core.interfaces.capture import Captured, Device

LATE = 0.5
"""Seconds behind the clock from which on the clock waits, instead of all of the rest at once."""


class PlayedFile:
    """Puts a video or a sound into a feed, each moment when it is due, in a thread of its own.

    Args:
        device: which would have taken it.
        path: of the video or the sound.
        feed: what gets it.
        again: whether it begins anew at its end.
        speed: 2 plays it twice as fast.
        ended: called in the thread when nothing comes any more, unless it was stopped.

    Attributes:
        problem: why it ended early; None where it did not.
    """

    def __init__(
        self,
        device: Device,
        path: Path,
        feed: Feed,
        again: bool = False,
        speed: float = 1.0,
        ended: Callable[[], object] = lambda: None,
    ) -> None:
        self._device, self._path, self._feed = device, path, feed
        self._again, self._speed, self._ended = again, speed, ended
        self._stopped = threading.Event()
        self.problem: UserError | None = None
        self._thread = threading.Thread(target=self._run, name="played file", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self, wait: float = 0.0) -> None:
        """Play no further.

        Args:
            wait: seconds that are waited for the thread to end.
        """
        self._stopped.set()
        if wait and self._thread.is_alive():
            self._thread.join(wait)

    def _run(self) -> None:
        try:
            while self._play() and self._again:
                pass
        except UserError as error:
            self.problem = error
        if not self._stopped.is_set():
            self._ended()

    def _play(self) -> bool:
        """Play it once; whether it came to its end and held something."""
        began, some = time.monotonic(), False
        for captured in self._blocks():
            some = True
            ahead = began + captured.at / self._speed - time.monotonic()
            if ahead < -LATE:
                began -= ahead
            if self._stopped.wait(max(0.0, ahead)):
                return False
            self._feed.put(captured)
        return some

    def _blocks(self) -> Iterator[Captured]:
        """What the file holds; a sound that is shorter than a clip has silence around it, as where
        its file is predicted. Without, a model would hear it several times in one clip."""
        blocks = self._device.play(self._path)
        if not isinstance(self._feed, Clips):
            return blocks
        first: list[Captured] = []
        for captured in blocks:
            first.append(captured)
            if sum(len(each.values) for each in first) >= self._feed.seconds * captured.rate:
                return itertools.chain(first, blocks)
        self._feed.whole = bool(first)
        return _with_silence(first, self._feed.seconds)


def _with_silence(blocks: list[Captured], seconds: float) -> Iterator[Captured]:
    """A sound of so many seconds in blocks, the one given in its middle."""
    if not blocks:
        return
    rate, size = blocks[0].rate, len(blocks[0].values)
    sound = np.concatenate([each.values for each in blocks])
    spare = max(0, round(seconds * rate) - len(sound))
    clip = np.pad(sound - sound.mean(), (spare // 2, spare - spare // 2))
    for start in range(0, len(clip), size):
        yield Captured(clip[start : start + size], rate, start / rate)
