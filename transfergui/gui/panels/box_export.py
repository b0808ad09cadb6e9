"""Writing the pictures and their boxes, as they are corrected, for other programs."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from PySide6.QtWidgets import QPushButton

from transfergui.core.acting.steps import Act
from transfergui.core.base.i18n import _
from transfergui.core.data.boxes import parsed_boxes
from transfergui.core.data.dataset import Dataset
from transfergui.core.labelling import box_files
from transfergui.gui.acting.act_dialog import ActDialog
from transfergui.gui.acting.box_forms import BoxFileOptions, BoxFilesForm
from transfergui.gui.base import style
from transfergui.gui.session.session import Session

PARTS = ("train", "val", "test")


class BoxExportButton(QPushButton):
    """Opens the dialog that asks for the format and a folder, shows what is written, and writes."""

    def __init__(self, session: Session) -> None:
        super().__init__(_("Export boxes…"))
        self._session = session
        self.setToolTip(
            style.tip(
                _(
                    "Copies the pictures and writes their boxes, with your corrections and the "
                    "split, into a new or empty folder. Your files are not changed."
                )
            )
        )
        self.clicked.connect(lambda _checked=False: self.ask())

    def ask(self) -> ActDialog | None:
        """Open the dialog; None as long as there are no data."""
        dataset, split = self._session.dataset, self._session.split
        if dataset is None:
            return None
        named = ((s.path, part) for part in PARTS for s in getattr(split, part, ()))
        planned = functools.partial(_planned, dataset, dict(named))
        form = BoxFilesForm(_count(dataset))
        dialog = ActDialog(form, planned, lambda _moved: None, self.window())
        dialog.opened.connect(self._session.open_data)
        dialog.open()
        return dialog


def _count(dataset: Dataset) -> int:
    """How many boxes there are in all pictures."""
    each = [len(parsed_boxes(text)) for text in dataset.classes]
    return sum(each[sample.label] for sample in dataset.samples)


def _planned(dataset: Dataset, parts: Mapping[str, str], options: BoxFileOptions) -> Act:
    """In a worker thread.

    Raises:
        UserError: as of :func:`box_files.planned`.
    """
    return box_files.planned(dataset, parts, options.to, options.how)
