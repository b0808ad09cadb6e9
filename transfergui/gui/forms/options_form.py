"""A form made from an option struct: one row per option, whatever struct it is."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolTip,
    QWidget,
)

from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.options import Option
from transfergui.core.interfaces.plan import Modality
from transfergui.core.networks.choice import AUTO
from transfergui.gui.base import style
from transfergui.gui.forms.number_box import NumberBox, only_with_focus, with_choice
from transfergui.gui.networks.network_field import NetworkField
from transfergui.gui.networks.networks_field import NetworksField
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.term_label import TermLabel

ROW = 24
"""Height of a field in pixels."""


@dataclass(frozen=True)
class Field:
    """The widget of one option, and how to speak with it.

    Attributes:
        get: the value entered.
        put: show a value.
        edited: the signal of a change by the user.
    """

    widget: QWidget
    get: Callable[[], Any]
    put: Callable[[Any], object]
    edited: Any


class ChoiceBox(QComboBox):
    """One of a few values; None is "Automatic" where the option allows it, as ``auto`` is under a
    name of its own."""

    def __init__(self, option: Option) -> None:
        super().__init__()
        self._optional = option.optional
        self._instead = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        if option.optional:
            self.addItem(_("Automatic"), None)
        self._auto = _("Automatic") if option.optional else ""
        for value, label in option.choices:
            self.addItem(_(label), value)
            self._auto = _(label) if value == AUTO else self._auto

    def put(self, value: Any) -> None:
        self.setCurrentIndex(self.findData(value))

    def set_automatic(self, value: Any) -> None:
        """What the program would choose, shown beside "Automatic"."""
        row = 0 if self._optional else self.findData(AUTO)
        if self._auto and row >= 0:
            known = self.itemText(self.findData(value)) if value not in (None, AUTO) else ""
            self.setItemText(row, with_choice(self._auto, known))

    def set_replaced(self, title: str) -> None:
        """Show that another option counts instead; empty where none does."""
        self._instead = title
        self.setEnabled(not title)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's own cuts a long text without saying so."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self._elided()
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _elided(self) -> str:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        box = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        dots = Qt.TextElideMode.ElideMiddle
        text = self._instead or self.currentText()
        return self.fontMetrics().elidedText(text, dots, box.width() - 2)

    def event(self, event: QEvent) -> bool:
        """The tool tip says what is cut, before what the option is for."""
        if not isinstance(event, QHelpEvent) or self._elided() in (
            self.currentText(),
            self._instead,
        ):
            return super().event(event)
        whole = f"<p>{html.escape(self.currentText())}</p>"
        QToolTip.showText(event.globalPos(), whole + self.toolTip(), self)
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        only_with_focus(self, event, super().wheelEvent)


class DataValueBox(ChoiceBox):
    """One of the values that were found in the data.

    Attributes:
        has_choice: whether several were found; else it is disabled.
    """

    has_choice = True

    def set_choices(self, found: Mapping[str, str]) -> None:
        """Offer ``found``: values, and what to call them."""
        value = self.currentData()
        self.clear()
        if self._optional:
            self.addItem(_("Automatic"), None)
        for each, label in found.items():
            self.addItem(label, each)
        self.has_choice = self.count() > 1
        self.setEnabled(self.has_choice)
        self.put(value)

    def put(self, value: Any) -> None:
        """Show a value, even if it was not found."""
        if value is not None and self.findData(value) < 0:
            self.addItem(value or _("None"), value)
        super().put(value)


def _number_field(option: Option) -> Field:
    box = NumberBox(option)
    return Field(
        box, box.number, lambda v: box.setValue(box.minimum() if v is None else v), box.edited
    )


def _bool_field(option: Option) -> Field:
    box = QCheckBox()
    return Field(box, box.isChecked, box.setChecked, box.toggled)


def _choice_field(option: Option) -> Field:
    box = ChoiceBox(option)
    return Field(box, box.currentData, box.put, box.activated)


def _found_field(option: Option) -> Field:
    box = DataValueBox(option)
    return Field(box, box.currentData, box.put, box.activated)


def _text_field(option: Option) -> Field:
    box = QLineEdit()
    if option.optional:
        box.setPlaceholderText(_("Automatic"))
        return Field(
            box, lambda: box.text() or None, lambda v: box.setText(v or ""), box.editingFinished
        )
    return Field(box, box.text, box.setText, box.editingFinished)


def _network_field(option: Option) -> Field:
    field = NetworkField(use="teacher")
    return Field(field, field.value, field.put, field.edited)


def _networks_field(own: bool) -> Field:
    field = NetworksField(own)
    return Field(field, field.value, field.put, field.edited)


FIELDS: dict[str, Callable[[Option], Field]] = {
    "int": _number_field,
    "float": _number_field,
    "bool": _bool_field,
    "choice": _choice_field,
    "found": _found_field,
    "text": _text_field,
    "network": _network_field,
    "networks": lambda option: _networks_field(own=False),
    "runs": lambda option: _networks_field(own=True),
}


QWIDGETSIZE_MAX = (1 << 24) - 1
"""What Qt calls the maximum width of a widget that has none."""


class OptionsForm(QWidget):
    """Edits one option struct.

    Args:
        struct: its type.
        names: which options, all by default.
        parent: Qt's owner.

    Attributes:
        edited: (name, value) of an option that the user changed to a value that fits.
    """

    edited = Signal(object, object)

    def __init__(
        self,
        struct: type[msgspec.Struct],
        names: Iterable[str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.struct = struct
        wanted = None if names is None else set(names)
        self.options = {
            option.name: option
            for option in opt.describe(struct)
            if option.kind in FIELDS and (wanted is None or option.name in wanted)
        }
        self.fields = {name: FIELDS[o.kind](o) for name, o in self.options.items()}
        self._replacing = {o.replaces: o for o in opt.describe(struct) if o.replaces in self.fields}
        self._labels: dict[str, QLabel] = {}
        self._helps: dict[str, QLabel] = {}
        self._left_out: frozenset[str] = frozenset()
        self._with_help = False
        self._error = WrappedLabel(role="danger")
        self._error.hide()
        self._lay_out()

    def set_values(self, values: Mapping[str, Any] | msgspec.Struct) -> None:
        """Show values (missing ones: the defaults) without reporting them as edited."""
        known = values if isinstance(values, Mapping) else msgspec.structs.asdict(values)
        for name, field in self.fields.items():
            with QSignalBlocker(field.widget):
                field.put(known.get(name, self.options[name].default))
        for name, other in self._replacing.items():
            box, counts = self.fields[name].widget, known.get(other.name) is not None
            if isinstance(box, ChoiceBox):
                box.set_replaced(_(other.title) if counts else "")
        self._error.hide()

    def set_automatic(self, values: Mapping[str, Any]) -> None:
        """What the program would choose for options left to it, by name."""
        for name, value in values.items():
            field = self.fields.get(name)
            if field is not None and isinstance(
                field.widget, NumberBox | ChoiceBox | NetworksField
            ):
                field.widget.set_automatic(value)

    def set_choices(self, found: Mapping[str, Mapping[str, str]]) -> None:
        """What was found in the data for options whose choices are found there, by name."""
        for name, field in self.fields.items():
            if isinstance(field.widget, DataValueBox):
                field.widget.set_choices(found.get(name, {}))

    def set_obstacles(self, reasons: Mapping[str, str]) -> None:
        """Say on hover, and to a screen reader, why fields cannot be changed.

        Args:
            reasons: sentences by name; what is not among them says what it is for, or, where a
                list has nothing to choose, that.
        """
        for name, field in self.fields.items():
            reason = reasons.get(name, "") or _nothing_to_choose(field.widget)
            said = reason or _(self.options[name].help)
            field.widget.setToolTip(style.tip(reason) if reason else self._labels[name].toolTip())
            field.widget.setAccessibleDescription(said)

    def set_modality(self, modality: Modality, weights_dir: str | None) -> None:
        """Among whose networks fields for a network choose; see :class:`NetworkField`."""
        for field in self.fields.values():
            if isinstance(field.widget, NetworkField | NetworksField):
                field.widget.set_modality(modality, weights_dir)

    def show_help(self, shown: bool) -> None:
        """Write the explanation below each option, or leave it to the tool tips."""
        self._with_help = shown
        self._show_rows()

    def leave_out(self, names: Iterable[str]) -> None:
        """Hide the fields of these options, which mean nothing now."""
        self._left_out = frozenset(names)
        self._show_rows()

    def _show_rows(self) -> None:
        for name, field in self.fields.items():
            shown = name not in self._left_out
            field.widget.setVisible(shown)
            self._labels[name].setVisible(shown)
            helped = self._helps[name]
            helped.setVisible(shown and self._with_help)
            if self.maximumWidth() < QWIDGETSIZE_MAX:  # a grid squeezes texts that wrap
                helped.setMinimumHeight(helped.heightForWidth(self.maximumWidth()))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(style.INSIDE)
        grid.setVerticalSpacing(style.GAP)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        for row, name in enumerate(self.fields):
            self._add_row(grid, 2 * row, name)
        grid.addWidget(self._error, 2 * len(self.fields), 0, 1, 2)

    def _add_row(self, grid: QGridLayout, row: int, name: str) -> None:
        option, field = self.options[name], self.fields[name]
        label = TermLabel(_(option.title), _(option.help), focusable=False)
        label.setWordWrap(True)
        label.setBuddy(field.widget)
        field.widget.setAccessibleName(_(option.title))
        field.widget.setAccessibleDescription(_(option.help))
        field.widget.setToolTip(label.toolTip())
        field.widget.setWhatsThis(_(option.help))
        field.widget.setMinimumHeight(ROW)
        field.edited.connect(lambda *value: self._on_edited(name))
        if isinstance(field.widget, NumberBox):
            field.widget.corrected.connect(self._say)
        help_text = QLabel(_(option.help), wordWrap=True)
        help_text.setProperty("role", "caption")
        help_text.hide()
        self._labels[name], self._helps[name] = label, help_text
        grid.addWidget(label, row, 0)
        grid.addWidget(field.widget, row, 1)
        grid.addWidget(help_text, row + 1, 0, 1, 2)

    def _say(self, error: str) -> None:
        self._error.setText(error)
        self._error.show()

    def _on_edited(self, name: str) -> None:
        value = self.fields[name].get()
        try:
            opt.check({name: value}, self.struct)
        except UserError as error:
            self._say(str(error))
        else:
            self._error.hide()
            self.edited.emit(name, value)


def _nothing_to_choose(widget: QWidget) -> str:
    """Why a list of what was found in the data is disabled; empty where it is not."""
    if not isinstance(widget, DataValueBox) or widget.has_choice:
        return ""
    return _("No choices are needed for these data.")
