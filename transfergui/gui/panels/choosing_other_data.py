"""Choosing a folder or a file of other data: asked for in a menu, or dropped."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QMenu,
    QWidget,
)

from transfergui.core.base import archives
from transfergui.core.base.i18n import _
from transfergui.gui.base import file_dialogs


def fill(
    menu: QMenu, parent: QWidget, use: Callable[[Path], object], texts: tuple[str, str] = ("", "")
) -> list[QAction]:
    """Make ``menu`` ask for a folder or a file."""

    def chosen(ask: Callable[[QWidget], Path | None]) -> None:
        if path := ask(parent):
            use(path)

    folder, file = texts
    return [
        menu.addAction(folder or _("Folder…"), functools.partial(chosen, ask_folder)),
        menu.addAction(file or _("File…"), functools.partial(chosen, ask_file)),
    ]


def ask_folder(parent: QWidget) -> Path | None:
    """The folder of other data; None where none is chosen."""
    return file_dialogs.ask_folder(parent, _("Choose other data"), "beside")


def ask_file(parent: QWidget) -> Path | None:
    """The zip, tar or table of other data; None where none is chosen."""
    from transfergui.core.reading.tables.table_files import SUFFIXES

    tables = (*sorted(SUFFIXES), ".txt")
    endings = " ".join(f"*{ending}" for ending in (".zip", *archives.ENDINGS, *tables))
    kinds = _("Zips, tars and tables ({patterns});;All files (*)").format(patterns=endings)
    return file_dialogs.ask_file(parent, _("Choose other data"), "beside", kinds)


def accept_folder(event: QDragEnterEvent, allowed: bool) -> None:
    """Let files be dropped, but not on the window behind."""
    if event.mimeData().hasUrls() and allowed:
        event.acceptProposedAction()


def dropped(event: QDropEvent) -> Path | None:
    """The first file or folder of what was dropped; several tars of one folder together."""
    local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    if not local:
        return None
    event.acceptProposedAction()
    return archives.together([Path(each) for each in local]) or Path(local[0])
