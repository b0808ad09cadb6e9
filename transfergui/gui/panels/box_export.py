"""Writing the pictures and their boxes, as they are corrected, for other programs."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from transfergui.core.acting.carry_out import Outcome
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, paragraph
from transfergui.core.data.dataset import Dataset
from transfergui.core.labelling import box_files
from transfergui.core.labelling.export import written
from transfergui.gui.base import file_dialogs, style, tasks
from transfergui.gui.parts.right_menu import RightMenu
from transfergui.gui.session.session import Session

KINDS: tuple[tuple[box_files.How, str, str], ...] = (
    ("voc", N_("Pascal VOC"), N_("One XML file for each picture, and lists of the sets.")),
    ("coco", N_("COCO"), N_("One JSON file for each set.")),
    ("yolo", N_("YOLO"), N_("One text file for each picture, and data.yaml.")),
)
PARTS = ("train", "val", "test")


class BoxExportButton(QPushButton):
    """Asks for the format and a folder; says under Data what came of it."""

    def __init__(self, session: Session) -> None:
        super().__init__(_("Export boxes…"))
        self._session = session
        self.setToolTip(
            style.tip(
                _(
                    "Copies the pictures and writes their boxes, with your corrections and the "
                    "split, into an empty folder. Your files are not changed."
                )
            )
        )
        menu = RightMenu(self)
        menu.setToolTipsVisible(True)
        for how, title, tip in KINDS:
            action = menu.addAction(_(title))
            action.setToolTip(_(tip))
            action.triggered.connect(lambda _checked=False, how=how: self.export(how))
        self.setMenu(menu)

    def export(self, how: box_files.How) -> None:
        """Ask for the folder, and write there."""
        dataset, parent = self._session.dataset, self.window()
        assert isinstance(parent, QWidget)
        title = _("Choose an empty folder for the pictures and boxes")
        if dataset is None or not (to := file_dialogs.ask_folder(parent, title, "export")):
            return
        split = self._session.split
        named = ((s.path, part) for part in PARTS for s in getattr(split, part, ()))
        self.setEnabled(False)
        self._session.say("data", _("Exporting the boxes…"), "info")
        work = functools.partial(_written, dataset, dict(named), to, how)
        tasks.run(self, work, functools.partial(self._tell, to), self._refuse)

    def _tell(self, to: Path, outcome: Outcome) -> None:
        self.setEnabled(True)
        text = _("Boxes exported: {name}").format(name=to.name)
        left = [problem.sentence() for problem in outcome.left[:1]]
        stopped = [outcome.stopped.sentence()] if outcome.stopped is not None else []
        level = "warning" if left or stopped else "info"
        self._session.say("data", paragraph((text, *stopped, *left)), level)  # type: ignore[arg-type]

    def _refuse(self, error: UserError) -> None:
        self.setEnabled(True)
        self._session.say("data", str(error))


def _written(dataset: Dataset, parts: Mapping[str, str], to: Path, how: box_files.How) -> Outcome:
    """In a worker thread.

    Raises:
        UserError: as of :func:`box_files.planned` and :func:`written`.
    """
    return written(box_files.planned(dataset, parts, to, how))[0]
