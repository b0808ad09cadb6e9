"""Which of one's own classes those of other data are: a list of theirs, each with a choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.options import Options
from transfergui.core.base.paths import shown
from transfergui.core.data import labels
from transfergui.core.data.companions import TheirClass
from transfergui.core.data.dataset import Sample
from transfergui.core.interfaces.plan import Modality
from transfergui.gui.base import style, words
from transfergui.gui.base.words import Noun
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.samples.sample_strip import SampleStrip

SIZE = (620, 460)
"""Of the dialog, in pixels."""
SHOWN = 100
"""Classes that are listed, those first that are not among one's own."""


class ClassMatching(QDialog):
    """See the module.

    Args:
        there: the classes of the other data.
        root: the folder that their examples are relative to.
        own: one's own classes.
        look: the modality, and how it reads the examples.
        said: what the recipe says of them already.
        matched: called with what differs from the classes of the same name.

    Attributes:
        choices: of each class, by its name there.
    """

    def __init__(
        self,
        parent: QWidget,
        there: Sequence[TheirClass],
        root: Path,
        own: Sequence[str],
        look: tuple[Modality, Options],
        said: Mapping[str, str],
        matched: Callable[[Mapping[str, str]], object],
    ) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Match classes"))
        self._same = same_name(there, own)
        self._said = said
        self.choices: dict[str, QComboBox] = {}
        self._likely = likely(there, own, said)
        meant = self._likely | self._same | dict(said)
        known = {each.name: meant.get(each.name, "") for each in there}
        sure = self._same.keys() | said.keys()
        listed = sorted(there, key=lambda each: each.name in sure)[:SHOWN]
        what = WrappedLabel()
        what.setText(_("Choose for each class of the other data which of yours it is."))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(what)
        layout.addWidget(self._list(listed, root, look, known, own), 1)
        if more := len(there) - len(listed):
            text = ngettext("{n} more class", "{n} more classes", more)
            rest = WrappedLabel(role="caption")
            rest.setText(text.format(n=words.number(more)))
            layout.addWidget(rest)
        box = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        layout.addWidget(box)
        self.accepted.connect(lambda: matched(self.chosen()))
        self.resize(*SIZE)

    def chosen(self) -> dict[str, str]:
        """What differs from the class of the same name; classes that are not listed stay."""
        found = {name: str(choice.currentData()) for name, choice in self.choices.items()}
        unlisted = {name: own for name, own in self._said.items() if name not in found}
        return unlisted | {
            name: own for name, own in found.items() if own != self._same.get(name, "")
        }

    def _list(
        self,
        listed: Sequence[TheirClass],
        root: Path,
        look: tuple[Modality, Options],
        known: Mapping[str, str],
        own: Sequence[str],
    ) -> QScrollArea:
        modality, input = look
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setSpacing(style.INSIDE)
        grid.setColumnStretch(0, 1)
        noun = Noun.of(modality)
        for row, each in enumerate(listed):
            name, amount = ElidedLabel(role="title"), ElidedLabel(role="caption")
            name.setText(shown(each.name))
            many = noun.amount(each.count)
            if each.name in self._likely:
                many = _("{amount} · proposed: check").format(amount=many)
            amount.setText(many)
            strip = SampleStrip()
            examples = [Sample(path, 0) for path in each.examples]
            strip.fill(examples, root, modality, input)
            choice = self.choices[each.name] = _choice(own, known[each.name])
            choice.setAccessibleName(shown(each.name))
            grid.addWidget(name, 2 * row, 0)
            grid.addWidget(amount, 2 * row + 1, 0)
            grid.addWidget(strip, 2 * row, 1, 2, 1)
            grid.addWidget(choice, 2 * row, 2, 2, 1)
        grid.setRowStretch(2 * len(listed), 1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area


def same_name(there: Sequence[TheirClass], own: Sequence[str]) -> dict[str, str]:
    """The own class that each is if nobody says otherwise, by its name there."""
    return labels.matched([each.name for each in there], own, loosely=False)


def unmatched(
    there: Sequence[TheirClass], own: Sequence[str], said: Mapping[str, str]
) -> list[TheirClass]:
    """Those of which nobody knows which class they are."""
    same = same_name(there, own)
    return [each for each in there if each.name not in same and each.name not in said]


def likely(
    there: Sequence[TheirClass], own: Sequence[str], said: Mapping[str, str]
) -> dict[str, str]:
    """The own class that some of :func:`unmatched` probably are, as their names are nearly the
    same: the plural, another spelling. To be confirmed."""
    unknown = {each.name for each in unmatched(there, own, said)}
    found = labels.matched([each.name for each in there], own, loosely=True)
    taken = {*same_name(there, own).values(), *said.values()}
    return {n: o for n, o in found.items() if n in unknown and o not in taken}


def _choice(own: Sequence[str], now: str) -> QComboBox:
    found = QComboBox()
    found.addItem(_("Leave out"), "")
    for name in own:
        found.addItem(shown(name), name)
    found.setCurrentIndex(max(0, found.findData(now)))
    return found
