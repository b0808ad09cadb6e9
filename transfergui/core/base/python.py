"""How a Python of our own is started: nothing in the folder that the user works in is executed.

Python looks for modules in the current folder first (``-c``, ``-m``): a ``torch.py`` among
somebody's data would run. Nor does an empty entry of ``PYTHONPATH``, which means the current
folder too, reach the child. Imports nothing but the standard library.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
"""The folder that this package lies in."""


def command(*arguments: str) -> list[str]:
    """This Python with ``arguments``, without the current folder in its path (``-P``)."""
    return [sys.executable, "-P", *arguments]


def environment() -> dict[str, str]:
    """For :func:`command`, and for every Python that the child starts itself.

    This package is found in it wherever the present process found it.
    """
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    folders = [str(Path(folder).absolute()) for folder in given if folder]
    known = os.pathsep.join(dict.fromkeys([*folders, str(ROOT)]))
    return os.environ | {"PYTHONSAFEPATH": "1", "PYTHONPATH": known}
