"""What the scan found wrong, as a table that can be searched and acted upon."""

import itertools
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import N_, _
from transfergui.core.data.dataset import Problem
from transfergui.core.data.split import counts_of
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.words import problems_and_notes
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.tables.list_model import ListModel
from transfergui.gui.tables.problem_rows import (
    KINDS,
    WHOLE,
    ProblemColumn,
    Wish,
    arranged,
    cell,
    kind,
)

PROBLEM = Qt.ItemDataRole.UserRole + 1


HEADERS = {
    ProblemColumn.KIND: N_("Kind"),
    ProblemColumn.FILE: N_("File"),
    ProblemColumn.WHAT: N_("Problem"),
}
GROUPS = "sound.maybe_groups"
"""The problem that a button mends."""
AT_ONCE = 5000
"""Up to so many are searched and sorted without delay."""
WRAPPED = 200
"""So many rows are as high as their sentences."""


class ProblemModel(ListModel):
    """The problems of a dataset; sentences are made only for rows that are shown."""

    sort_wanted = Signal(int, bool)  # the column, -1 for none; whether the last one comes first

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__([HEADERS[column] for column in ProblemColumn], parent)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        problem = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell(problem, ProblemColumn(index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return style.tip(_hint(problem, ProblemColumn(index.column())))
        return problem if role == PROBLEM else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sort_wanted.emit(column, order == Qt.SortOrder.DescendingOrder)


def _hint(problem: Problem, column: ProblemColumn) -> str:
    if column == ProblemColumn.KIND:
        return _(kind(problem).help)
    return problem.sentence() if column == ProblemColumn.WHAT else cell(problem, column)


class ProblemTable(QWidget):
    """The table with its filter and the button that excludes what was only noted."""

    exclude_asked = Signal(object)
    """Paths (a list of str) of noted files to leave out."""
    relabel_asked = Signal(object)
    """Paths (a list of str) of noted files that should get another class."""
    group_asked = Signal(str)
    """What recordings should be grouped by: a choice of “Group by”."""
    opened = Signal(object)
    """The :class:`Problem` that was double-clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ProblemModel(self)
        self._problems: Sequence[Problem] = ()
        self._counts = 0, 0
        self._wish = Wish()
        self._arrange = Task(self, arranged, self._show)
        self._samples: Container[str] = ()
        self._actions: dict[QPushButton, QAction] = {}
        self._fitting = QTimer(self)
        self.view = self._table()
        self.search = QLineEdit()
        self.kinds = QComboBox()
        self.relabel_button = QPushButton(_("Relabel…"))
        self.exclude_button = QPushButton(_("Exclude"))
        self.group_button = QPushButton(_("Group them"))
        self._count = QLabel()
        self._content = QWidget()
        self._nothing = WrappedLabel(role="caption")
        self._build()
        self._add_actions()
        self._update()

    def fill(self, problems: Sequence[Problem], samples: Container[str], refusal: str = "") -> None:
        """Show ``problems``, those of all data first; those of ``samples`` can be excluded.

        Args:
            refusal: why the data cannot be trained on, though no file is at fault.
        """
        self._samples = samples
        fine = _(
            "No problems: every file can be used, and no two files are equal. The tab “Checks” "
            "looks for copies that were changed slightly."
        )
        self._nothing.setText(refusal or fine)
        self._problems = sorted(problems, key=lambda problem: problem.path != WHOLE)
        self._counts = counts_of(self._problems)
        self._list()

    def _list(self) -> None:
        """List what is wanted: at once, or in the background where a sentence is made of many."""
        self._arrange.cancel()
        if len(self._problems) <= AT_ONCE or self._wish == Wish():
            self._show(arranged(self._problems, self._wish))
        else:
            self._count.setText(_("Searching…"))
            self._arrange.start(self._problems, self._wish)

    def _show(self, rows: Sequence[Problem]) -> None:
        """What was selected and is still listed stays so."""
        chosen = self.selected()
        self._model.fill(rows)
        if chosen:
            self._select({id(problem) for problem in chosen})
        self._fitting.start()
        self._update()

    def _select(self, chosen: Container[int]) -> None:
        selection, last = QItemSelection(), self._model.columnCount() - 1
        for row, problem in enumerate(self._model.rows):
            if id(problem) in chosen:
                selection.select(self._model.index(row, 0), self._model.index(row, last))
        flags = QItemSelectionModel.SelectionFlag.Select
        self.view.selectionModel().select(selection, flags)

    def selected(self) -> list[Problem]:
        rows = self.view.selectionModel().selectedRows()
        return [self._model.rows[row.row()] for row in rows]

    def shown(self) -> list[Problem]:
        """The problems that are listed now, in their order."""
        return list(self._model.rows)

    @property
    def correctable(self) -> bool:
        """Whether files are selected that can be corrected."""
        return bool(self._paths())

    def relabel(self) -> None:
        """Ask for the class of the selected files."""
        self.relabel_asked.emit(self._paths())

    def exclude(self) -> None:
        """Leave the selected files out."""
        self.exclude_asked.emit(self._paths())

    def group(self) -> None:
        """Ask to group recordings by what their names have in common."""
        for problem in self._groupable():
            self.group_asked.emit(str(problem.values["key"]))

    def _groupable(self) -> list[Problem]:
        """The problem that names what recordings could be grouped by, if there is one."""
        whole = itertools.takewhile(lambda problem: problem.path == WHOLE, self._problems)
        return [problem for problem in whole if problem.code == GROUPS]

    def _build(self) -> None:
        self._model.sort_wanted.connect(self._sort)
        self.search.setPlaceholderText(_("Find a file or a problem"))
        self.search.setAccessibleName(_("Find problems"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.kinds.setAccessibleName(_("Kind of problem"))
        self.kinds.addItem(_("All"), None)
        for entry in KINDS:
            self.kinds.addItem(_(entry.title), entry)
        self.kinds.currentIndexChanged.connect(self._search)
        self.relabel_button.clicked.connect(self.relabel)
        self.exclude_button.clicked.connect(self.exclude)
        self.group_button.clicked.connect(self.group)
        self.group_button.setToolTip(
            _("Set “Group by” to the part that the names share. Undo changes it back.")
        )
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(self.search, 1)
        row.addWidget(self.kinds)
        row.addWidget(self._count)
        row.addStretch()
        for button in (self.group_button, self.relabel_button, self.exclude_button):
            row.addWidget(button)
        inside = QVBoxLayout(self._content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(style.INSIDE)
        inside.addLayout(row)
        inside.addWidget(self.view, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, style.INSIDE, 0, 0)
        layout.addWidget(self._nothing, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._content)

    def _table(self) -> QTableView:
        view = QTableView()
        view.setProperty("role", "list")
        view.setModel(self._model)
        view.setAccessibleName(_("Problems found in the data"))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setWordWrap(True)
        view.setTabKeyNavigation(False)
        view.setSortingEnabled(True)
        view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + style.INSIDE)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(ProblemColumn.WHAT, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(ProblemColumn.KIND, 80)
        header.resizeSection(ProblemColumn.FILE, 220)
        view.activated.connect(lambda index: self.opened.emit(index.data(PROBLEM)))
        view.selectionModel().selectionChanged.connect(self._update)
        self._fitting.setSingleShot(True)
        self._fitting.timeout.connect(self._fit_rows)
        header.sectionResized.connect(lambda *_sizes: self._fitting.start())
        return view

    def _add_actions(self) -> None:
        """The buttons again as a context menu, with keys while the table has the focus."""
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._add(_("View large"), self._look)  # Enter does so anyway
        for button, keys in (
            (self.relabel_button, ("F2", "Ctrl+L")),
            (self.exclude_button, ("Delete",)),
        ):
            self._actions[button] = self._add(button.text(), button.click, *keys)

    def _add(self, text: str, slot: Callable[[], object], *keys: str) -> QAction:
        action = QAction(text, self.view)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked: slot())
        self.view.addAction(action)
        return action

    def _look(self) -> None:
        for problem in self.selected()[:1]:
            self.opened.emit(problem)

    def _fit_rows(self) -> None:
        """Give sentences the lines that they need; of very many rows, one line each."""
        if self._model.rowCount() <= WRAPPED:
            self.view.resizeRowsToContents()

    def _search(self) -> None:
        words, kind = self.search.text(), self.kinds.currentData()
        self._wish = replace(self._wish, words=words, kind=kind)
        self._list()

    def _sort(self, column: int, descending: bool) -> None:
        self._wish = replace(self._wish, column=column, descending=descending)
        self._list()

    def _update(self) -> None:
        shown_rows, total = self._model.rowCount(), len(self._problems)
        self._content.setVisible(total > 0)
        self._nothing.setVisible(total == 0)
        self.group_button.setVisible(bool(self._groupable()))
        text = problems_and_notes(*self._counts)
        if shown_rows != total:
            text = _("{shown} of {total}").format(shown=shown_rows, total=text)
        self._count.setText(text)
        self._offer(
            self.relabel_button,
            _("Give the selected files another class (F2)."),
            _(
                "Select files that are marked “Noted”, or that are left out because they are in"
                " two classes."
            ),
        )
        self._offer(
            self.exclude_button,
            _("Exclude the selected files from training. The files are not deleted."),
            _(
                "Select files that are marked “Noted”, or that are left out because they are in"
                " two classes."
            ),
        )

    def _offer(self, button: QPushButton, can: str, cannot: str) -> None:
        """Enable ``button`` when a file that is used is selected, and say why otherwise."""
        possible = bool(self._paths())
        button.setEnabled(possible)
        self._actions[button].setEnabled(possible)
        button.setToolTip(can if possible else cannot)
        button.setAccessibleDescription(button.toolTip())

    def _paths(self) -> list[str]:
        return [problem.path for problem in self.selected() if problem.path in self._samples]
