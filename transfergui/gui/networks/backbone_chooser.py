"""Choosing a pretrained network, or a finished training: a table of all, and one in detail."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, ngettext
from transfergui.core.interfaces.networks import Backbone, WeightState
from transfergui.core.interfaces.plan import Modality, Plan
from transfergui.core.networks import weights
from transfergui.core.networks.choice import AUTO
from transfergui.core.sources import named_backbone
from transfergui.gui.base import file_dialogs, style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.networks.backbone_details import BackboneDetails
from transfergui.gui.networks.backbone_model import (
    ACCURACY,
    COLUMNS,
    DOWNLOAD,
    FAMILY,
    KEY,
    LICENCE,
    NEAR,
    PROBED,
    BackboneFilter,
    BackboneModel,
    is_own,
)
from transfergui.gui.networks.own_models import Use, own_models
from transfergui.gui.networks.pretraining import with_fitting_accuracy
from transfergui.gui.networks.purpose import Purpose
from transfergui.gui.networks.suitability_bar import SuitabilityBar
from transfergui.gui.parts.empty_page import EmptyPage
from transfergui.gui.parts.labels import WrappedLabel

if TYPE_CHECKING:
    from transfergui.core.app.suitability import Suitability


@dataclass(frozen=True)
class ChooserTexts:
    """How the chooser speaks of what it offers (untranslated)."""

    title: str
    table: str
    first: str
    search: str


NETWORKS = ChooserTexts(
    N_("Choose a backbone"),
    N_("Backbones"),
    N_("Backbone"),
    N_("Search: name, family, purpose"),
)
TRAININGS = ChooserTexts(
    N_("Choose a finished run"),
    N_("Finished runs"),
    N_("Run"),
    N_("Search: data, strategy, backbone"),
)
PADDING, FAMILY_MOST = 18, 84
"""Pixels beside a text in a column, and of the name of a family, which the backbone's repeats."""
NONE_YET = N_("No finished run yet")
WHAT_TO_DO = N_(
    "First train a model with another strategy; every finished run is listed here. Combining "
    "needs two or more runs on the same classes. For a run that is kept in another place, press"
    " “Use a folder…”."
)


class BackboneChooser(QDialog):
    """The table on the left, the details of the current network on the right.

    Args:
        modality: whose networks.
        current: key of the network to begin with, or the folder of a run.
        weights_dir: the recipe's folder of weights, searched first.
        automatic: offer to leave the choice to the program.
        use: what it is chosen for; only the user's own trained models can be put together.
        plan: of the data at hand, with which backbones can be compared.
        purpose: what it is chosen for by strategy and objective, where that is known: what will not
            do is grey, with the reason.

    Attributes:
        chosen: what a recipe's ``backbone`` should be once the dialog is accepted: a key, the
            folder of a run, the path of a weights file, or ``auto``.
    """

    def __init__(
        self,
        modality: Modality,
        current: str,
        weights_dir: str | None = None,
        parent: QWidget | None = None,
        *,
        automatic: bool = True,
        use: Use = "start",
        plan: Plan | None = None,
        purpose: Purpose | None = None,
    ) -> None:
        super().__init__(parent)
        self._use, self._own = use, use == "whole"
        self._wording = TRAININGS if self._own else NETWORKS
        self.setWindowTitle(_(self._wording.title))
        self.resize(1256, 700)
        self.chosen = self._wanted = current
        self._modality, self._weights_dir = modality, weights_dir
        self._rows: dict[str, Backbone] = {}
        self._states: dict[str, WeightState] = {}
        self._look = Task(self, _look, self._fill)
        self._read = Task(self, _read, self._finish, self._refuse)
        self._model = BackboneModel(self)
        self.filter = BackboneFilter(self)
        self.filter.setSourceModel(self._model)
        self.search = QLineEdit()
        self.grouped = QCheckBox(_("Group by family"))
        self.only_here = QCheckBox(_("On this computer only"))
        self.count = QLabel()
        self.table = QTreeView()
        self.pages = QStackedWidget()
        self.suitability = SuitabilityBar(plan, self._comparable)
        self._plan, self._purpose = plan, purpose
        self.details = BackboneDetails(modality, weights_dir, purpose)
        self.problem = WrappedLabel("danger")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = self.buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.automatic = QPushButton(_("Choose automatically"))
        self._build(automatic)
        style.theme.changed.connect(self._fill_table)
        self._update_use()
        self.look_again()

    @property
    def key(self) -> str:
        """The network that is current, empty where none is."""
        return self.table.currentIndex().siblingAtColumn(0).data(KEY) or ""

    def shown(self) -> list[str]:
        """Keys of the networks that pass the filter, from top to bottom."""
        return self.filter.keys()

    def choose(self, key: str) -> bool:
        """Make a network current; False where it is not among those shown."""
        start = self.filter.index(0, 0)
        flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
        found = self.filter.match(start, KEY, key, 1, flags) if start.isValid() else []
        if found:
            self.table.setCurrentIndex(found[0])
            self.table.scrollTo(found[0], QTreeView.ScrollHint.PositionAtCenter)
        return bool(found)

    def look_again(self) -> None:
        """Look which weights and trained models are on this computer (now)."""
        self._look.start(self._modality, self._weights_dir, self._wanted, self._use)

    def choose_file(self) -> None:
        """Ask for a weights file and use it."""
        patterns = " ".join(f"*{suffix}" for suffix in (*weights.SUFFIXES, ".zip"))
        kinds = _("Weights and model packages ({patterns});;All files (*)").format(
            patterns=patterns
        )
        if file := file_dialogs.ask_file(self, _("Use a weights file"), "weights", kinds):
            self.take_file(file)

    def choose_folder(self) -> None:
        """Ask for a folder with a network in it and use that."""
        title = _("Use a folder")
        if folder := file_dialogs.ask_folder(self, title, "weights"):
            self.take_file(folder)

    def take_file(self, path: Path) -> None:
        """Use the network at ``path``, if it is one; else say what is wrong."""
        self.problem.hide()
        self._read.start(self._modality, path)

    def _refuse(self, error: UserError) -> None:
        self.problem.setText(str(error))
        self.problem.show()

    def accept(self) -> None:
        """Take the current network; while weights arrive, and on a family, nothing happens."""
        if self.key and not self.details.weights.busy and not self._obstacle(self.key):
            self._finish(self.key)

    def done(self, result: int) -> None:
        self._look.cancel()
        self._read.cancel()
        self.suitability.stop()
        self.details.weights.stop()
        super().done(result)

    def _finish(self, chosen: str) -> None:
        self.chosen = chosen
        super().accept()

    # -- building

    def _build(self, automatic: bool) -> None:
        self._build_filter()
        self._build_table()
        self._build_buttons(automatic)
        left = QVBoxLayout()
        left.setSpacing(style.INSIDE)
        left.addLayout(_line(self.search, self.only_here, self.grouped, self.count))
        left.addWidget(self.table, 1)
        left.addWidget(self.suitability)
        content = QWidget()
        middle = QHBoxLayout(content)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(style.BETWEEN)
        middle.addLayout(left, 1)
        middle.addWidget(self.details)
        self.pages.addWidget(content)
        self.pages.addWidget(EmptyPage("history", _(NONE_YET), _(WHAT_TO_DO)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.BETWEEN)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)

    def _build_filter(self) -> None:
        self.search.setPlaceholderText(_(self._wording.search))
        self.search.setAccessibleName(_("Search the list"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(260)
        self.search.textChanged.connect(self._narrow)
        self.only_here.setToolTip(_("Hide backbones that would have to be downloaded."))
        self.only_here.toggled.connect(self._narrow)
        self.grouped.setChecked(not self._own)
        self.grouped.setToolTip(_("Without groups, all backbones are sorted in one list."))
        self.grouped.toggled.connect(self._fill_table)
        self.count.setProperty("role", "caption")
        for box in (self.only_here, self.grouped):
            box.setHidden(self._own)  # one's own are here, and of one family

    def _build_table(self) -> None:
        table = self.table
        table.setProperty("role", "list")
        table.setModel(self.filter)
        table.setAccessibleName(_(self._wording.table))
        self._model.setHeaderData(0, Qt.Orientation.Horizontal, _(self._wording.first))
        if self._own:
            self._model.setHeaderData(ACCURACY, Qt.Orientation.Horizontal, _("Accuracy"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAllColumnsShowFocus(True)
        table.setSortingEnabled(True)
        table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        for section, column in enumerate(COLUMNS):
            table.setColumnHidden(section, self._own and not column.own)
        for section in (NEAR, PROBED):
            table.setColumnHidden(section, True)
        self.suitability.found.connect(self._show_suited)
        table.header().setSectionsMovable(False)
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)  # names are long
        table.selectionModel().currentChanged.connect(self._show_current)
        table.activated.connect(lambda index: self.accept())

    def _build_buttons(self, automatic: bool) -> None:
        self.problem.hide()
        self.use.setProperty("role", "primary")
        self.use.setDefault(True)
        self.use.clicked.connect(self.accept)
        file = QPushButton(_("Use a weights file…"))
        file.setToolTip(
            _("Use a file with weights of one of these backbones: .pth or .safetensors.")
        )
        file.setAutoDefault(False)
        file.clicked.connect(self.choose_file)
        folder = QPushButton(_("Use a folder…"))
        folder.setToolTip(
            _("Use a run that is kept elsewhere, or a backbone that is a folder of files.")
        )
        folder.setAutoDefault(False)
        folder.clicked.connect(self.choose_folder)
        self.automatic.setToolTip(
            _("Use the most accurate fast backbone on this computer, or the built-in one.")
        )
        self.automatic.setAutoDefault(False)
        self.automatic.clicked.connect(lambda: self._finish(AUTO))
        offered = {self.automatic: automatic, file: not self._own, folder: True}
        for button in (button for button, wanted in offered.items() if wanted):
            self.buttons.addButton(button, QDialogButtonBox.ButtonRole.ResetRole)
        self.buttons.rejected.connect(self.reject)
        self.details.weights.arrived.connect(self.look_again)
        self.details.weights.busy_changed.connect(self._update_use)
        self.details.manual.looked_again.connect(self.look_again)

    # -- showing

    def _fill(self, found: tuple[dict[str, Backbone], dict[str, WeightState], str]) -> None:
        self._rows, self._states, begin = found
        self._wanted = self._wanted if self._wanted in self._rows else begin
        self.pages.setCurrentIndex(0 if self._rows else 1)  # the published are always there
        self._fill_table()

    def _fill_table(self) -> None:
        if not self._states:
            return  # the folders of weights are still being looked through
        wanted = self.key or self._wanted
        grouped = self.grouped.isChecked()
        unfit = {key: self._obstacle(key) for key in self._rows}
        self._model.fill(list(self._rows.values()), self._states, grouped, unfit)
        suited = not self.table.isColumnHidden(PROBED)  # names need the room
        self.table.setColumnHidden(FAMILY, grouped or self._own or suited)
        measured = any(row.accuracy is not None for row in self._rows.values())
        self.table.setColumnHidden(ACCURACY, not measured)
        self.table.setRootIsDecorated(grouped)
        self._narrow()
        self._fit_columns()
        self.choose(wanted)

    def _comparable(self) -> list[tuple[str, bool]]:
        """The rows that are on this computer, and whether each is a run."""
        here = [key for key in self._rows if self._states[key] in weights.HERE]
        runs = {key for key in here if is_own(self._rows[key]) and Path(key).is_dir()}
        return [(key, key in runs) for key in here if key in runs or not is_own(self._rows[key])]

    def _show_suited(self, found: list[Suitability]) -> None:
        """Two more columns, the nearest data first; what is of less use makes room for them."""
        from transfergui.core.app import suitability  # torch, which the window begins without

        assert self._plan is not None
        self._model.suit(suitability.ordered(found), self._plan.objective.probe)
        for section in (DOWNLOAD, LICENCE):
            self.table.setColumnHidden(section, True)
        near = any(each.closeness is not None for each in found)
        self.table.setColumnHidden(NEAR, not near)
        self.table.setColumnHidden(PROBED, False)
        self.grouped.setChecked(False)
        self.only_here.setChecked(True)  # others were not tried
        self._fill_table()
        self.table.sortByColumn(NEAR if near else PROBED, Qt.SortOrder.AscendingOrder)
        self.table.scrollToTop()

    def _fit_columns(self) -> None:
        """Each as wide as its longest text in this language; the name takes the rest."""
        header, width = self.table.header(), self.table.fontMetrics().horizontalAdvance
        for section, column in enumerate(COLUMNS[1:], start=1):
            title = self._model.headerData(section, Qt.Orientation.Horizontal)
            texts = [column.text(row, self._states[key]) for key, row in self._rows.items()]
            widest = max(width(line) for text in texts for line in text.splitlines() or [""])
            widest = min(widest, FAMILY_MOST) if section == FAMILY else widest
            widest = max(widest, header.fontMetrics().horizontalAdvance(title))
            header.resizeSection(section, widest + PADDING)
        for section in (NEAR, PROBED):
            self.table.resizeColumnToContents(section)

    def _narrow(self) -> None:
        wanted = self.key or self._wanted
        self.filter.keep(self.search.text(), self.only_here.isChecked())
        self._span_families()
        shown, total = self.filter.count(), len(self._rows)
        text = _amount(total, self._own)
        self.count.setText(
            text if shown == total else _("{shown} of {total}").format(shown=shown, total=text)
        )
        keys = self.filter.keys()
        if keys and not self.choose(wanted):
            self.choose(keys[0])
        self._update_use()

    def _span_families(self) -> None:
        self.table.expandAll()
        for row in range(self.filter.rowCount()):
            if self.filter.hasChildren(self.filter.index(row, 0)):
                self.table.setFirstColumnSpanned(row, QModelIndex(), True)

    def _show_current(self) -> None:
        if self.key:
            self._wanted = self.key
            self.problem.hide()
            self.details.show_backbone(self._rows[self.key], self._states[self.key])
        self._update_use()

    def _update_use(self) -> None:
        busy = self.details.weights.busy
        reason = _("Wait until the download is finished, or cancel it.") if busy else ""
        reason = reason or self._obstacle(self.key)
        self.use.setEnabled(bool(self.key) and not reason)
        title = self._rows[self.key].title if self.key else _("this backbone")
        own = is_own(self._rows[self.key]) if self.key else self._own  # their titles are long
        self.use.setText(_("Use this run") if own else _("Use {title}").format(title=title))
        self.use.setToolTip(style.tip(reason) if reason else "")

    def _obstacle(self, key: str) -> str:
        """Why the row with this key will not do, as a sentence."""
        row = self._rows.get(key)
        return self._purpose.obstacle(row) if self._purpose is not None and row else ""


def _look(
    modality: Modality, weights_dir: str | None, current: str, use: Use
) -> tuple[dict[str, Backbone], dict[str, WeightState], str]:
    """The user's own and all published networks, and where the weights of each are, by key.

    And the key to begin with.
    """
    own = own_models(modality, current, use)
    published = () if use == "whole" else modality.backbones()
    rows = {row.key: row for row in (*own, *published)}
    here: dict[str, WeightState] = {row.key: "on disk" for row in own}
    rows = {key: with_fitting_accuracy(row) for key, row in rows.items()}
    return rows, here | weights.states(published, weights_dir), _begin(modality, current)


def _read(modality: Modality, path: Path) -> str:
    """How a recipe names the network at ``path``; in a worker thread, as files may be large.

    Raises:
        UserError: as :func:`transfergui.core.sources.named_backbone`.
    """
    named_backbone(modality, str(path))
    return str(path)


def _begin(modality: Modality, current: str) -> str:
    """The key of the row that stands for what is named: ``auto``, another spelling, a file.

    Empty where nothing does.
    """
    try:
        source = named_backbone(modality, current) if current else None
    except UserError:  # it is gone
        return ""
    return str(source.run or source.backbone.key) if source else ""


def _amount(count: int, own: bool) -> str:
    text = (
        ngettext("{count} run", "{count} runs", count)
        if own
        else ngettext("{count} backbone", "{count} backbones", count)
    )
    return text.format(count=words.number(count))


def _line(*parts: QWidget) -> QHBoxLayout:
    """Parts in a row, the first as wide as there is room."""
    line = QHBoxLayout()
    line.setSpacing(style.BETWEEN)
    for stretch, part in zip((1, *[0] * len(parts)), parts, strict=False):
        line.addWidget(part, stretch)
    return line
