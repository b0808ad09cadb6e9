"""What the user corrected about single samples, as a list in which each can be undone."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import N_, _
from transfergui.core.data.captions import caption
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.tables.list_model import ListModel

HEADERS = (N_("File"), N_("Correction"))


class Kind(enum.Enum):
    """What was done about a sample: it was left out, given another class, is kept in one set with
    others, or its class was looked at and kept."""

    EXCLUDED = enum.auto()
    RELABELLED = enum.auto()
    TOGETHER = enum.auto()
    CONFIRMED = enum.auto()


@dataclass(frozen=True)
class SampleCorrection:
    """One correction of one sample.

    Attributes:
        path: of the sample.
        text: what was done, in words.
        kind: what was done, to undo it.
    """

    path: str
    text: str
    kind: Kind


class _Model(ListModel):
    root: Path | None = None
    """The folder that their paths are relative to, if known."""

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        row = self.rows[index.row()]
        text = caption(row.path, self.root) if index.column() == 0 else row.text
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        return style.tip(text) if role == Qt.ItemDataRole.ToolTipRole else None


class CorrectionTable(QWidget):
    """See the module.

    Attributes:
        undo_asked: a list of :class:`SampleCorrection` should be undone.
        export_asked: the list should be written to a file.
        opened: the one that was double-clicked.
    """

    undo_asked = Signal(object)
    export_asked = Signal()
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(HEADERS, self)
        self.view = self._table()
        self.undo_button = QPushButton(_("Undo selected"))
        self.export_button = QPushButton(_("Export list…"))
        self._nothing = WrappedLabel(role="caption")
        self._nothing.setText(
            _("No corrections. What you relabel or exclude is listed here and can be undone.")
        )
        self._content = QWidget()
        self._build()
        self.fill(())

    def fill(self, rows: Sequence[SampleCorrection], root: Path | None = None) -> None:
        """Show these, whose paths are relative to ``root``."""
        self._model.root = root
        self._model.fill(rows)
        self._content.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self._follow()

    def shown(self) -> list[SampleCorrection]:
        return list(self._model.rows)

    def selected(self) -> list[SampleCorrection]:
        rows = self.view.selectionModel().selectedRows()
        return [self._model.rows[index.row()] for index in rows]

    def undo(self) -> None:
        """Ask to undo what is selected."""
        if chosen := self.selected():
            self.undo_asked.emit(chosen)

    def _build(self) -> None:
        self.undo_button.clicked.connect(self.undo)
        self.export_button.clicked.connect(self.export_asked)
        self.export_button.setToolTip(
            style.tip(_("Save all corrections as a table (CSV), with the old and new labels."))
        )
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.export_button)
        row.addWidget(self.undo_button)
        inside = QVBoxLayout(self._content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(style.INSIDE)
        inside.addLayout(row)
        inside.addWidget(self.view, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, style.INSIDE, 0, 0)
        layout.addWidget(self._nothing, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._content)
        self._action = QAction(self.undo_button.text(), self.view)
        self._action.setShortcut(QKeySequence("Delete"))
        self._action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._action.triggered.connect(self.undo)
        self.view.addAction(self._action)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _table(self) -> QTableView:
        view = QTableView()
        view.setProperty("role", "list")
        view.setModel(self._model)
        view.setAccessibleName(_("Corrections"))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + style.INSIDE)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.resizeSection(0, 300)
        view.activated.connect(lambda index: self.opened.emit(self._model.rows[index.row()]))
        view.selectionModel().selectionChanged.connect(self._follow)
        return view

    def _follow(self, *_what: object) -> None:
        some = self.view.selectionModel().hasSelection()
        can = _("Include the selected files again, with the labels that they had (Delete).")
        tip = can if some else _("Select corrections in the list.")
        self.undo_button.setEnabled(some)
        self._action.setEnabled(some)
        self.undo_button.setToolTip(style.tip(tip))
        self.undo_button.setAccessibleDescription(tip)
