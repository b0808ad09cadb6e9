"""The examples that are most like one of them, in a window of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.base.progress import Tell
from transfergui.core.data.captions import caption
from transfergui.core.data.split import Split
from transfergui.core.views.insight import Alike
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow
from transfergui.gui.samples.sample_grid import SampleGrid
from transfergui.gui.samples.sample_pane import Decode
from transfergui.gui.session.session import Session

Find = Callable[[Path, Tell], list[Alike]]
"""The samples that are most like a file; called in a worker thread."""
SIZE = (860, 600)


class SimilarIn(NamedTuple):
    """Where similar samples are looked for.

    Attributes:
        root: what the paths that are found are relative to.
        run: how the run divided the data whose samples are shown; None for the open data.
    """

    find: Find
    root: Path
    decode: Decode
    run: Split | None = None


def offer(grid: SampleGrid, session: Session, where: Callable[[], SimilarIn | None]) -> None:
    """Let similar samples be looked for from the menu of ``grid``.

    Args:
        where: called then; None where that cannot be done just now.
    """

    def look(path: str) -> None:
        if (found := where()) is not None:
            SimilarDialog(session, found, found.root / path, grid).open()

    grid.offer_similar()
    grid.similar_wanted.connect(look)


class SimilarDialog(QDialog):
    """What is found can be looked at, relabelled and excluded like anywhere else.

    Args:
        where: they are looked for.
        path: of the sample that they are to be like.
    """

    def __init__(
        self,
        session: Session,
        where: SimilarIn,
        path: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = caption(path.name, path.parent)
        self.setWindowTitle(_("Similar to “{name}”").format(name=name))
        self._path, self._root = path, where.root
        self._began = time.monotonic()
        self._work = Task(self, _found(where.find), self._show, self._fail, self._tell)
        self.said = WrappedLabel()
        self.progress = ProgressRow(_("Progress"))
        self.grid = SampleGrid(session)
        self.grid.use(where.root, where.decode, where.run)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.said)
        layout.addLayout(self.progress)
        layout.addWidget(self.grid, 1)
        self.progress.cancel_button.clicked.connect(self.reject)
        self.progress.show_waiting(_("Loading the model…"))
        self.said.hide()
        self.resize(*SIZE)
        self._work.start(path)

    def done(self, result: int) -> None:
        self._work.cancel()
        super().done(result)

    def _tell(self, progress: tuple[int, int]) -> None:
        self.progress.show_progress(*progress, self._began)

    def _show(self, alike: list[Alike]) -> None:
        self.progress.set_visible(False)
        own = self._path
        own = own.relative_to(self._root) if own.is_relative_to(self._root) else own
        captions = {str(own): _("This example")}
        captions |= {each.path: shown(each.label) for each in alike}
        heading = _("Most similar to “{name}”, the most similar first")
        text = heading.format(name=caption(self._path.name, self._path.parent))
        self.grid.fill(text, list(captions), captions)

    def _fail(self, error: UserError) -> None:
        self.progress.set_visible(False)
        self.said.setText(str(error))
        self.said.show()


def _found(find: Find) -> Callable[..., list[Alike]]:
    def work(path: Path, report: Callable[[tuple[int, int]], None]) -> list[Alike]:
        warm_up()
        return find(path, lambda done, total: report((done, total)))

    return work
