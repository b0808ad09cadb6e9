"""Heavy libraries, imported without what the program has no use for, and beside other work.

A plain ``import torch`` in a thread holds up all others for 0.56 s on 2 cores, for two reasons,
measured with a 16 ms timer in the window's. Loading a shared library holds Python's lock: loading
it first through a foreign call of ``dlopen`` does not. And the import makes a million objects,
which the garbage collector walks again and again: it is switched off meanwhile, and what was made
is taken out of its sight. Together: 0.1 s.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import sys
import threading
import types
from collections.abc import Iterator
from importlib import util
from pathlib import Path
from typing import Any

LIBRARIES = ("libc10", "libtorch_cpu", "libtorch", "libtorch_python")
"""Of torch, in the order in which they need each other."""
COMPILER = "torch._dynamo.utils"
"""The one module of torch's compiler that torchvision imports, for a question that its boxes ask on
an accelerator. It brings all of torch._dynamo: 1.5 s of the 1.7 s that torchvision takes."""
TRAINING = ("torch", "transfergui.core.training.start")
"""What every training needs."""

_one_at_a_time = threading.RLock()


def load(*modules: str) -> None:
    """Import ``modules`` in this order, of which torch may be one; at once where all are there.

    Raises:
        ImportError: or anything else that a broken library raises.
    """
    if all(module in sys.modules for module in modules):
        return
    with _one_at_a_time, _collector_paused(), without_compiler():
        if "torch" not in sys.modules:
            _preload()
        for module in modules:
            importlib.import_module(module)


@contextlib.contextmanager
def beside(*modules: str) -> Iterator[None]:
    """Import ``modules`` in the background meanwhile; waits for them at the end, but for an error.

    Nothing that imports them may go on at the same time: where modules import each other, one of
    two threads may be given a module that is not complete.
    """
    thread = threading.Thread(target=_load_quietly, args=modules, name="imports", daemon=True)
    thread.start()
    yield
    thread.join()


def _load_quietly(*modules: str) -> None:
    with contextlib.suppress(Exception):  # whoever needs it imports it again, and says so
        load(*modules)


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Frozen at the end, or the first collection afterwards walks everything at once: 1.3 s."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


# -- torch's shared libraries


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
    spec = util.find_spec("torch")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "lib" if places else None


# -- torch's compiler


class _Later(types.ModuleType):
    """Stands for :data:`COMPILER` while torchvision is imported, and imports it when it is used."""

    @staticmethod
    def is_compile_supported(device_type: str) -> bool:
        return bool(_compiler().is_compile_supported(device_type))

    def __getattr__(self, name: str) -> Any:
        """What another thread, which imports the compiler meanwhile, wants of it."""
        if name.startswith("__"):  # the import system's own questions
            raise AttributeError(name)
        return getattr(_compiler(), name)


def _compiler() -> Any:
    _remove_stand_in()
    return importlib.import_module(COMPILER)


def _remove_stand_in() -> None:
    if isinstance(sys.modules.get(COMPILER), _Later):
        del sys.modules[COMPILER]


@contextlib.contextmanager
def without_compiler() -> Iterator[None]:
    """Within it, torchvision can be imported without torch's compiler, which comes when needed."""
    with _one_at_a_time:
        sys.modules.setdefault(COMPILER, _Later(COMPILER))
        try:
            yield
        finally:
            _remove_stand_in()
