"""Predictions are corrected or confirmed in the table of Predict, kept, and become training
examples."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.data.targets import members
from transfergui.core.evaluation import box_marks
from transfergui.core.labelling import table as tables
from transfergui.core.projects import corrected
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.gui.base import style, tasks, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.words import Noun
from transfergui.gui.panels.arrival_dialog import ArrivalDialog
from transfergui.gui.panels.box_corrector import BoxCorrector
from transfergui.gui.panels.correction_steps import CorrectionSteps
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.samples.class_chooser import ClassChooser
from transfergui.gui.samples.sample_pane import Decode
from transfergui.gui.session import arrivals
from transfergui.gui.session.arrivals import Addition
from transfergui.gui.session.session import Session
from transfergui.gui.tables.prediction_table import PredictionTable

LONGEST = 20
"""Letters of the name of a class beside its key."""


class PredictionCorrections(QObject):
    """See the module.

    Args:
        stage: the page.
        table: whose selected rows are corrected.
        model: returns the model that made the predictions; None while there is none.

    Attributes:
        row: how many are corrected, and what can be done with them; hidden where none can be.
        undo_changed: something else can be undone now.
        kept_changed: what is corrected or confirmed.
    """

    undo_changed = Signal()
    kept_changed = Signal()

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
        self._live = False
        self._kept: dict[str, str] = {}
        self._added: dict[str, str] = {}  # by earlier corrections, which the data have
        self._copies: dict[str, str] = {}  # of files that would not stay, by the path of the file
        self._tables: tuple[str, ...] = ()
        self._keys: dict[str, str] = {}
        self._steps = CorrectionSteps()
        self._read_added = Task(self, _labels_in, self._on_added, self._failed)
        self._read = Task(self, corrected.waiting, self._on_read, self._failed)
        self._find_keys = Task(self, tables.keys, self._on_keys, self._failed)
        self._write = Task(self, corrected.keep, lambda _kept: None, self._failed)
        self._add = Task(self, _as_examples, self._on_examples, self._failed)
        table.add_action(_("Correct…"), self.correct, "F2")
        table.add_action(_("Remove correction"), self.remove, "Del")
        for number in range(10):
            key = QShortcut(QKeySequence(str(number)), table)
            key.setContext(Qt.ShortcutContext.WidgetShortcut)
            key.activated.connect(functools.partial(self._by_key, number))
        self.row = QWidget()
        self.count = WrappedLabel(role="caption")
        self.change = QPushButton(_("Correct…"))
        text = _(
            "Give the selected predictions another class, or confirm theirs (F2, or the key of "
            "the class)."
        )
        self.change.setToolTip(style.tip(text))
        self.change.clicked.connect(self.correct)
        self.add = QPushButton(_("Add to training data…"))
        self.add.clicked.connect(self._ask)
        layout = QHBoxLayout(self.row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.count, 1)
        layout.addWidget(self.change)
        layout.addWidget(self.add)
        table.selectionModel().selectionChanged.connect(self._allow)
        session.dataset_changed.connect(self._show)
        session.state_changed.connect(self._show)
        self._show()

    def follow(self, live: bool = False) -> None:
        """Another model may predict: its own corrections are shown.

        Args:
            live: what a camera or a microphone gives is shown instead.
        """
        self._live = live
        model = self._model()
        place = None if model is None else corrected.place(_data_of(model) or model.card.name)
        if place != self._place:
            self._place, self._kept, self._keys = place, {}, {}
            self._steps.clear()
            self.undo_changed.emit()
            if place is not None:
                self._read.start(place)
        if model is not None:
            labels = "" if model.run is None else model.run.recipe.data.labels
            self._find_keys.start(Path(labels) if labels else None, model.classes)
        self._show()

    @property
    def kept(self) -> dict[str, str]:
        """The label of each file that was corrected or confirmed, by its path."""
        return self._kept

    def correct(self) -> None:
        """Ask for the class that the selected rows should have."""
        model = self._correctable()
        if model is None or not self._table.chosen():
            return
        if model.objective.places:
            self._correct_boxes(model)
            return
        title = _correct_text(len(self._table.chosen()))
        named = dict.fromkeys((*self._keys.values(), *model.classes))
        dialog = ClassChooser(title, tuple(named), self._stage)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._set(dialog.chosen()))
        dialog.open()

    def _correct_boxes(self, model: TrainedModel) -> None:
        """Open the boxes of the first selected row; from there, one goes on through all rows."""
        rows = [row for row in self._table.rows.shown if row.answer.said is not None]
        found = {row.path: row.answer.said.label for row in rows if row.answer.said is not None}
        first = next((row.path for row in self._table.chosen() if row.path in found), None)
        if first is not None:
            modality, input = model.modality, model.input
            decode: Decode = lambda path, large=False, /: modality.preview(path, input, large)  # noqa: E731
            names = model.found.targets.names
            asked = (found, first, lambda: self._kept, names, decode, self._keep_boxes, self.undo)
            BoxCorrector(*asked, self._stage).open()

    def _keep_boxes(self, path: Path, text: str) -> None:
        self._change(_correct_text(1), self._kept | {str(path): text})

    def _by_key(self, number: int) -> None:
        model = self._model()
        if model is not None and model.objective.places:
            return
        if self._correctable() is not None and str(number) in self._keys:
            self._set(self._keys[str(number)])

    def _correctable(self) -> TrainedModel | None:
        """The model, if one class or boxes are predicted; why not is said."""
        model = self._model()
        if model is not None and not _can_correct(model):
            text = _(
                "Only predictions of one class, and boxes, can be corrected here. Label such "
                "examples in your own table, and add them with File > Add new examples."
            )
            self._bar.show_message(text, passing=True)
            return None
        return model

    def _set(self, name: str) -> None:
        """Correct the selected rows; those that are predicted so already are confirmed."""
        rows = [row for row in self._table.chosen() if not (row.problem or row.answer.parts)]
        if not rows:
            return
        if all(name == row.label(0) for row in rows):
            text = ngettext("Confirm {count} prediction", "Confirm {count} predictions", len(rows))
            text = text.format(count=words.number(len(rows)))
        else:
            text = _correct_text(len(rows))
        self._change(text, self._kept | {str(row.path): name for row in rows})

    def remove(self) -> None:
        """Take back what was said of the selected rows."""
        gone = {str(row.path) for row in self._table.chosen()} & self._kept.keys()
        text = ngettext("Remove {count} correction", "Remove {count} corrections", len(gone))
        left = {path: name for path, name in self._kept.items() if path not in gone}
        self._change(text.format(count=words.number(len(gone))), left)

    def _change(self, text: str, kept: dict[str, str]) -> None:
        """Keep these from now on, with undo."""
        self._steps.done(text, self._kept, kept)
        self._keep(kept)

    def _keep(self, kept: dict[str, str]) -> None:
        self._kept = kept
        if self._place is not None:
            self._write.start(self._place, dict(kept))
        self._show()
        self.undo_changed.emit()
        self.kept_changed.emit()

    # -- undo

    @property
    def undo_text(self) -> str:
        """What :meth:`undo` would undo; empty when there is nothing."""
        return self._steps.past[-1].text if self._steps.past else ""

    @property
    def redo_text(self) -> str:
        """What :meth:`redo` would do again; empty when there is nothing."""
        return self._steps.future[-1].text if self._steps.future else ""

    def undo(self) -> None:
        """Back to what was corrected before the last step."""
        if self._steps.past:
            self._keep(self._steps.undo(self._kept))

    def redo(self) -> None:
        """Forward again after :meth:`undo`."""
        if self._steps.future:
            self._keep(self._steps.redo(self._kept))

    # -- what was kept

    def _on_read(self, kept: dict[str, str]) -> None:
        self._kept = kept | self._kept
        self._show()
        self.kept_changed.emit()

    def _on_keys(self, keys: dict[str, str]) -> None:
        self._keys = keys
        self._show()

    def _on_added(self, added: dict[str, str]) -> None:
        self._added = added
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
        known = members(session.dataset.targets, session.dataset.classes)
        same = {*members(model.found.targets, model.classes)} == {*known}
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

    def _on_examples(self, found: tuple[Addition, dict[str, str]]) -> None:
        made, copies = found
        self._kept, self._copies = {}, self._copies | copies
        self._steps.clear()
        arrivals.add(self._session, made)
        self._show()
        self.undo_changed.emit()

    def _show(self, *_changed: object) -> None:
        tables = tuple(filter(corrected.is_table, self._session.recipe.data.added))
        if tables != self._tables:
            self._tables = tables
            self._read_added.start(tables)
        count = len(self._kept)
        text = ngettext(
            "{count} prediction corrected or confirmed",
            "{count} predictions corrected or confirmed",
            count,
        ).format(count=words.number(count))
        hint = _("Is a prediction wrong? Select it and give it the right class.")
        places = (model := self._model()) is not None and model.objective.places
        if places:
            hint = _("Are boxes wrong? Select a picture and correct them (F2).")
        keys = [f"{key} = {words.brief(shown(name), LONGEST)}" for key, name in self._keys.items()]
        keys = [] if places else keys
        self.count.setText(" · ".join((text if count else hint, *keys)))
        why = self._obstacle()
        self.add.setEnabled(not why)
        tip = _("Train on the corrected examples from the next training on.")
        self.add.setToolTip(style.tip(why or tip))
        self.add.setVisible(count > 0)
        some = model is not None and _can_correct(model) and bool(self._table.rows.rows)
        self.change.setVisible(some)
        self.row.setVisible((count > 0 or some) and not self._live)
        self._allow()
        named = {path: self._added.get(copy) for path, copy in self._copies.items()}
        kept, added = (
            {Path(path): name for path, name in labels.items() if name is not None}
            for labels in (self._kept, named | self._added)
        )
        self._table.show_corrected(kept, added, box_marks.summary if places else shown)

    def _allow(self, *_selected: object) -> None:
        self.change.setEnabled(self._table.selectionModel().hasSelection())


def _can_correct(model: TrainedModel) -> bool:
    """Whether a model predicts one class of each example, or boxes."""
    objective = model.objective
    return objective.places or (objective.confident and not objective.several)


def _correct_text(count: int) -> str:
    """What correcting so many predictions is called."""
    text = ngettext("Correct {count} prediction", "Correct {count} predictions", count)
    return text.format(count=words.number(count))


def _data_of(model: TrainedModel) -> str:
    """The path of the data that a model was trained on; empty of a package, which does not say."""
    return "" if model.run is None else model.run.recipe.data.path


def _labels_in(tables: tuple[str, ...]) -> dict[str, str]:
    """The labels of all these tables; those of a later one count.

    Raises:
        UserError: as of :func:`corrected.waiting`.
    """
    labels: dict[str, str] = {}
    for table in tables:
        labels |= corrected.waiting(Path(table))
    return labels


def _as_examples(
    place: Path, labels: dict[str, str], wanted: Addition
) -> tuple[Addition, dict[str, str]]:
    """What is added, with the table that the corrections were written to; and where each file is
    kept, by its path."""
    copies = {path: corrected.stays(place, path) for path in labels}
    kept = corrected.keep(place, labels)
    path = corrected.examples_of(place, kept)
    made = Addition(path, wanted.new_test_percent, wanted.new_classes, wanted.run)
    return made, copies
