"""A model that compares class names with the examples: found on this computer, chosen, asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.labelling import word_networks
from transfergui.core.labelling.word_networks import WordNetwork
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.labelling.work import Opened

if TYPE_CHECKING:
    from transfergui.core.labelling.words import WordRows


class WordSuggestions(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        opened: what is labelled.

    Attributes:
        known: what such models are called; none where there are none for these examples.
        network: the one that would be asked; None where none was found.
        looked: whether it was looked for.
        rows: what it makes of the examples; None until it was asked.
        progress: how many examples it has compared, of how many, and when that began.
        trouble: why it cannot be used.
    """

    changed = Signal()

    def __init__(self, parent: QObject, opened: Opened) -> None:
        super().__init__(parent)
        self._opened = opened
        self.known = word_networks.families(opened.modality)
        self.network: WordNetwork | None = None
        self.looked = False
        self.rows: WordRows | None = None
        self.progress: tuple[int, int, float] | None = None
        self.trouble: UserError | None = None
        self._find = Task(self, found, self._on_found)
        self._choose = Task(self, chosen, self._on_chosen, self._on_trouble)
        self._compare = Task(self, rows_of, self._on_rows, self._on_trouble, self._on_progress)

    def look(self) -> None:
        """Look for a model on this computer."""
        if self.known and self.rows is None:
            self._find.start(self._opened)

    def choose(self, folder: Path) -> None:
        """Take the model in a folder, from now on, and ask it."""
        self._choose.start(self._opened, folder)

    def begin(self) -> None:
        """Compare the examples, after which their classes can be suggested by name."""
        if self.network is not None:
            self.trouble = None
            self.progress = (0, len(self._opened.paths), time.monotonic())
            self._compare.start(self._opened, self.network)
            self.changed.emit()

    def cancel(self) -> None:
        """Compare no further."""
        self._compare.cancel()
        self.progress = None
        self.changed.emit()

    def give_up(self, error: UserError) -> None:
        """Use the model no more: it cannot be asked for the names of now."""
        self.rows = None
        self._on_trouble(error)

    def finish(self) -> None:
        """End the work."""
        for task in (self._find, self._choose, self._compare):
            task.cancel()

    def _on_found(self, network: WordNetwork | None) -> None:
        self.network, self.looked = network, True
        self.changed.emit()

    def _on_chosen(self, network: WordNetwork) -> None:
        self.network, self.looked = network, True
        self.begin()

    def _on_progress(self, done: tuple[int, int]) -> None:
        if self.progress is not None and done[1]:
            self.progress = (*done, self.progress[2])
            self.changed.emit()

    def _on_rows(self, rows: WordRows) -> None:
        self.rows, self.progress = rows, None
        self.changed.emit()

    def _on_trouble(self, error: UserError) -> None:
        self.trouble, self.progress = error, None
        self.changed.emit()


# -- in worker threads


def found(opened: Opened) -> WordNetwork | None:
    """The model that is on this computer."""
    return word_networks.found(opened.modality)


def chosen(opened: Opened, folder: Path) -> WordNetwork:
    """The model in a folder, which is remembered.

    Raises:
        UserError: there is none.
    """
    network = word_networks.opened(folder, opened.modality)
    word_networks.remember(network)
    return network


def rows_of(
    opened: Opened, network: WordNetwork, report: Callable[[tuple[int, int]], None]
) -> WordRows:
    """What a model makes of all examples.

    Raises:
        UserError: it cannot be used, or the examples cannot be read.
    """
    warm_up()
    from transfergui.core.labelling import word_features
    from transfergui.core.labelling.words import WordRows

    def tell(done: int, total: int) -> None:
        report((done, total))

    return WordRows(network, word_features.of_examples(network, opened.examples, tell))
