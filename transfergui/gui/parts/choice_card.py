"""One of several choices as a card: a title, a word beside it, and a sentence below it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QPushButton, QSizePolicy

from transfergui.gui.base import style


class ChoiceCard(QPushButton):
    """The sentence is seen when the card is chosen; before that, it is the tool tip.

    Args:
        aside: a word beside the title.
        unfolds: else the sentence is seen only where it says why the card cannot be chosen: the
            others do not move when one is.
    """

    def __init__(self, title: str, sentence: str, aside: str = "", unfolds: bool = True) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setProperty("role", "choice")
        self.setAccessibleName(title)
        self._name, self._aside = QLabel(title, wordWrap=True), QLabel(aside)
        self._name.setProperty("role", "title")
        self._aside.setProperty("role", "caption")
        self._sentence = QLabel(wordWrap=True)
        self._sentence.setProperty("role", "caption")
        self._sentence.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(style.INSIDE + 2, style.GAP, style.INSIDE + 2, style.GAP)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(self._aside, 0, 1)
        grid.addWidget(self._sentence, 1, 0, 1, 2)
        for label in (self._name, self._aside, self._sentence):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._unfolds = unfolds
        if unfolds:
            self.toggled.connect(self._sentence.setVisible)
        self.explain(sentence)

    def explain(self, sentence: str) -> None:
        """Replace the sentence."""
        self._sentence.setText(sentence)
        self.setAccessibleDescription(sentence)
        self.setToolTip(style.tip(sentence))

    def refuse(self, sentence: str, reason: str) -> None:
        """Say why it cannot be chosen, where it can be read; an empty ``reason`` allows it."""
        self.setEnabled(not reason)
        self.explain(reason or sentence)
        self._sentence.setVisible(bool(reason) or (self._unfolds and self.isChecked()))

    def sizeHint(self) -> QSize:
        """As high as the sentence needs in the width that there is: Qt gives it no more."""
        hint = self._lay().sizeHint()
        hint.setHeight(max(hint.height(), self.heightForWidth(self.width())))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return self._lay().minimumSize()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay().totalHeightForWidth(width)

    def _lay(self) -> QLayout:
        layout = self.layout()
        assert layout is not None
        return layout
