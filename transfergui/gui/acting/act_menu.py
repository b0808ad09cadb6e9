"""The menu of what can be done with the predictions that the table shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QWidget

from transfergui.core.acting.choices import not_sorted
from transfergui.core.acting.plan import Acting
from transfergui.core.base.i18n import _
from transfergui.core.base.messages import for_window
from transfergui.core.evaluation.prediction import Prediction
from transfergui.gui.acting.act_dialog import ActDialog
from transfergui.gui.acting.forms import ActForm, RenameForm, SidecarForm, SortForm
from transfergui.gui.acting.past_dialog import PastDialog
from transfergui.gui.acting.working import Moved
from transfergui.gui.base import style
from transfergui.gui.parts.right_menu import RightMenu


class ToAct(NamedTuple):
    """What there is to act on.

    Attributes:
        name: of the model.
        unsure: per cent of confidence below which predictions are flagged.
    """

    model: Acting
    predictions: list[Prediction]
    name: str
    unsure: float


class ActMenu(QPushButton):
    """See the module.

    Args:
        given: what there is now; None as long as there are no predictions.
        save: saves the table.
        save_pictures: saves a workbook with pictures.
        moved: called with where files are now.
        watch: opens the dialog that watches a folder.
    """

    def __init__(
        self,
        given: Callable[[], ToAct | None],
        save: Callable[[], object],
        save_pictures: Callable[[], object],
        moved: Callable[[Moved], object],
        parent: QWidget | None = None,
        watch: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(_("Sort and save"), parent)
        self._given, self._moved = given, moved
        self.setToolTip(
            style.tip(
                _(
                    "Sort the files shown into folders, rename them, or save the predictions as a "
                    "table or a spreadsheet with pictures. A preview comes first, and everything "
                    "can be undone."
                )
            )
        )
        menu = RightMenu(self)
        menu.setToolTipsVisible(True)
        self.sort = self._add(menu, _("Sort into folders…"), self._sort)
        self.rename = self._add(menu, _("Rename files…"), self._rename)
        self.sidecars = self._add(menu, _("JSON files…"), self._write_sidecars)
        menu.addSeparator()
        self.save = self._add(menu, _("Save as table…"), save)
        self.pictures = self._add(menu, _("Spreadsheet with pictures…"), save_pictures)
        menu.addSeparator()
        if watch is not None:
            self.watch = self._add(menu, _("Watch a folder…"), watch)
        self.past = self._add(menu, _("Undo or continue…"), self._show_past)
        menu.aboutToShow.connect(self._follow)
        self.setMenu(menu)

    @staticmethod
    def _add(menu: RightMenu, text: str, slot: Callable[[], object]) -> QAction:
        return menu.addAction(text, slot)

    def _follow(self) -> None:
        """What can be done with what there is."""
        given = self._given()
        for action in (self.sort, self.rename, self.sidecars, self.save, self.pictures):
            action.setEnabled(given is not None)
            action.setToolTip("" if given else _("Add files, and wait until they are predicted."))
        why = None if given is None else not_sorted(given.model)
        if why is not None:
            self.sort.setEnabled(False)
            self.sort.setToolTip(style.tip(for_window(str(why))))

    def _open(self, form: ActForm, given: ToAct) -> None:
        ActDialog(form, given.model, given.predictions, self._moved, self.window()).open()

    def _sort(self) -> None:
        if given := self._given():
            self._open(SortForm(given.model, given.name, given.unsure), given)

    def _rename(self) -> None:
        if given := self._given():
            self._open(RenameForm(given.unsure), given)

    def _write_sidecars(self) -> None:
        if given := self._given():
            self._open(SidecarForm(given.name, given.unsure), given)

    def _show_past(self) -> None:
        PastDialog(self._moved, self.window()).open()
