"""A field that holds several networks: a row for each, one more below, the chooser behind them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.options import listed
from transfergui.core.interfaces.plan import Modality
from transfergui.gui.base import style
from transfergui.gui.networks.network_field import NetworkField
from transfergui.gui.networks.own_models import Use


class NetworksField(QWidget):
    """The networks that are chosen; none means what the program chooses, if it does.

    Args:
        own: only the user's own trained models are offered.

    Attributes:
        edited: the user has added, exchanged or taken away one.
    """

    edited = Signal()

    def __init__(self, own: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._modality: Modality | None = None
        self._weights_dir: str | None = None
        self._names: tuple[str, ...] = ()
        self._automatic = ""
        self.rows: list[_Row] = []
        self._use: Use = "whole" if own else "start"
        self._new = NetworkField(use=self._use)  # never shown: it opens the chooser
        self._new.hide()
        self._new.edited.connect(self._take_new)
        self.add = QPushButton()
        self.add.setProperty("role", "field")
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self.choose)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(style.GAP)
        self._layout.addWidget(self.add)
        style.theme.changed.connect(self._dress)  # a method: it goes with the widget
        self._dress()
        self._say()

    def value(self) -> tuple[str, ...]:
        """What a recipe calls the networks."""
        return self._names

    def put(self, names: Sequence[str] | str) -> None:
        """Show these networks."""
        if listed(names) == self._names:
            return
        self._names = listed(names)
        while len(self.rows) > len(self._names):
            row = self.rows.pop()
            self._layout.removeWidget(row)
            row.deleteLater()
        while len(self.rows) < len(self._names):
            self._add_row()
        for row, name in zip(self.rows, self._names, strict=True):
            row.field.put(name)
        self._say()

    def set_automatic(self, title: str) -> None:
        """What the program would choose, said while nothing is chosen."""
        self._automatic = title
        self._say()

    def set_modality(self, modality: Modality, weights_dir: str | None) -> None:
        """As :meth:`NetworkField.set_modality`."""
        self._modality, self._weights_dir = modality, weights_dir
        for field in (self._new, *(row.field for row in self.rows)):
            field.set_modality(modality, weights_dir)

    def choose(self) -> None:
        """Open the chooser for one more."""
        self._new.put("")
        self._new.choose()

    def _take_new(self) -> None:
        if name := self._new.value():
            self._change((*self._names, name))

    def _add_row(self) -> None:
        row = _Row(self._use)
        if self._modality is not None:
            row.field.set_modality(self._modality, self._weights_dir)
        row.field.edited.connect(lambda: self._change([each.field.value() for each in self.rows]))
        row.remove.clicked.connect(lambda: self._change(self._without(row)))
        self._layout.insertWidget(len(self.rows), row)
        self.rows.append(row)

    def _dress(self) -> None:
        self.add.setIcon(style.icon("plus", "muted"))

    def _without(self, gone: _Row) -> list[str]:
        return [row.field.value() for row in self.rows if row is not gone]

    def _change(self, names: Sequence[str]) -> None:
        self.put(tuple(dict.fromkeys(names)))
        self.edited.emit()

    def _say(self) -> None:
        text = _("Add a run…") if self._use == "whole" else _("Add a backbone…")
        if not self._names and self._automatic:
            text = _("Automatic ({name})").format(name=self._automatic)
        self.add.setText(text)
        self.add.setAccessibleDescription(text)


class _Row(QWidget):
    """One of them, and a button that takes it away."""

    def __init__(self, use: Use) -> None:
        super().__init__()
        self.field = NetworkField(use=use)
        self.remove = QPushButton()
        self.remove.setIcon(style.icon("close", "muted"))
        self.remove.setToolTip(_("Remove this one."))
        self.remove.setAccessibleName(_("Remove this one."))
        self.remove.setAutoDefault(False)
        self.remove.setProperty("role", "link")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.remove)
