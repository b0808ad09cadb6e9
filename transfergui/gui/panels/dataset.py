"""The first card: what is learnt from. Open a folder, see how much is in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.paths import shown
from transfergui.core.data.dataset import Dataset
from transfergui.core.data.split import count_of, problems
from transfergui.gui.base import style, words
from transfergui.gui.base.run_names import with_added
from transfergui.gui.base.settings import Settings
from transfergui.gui.base.words import Noun
from transfergui.gui.panels.other_data import OtherData
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.session import recent
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State


class DatasetPanel(QWidget):
    """Three pages: nothing open, scanning, what is open. The window around it takes drops.

    Attributes:
        folder_wanted, file_wanted: a button was pressed.
        path_chosen: with the recent folder or file that was chosen.
        added_folder_wanted, added_file_wanted: new examples are to be added to what is open.
    """

    folder_wanted = Signal()
    file_wanted = Signal()
    path_chosen = Signal(object)
    added_folder_wanted = Signal()
    added_file_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.empty = _Empty(self)
        self.scanning = _Scanning()
        self.opened = _Opened(self, session)
        self._pages = (self.empty, self.scanning, self.opened)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for page in self._pages:
            layout.addWidget(page)
        session.state_changed.connect(self._show_state)
        session.dataset_changed.connect(self._show_dataset)
        session.scan_progressed.connect(self.scanning.count)
        self.scanning.cancel.clicked.connect(session.cancel_scan)
        self._show_dataset(session.dataset)

    def summary(self) -> str:
        """What is open, in one line."""
        dataset = self._session.dataset
        if dataset is None:
            return _("No data open")
        found = problems(dataset, self._session.split)
        beside = (Path(path).name for _role, path in self._session.recipe.others())
        own = f"{shown(dataset.source.name)} · {describe(dataset, count_of(found))}"
        return " + ".join((own, *map(shown, beside)))

    def recent_menu(self) -> QMenu:
        """What was opened lately; filled anew each time it is shown."""
        menu = QMenu(_("Recent"), self)
        menu.aboutToShow.connect(lambda: self._fill_recent(menu))
        return menu

    def _fill_recent(self, menu: QMenu) -> None:
        recent.fill(menu, Settings().remembered.recent, self.path_chosen.emit)
        if menu.isEmpty():
            menu.addAction(_("Nothing opened yet")).setEnabled(False)

    def _show_state(self, state: State) -> None:
        self.opened.allow(not self._session.training)
        if state is State.SCANNING:
            self.scanning.begin()
            self._show_page(self.scanning)
        else:
            self._show_page(self.empty if self._session.dataset is None else self.opened)

    def _show_page(self, wanted: QWidget) -> None:
        for page in self._pages:
            page.setVisible(page is wanted)

    def _show_dataset(self, dataset: Dataset | None) -> None:
        if dataset is not None:
            found = problems(dataset, self._session.split)
            self.opened.show_dataset(dataset, count_of(found), self._session.recipe.data.added)
        self._show_state(self._session.state)


def _noun(modality: str) -> Noun:
    return Noun.of(registry.modality(modality))


def _amount(dataset: Dataset) -> str:
    """``12 recordings``; of long ones, ``31 clips of 12 recordings``."""
    return words.amount(registry.modality(dataset.modality), len(dataset.samples), dataset.files)


def describe(dataset: Dataset, problems: int) -> str:
    """``412 pictures, 6 classes, 3 problems``."""
    parts = [_amount(dataset), words.counted(dataset)]
    if problems:
        parts.append(words.problems(problems))
    return comma_list(parts)


class _Empty(QWidget):
    """Nothing is open: says what belongs here and offers it."""

    def __init__(self, panel: DatasetPanel) -> None:
        super().__init__()
        self.what = QLabel()
        self.what.setWordWrap(True)
        self.say("")
        self.folder = QPushButton(_("Folder…"))
        self.folder.setAccessibleName(_("Open a folder"))
        self.folder.setToolTip(_("Choose a folder with one subfolder for each class."))
        self.folder.clicked.connect(panel.folder_wanted)
        self.file = QPushButton(_("File…"))
        self.file.setAccessibleName(_("Open a file"))
        self.file.setToolTip(
            _(
                "Choose a table (Excel, CSV, TSV, JSON) with one example in each row, a zip file "
                "or tar files."
            )
        )
        self.file.clicked.connect(panel.file_wanted)
        self.recent = QPushButton(_("Recent"))
        self.recent.setToolTip(_("Recently opened data."))
        self.recent.setMenu(panel.recent_menu())
        buttons = QHBoxLayout()
        buttons.setSpacing(style.INSIDE)
        buttons.addWidget(self.folder)
        buttons.addWidget(self.file)
        buttons.addWidget(self.recent)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.what)
        layout.addLayout(buttons)
        layout.addStretch()

    def say(self, text: str) -> None:
        """Say what was opened that is no data to train with; empty where there is nothing."""
        self.what.setText(text or _("Drop a folder here, or open one:"))


class _Scanning(QWidget):
    """A folder is read: how far, and a way out."""

    def __init__(self) -> None:
        super().__init__()
        self.text = QLabel()
        self.text.setProperty("role", "title")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Reading the data"))
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.setToolTip(_("Stop reading and keep the data that were open before."))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.text)
        layout.addWidget(self.bar)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch()

    def begin(self) -> None:
        self.text.setText(_("Reading the data…"))

    def count(self, count: int) -> None:
        self.text.setText(_("{count} files so far…").format(count=words.number(count)))


class _Opened(QWidget):
    """What is open: its name and its size, and other data. The Data stage shows its classes."""

    def __init__(self, panel: DatasetPanel, session: Session) -> None:
        super().__init__()
        self.name = ElidedLabel(role="title")
        self.size_text = QLabel()
        self.size_text.setProperty("role", "caption")
        self.size_text.setWordWrap(True)
        self.others = OtherData(session, new_wanted=panel.added_folder_wanted.emit)
        self.open = self._button(panel)
        head = QHBoxLayout()
        head.setSpacing(style.INSIDE)
        head.addWidget(self.name, 1)
        head.addWidget(self.open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addLayout(head)
        layout.addWidget(self.size_text)
        layout.addWidget(self.others)

    def show_dataset(self, dataset: Dataset, problems: int, added: Sequence[str]) -> None:
        """
        Args:
            added: the paths of what was added to it.
        """
        every = [dataset.source, *map(Path, added)]
        self.name.setText(shown(with_added(dataset.source.name, added)))
        self.name.setToolTip(style.tip("\n".join(shown(path) for path in every)))
        self.size_text.setText(describe(dataset, problems))

    def allow(self, opening: bool) -> None:
        """Whether something else may be opened now."""
        self.open.setEnabled(opening)
        self.open.setToolTip(
            _("Open another folder or file.")
            if opening
            else _("A training is running. Stop the training first, or wait until it ends.")
        )

    def _button(self, panel: DatasetPanel) -> QPushButton:
        button = QPushButton(_("Open"))
        button.setAccessibleName(_("Open other data"))
        menu = QMenu(button)
        menu.addAction(_("Folder…"), panel.folder_wanted.emit)
        menu.addAction(_("File…"), panel.file_wanted.emit)
        menu.addMenu(panel.recent_menu())
        menu.addSeparator()
        menu.addAction(_("Add new examples from a folder…"), panel.added_folder_wanted.emit)
        menu.addAction(_("Add new examples from a file…"), panel.added_file_wanted.emit)
        button.setMenu(menu)
        return button
