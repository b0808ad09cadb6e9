"""What is to be done with files, as a person chooses it: sorting, renaming, JSON files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.acting.choices import SortBy, ways
from transfergui.core.acting.names import FIELDS
from transfergui.core.acting.plan import COPIES, ORIGINALS, Acting, ActOptions
from transfergui.core.base.figure_texts import suffix
from transfergui.core.base.i18n import N_, _, ngettext
from transfergui.core.base.paths import expanded
from transfergui.gui.base import file_dialogs, style, words
from transfergui.gui.parts.labels import WrappedLabel

HOW = (
    ("copy", N_("Copy"), N_("The originals stay where they are.")),
    ("move", N_("Move"), N_("The originals go to their new folders. This can be undone.")),
    (
        "link",
        N_("Link"),
        N_(
            "Each file gets a second name (a hard link) that takes no space: changing one changes "
            "the other. On another disk, symbolic links are made."
        ),
    ),
)
PATTERN = "{class}-{number}"


def caption_lines(lines: int) -> WrappedLabel:
    """So many lines of small text."""
    label = WrappedLabel(role="caption")
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setFixedHeight(lines * QFontMetrics(style.font(style.SMALL)).lineSpacing() + 2)
    return label


class ActForm(QWidget):
    """What all forms share.

    Attributes:
        title: of the dialog.
        verb: what the button says.
    """

    changed = Signal()
    """Something else was chosen."""
    title = ""
    verb = ""

    def options(self) -> Any:
        """What was chosen, for who makes the plan; None as long as something is missing."""
        raise NotImplementedError

    def missing(self) -> str:
        """What is to be chosen first, as a sentence."""
        return ""

    def before(self) -> str:
        """What is going to be done, before how many files that takes; as a sentence."""
        return ""

    def done(self, files: int, to: str) -> str:
        """What was done with so many files, below the folder ``to``, as a sentence."""
        text = ngettext("{count} file done.", "{count} files done.", files)
        return text.format(count=words.number(files))

    def later(self) -> str:
        """How it is undone later, as a sentence."""
        return _("To undo this later, choose “Undo or continue…” under “Sort and save”.")

    def is_data(self) -> bool:
        """Whether what is written can be opened as data."""
        return False


class FolderField(QHBoxLayout):
    """A folder, typed or chosen."""

    def __init__(self, owner: ActForm, title: str) -> None:
        super().__init__()
        self._owner, self._title = owner, title
        self.field = QLineEdit()
        self.field.setAccessibleName(title)
        self.field.setPlaceholderText(_("Choose a folder, new or existing"))
        self.button = QPushButton(_("Choose…"))
        self.button.clicked.connect(self._ask)
        self.field.textChanged.connect(owner.changed)
        self.setSpacing(style.INSIDE)
        self.addWidget(self.field, 1)
        self.addWidget(self.button)

    @property
    def path(self) -> str:
        """Empty where nothing is chosen."""
        text = self.field.text().strip()
        return str(expanded(text)) if text else ""

    def _ask(self) -> None:
        if folder := file_dialogs.ask_new_folder(self._owner, self._title, "answers"):
            self.field.setText(str(folder))


class PatternField(QVBoxLayout):
    """A pattern of names, and what may stand in it."""

    def __init__(self, owner: ActForm) -> None:
        super().__init__()
        self.field = QLineEdit(PATTERN)
        self.field.setAccessibleName(_("Pattern for names"))
        self.field.textChanged.connect(owner.changed)
        self.said = caption_lines(2)
        known = " · ".join(f"{{{name}}} {_(text)}" for name, text in FIELDS.items())
        self.said.setText(known)
        self.setSpacing(style.GAP)
        self.addWidget(self.field)
        self.addWidget(self.said)


class SortForm(ActForm):
    """Files into a folder for each class.

    Args:
        model: whose predictions they are.
        unsure: per cent of confidence below which files go apart.
    """

    def __init__(self, model: Acting, name: str, unsure: float) -> None:
        super().__init__()
        self.title, self.verb = _("Sort into folders"), _("Sort")
        self._name = name
        self.to = FolderField(self, _("Folder to sort into"))
        self.how = QButtonGroup(self)
        self.said = caption_lines(2)
        self.unsure = QSpinBox()
        self.by = QComboBox()
        self.renames = QCheckBox(_("New names"))
        self.pattern = PatternField(self)
        self.sidecars = QCheckBox(_("JSON file beside each file"))
        self._build(unsure)
        self._offer(model)
        self._follow()

    def _build(self, unsure: float) -> None:
        self.unsure.setRange(0, 100)
        self.unsure.setValue(round(unsure))
        self.unsure.setSuffix(suffix("%"))
        self.unsure.setAccessibleName(_("Confidence below which files go apart"))
        self.unsure.setToolTip(
            style.tip(
                _(
                    "Files with less confidence go into the folder _not_sure, those unlike the "
                    "training data into _unlike."
                )
            )
        )
        self.sidecars.setToolTip(
            style.tip(_("A small text file for other programs: prediction and all confidences."))
        )
        ways = QHBoxLayout()
        ways.setSpacing(style.BETWEEN)
        for at, (_key, title, _said) in enumerate(HOW):
            button = QRadioButton(_(title))
            self.how.addButton(button, at)
            ways.addWidget(button)
        ways.addStretch(1)
        self.how.button(0).setChecked(True)
        self._apart = QHBoxLayout()
        self._apart.addWidget(self.unsure)
        where = QLabel(_("into _not_sure; into _unlike what is unlike the training data"))
        where.setProperty("role", "caption")
        self._apart.addWidget(where)
        self._apart.addStretch(1)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(style.INSIDE)
        form.addRow(_("Folder"), self.to)
        form.addRow(_("Files"), ways)
        form.addRow("", self.said)
        form.addRow(_("Apart below"), self._apart)
        form.addRow(_("Sort by"), self.by)
        form.addRow(self.renames, self.pattern)
        form.addRow("", self.sidecars)
        self._form = form
        self.how.idToggled.connect(lambda _id, on: self._follow() if on else None)
        self.renames.toggled.connect(self._follow)
        self.sidecars.toggled.connect(self.changed)
        self.unsure.valueChanged.connect(self.changed)
        self.by.currentIndexChanged.connect(self.changed)

    def _offer(self, model: Acting) -> None:
        """What several labels and questions leave open."""
        self._ways = ways(model)
        self.by.addItems([way.title for way in self._ways])
        self._form.setRowVisible(self.by, bool(self._ways))
        self._form.setRowVisible(self._apart, model.objective.confident)

    def _follow(self) -> None:
        self.said.setText(_(HOW[self.how.checkedId()][2]))
        for widget in (self.pattern.field, self.pattern.said):
            widget.setVisible(self.renames.isChecked())
        self.changed.emit()

    def missing(self) -> str:
        return "" if self.to.path else _("Choose a folder to see what goes where.")

    def options(self) -> ActOptions | None:
        if not self.to.path:
            return None
        way = self._ways[self.by.currentIndex()] if self._ways else SortBy("")
        return ActOptions(
            to=self.to.path,
            how=HOW[self.how.checkedId()][0],  # type: ignore[arg-type]
            name=self.pattern.field.text() if self.renames.isChecked() else "",
            threshold=self.unsure.value(),
            labels=way.labels,
            question=way.question,
            sidecars=COPIES if self.sidecars.isChecked() else "",
            model=self._name,
        )


class RenameForm(ActForm):
    """New names in the folders where the files are."""

    def __init__(self, unsure: float) -> None:
        super().__init__()
        self.title, self.verb = _("Rename files"), _("Rename")
        self._unsure = unsure
        self.pattern = PatternField(self)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(_("Pattern"), self.pattern)

    def options(self) -> ActOptions | None:
        return ActOptions(name=self.pattern.field.text(), threshold=self._unsure)


class SidecarForm(ActForm):
    """A JSON file for each file."""

    def __init__(self, name: str, unsure: float) -> None:
        super().__init__()
        self.title, self.verb = _("JSON files"), _("Write")
        self._name, self._unsure = name, unsure
        self.to = FolderField(self, _("Folder for the JSON files"))
        self.aside = QRadioButton(_("In a folder"))
        self.beside = QRadioButton(_("Beside the originals"))
        self.aside.setChecked(True)
        said = caption_lines(1)
        said.setText(
            _("For other programs: each file says what was predicted, with all confidences.")
        )
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(style.INSIDE)
        form.addRow(said)
        form.addRow(self.aside, self.to)
        form.addRow(self.beside)
        self.aside.toggled.connect(self._follow)

    def _follow(self, aside: bool) -> None:
        for widget in (self.to.field, self.to.button):
            widget.setEnabled(aside)
        self.changed.emit()

    def missing(self) -> str:
        return "" if self.options() else _("Choose a folder to see what is written.")

    def options(self) -> ActOptions | None:
        where = self.to.path if self.aside.isChecked() else ORIGINALS
        if not where:
            return None
        where = where if where == ORIGINALS else str(Path(where).absolute())
        return ActOptions(sidecars=where, threshold=self._unsure, model=self._name)
