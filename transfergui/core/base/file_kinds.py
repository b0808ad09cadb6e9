"""The files that the program opens by themselves: on a double click, or as ``transfergui FILE``.

Needs the standard library only: the entry point asks before anything else is imported.
"""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import NamedTuple

from transfergui.core.base.sentences.marking import N_


class FileKind(NamedTuple):
    """A kind of files that are the program's own.

    Attributes:
        suffix: of their names, with the dot.
        mime: their MIME type.
        title: what they are, marked with ``N_``.
    """

    suffix: str
    mime: str
    title: str


PROJECT = FileKind(".transfergui", "application/x-transfergui-project", N_("TransferGUI project"))
MODEL = FileKind(".tgmodel", "application/x-transfergui-model", N_("TransferGUI model"))
"""A model package under a name of its own: nobody wants every zip to open here."""
KINDS = (PROJECT, MODEL)
OPENED = (*(kind.suffix for kind in KINDS), ".zip")


def is_opened(name: str | os.PathLike[str]) -> bool:
    """Whether the window opens a file of this name, which is no command's."""
    return PurePath(name).suffix.lower() in OPENED
