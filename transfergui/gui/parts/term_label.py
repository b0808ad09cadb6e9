"""Technical terms with a dotted underline, and two sentences on what they mean."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from transfergui.core.base.i18n import N_, _
from transfergui.gui.base import style

TERMS: dict[str, tuple[str, str]] = {
    "accuracy": (
        N_("Accuracy"),
        N_(
            "How many of 100 were answered rightly. When one class is much more common than the "
            "others, even a useless program scores high; then look at the balanced accuracy."
        ),
    ),
    "augmentation": (
        N_("Augmentation"),
        N_(
            "Small random changes that do not alter what an example is, made anew each time it is "
            "seen. They keep the network from learning your few examples by heart."
        ),
    ),
    "backbone": (
        N_("Backbone"),
        N_(
            "A network that somebody has already trained on very many examples. It can tell what "
            "they are made of; only what this means for your classes is new."
        ),
    ),
    "balanced_accuracy": (
        N_("Balanced accuracy"),
        N_(
            "The share answered rightly in each class, averaged over the classes. A rare class "
            "counts as much as a common one."
        ),
    ),
    "baseline": (
        N_("Majority baseline"),
        N_(
            "The accuracy of always predicting one class: the commonest of the training or of the "
            "test. A result is worth something only above it."
        ),
    ),
    "confidence": (
        N_("Confidence"),
        N_(
            "How sure the network says it is. It may be sure and wrong, above all with "
            "something that belongs to none of your classes."
        ),
    ),
    "confusion": (
        N_("Confusion matrix"),
        N_(
            "Each row is what something is, each column what it was taken for. Everything off "
            "the diagonal is a mistake, and shows which classes look alike to the network."
        ),
    ),
    "epoch": (
        N_("Epoch"),
        N_(
            "One pass over all training examples. Learning takes several; too many, and the "
            "network learns your examples by heart."
        ),
    ),
    "f1": (
        N_("F1"),
        N_(
            "A balance of recall and precision: it is high only where most of this class were "
            "found and few others were taken for it. 100 % is perfect."
        ),
    ),
    "head": (
        N_("Head"),
        N_(
            "The last part of the network, which turns what the backbone finds into your "
            "classes. It is always new and always trained."
        ),
    ),
    "learning_rate": (
        N_("Learning rate"),
        N_(
            "How big each step of learning is. Too big and the network forgets what it knew; "
            "too small and it learns nothing in the time it has."
        ),
    ),
    "loss": (
        N_("Loss"),
        N_(
            "How wrong the network is, counting how sure it was: 0 is perfect. It is what "
            "training makes smaller, step by step."
        ),
    ),
    "macro_f1": (
        N_("Macro F1"),
        N_(
            "For each class, a balance between finding all of its members and not claiming "
            "others; then the mean over the classes. 100 % is perfect."
        ),
    ),
    "overfitting": (
        N_("Learning by heart"),
        N_(
            "The network remembers the training examples instead of what they have in common. "
            "It shows when validation gets worse while training still gets better."
        ),
    ),
    "precision": (
        N_("Precision"),
        N_("Of all that were said to be of this class, how many were. It falls by false alarms."),
    ),
    "recall": (
        N_("Recall"),
        N_("Of all that are of this class, how many were found. It falls by what is missed."),
    ),
    "test": (
        N_("Test"),
        N_(
            "Examples kept aside until the very end. They tell how good the result is on what "
            "the network has never seen, which nothing else can tell."
        ),
    ),
    "validation": (
        N_("Validation"),
        N_(
            "Examples that are not learnt from, but looked at after each epoch. They choose the "
            "best moment to stop."
        ),
    ),
}
"""Title and explanation by key, untranslated."""


class TermLabel(QLabel):
    """A word or line whose meaning is a hover, a click or a key away.

    Args:
        text: what is shown, translated.
        explanation: two sentences, translated; without one it is a plain label.
        parent: Qt's owner.
        focusable: False where something beside it already tells a screen reader the same.
    """

    def __init__(
        self,
        text: str,
        explanation: str,
        parent: QWidget | None = None,
        focusable: bool = True,
    ) -> None:
        super().__init__(text, parent)
        self.explanation = explanation
        self.setToolTip(style.tip(explanation))
        self.setWhatsThis(explanation)
        self.setAccessibleDescription(explanation)
        if explanation:
            self.setCursor(Qt.CursorShape.WhatsThisCursor)
        if explanation and focusable:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @classmethod
    def term(cls, key: str, parent: QWidget | None = None) -> "TermLabel":
        """A term of the glossary :data:`TERMS`."""
        title, explanation = TERMS[key]
        return cls(_(title), _(explanation), parent)

    def explain(self) -> None:
        """Show the explanation below the text, until the mouse or a key moves on."""
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip(), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.explain()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.explain()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.explanation:
            return
        painter = QPainter(self)
        focused = self.hasFocus()
        pen = QPen(style.colour("accent" if focused else "muted"), 1, Qt.PenStyle.DotLine)
        painter.setPen(pen)
        line = self._text_rect()
        painter.drawLine(line.bottomLeft(), line.bottomRight())

    def _text_rect(self) -> QRect:
        flags = int(self.alignment()) | (Qt.TextFlag.TextWordWrap if self.wordWrap() else 0)
        return self.fontMetrics().boundingRect(self.contentsRect(), flags, self.text())
