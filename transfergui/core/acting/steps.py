"""What is to be done with files, as data: nothing here touches one."""

from __future__ import annotations

import sys
from typing import Literal, NamedTuple

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import Problem

Kind = Literal["copy", "move", "link", "symlink", "rename", "write", "crop"]
"""``link`` is a hard link; ``rename`` is a move within a folder; ``write`` makes a new file;
``crop`` one with a part of a picture."""
Part = tuple[float, float, float, float]
"""Left, top, right and bottom as shares of a picture's width and height."""
TAKES_ROOM = ("copy", "write", "crop")
"""Kinds of which the bytes are needed on the disk of the target; of a move, only to another."""


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file.

    Attributes:
        source: absolute; empty for ``write``.
        target: absolute. Where something else is there when the step is carried out, a free name
            is taken.
        size: bytes.
        modified: of the source, in nanoseconds since 1970: one that changed since is left alone.
        text: what is written, for ``write``; how the picture is read, for ``crop``.
        part: of the picture, for ``crop``.
        across: whether a move leads to another disk, so that it is a copy, checked, and a deletion.
    """

    kind: Kind
    target: str
    source: str = ""
    size: int = 0
    modified: int = 0
    text: str = ""
    across: bool = False
    part: Part = (0.0, 0.0, 1.0, 1.0)


def link_kind(same_disk: bool, to: str, noun: str) -> Kind:
    """How a file is linked to.

    Args:
        same_disk: whether the file and the folder ``to`` are on one.
        noun: of the files, several of them, untranslated.

    Raises:
        UserError: ``act.links_elsewhere``: Windows has no links to another disk.
    """
    if same_disk:
        return "link"
    if sys.platform == "win32":
        raise UserError("act.links_elsewhere", path=to, noun=noun)
    return "symlink"


class Act(NamedTuple):
    """A plan, for a preview and to be carried out.

    Attributes:
        steps: in their order.
        left: files that stay as they are, each with the reason.
        folders: how many files each folder below the target gets, by its name, in the order in
            which the model has the classes; those apart stand last.
        there: how many files are where they belong already.
        renamed: how many get another name because theirs is taken.
        needed: bytes on the disk of the target.
        free: bytes on that disk; None where nothing is written to it.
        to: the folder in which the record is kept; empty where files stay in their folders.
    """

    steps: tuple[Step, ...]
    left: tuple[Problem, ...] = ()
    folders: dict[str, int] = {}
    there: int = 0
    renamed: int = 0
    needed: int = 0
    free: int | None = None
    to: str = ""

    @property
    def files(self) -> int:
        """How many steps are of files that were predicted."""
        return sum(step.kind != "write" for step in self.steps)
