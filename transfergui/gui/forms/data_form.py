"""How the data are read: what the scan chose, in one line, and as a form to change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.base.figure_texts import suffix
from transfergui.core.base.i18n import _
from transfergui.core.base.options import Option
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.gui.base import style
from transfergui.gui.forms.options_form import OptionsForm
from transfergui.gui.forms.predicted_form import PredictedForm, leaves_choice, predicted
from transfergui.gui.parts.labels import ElidedLabel

SAID = 80
"""Characters of a value on the line."""
HEIGHT = 264
"""Of what is unfolded, in pixels at most: the samples below are still seen."""
WIDTH = 640
"""Of the form in pixels; wider fields would be mostly empty."""


class DataForm(QFrame):
    """Folded, a line that says everything; unfolded, a field for each option, explained.

    Hidden where these data leave nothing to choose.

    Attributes:
        edited: (name, value, title) of an option that the user changed.
        predicted_edited: the same of what is predicted.
        predicted: says what that is.
    """

    edited = Signal(object, object, object)
    predicted_edited = Signal(object, object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.form: OptionsForm | None = None
        self.line = ElidedLabel(Qt.TextElideMode.ElideRight, role="caption")
        self.fold = QToolButton(autoRaise=True)
        self.fold.setIconSize(QSize(16, 16))
        self.fold.clicked.connect(lambda: self.set_folded(not self._folded))
        title = QLabel(_("How your data are read"))
        title.setProperty("role", "title")
        head = QHBoxLayout()
        head.setSpacing(style.INSIDE)
        head.addWidget(self.fold)
        head.addWidget(title)
        head.addWidget(self.line, 1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(style.INSIDE, style.GAP, style.INSIDE, style.GAP)
        self._layout.setSpacing(style.GAP)
        self._layout.addLayout(head)
        self.predicted = PredictedForm()
        self.predicted.setMaximumWidth(WIDTH)
        self.predicted.edited.connect(self.predicted_edited)
        self._layout.addWidget(self._make_area())
        self._asks = False
        self.hide()
        style.theme.changed.connect(self._dress)
        self.set_folded(True)

    def _make_area(self) -> QScrollArea:
        """Where the fields are; so many scroll rather than make the window higher."""
        body = QWidget()
        self._fields = QVBoxLayout(body)
        self._fields.setContentsMargins(0, 0, style.INSIDE, 0)
        self._fields.setSpacing(style.GAP)
        self._fields.addWidget(self.predicted)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(body)
        body.installEventFilter(self)
        return self._area

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """As high as the fields need, up to :data:`HEIGHT`."""
        margins = self._fields.contentsMargins()
        width = min(self._area.viewport().width(), WIDTH + margins.left() + margins.right())
        needed = self._fields.totalHeightForWidth(width)  # -1 where nothing wraps
        if needed < 0:
            needed = self._fields.totalSizeHint().height()
        if (height := min(needed, HEIGHT)) != self._area.height():
            self._area.setFixedHeight(height)

    def show_dataset(self, dataset: Dataset, data: DataOptions, obstacle: str) -> None:
        """Show what was chosen.

        Args:
            data: what the user chose; the rest was chosen by the scan.
            obstacle: why nothing can be changed now.
        """
        given = data.options
        form = self._form_of(dataset.modality)
        left = {name: value for name, value in dataset.chosen.items() if name not in given}
        form.set_choices(dataset.choices)
        useless = _useless(form.options, dataset, given)
        form.leave_out(useless)
        self._asks = leaves_choice(dataset, data)
        self.setVisible(self._asks or len(useless) < len(form.fields))
        self.predicted.show_dataset(dataset, data, obstacle)
        self.predicted.setVisible(self._asks and not self._folded)
        form.set_automatic(left)
        shown = {
            n: v for n, v in left.items() if n in form.options and not form.options[n].optional
        }
        form.set_values({**shown, **given})
        form.setEnabled(not obstacle)
        form.setToolTip(obstacle)
        form.set_obstacles(_reasons(form.options, dataset, obstacle))
        parts = [
            _("{measure}: {value}").format(
                measure=_(option.title), value=_said(option, dataset, name in given)
            )
            for name, option in form.options.items()
            if name not in useless
        ]
        self.line.setText("  ·  ".join([predicted(dataset, data), *parts]))

    def set_folded(self, folded: bool) -> None:
        """Show the line only, or the form."""
        self._folded = folded
        self.line.setVisible(folded)
        self.predicted.setVisible(self._asks and not folded)
        self._area.setVisible(not folded)
        if self.form is not None:
            self.form.setVisible(not folded)
        what = _("Change how your data are read") if folded else _("Collapse to one line")
        self.fold.setToolTip(what)
        self.fold.setAccessibleName(what)
        self._dress()

    def _form_of(self, modality: str) -> OptionsForm:
        """The form, made anew for data of another kind."""
        struct = registry.modality(modality).data_options
        if self.form is None or self.form.struct is not struct:
            if self.form is not None:
                self.form.deleteLater()
            form = self.form = OptionsForm(struct)
            form.setMaximumWidth(WIDTH)
            form.show_help(True)
            form.edited.connect(
                lambda name, value: self.edited.emit(name, value, _(form.options[name].title))
            )
            form.setVisible(not self._folded)
            self._fields.addWidget(form)
        return self.form

    def _dress(self) -> None:
        self.fold.setIcon(style.icon("chevron-right" if self._folded else "chevron-down", "muted"))


def _useless(
    options: Mapping[str, Option], dataset: Dataset, given: Mapping[str, Any]
) -> frozenset[str]:
    """Options that mean nothing for these data: the scan chose nothing there.

    What was answered when the data were opened before says nothing where there is no choice.
    """
    return frozenset(
        name
        for name, option in options.items()
        if name not in dataset.chosen
        and not dataset.choices.get(name)
        and (name not in given or option.kind == "found")
    )


def _reasons(options: Mapping[str, Option], dataset: Dataset, obstacle: str) -> dict[str, str]:
    """Why options cannot be changed, by name.

    Args:
        obstacle: why none of them can be changed now.
    """
    if obstacle:
        return dict.fromkeys(options, obstacle)
    return {name: problem.sentence() for name, problem in dataset.obstacles.items()}


def _said(option: Option, dataset: Dataset, given: bool) -> str:
    """The value of an option in words."""
    value = dataset.chosen.get(option.name, option.default)
    labels = {each: _(label) for each, label in option.choices}
    labels |= dataset.choices.get(option.name, {})
    if value in labels:
        text = labels[value]
        text = text if len(text) <= SAID else text[:SAID].rstrip() + "…"
    elif value in ("", None):
        return _("None")
    elif isinstance(value, bool):
        text = _("Yes") if value else _("No")
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value)
        text = text + suffix(option.unit)
    return text if given or not option.optional else _("{value} (automatic)").format(value=text)
