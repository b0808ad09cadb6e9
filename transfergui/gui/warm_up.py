"""Import torch and what stands on it in the background, without the window noticing.

A plain ``import torch`` in a thread stalls the window for 0.56 s on 2 cores, for
two reasons, measured with a 16 ms timer. Loading a shared library holds Python's lock:
loading it first through a foreign call of ``dlopen`` does not. And the import makes
a million objects, which the garbage collector walks again and again: it is
switched off meanwhile, and what was made is taken out of its sight. Together: 0.1 s.
"""

import contextlib
import ctypes
import gc
import importlib.util
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

_lock = threading.Lock()
_warm = threading.Event()

LIBRARIES = ("libc10", "libtorch_cpu", "libtorch", "libtorch_python")
"""In the order in which they need each other."""


def warm_up() -> None:
    """Import what a training, its plots and a prediction need; returns at once when done.

    To be called in a worker thread, before anything else there imports torch.
    """
    with _lock:
        if not _warm.is_set():
            with _collector_paused():
                _import()
        _warm.set()


def _import() -> None:
    from transfergui.gui.panels import live  # first: wanted as soon as a training begins

    if "torch" not in sys.modules:
        _preload()
    import accelerate
    import jinja2
    import sklearn.metrics
    import torchvision

    from transfergui.core.training import trainer
    from transfergui.gui.panels import results

    _ = live, results, accelerate, jinja2, sklearn.metrics, torchvision, trainer


def _preload() -> None:
    folder = _torch_libraries()
    if sys.platform == "win32" or folder is None:
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
    suffix = ".dylib" if sys.platform == "darwin" else ".so"
    for name in LIBRARIES:
        dlopen(os.fsencode(folder / f"{name}{suffix}"), os.RTLD_LAZY)


def _torch_libraries() -> Path | None:
    """The folder of torch's libraries, found without importing torch."""
    spec = importlib.util.find_spec("torch")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "lib" if places else None


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Frozen first, or else the first collection afterwards walks everything at once: 1.3 s."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
