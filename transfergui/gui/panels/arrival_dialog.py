"""Asks how examples are added to the open data."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.split import MOST_NEW
from transfergui.gui.base import style
from transfergui.gui.base.words import Noun
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.session.arrivals import Addition

WIDTH = 480
"""Pixels; sentences wrap."""


class ArrivalDialog(QDialog):
    """See the module.

    Args:
        answered: called with what is to be added, unless the dialog is cancelled.
        name: of the data that are open.

    Attributes:
        percent, classes: how much of the new examples is tested on, whether new classes are used.
    """

    def __init__(
        self,
        parent: QWidget,
        wanted: Addition,
        name: str,
        noun: Noun,
        answered: Callable[[Addition], object],
    ) -> None:
        super().__init__(parent.window())
        self.setWindowTitle(_("Add new {noun}").format(noun=_(noun.many)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._wanted, self._answered = wanted, answered
        said = WrappedLabel()
        said.setText(self._text(wanted, name))
        self.percent = QSpinBox()
        self.percent.setRange(0, MOST_NEW)
        self.percent.setSingleStep(10)
        self.percent.setSuffix(" %")
        self.percent.setToolTip(
            style.tip(
                _(
                    "So much of what is new is not trained on. Both the new model and the one "
                    "before it are tested on it, beside the test set that you have."
                )
            )
        )
        self.classes = QCheckBox(_("Train on classes that only the new examples have"))
        self.classes.setToolTip(
            style.tip(
                _(
                    "Otherwise, examples of classes that your data do not have are left out. The "
                    "test set has no examples of new classes."
                )
            )
        )
        form = QFormLayout()
        form.setSpacing(style.INSIDE)
        form.addRow(_("Second test set"), self.percent)
        self.percent.setAccessibleName(_("Second test set"))
        share = WrappedLabel(role="caption")
        share.setText(
            _(
                "A share of the new {noun} that is not trained on: both models are tested on it, "
                "which makes the result more reliable. 0 % trains on all of them."
            ).format(noun=_(noun.many))
        )
        form.addRow("", share)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.add_button = box.addButton(_("Add"), QDialogButtonBox.ButtonRole.AcceptRole)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.AROUND, style.AROUND, style.AROUND, style.BETWEEN)
        layout.setSpacing(style.BETWEEN)
        layout.addWidget(said)
        layout.addLayout(form)
        layout.addWidget(self.classes)
        layout.addWidget(box)
        self.setMinimumWidth(WIDTH)

    @staticmethod
    def _text(wanted: Addition, name: str) -> str:
        values = {"new": shown(wanted.path.name), "name": name}
        if wanted.run is None:
            return _(
                "“{new}” is added to the training data of “{name}”. The validation set and the "
                "test set stay as they are. Your files are only read."
            ).format(**values)
        return _(
            "“{new}” is added to the training data of “{name}”. The validation set and the test "
            "set stay those of the run “{run}”, so the next run can be compared with it on the "
            "same examples. Your files are only read."
        ).format(**values, run=wanted.run.called(wanted.run.recipe))

    def accept(self) -> None:
        wanted = Addition(
            self._wanted.path, self.percent.value(), self.classes.isChecked(), self._wanted.run
        )
        super().accept()
        self._answered(wanted)
