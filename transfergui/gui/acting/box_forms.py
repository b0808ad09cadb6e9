"""What is to be done with boxes, as a person chooses it: cut out, or written for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QRadioButton,
    QSpinBox,
)

from transfergui.core.base.figure_texts import percent, suffix
from transfergui.core.base.i18n import N_, _, ngettext, paragraph
from transfergui.core.base.paths import shown
from transfergui.core.labelling.box_files import How
from transfergui.gui.acting.forms import ActForm, FolderField, caption_lines
from transfergui.gui.base import style, words

FORMATS: tuple[tuple[How, str, str], ...] = (
    ("coco", N_("COCO"), N_("One JSON file; a data set that is split has one for each set.")),
    ("voc", N_("Pascal VOC"), N_("One XML file for each picture, and lists of the sets.")),
    ("yolo", N_("YOLO"), N_("One text file for each picture, and data.yaml.")),
)
MOST_MARGIN = 200


class CropOptions(NamedTuple):
    """Where boxes that are cut out go.

    Attributes:
        margin: share of a box's width and height that is kept on each side.
    """

    to: Path
    margin: float = 0.0


class BoxFileOptions(NamedTuple):
    """How and where boxes are written.

    Attributes:
        copies: of the pictures are written, too.
    """

    to: Path
    how: How
    copies: bool = True


class CropForm(ActForm):
    """Boxes into a folder for each class.

    Args:
        least: the confidence from which on boxes are shown.
        corrected: whether some are corrected.
    """

    def __init__(self, least: float, corrected: bool = False) -> None:
        super().__init__()
        self.title, self.verb = _("Crop the boxes"), _("Crop")
        self.to = FolderField(self, _("Folder for the crops"))
        self.margin = QSpinBox()
        self.margin.setRange(0, MOST_MARGIN)
        self.margin.setSuffix(suffix("%"))
        self.margin.setAccessibleName(_("Margin around each box"))
        tip = _("Of the width and height of the box, on each side; crops end with the picture.")
        self.margin.setToolTip(style.tip(tip))
        self.margin.valueChanged.connect(self.changed)
        said = caption_lines(3 if corrected else 2)
        text = _(
            "Each box becomes a picture (PNG) in the folder of its class, so that a classifier can "
            "be trained on them."
        )
        said.setText(paragraph((text, least_text(least, corrected))))
        row = QHBoxLayout()
        row.addWidget(self.margin)
        row.addStretch(1)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(style.INSIDE)
        form.addRow(said)
        form.addRow(_("Folder"), self.to)
        form.addRow(_("Margin"), row)

    def missing(self) -> str:
        return "" if self.to.path else _("Choose a folder to see what goes where.")

    def options(self) -> CropOptions | None:
        return CropOptions(Path(self.to.path), self.margin.value() / 100) if self.to.path else None

    def done(self, files: int, to: str) -> str:
        text = ngettext(
            "{count} box cut out, below {path}.", "{count} boxes cut out, below {path}.", files
        )
        return text.format(count=words.number(files), path=shown(to))

    def is_data(self) -> bool:
        return True


class BoxFilesForm(ActForm):
    """Boxes for other programs, as COCO, Pascal VOC or YOLO.

    Args:
        boxes: how many there are.
        least: the confidence from which on boxes are shown; None where people drew them, whose
            pictures are always copied.
        corrected: whether some of those that were found are corrected.
    """

    def __init__(self, boxes: int, least: float | None = None, corrected: bool = False) -> None:
        super().__init__()
        self._boxes, self._found = boxes, least is not None
        self.title, self.verb = _("Export boxes"), _("Export")
        if self._found:
            self.title, self.verb = _("Save boxes"), _("Save")
        self.to = FolderField(self, _("Folder for the boxes"))
        self.formats = QButtonGroup(self)
        self.said = caption_lines(1)
        self.copies = QCheckBox(_("Copy the pictures, too"))
        self.copies.setChecked(True)
        tip = _("The folder can then be opened as data: to correct the boxes, and to train.")
        self.copies.setToolTip(style.tip(tip))
        self.copies.toggled.connect(self.changed)
        kinds = QHBoxLayout()
        kinds.setSpacing(style.BETWEEN)
        for at, (_key, title, _said) in enumerate(FORMATS):
            button = QRadioButton(_(title))
            self.formats.addButton(button, at)
            kinds.addWidget(button)
        kinds.addStretch(1)
        self.formats.button(0).setChecked(True)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(style.INSIDE)
        what = caption_lines(2 if corrected else 1)
        text = _("With your corrections and the split. Your files are not changed.")
        what.setText(text if least is None else least_text(least, corrected))
        form.addRow(what)
        form.addRow(_("Format"), kinds)
        form.addRow("", self.said)
        form.addRow(_("Folder"), self.to)
        form.addRow("", self.copies)
        form.setRowVisible(self.copies, self._found)
        self.formats.idToggled.connect(lambda _id, on: self._follow() if on else None)
        self._follow()

    @property
    def how(self) -> How:
        """The format that is chosen."""
        return FORMATS[self.formats.checkedId()][0]

    def choose(self, how: How) -> None:
        """Choose a format."""
        keys = [key for key, _title, _said in FORMATS]
        self.formats.button(keys.index(how)).setChecked(True)

    def missing(self) -> str:
        return "" if self.to.path else _("Choose a new or an empty folder to see what is written.")

    def options(self) -> BoxFileOptions | None:
        if not self.to.path:
            return None
        return BoxFileOptions(Path(self.to.path), self.how, self.copies.isChecked())

    def before(self) -> str:
        text = ngettext(
            "{count} box will be written.", "{count} boxes will be written.", self._boxes
        )
        return text.format(count=words.number(self._boxes))

    def done(self, files: int, to: str) -> str:
        text = ngettext(
            "{count} box written to {path}.", "{count} boxes written to {path}.", self._boxes
        )
        return text.format(count=words.number(self._boxes), path=shown(to))

    def later(self) -> str:
        if self._found:
            return super().later()
        return _("To undo this later, choose “Undo or continue…” under “Sort and save” in Predict.")

    def is_data(self) -> bool:
        return self.copies.isChecked()

    def _follow(self) -> None:
        self.said.setText(_(FORMATS[self.formats.checkedId()][2]))
        self.changed.emit()


def least_text(least: float, corrected: bool = False) -> str:
    """From which confidence on boxes are used, and that some are corrected; as sentences."""
    text = _("Boxes with at least {percent} confidence, as the slider above the table says.")
    told = [text.format(percent=percent(least, 0))]
    if corrected:
        told.append(_("Pictures that you corrected or confirmed have the corrected boxes."))
    return paragraph(told)
