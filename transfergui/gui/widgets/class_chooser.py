"""Choosing the class that samples should have: an existing one, or a new name."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, QStringListModel, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.i18n import _
from transfergui.core.paths import shown
from transfergui.gui import style


class ClassChooser(QDialog):
    """Type to find one of many classes; a name that is none of them makes a new class."""

    def __init__(self, title: str, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(360, 420)
        self._names = {shown(name): name for name in names}
        self._model = QSortFilterProxyModel(self)
        self._model.setSourceModel(QStringListModel(list(self._names), self))
        self._model.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.name = QLineEdit()
        self.list = QListView()
        self._hint = QLabel()
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build()
        self._typed("")

    def chosen(self) -> str:
        """The class asked for, without blanks around it; empty while there is none."""
        text = self.name.text().strip()
        return self._names.get(self.name.text(), self._names.get(text, text))

    def _build(self) -> None:
        self.name.setPlaceholderText(_("Find a class, or type a new name"))
        self.name.setAccessibleName(_("Name of the class"))
        self.name.textEdited.connect(self._typed)
        self.list.setModel(self._model)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(_("Classes"))
        self.list.selectionModel().currentChanged.connect(self._take)
        self.list.activated.connect(self.accept)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        for part in (self.name, self.list, self._hint, self._buttons):
            layout.addWidget(part)

    def _take(self, current: QModelIndex) -> None:
        if current.isValid():
            self.name.setText(current.data())
            self._update()

    def _typed(self, text: str) -> None:
        self._model.setFilterFixedString(text.strip())
        self._update()

    def _update(self) -> None:
        name = self.chosen()
        new = name and name not in self._names.values()
        self._hint.setText(_("This makes a new class.") if new else "")
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(name))
