"""The windows in which two runs, or two models on new data, are compared."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from transfergui.core.app import comparing
from transfergui.core.app.comparing import Comparison
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.gui.base import file_dialogs, style
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.compare.comparison_view import ComparisonView
from transfergui.gui.networks.model_row import ModelRow
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow
from transfergui.gui.session.session import Session

SIZE = (980, 700)
SHARE = 0.94
"""Of the window that it stands above, at most."""


class CompareDialog(QDialog):
    """What both have in common: progress, a sentence where it fails, and the comparison.

    Attributes:
        view: the comparison; hidden until there is one.
        said: why there is none.
    """

    def __init__(self, session: Session, title: str, work: Callable[..., Comparison],
                 parent: QWidget | None = None) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._began = 0.0
        self._names = ("", "")
        self._work = Task(self, work, self._show, self._fail, self._tell)
        self.said = WrappedLabel()
        self.progress = ProgressRow(_("Progress of the comparison"))
        self.view = ComparisonView(session)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*[style.BETWEEN] * 4)
        self._layout.setSpacing(style.INSIDE)
        self._layout.addWidget(self.said)
        self._layout.addLayout(self.progress)
        self._layout.addWidget(self.view, 1)
        self._layout.addStretch(0)  # has the room as long as the comparison is hidden
        self.progress.cancel_button.clicked.connect(self.cancel)
        self.progress.set_visible(False)
        self.said.hide()
        self.view.hide()
        above = None if parent is None else parent.window().size() * SHARE
        width, height = SIZE if above is None else (above.width(), above.height())
        self.resize(min(width, 1400), height)

    def cancel(self) -> None:
        """Compare nothing any more."""
        self._work.cancel()
        self.progress.set_visible(False)

    def done(self, result: int) -> None:
        self._work.cancel()
        super().done(result)

    def _begin(self, names: tuple[str, str], *given: object) -> None:
        self._names, self._began = names, time.monotonic()
        self.said.hide()
        self.view.hide()
        self.progress.set_visible(True)
        self.progress.show_waiting(_("Comparing…"))
        self._work.start(*given)

    def _tell(self, progress: tuple[int, int, int]) -> None:
        model, done, total = progress
        if not total:  # nothing is predicted yet
            self.progress.show_waiting(_("Loading the model…"))
            return
        self.progress.show_progress(model * total + done, 2 * total, self._began)

    def _show(self, found: Comparison) -> None:
        self.progress.set_visible(False)
        self.view.show_comparison(found, self._names)
        self.view.show()

    def _fail(self, error: UserError) -> None:
        self.progress.set_visible(False)
        self.said.setText(str(error))
        self.said.show()


class RunsDialog(CompareDialog):
    """Two runs, on the test examples of both.

    Args:
        runs: the runs with what they are called.
    """

    def __init__(
        self,
        session: Session,
        runs: tuple[Run, Run],
        names: tuple[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(session, _("Compare two runs"), comparing.runs, parent)
        self._begin(names, *runs)


class ModelsDialog(CompareDialog):
    """Two models, whether runs or files, on a folder that the user chooses.

    Attributes:
        rows: where the models are chosen.
        folder: the path of the data, which may be typed.
        button: begins.
    """

    def __init__(
        self,
        session: Session,
        chosen: tuple[Path, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(session, _("Compare two models on a folder"), _on_data, parent)
        self.view.hide_names()
        self.rows = [ModelRow(session, name) for name in (_("Model &A"), _("Model &B"))]
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(_("A folder of new files, with or without labels"))
        self.folder.setAccessibleName(_("Folder"))
        browse = QPushButton(_("Choose a folder…"))
        browse.clicked.connect(lambda _checked=False: self._ask())
        self.button = QPushButton(_("Compare"))
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(lambda _checked=False: self.compare())
        last = QHBoxLayout()
        last.setSpacing(style.INSIDE)
        for widget in (self.folder, browse, self.button):
            last.addWidget(widget, int(widget is self.folder))
        for at, row in enumerate((*self.rows, last)):
            self._layout.insertLayout(at, row)
        self.folder.textChanged.connect(self._follow)
        for row, path in zip(self.rows, chosen, strict=False):
            row.choose(path)
        self._tells_apart = len(chosen) < 2
        self.rows[1].chooser.activated.connect(self._leave_choice)
        for row in self.rows:
            row.listed.connect(self._tell_apart)
            row.listed.connect(self._follow)
            row.opened.connect(self._follow)
            row.chooser.currentIndexChanged.connect(self._follow)
            row.refresh()
        self._follow()

    def compare(self) -> None:
        """Let both models predict what is in the folder."""
        paths = [row.current for row in self.rows]
        if self._obstacle() or None in paths:
            return
        names = self.rows[0].chooser.currentText(), self.rows[1].chooser.currentText()
        self._begin(names, *paths, Path(self.folder.text().strip()))

    def _ask(self) -> None:
        if folder := file_dialogs.ask_folder(self, _("Choose a folder"), "predict"):
            self.folder.setText(str(folder))

    def _leave_choice(self, *_index: object) -> None:
        self._tells_apart = False

    def _tell_apart(self, *_what: object) -> None:
        """Choose another model as B than as A, of the same kind of data, until the user chooses."""
        first, second = self.rows
        if not self._tells_apart or first.current is None or first.current != second.current:
            return
        others = (each for each in second.known if each.path != first.current)
        other = next((each for each in others if each.modality == first.kind), None)
        if other is not None:
            second.chooser.setCurrentIndex(second.chooser.place_of(other.path))

    def _obstacle(self) -> str:
        """Why nothing can be compared yet; empty where it can."""
        paths = [row.current for row in self.rows]
        if None in paths:
            return _("Choose two models first.")
        if paths[0] == paths[1]:
            return _("Choose two different models.")
        if not self.folder.text().strip():
            return _("Choose a folder first.")
        return ""

    def _follow(self, *_what: object) -> None:
        obstacle = self._obstacle()
        self.button.setEnabled(not obstacle)
        self.button.setToolTip(style.tip(obstacle))


# -- in a worker thread


def _on_data(
    first: Path, second: Path, data: Path, report: Callable[[tuple[int, int, int]], None]
) -> Comparison:
    warm_up()
    report((0, 0, 0))
    one, other = TrainedModel.load(first), TrainedModel.load(second)
    return comparing.on_data(
        one, other, data, lambda model, done, total: report((model, done, total))
    )
