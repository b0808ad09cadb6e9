"""Files of boxes that are recognised but not read: what they are, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.reading.marks.lists import beginning
from transfergui.core.reading.marks.row_files import TEXT_ROW

PROBED = 20
"""Files of an ending that are looked into."""


class Unread(NamedTuple):
    """A kind of files.

    Attributes:
        told: whether a file with this beginning is of the kind.
        sentence: what is said of the first, untranslated.
    """

    ending: str
    told: Callable[[str], bool]
    sentence: str


def _is_text(head: str) -> bool:
    lines = [line for line in head.splitlines()[:PROBED] if line.strip()]
    return bool(lines) and all(map(TEXT_ROW.fullmatch, lines))


KINDS: Sequence[Unread] = (
    Unread(
        ".json",
        lambda head: '"image_id"' in head and '"score"' in head and '"file_name"' not in head,
        N_(
            "{path} looks like what a detector found (COCO results). It names pictures by number "
            "only. Add the COCO file that lists the “images”."
        ),
    ),
    Unread(
        ".json",
        lambda head: '"shapes"' in head and '"imageData": "' in head,
        N_("{path} contains its picture (LabelMe). Save the picture as a file next to it."),
    ),
    Unread(
        ".json",
        lambda head: '"imgHeight"' in head and '"polygon"' in head,
        N_(
            "{path} looks like the outlines of Cityscapes, which are not read. Convert them to "
            "COCO, Pascal VOC or YOLO."
        ),
    ),
    Unread(
        ".txt",
        _is_text,
        N_(
            "{path} looks like outlines of text (ICDAR), which are not read. Convert them to COCO, "
            "Pascal VOC or YOLO."
        ),
    ),
)


def sentences(root: Path, beside: Sequence[str]) -> list[str]:
    """A sentence for each kind of which there is a file.

    Args:
        beside: files that are no pictures, relative to ``root``.
    """
    told = []
    for kind in KINDS:
        names = [name for name in beside if name.lower().endswith(kind.ending)][:PROBED]
        first = next((name for name in names if kind.told(beginning(root / name))), None)
        if first is not None:
            told.append(_(kind.sentence).format(path=shown(first)))
    return told
