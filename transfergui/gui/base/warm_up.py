"""Import torch and what stands on it in the background, without the window noticing."""

import threading

from transfergui.core.base import imports

_lock = threading.Lock()
_warm = threading.Event()

MODULES = (
    "transfergui.gui.panels.live",  # first: wanted as soon as a training begins
    *imports.TRAINING,
    "torchvision.models",
    "jinja2",
    "transfergui.gui.panels.results",
)


def warm_up() -> None:
    """Import what a training, its plots and a prediction need; returns at once when done.

    To be called in a worker thread, before anything else there imports torch.
    """
    with _lock:
        if not _warm.is_set():
            imports.load(*MODULES)
        _warm.set()
