"""A folder that is labelled: its table, with undo and saved after every change, and suggestions."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.interfaces.plan import Modality
from transfergui.core.labelling.table import LabelTable
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.words import Noun
from transfergui.gui.labelling import work
from transfergui.gui.labelling.history import TableHistory
from transfergui.gui.labelling.saving import TableSaver
from transfergui.gui.labelling.word_suggestions import WordSuggestions
from transfergui.gui.labelling.work import Opened, Suggested

if TYPE_CHECKING:
    from transfergui.core.labelling.features import Features

LEAST = 10
"""Labels from which on there are suggestions."""
LEAST_NAMES = 2
"""Classes from which on their names can suggest something."""
SETTLED = 250
"""Milliseconds after the last change before new suggestions are computed."""


class Labelling(QObject):
    """See the module. Every edit is one step of undo.

    Args:
        parent: Qt's owner.
        opened: what is labelled.

    Attributes:
        history: of the table.
        suggested: what follows from the labels so far.
        features: of all examples; None until they are computed.
        progress: how many examples have features, of how many, and when that began.
        words: suggestions from the class names alone.
        unanalysed: why there are no features.
        trouble: why the labels could not be saved.
    """

    changed = Signal()
    suggestions_changed = Signal()
    progressed = Signal()
    similar_found = Signal(object)  # list of paths, the most similar first
    troubled = Signal()

    def __init__(self, parent: QObject, opened: Opened) -> None:
        super().__init__(parent)
        self.opened = opened
        self.history = TableHistory(self, opened.table)
        self.suggested = Suggested()
        self.features: Features | None = None
        self.progress: tuple[int, int, float] | None = None
        self.unanalysed: UserError | None = None
        self.trouble: UserError | None = None
        self._together: set[str] = set()
        self.words = WordSuggestions(self, opened)
        self.words.changed.connect(self._on_words)
        self._known = frozenset(opened.paths)
        self._stale = False
        self._saver = TableSaver(self, opened)
        self._saver.failed.connect(self.tell)
        self._look = Task(
            self, work.features_of, self._on_features, self._on_not_analysed, self._on_progress
        )
        self._suggest = Task(self, work.suggest, self._on_suggested, self.tell)
        self._similar = Task(self, work.similar, self.similar_found.emit, self.tell)
        self._rest = QTimer(self, singleShot=True, interval=SETTLED)
        self._rest.timeout.connect(self._begin_suggesting)
        self.history.changed.connect(self._on_changed)

    # -- what is read

    @property
    def table(self) -> LabelTable:
        return self.history.table

    @property
    def names(self) -> tuple[str, ...]:
        """All classes that an example may be given, “none of these” the last."""
        return (*self.table.classes, self.table.none_class)

    @property
    def labelled(self) -> int:
        """How many examples have a label."""
        return sum(self.counts().values())

    def counts(self) -> Counter[str]:
        """How many of the examples have each label."""
        return Counter(name for path, name in self.table.labels.items() if path in self._known)

    @property
    def together(self) -> int:
        """How many labels are suggestions that were accepted several at once since it was opened:
        nobody need have looked at each."""
        return len(self._together & self.table.labels.keys())

    def guessed(self) -> Counter[str]:
        """For how many examples without a label each class is suggested."""
        labels, guesses = self.table.labels, self.suggested.guesses
        return Counter(guess.name for path, guess in guesses.items() if path not in labels)

    @property
    def modality(self) -> Modality:
        return self.opened.modality

    @property
    def noun(self) -> Noun:
        return Noun.of(self.opened.modality)

    def called(self, name: str) -> str:
        """A class as it is shown."""
        return _("None of these") if name == self.table.none_class else shown(name)

    # -- edits

    def label(self, paths: Collection[str], name: str) -> None:
        """Give examples a class, which is made where there is none of that name."""
        text = _("Label {amount} as “{name}”")
        said = text.format(amount=self.noun.amount(len(paths)), name=self.called(name))
        self._together.difference_update(paths)
        self.history.change(self.table.assigned(paths, name), said)

    def accept(self, paths: Collection[str]) -> list[str]:
        """Give examples the class that is suggested for each.

        Returns:
            Those for which one was.
        """
        guesses, table = self.suggested.guesses, self.table
        taken = [path for path in paths if path in guesses and path not in table.labels]
        for name in self.names:
            table = table.assigned([path for path in taken if guesses[path].name == name], name)
        if len(taken) > 1:
            self._together.update(taken)
        text = _("Accept the suggestions for {amount}")
        self.history.change(table, text.format(amount=self.noun.amount(len(taken))))
        return taken

    def clear(self, paths: Collection[str]) -> None:
        """Take the labels of examples away."""
        text = _("Clear the labels of {amount}").format(amount=self.noun.amount(len(paths)))
        self.history.change(self.table.cleared(paths), text)

    def add_class(self, name: str) -> None:
        text = _("Add the class “{name}”").format(name=shown(name))
        self.history.change(self.table.with_class(name), text)

    def rename(self, old: str, new: str) -> None:
        """Call a class otherwise; where the other one exists, the two become one."""
        text = _("Rename “{name}” to “{new}”").format(name=shown(old), new=shown(new))
        if new in self.table.classes:
            self.merge(old, new)
        else:
            self.history.change(self.table.renamed(old, new), text)

    def merge(self, name: str, into: str) -> None:
        """Make two classes one."""
        text = _("Merge “{name}” into “{other}”")
        said = text.format(name=shown(name), other=self.called(into))
        self.history.change(self.table.merged((name, into), into), said)

    def split(self, paths: Sequence[str], new: str) -> None:
        """Make a class of some examples."""
        text = _("Make {amount} the class “{name}”")
        said = text.format(amount=self.noun.amount(len(paths)), name=shown(new))
        self.history.change(self.table.assigned(paths, new), said)

    def remove(self, name: str) -> None:
        """Remove a class: its examples have no label any more."""
        text = _("Delete the class “{name}”").format(name=shown(name))
        self.history.change(self.table.without_class(name), text)

    # -- in the background

    def begin(self) -> None:
        """Compute the features, without which nothing can be suggested."""
        self.unanalysed = None
        self.progress = (0, len(self.opened.paths), time.monotonic())
        self._look.start(self.opened)
        self.words.look()
        self.progressed.emit()

    def stop_analysis(self) -> None:
        """Compute no features: nothing will be suggested."""
        self._look.cancel()
        self.progress = None
        self.progressed.emit()

    @property
    def lacking(self) -> int:
        """How many more labels are needed before anything is suggested."""
        return max(0, LEAST - self.labelled)

    def look_for_similar(self, paths: Sequence[str]) -> None:
        """Sort all others by how much they are like these; ``similar_found`` tells them."""
        if self.features is not None:
            self._similar.start(self.features, paths)

    def finish(self) -> None:
        """End the work, and save what was not saved yet.

        Raises:
            UserError: as of :meth:`save_now`; the work has ended all the same.
        """
        self.words.finish()
        for task in (self._look, self._suggest, self._similar):
            task.cancel()
        self._rest.stop()
        self.save_now()

    def save_now(self) -> None:
        """Save what was not saved yet.

        Raises:
            UserError: the labels cannot be saved, as on a full disk.
        """
        self._saver.save_now()

    def _on_changed(self) -> None:
        self._saver.save(self.table)
        self._rest.start()
        self.changed.emit()

    def _begin_suggesting(self) -> None:
        """One computation at a time: of thousands of labels, it takes seconds."""
        self._stale = self._suggest.running
        known = self.features is not None or self.words.rows is not None
        if known and not self._stale:
            self._suggest.start(self.features, self.table, self.words.rows)

    def _on_words(self) -> None:
        if self.words.rows is not None:
            self._begin_suggesting()

    def _on_progress(self, done: tuple[int, int]) -> None:
        assert self.progress is not None
        self.progress = (*done, self.progress[2])
        self.progressed.emit()

    def _on_features(self, features: Features) -> None:
        self.features, self.progress = features, None
        self.progressed.emit()
        self._begin_suggesting()

    def _on_suggested(self, suggested: Suggested) -> None:
        self.suggested = suggested
        if suggested.wordless is not None:
            self.words.give_up(suggested.wordless)
        self.suggestions_changed.emit()
        if self._stale:
            self._begin_suggesting()

    def _on_not_analysed(self, error: UserError) -> None:
        self.unanalysed, self.progress = error, None
        self.progressed.emit()

    def tell(self, error: UserError) -> None:
        """Show what went wrong."""
        self.trouble = error
        self.troubled.emit()
