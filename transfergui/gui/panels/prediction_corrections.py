"""Wrong predictions are corrected in the table of Predict, kept, and become training examples."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.projects import corrected
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.gui.base import style, tasks, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.words import Noun
from transfergui.gui.panels.arrival_dialog import ArrivalDialog
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.samples.class_chooser import ClassChooser
from transfergui.gui.session import arrivals
from transfergui.gui.session.arrivals import Addition
from transfergui.gui.session.session import Session
from transfergui.gui.tables.prediction_table import PredictionTable

KEYS = 9
"""So many classes have a number key, in the order of the model."""


class PredictionCorrections(QObject):
    """See the module.

    Args:
        stage: the page.
        table: whose selected rows are corrected.
        model: returns the model that made the predictions; None while there is none.

    Attributes:
        row: how many are corrected, and what can be done with them; hidden without any.
    """

    def __init__(
        self,
        stage: QWidget,
        session: Session,
        table: PredictionTable,
        bar: MessageBar,
        model: Callable[[], TrainedModel | None],
    ) -> None:
        super().__init__(stage)
        self._stage, self._session, self._table, self._bar = stage, session, table, bar
        self._model = model
        self._place: Path | None = None
        self._kept: dict[str, str] = {}
        self._read = Task(self, corrected.waiting, self._on_read, self._failed)
        self._write = Task(self, corrected.keep, lambda _kept: None, self._failed)
        self._add = Task(self, _as_examples, self._on_examples, self._failed)
        table.add_action(_("Correct…"), self.correct, "F2")
        for number in range(1, KEYS + 1):
            key = QShortcut(QKeySequence(str(number)), table)
            key.setContext(Qt.ShortcutContext.WidgetShortcut)
            key.activated.connect(functools.partial(self._by_key, number))
        self.row = QWidget()
        self.count = WrappedLabel(role="caption")
        self.add = QPushButton(_("Add to training data…"))
        self.add.clicked.connect(self._ask)
        layout = QHBoxLayout(self.row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.count, 1)
        layout.addWidget(self.add)
        session.dataset_changed.connect(self._show)
        session.state_changed.connect(self._show)
        self._show()

    def follow(self) -> None:
        """Another model may predict: its own corrections are shown."""
        model = self._model()
        place = None if model is None else corrected.place(_data_of(model) or model.card.name)
        if place != self._place:
            self._place, self._kept = place, {}
            if place is not None:
                self._read.start(place)
        self._show()

    def correct(self) -> None:
        """Ask for the class that the selected rows should have."""
        model = self._correctable()
        if model is None or not self._table.chosen():
            return
        title = _("Correct {count} predictions").format(
            count=words.number(len(self._table.chosen()))
        )
        dialog = ClassChooser(title, model.classes, self._stage)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._set(dialog.chosen()))
        dialog.open()

    def _by_key(self, number: int) -> None:
        model = self._correctable()
        if model is not None and number <= len(model.classes):
            self._set(model.classes[number - 1])

    def _correctable(self) -> TrainedModel | None:
        """The model, if one class is predicted; why not is said."""
        model = self._model()
        one_class = model is None or (model.objective.confident and not model.objective.several)
        if not one_class:
            text = _(
                "Only predictions of one class can be corrected here. Label such examples in your "
                "own table, and add them with File > Add new examples."
            )
            self._bar.show_message(text, passing=True)
            return None
        return model

    def _set(self, name: str) -> None:
        """Correct the selected rows; those that are predicted so already are taken back."""
        for row in self._table.chosen():
            if row.problem or row.answer.parts:
                continue
            if name == row.label(0):
                self._kept.pop(str(row.path), None)
            else:
                self._kept[str(row.path)] = name
        if self._place is not None:
            self._write.start(self._place, dict(self._kept))
        self._show()

    def _on_read(self, kept: dict[str, str]) -> None:
        self._kept = kept | self._kept
        self._show()

    def _failed(self, error: UserError) -> None:
        self._bar.show_message(str(error), "error")

    # -- to the training data

    def _obstacle(self) -> str:
        """Why they cannot be added now, as a sentence; empty where they can."""
        model, session = self._model(), self._session
        if session.training:
            return _("A training is running. Stop the training first, or wait until it ends.")
        if model is None or session.dataset is None:
            return _("Open the data of this model first.")
        data, text = _data_of(model), ""
        same = {*model.classes} == {*session.dataset.classes}
        other = data != session.recipe.data.path if data else not same
        if other:
            text = _("Other data are open. Open “{name}”, which this model was trained on.")
        return text.format(name=shown(model.card.recipe.data.name))

    def _ask(self) -> None:
        if not self._obstacle():
            look = functools.partial(arrivals.newest_run, self._session.recipe)
            tasks.run(self._stage, look, self._ask_how)

    def _ask_how(self, run: Run | None) -> None:
        noun = Noun.of(registry.modality(self._session.recipe.modality))
        name = shown(self._session.recipe.data.name)
        wanted = Addition(Path(_("corrected predictions")), run=run)
        ArrivalDialog(self._stage, wanted, name, noun, self._take).open()

    def _take(self, wanted: Addition) -> None:
        if self._place is not None and self._kept:
            self._add.start(self._place, dict(self._kept), wanted)

    def _on_examples(self, made: Addition) -> None:
        self._kept = {}
        arrivals.add(self._session, made)
        self._show()

    def _show(self, *_changed: object) -> None:
        count = len(self._kept)
        text = ngettext("{count} prediction corrected", "{count} predictions corrected", count)
        self.count.setText(text.format(count=words.number(count)))
        why = self._obstacle()
        self.add.setEnabled(not why)
        tip = _("Train on the corrected examples from the next training on.")
        self.add.setToolTip(style.tip(why or tip))
        self.row.setVisible(count > 0)
        self._table.show_corrected({Path(path): name for path, name in self._kept.items()})


def _data_of(model: TrainedModel) -> str:
    """The path of the data that a model was trained on; empty of a package, which does not say."""
    return "" if model.run is None else model.run.recipe.data.path


def _as_examples(place: Path, labels: dict[str, str], wanted: Addition) -> Addition:
    """What is added, with the table that the corrections were written to."""
    kept = corrected.keep(place, labels)
    path = corrected.examples_of(place, kept)
    return Addition(path, wanted.new_test_percent, wanted.new_classes, wanted.run)
