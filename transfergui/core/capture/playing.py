"""A file that is played as if a device saw or heard it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from transfergui.core.base.errors import UserError
from transfergui.core.capture.feed import Feed
from transfergui.core.interfaces.capture import Device

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
        for captured in self._device.play(self._path):
            some = True
            ahead = began + captured.at / self._speed - time.monotonic()
            if ahead < -LATE:
                began -= ahead
            if self._stopped.wait(max(0.0, ahead)):
                return False
            self._feed.put(captured)
        return some
