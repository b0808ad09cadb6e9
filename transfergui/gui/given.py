"""What a person hands over by dropping, pasting or typing, as files."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from transfergui.core import paths


def pasted(data: QMimeData | None, typed: str) -> list[Path]:
    """The files of a drop or of the clipboard; a bare picture or text is kept as a file first.

    Args:
        typed: the ending of a file for a text; empty where texts are of no use.
    """
    if data is None:  # nothing was ever copied
        return []
    local = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if local:
        return local
    if typed and data.text().strip():
        return [kept(data.text(), typed)]
    if not data.hasImage():
        return []
    target = _fresh(".png")
    return [target] if QImage(data.imageData()).save(str(target)) else []


def kept(words: str, ending: str) -> Path:
    """A file that holds what was typed or pasted."""
    target = _fresh(ending)
    target.write_text(words, encoding="utf-8-sig")  # marked: a model may read another encoding
    return target


def _fresh(ending: str) -> Path:
    """The name of a file that is not there yet, for what was pasted."""
    folder = paths.cache_dir() / "pasted"
    folder.mkdir(parents=True, exist_ok=True)
    stem = time.strftime("pasted-%Y%m%d-%H%M%S")
    names = (f"{stem}-{n}{ending}" if n else f"{stem}{ending}" for n in itertools.count())
    return next(path for name in names if not (path := folder / name).exists())
