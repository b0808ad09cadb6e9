"""A row in which a trained network is chosen: from the list of runs, or as a file."""

from __future__ import annotations

import contextlib
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from transfergui.core.base.errors import UserError
from transfergui.core.base.file_kinds import MODEL
from transfergui.core.base.i18n import _
from transfergui.core.runs import run as runs
from transfergui.core.runs.run import Run
from transfergui.gui.base import file_dialogs, style
from transfergui.gui.base.tasks import Task
from transfergui.gui.networks.model_chooser import ModelChoice, ModelChooser
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State


class ModelRow(QHBoxLayout):
    """See the module.

    Args:
        title: of the row; by default that it is a model.

    Attributes:
        chooser: the list.
        known: the runs in the list.
        reading: whether it is not known yet which runs there are.
        kinds: key of what a model looks at, by its path; of files only where that is known.
    """

    listed = Signal(bool)
    """The list was replaced: whether another model is chosen now."""
    opened = Signal()
    """The file of a model was chosen."""

    def __init__(self, session: Session, title: str = "") -> None:
        super().__init__()
        self._session = session
        self._find = Task(self, _find_models, self._show)
        self._was = session.state
        session.state_changed.connect(self._follow_training)
        self._files: list[ModelChoice] = []
        self._names: dict[Path, str] = {}
        self.kinds: dict[Path, str] = {}
        self.known: list[ModelChoice] = []
        self.reading = True
        self.chooser = ModelChooser()
        self.chooser.setAccessibleName(title.replace("&", "") or _("Model"))
        self._say_why_empty()
        label = QLabel(title or _("&Model"))
        label.setBuddy(self.chooser)
        open_file = QPushButton(_("Open a model file…"))
        open_file.setToolTip(_("A model package or an ONNX file."))
        open_file.clicked.connect(lambda _checked=False: self.ask())
        self.setSpacing(style.INSIDE)
        self.addWidget(label)
        self.addWidget(self.chooser, 1)
        self.addWidget(open_file)

    @property
    def current(self) -> Path | None:
        """Where the chosen network is."""
        path: Path | None = self.chooser.currentData()
        return path

    @property
    def choice(self) -> ModelChoice | None:
        """What is known of the chosen run; None where it is a file."""
        return next((each for each in self.known if each.path == self.current), None)

    @property
    def kind(self) -> str:
        """Key of what the chosen network looks at; empty as long as that is not known."""
        return self.kinds.get(self.current, "") if self.current is not None else ""

    def name_of(self, path: Path) -> str:
        """What people call the network at ``path``."""
        return self._names.get(path, path.name)

    def refresh(self) -> None:
        """Look which trained networks there are."""
        self._find.start()

    def choose(self, path: Path) -> None:
        """Take this run, package or ONNX file."""
        choice = ModelChoice(path, path.name)
        if self.chooser.place_of(path) < 0:
            self._files.append(choice)
        self._names.setdefault(path, choice.name)
        self.chooser.choose(choice)

    def take_over(self, former: ModelRow) -> None:
        """Know and choose what another row does."""
        self._files, self._names = list(former._files), dict(former._names)
        self.kinds, self.known = dict(former.kinds), list(former.known)
        self.reading = former.reading
        self.chooser.take_over(former.chooser)

    def ask(self) -> None:
        """Ask for the file of a model."""
        kinds = _("Models") + f" (*.zip *{MODEL.suffix} *.onnx)"
        parent = self.parentWidget()
        assert parent is not None
        if file := file_dialogs.ask_file(parent, _("Open a model"), "model", kinds):
            self.choose(file)
            self.opened.emit()

    def _follow_training(self, state: State) -> None:
        """After a training, its model is the one to choose: the list is filled anew then."""
        was, self._was = self._was, state
        if state is State.READY and was in (State.TRAINING, State.STOPPING):
            self.chooser.follow()
            self.refresh()

    def _say_why_empty(self) -> None:
        """In the place of a model, while there is none."""
        if not self.chooser.count():
            self.chooser.setToolTip(_("The model that makes the predictions."))
            self.chooser.setPlaceholderText(
                _("Reading the models…")
                if self.reading
                else _("No model yet: train one, or open a model file")
            )

    def _show(self, found: list[ModelChoice]) -> None:
        """The run that is shown stands first, and is taken until the user chooses another."""
        run = self._session.run
        self.known, self.reading = found, False
        self._say_why_empty()
        self.kinds |= {choice.path: choice.modality for choice in found}
        self._names |= {choice.path: choice.name for choice in found}
        self.listed.emit(self.chooser.fill([*found, *self._files], run.path if run else None))


def _find_models() -> list[ModelChoice]:
    """The runs in which there is a trained network, newest first."""
    found = []
    for run in filter(_trained, runs.list_runs()):
        with contextlib.suppress(UserError):  # the Runs stage says what is wrong with it
            found.append(ModelChoice.of(run))
    return found


def _trained(run: Run) -> bool:
    return (run.checkpoints / "best.safetensors").is_file()
