"""A folder that is watched as long as this window is open, and what happens in it."""

from __future__ import annotations

import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QRadioButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.acting.plan import ActOptions
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, ngettext, paragraph
from transfergui.core.base.messages import for_window
from transfergui.core.base.paths import shown
from transfergui.core.watching.watch import Looked, Waiting, WatchOptions
from transfergui.gui.acting.folder_watch import FolderWatch, Shown, WatchedRow
from transfergui.gui.acting.forms import HOW, ActForm, FolderField
from transfergui.gui.base import desktop, style, words
from transfergui.gui.parts.labels import WrappedLabel

SIZE = (760, 600)
BESIDE = "_sorted"
"""Behind the name of the folder, for that of the results."""
MOST = 500
"""Files that are listed: the last ones; the table on the disk has all."""
PATIENCE = 3.0
"""Seconds that the program waits at its end for the files at hand."""
WAYS = (
    *HOW,
    ("table", N_("Table only"), N_("The files stay where they are; only the table is written.")),
)


class WatchForm(ActForm):
    """Which folder, and what is done with its files.

    Args:
        name: of the model.
        unsure: per cent of confidence below which files go apart.
    """

    def __init__(self, name: str, unsure: float) -> None:
        super().__init__()
        self._name, self._unsure = name, unsure
        self.folder = FolderField(self, _("Folder to watch"))
        self.folder.field.setPlaceholderText(_("Where new files arrive"))
        self.to = FolderField(self, _("Folder for the results"))
        self._proposed = ""
        self.folder.field.textChanged.connect(self._propose)
        self.how = QButtonGroup(self)
        self.said = WrappedLabel(role="caption")
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.said.setFixedHeight(2 * QFontMetrics(style.font(style.SMALL)).lineSpacing() + 2)
        self.new_only = QCheckBox(_("Only files that arrive from now on"))
        self.new_only.setToolTip(
            style.tip(
                _(
                    "What is in the folder when it is watched for the first time is left alone. "
                    "Without this, it is predicted, too."
                )
            )
        )
        ways = QHBoxLayout()
        ways.setSpacing(style.BETWEEN)
        for at, (_key, title, _said) in enumerate(WAYS):
            button = QRadioButton(_(title))
            self.how.addButton(button, at)
            ways.addWidget(button)
        ways.addStretch(1)
        self.how.button(0).setChecked(True)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(style.INSIDE)
        form.addRow(_("Folder"), self.folder)
        form.addRow(_("Results in"), self.to)
        form.addRow(_("Files"), ways)
        form.addRow("", self.said)
        form.addRow("", self.new_only)
        self.how.idToggled.connect(lambda _id, on: self._follow() if on else None)
        self.new_only.toggled.connect(self.changed)
        self._follow()

    def _propose(self, _text: str) -> None:
        """Results beside the folder that is watched, until the user chooses where."""
        if self.to.field.text() == self._proposed:
            path = self.folder.path
            self._proposed = f"{path}{BESIDE}" if path and Path(path).name else ""
            self.to.field.setText(self._proposed)

    def _follow(self) -> None:
        self.said.setText(_(WAYS[self.how.checkedId()][2]))
        self.changed.emit()

    def watch_options(self) -> WatchOptions | None:
        """What was chosen; None as long as a folder is missing."""
        if not (self.folder.path and self.to.path):
            return None
        how = WAYS[self.how.checkedId()][0]
        table_only = how == "table"
        act = ActOptions(
            to=self.to.path,
            how="copy" if table_only else how,  # type: ignore[arg-type]
            threshold=self._unsure,
            model=self._name,
        )
        new_only = self.new_only.isChecked()
        folder = self.folder.path
        return WatchOptions(folder=folder, act=act, table_only=table_only, new_only=new_only)


class WatchDialog(QDialog):
    """See the module; it leaves the window behind it free.

    Args:
        model: a run, a package or a file.
        name: of the model.
        unsure: as of :class:`WatchForm`.
    """

    def __init__(
        self, model: Path, name: str, unsure: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Watch a folder with the model {name}").format(name=shown(name)))
        self._model = model
        self._count = self._aside = 0
        self._table: Path | None = None
        self._why = ""
        self.form = WatchForm(name, unsure)
        self.files = _files()
        self.said = WrappedLabel()
        self.start = QPushButton()
        self.reveal = QPushButton(_("Show in folder"))
        self.close_button = QPushButton(_("Close"))
        self.watch = FolderWatch(self)
        self._build()
        self._follow()

    def _build(self) -> None:
        self.start.setProperty("role", "primary")
        self.start.setDefault(True)
        self.start.clicked.connect(self.press)
        self.reveal.clicked.connect(self._reveal)
        self.close_button.clicked.connect(self.reject)
        self.form.changed.connect(self._follow)
        style.theme.changed.connect(self._dress)
        self.watch.happened.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self.watch.ended.connect(self._end, Qt.ConnectionType.QueuedConnection)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(lambda: self.watch.stop(PATIENCE))
        buttons = QHBoxLayout()
        buttons.setSpacing(style.INSIDE)
        buttons.addWidget(self.reveal)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.BETWEEN)
        layout.addWidget(self.form)
        layout.addWidget(self.files, 1)
        layout.addWidget(self.said)
        layout.addLayout(buttons)
        self.resize(*SIZE)
        self._say(
            _("New files are predicted and sorted as they come, as long as this window is open.")
        )

    def press(self) -> None:
        """Begin, or stop after the files at hand."""
        options = self.form.watch_options()
        if self.watch.running:
            self.watch.stop()
            self.start.setEnabled(False)
        elif options is not None:
            self._count = self._aside = 0
            self._why = ""
            self._say(_("Loading the model…"))
            self.watch.start(self._model, options)
            self._follow()

    def reject(self) -> None:
        self.watch.stop(PATIENCE)
        super().reject()

    # -- what happens

    def _take(self, what: Shown) -> None:
        if isinstance(what, WatchedRow):
            self._count += not what.aside
            self._aside += what.aside
            self._add(what)
        elif isinstance(what, Waiting):
            self._why = for_window(what.why.sentence())
            self._say(self._why, "warning")
        else:
            self._take_look(what)

    def _take_look(self, look: Looked) -> None:
        self._table = look.table
        if look.blocked:
            return
        self._why = ""
        told = [ngettext("{n} prediction.", "{n} predictions.", self._count)]
        told[0] = told[0].format(n=words.number(self._count))
        if self._aside:
            text = ngettext("{n} file set aside.", "{n} files set aside.", self._aside)
            told.append(text.format(n=words.number(self._aside)))
        if look.waiting:
            text = ngettext(
                "{n} file is still arriving.", "{n} files are still arriving.", look.waiting
            )
            told.append(text.format(n=words.number(look.waiting)))
        if look.others:
            text = ngettext(
                "{n} file of another kind is left alone.",
                "{n} files of other kinds are left alone.",
                look.others,
            )
            told.append(text.format(n=words.number(look.others)))
        if self.watch.running:
            told.insert(0, _("Watching."))
        self._say(paragraph(told))
        self.reveal.setEnabled(True)

    def _add(self, row: WatchedRow) -> None:
        now = datetime.datetime.now().strftime("%H:%M:%S")
        cells = [now, row.file.name, row.label, row.confidence, row.note]
        item = QTreeWidgetItem([shown(cell) for cell in cells])
        item.setToolTip(1, shown(row.target or row.file))
        item.setToolTip(4, style.tip(row.note))
        if row.aside:
            item.setData(4, Qt.ItemDataRole.UserRole, True)
            item.setForeground(4, style.colour("warning"))
        self.files.insertTopLevelItem(0, item)
        if self.files.topLevelItemCount() > MOST:
            self.files.takeTopLevelItem(MOST)

    def _dress(self) -> None:
        for at in range(self.files.topLevelItemCount()):
            item = self.files.topLevelItem(at)
            if item is not None and item.data(4, Qt.ItemDataRole.UserRole):
                item.setForeground(4, style.colour("warning"))

    def _end(self, error: UserError | None) -> None:
        if error is not None:
            self._say(for_window(str(error)), "danger")
        else:
            self._say(_("Stopped. Click Watch to continue where it stopped."))
        self._follow(ended=True)

    # -- showing

    def _follow(self, ended: bool = False) -> None:
        running = self.watch.running and not ended
        self.form.setEnabled(not running)
        self.start.setText(_("Stop") if running else _("Watch"))
        ready = running or self.form.watch_options() is not None
        self.start.setEnabled(ready)
        missing = _("Choose the folder to watch, and one for the results.")
        self.start.setToolTip("" if ready else missing)
        self.reveal.setEnabled(self._table is not None)

    def _reveal(self) -> None:
        if self._table is not None:
            desktop.show_in_folder(self._table)

    def _say(self, text: str, role: str = "") -> None:
        if self.said.text() == text:
            return
        self.said.setText(text)
        self.said.setProperty("role", role)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)


def _files() -> QTreeWidget:
    """The last files, the newest first."""
    files = QTreeWidget()
    files.setHeaderLabels([_("When"), _("File"), _("Prediction"), _("Confidence"), _("Note")])
    files.setAccessibleName(_("Files that were predicted"))
    files.setRootIsDecorated(False)
    files.setUniformRowHeights(True)
    files.setStyleSheet(f"QTreeView::item {{ padding: {style.GAP // 2}px 0; }}")
    files.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
    header = files.header()
    header.setStretchLastSection(True)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for at, width in enumerate((76, 200, 130, 90)):
        header.resizeSection(at, width)
    return files
