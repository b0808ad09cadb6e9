"""What a person hands over by dropping, pasting or typing, as files."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _

Content = list[Path] | QImage | str
"""What was handed over: files, or a picture or words that must become a file first."""


def content(data: QMimeData | None, typed: str) -> Content:
    """What a drop or the clipboard holds; no files where it is nothing of use.

    Args:
        typed: the ending of a file for a text; empty where texts are of no use.
    """
    if data is None:  # nothing was ever copied
        return []
    local = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if local:
        return local
    if typed and data.text().strip():
        return data.text()
    return QImage(data.imageData()) if data.hasImage() else []


def as_files(given: Content, typed: str) -> list[Path]:
    """The files; a picture or words are written to one first, so this is called in a task.

    Raises:
        UserError: ``export.not_writable``.
    """
    if isinstance(given, list):
        return given
    folder = _folder()
    try:
        if isinstance(given, QImage):
            target = _fresh(folder, ".png")
            if not given.save(str(target)):
                raise OSError(_("the picture could not be written"))
        else:
            target = _fresh(folder, typed)
            target.write_text(given, encoding="utf-8-sig")  # marked: a model may read another one
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("export.not_writable", path=str(folder), reason=reason) from None
    return [target]


def was_pasted(path: Path) -> bool:
    """Whether a file is a text that was pasted or typed: its name tells nothing."""
    return path.parent == _folder() and path.suffix != ".png"


def _folder() -> Path:
    return paths.cache_dir() / "pasted"


def _fresh(folder: Path, ending: str) -> Path:
    """The name of a file that is not there yet, for what was pasted."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = time.strftime("pasted-%Y%m%d-%H%M%S")
    names = (f"{stem}-{n}{ending}" if n else f"{stem}{ending}" for n in itertools.count())
    return next(path for name in names if not (path := folder / name).exists())
