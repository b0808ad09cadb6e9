"""The menu of what can be done with the predictions that the table shows."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QWidget

from transfergui.core.acting import crops
from transfergui.core.acting.choices import not_sorted
from transfergui.core.acting.plan import plan
from transfergui.core.acting.steps import Act
from transfergui.core.base.i18n import _
from transfergui.core.base.messages import for_window
from transfergui.core.data.targets import BOXES
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.figures import box_answers
from transfergui.core.labelling import found_boxes
from transfergui.core.trained import TrainedModel
from transfergui.gui.acting.act_dialog import ActDialog
from transfergui.gui.acting.box_forms import (
    BoxFileOptions,
    BoxFilesForm,
    CropForm,
    CropOptions,
)
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
        corrected: boxes that the user corrected or confirmed, as texts, by the path of the picture.
    """

    model: TrainedModel
    predictions: list[Prediction]
    name: str
    unsure: float
    corrected: Mapping[str, str] = {}

    @property
    def boxes(self) -> int:
        """How many there are, of a model that finds them."""
        shown = found_boxes.shown_boxes
        return sum(len(shown(self.model, each, self.corrected)) for each in self.predictions)

    @property
    def least(self) -> float:
        """From which confidence on these are shown."""
        return box_answers.threshold(self.model.found.fitted)

    @property
    def some_corrected(self) -> bool:
        return any(str(each.path) in self.corrected for each in self.predictions)


class ActMenu(QPushButton):
    """See the module.

    Args:
        given: what there is now; None as long as there are no predictions.
        save: saves the table.
        save_pictures: saves a workbook with pictures.
        moved: called with where files are now.
        watch: opens the dialog that watches a folder.
        open_data: opens a folder as data.
    """

    def __init__(
        self,
        given: Callable[[], ToAct | None],
        save: Callable[[], object],
        save_pictures: Callable[[], object],
        moved: Callable[[Moved], object],
        parent: QWidget | None = None,
        watch: Callable[[], object] | None = None,
        open_data: Callable[[Path], object] = lambda _path: None,
    ) -> None:
        super().__init__(_("Sort and save"), parent)
        self._given, self._moved, self._open_data = given, moved, open_data
        self.setToolTip(
            style.tip(
                _(
                    "Sort the files shown into folders, rename them, or save the predictions as a "
                    "table or a spreadsheet with pictures; boxes can be cut out, or saved for "
                    "other programs. A preview comes first, and everything can be undone."
                )
            )
        )
        menu = RightMenu(self)
        menu.setToolTipsVisible(True)
        self.sort = self._add(menu, _("Sort into folders…"), self._sort)
        self.rename = self._add(menu, _("Rename files…"), self._rename)
        self.sidecars = self._add(menu, _("JSON files…"), self._write_sidecars)
        menu.addSeparator()
        self.crop = self._add(menu, _("Crop the boxes…"), self._crop)
        self.boxes = self._add(menu, _("Save boxes…"), self._save_boxes)
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
        finds = given is not None and given.model.objective.key == BOXES
        every = (self.sort, self.rename, self.sidecars, self.save, self.pictures)
        for action in (*every, self.crop, self.boxes):
            action.setEnabled(given is not None)
            action.setToolTip("" if given else _("Add files, and wait until they are predicted."))
        for action in (self.crop, self.boxes):
            action.setVisible(finds)
        why = None if given is None else not_sorted(given.model)
        if why is not None:
            self.sort.setEnabled(False)
            self.sort.setToolTip(style.tip(for_window(str(why))))

    def _open(
        self, form: ActForm, given: ToAct, planned: Callable[[Any], Act] | None = None
    ) -> None:
        planned = planned or functools.partial(plan, given.model, given.predictions)
        dialog = ActDialog(form, planned, self._moved, self.window())
        dialog.opened.connect(self._open_data)
        dialog.open()

    def _sort(self) -> None:
        if given := self._given():
            self._open(SortForm(given.model, given.name, given.unsure), given)

    def _rename(self) -> None:
        if given := self._given():
            self._open(RenameForm(given.unsure), given)

    def _write_sidecars(self) -> None:
        if given := self._given():
            self._open(SidecarForm(given.name, given.unsure), given)

    def _crop(self) -> None:
        if given := self._given():
            form = CropForm(given.least, given.some_corrected)
            self._open(form, given, functools.partial(_crops, given))

    def _save_boxes(self) -> None:
        if given := self._given():
            form = BoxFilesForm(given.boxes, given.least, given.some_corrected)
            self._open(form, given, functools.partial(_box_files, given))

    def _show_past(self) -> None:
        PastDialog(self._moved, self.window()).open()


# -- in a worker thread


def _crops(given: ToAct, options: CropOptions) -> Act:
    """
    Raises:
        UserError: as of :func:`crops.of_predictions`.
    """
    model = given.model
    return crops.of_predictions(
        model, model.input, given.predictions, options.to, options.margin, given.corrected
    )


def _box_files(given: ToAct, options: BoxFileOptions) -> Act:
    """
    Raises:
        UserError: as of :func:`found_boxes.planned`.
    """
    return found_boxes.planned(given.model, given.predictions, *options, corrected=given.corrected)
