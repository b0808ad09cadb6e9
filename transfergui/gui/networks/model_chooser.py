"""A list of trained networks, one of which is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.evaluation import data_checks
from transfergui.core.evaluation.data_checks import NO_DOUBT, Doubted
from transfergui.core.runs.run import Run
from transfergui.gui.base import style
from transfergui.gui.base.run_figure import RunFigure
from transfergui.gui.base.run_names import RunName, figure_of, result_of

NAME = 20
"""Letters of a name that there is room for at least; the list has the whole."""


@dataclass(frozen=True)
class ModelChoice:
    """A model to choose: the folder of a run, a package or an ONNX file.

    Attributes:
        name: what people call it; its folder or file is the tool tip.
        modality: key of what it looks at; empty as long as that is not known.
        data: path of the data that it was trained on; empty where that is not known.
        figure: on the test set; None where it was not tested.
        doubted: what is known against it.
        state: what is said of its result, as in ``92 %`` or ``cancelled, not tested``.
    """

    path: Path
    name: str
    modality: str = ""
    data: str = ""
    figure: RunFigure | None = None
    state: str = ""
    doubted: Doubted = NO_DOUBT

    @classmethod
    def of(cls, run: Run, **more: Any) -> Self:
        """A run; read in a worker thread.

        Args:
            more: what a subclass adds.

        Raises:
            UserError: it is damaged, or was deleted meanwhile.
        """
        recipe, figure = run.recipe, figure_of(run)
        name, state = RunName.of(run).full, result_of(run, figure)
        more |= {"doubted": data_checks.doubts_of(run)}
        return cls(run.path, name, recipe.modality, recipe.data.path, figure, state, **more)

    @property
    def title(self) -> str:
        """The name, with the result where there is one."""
        return f"{self.name} · {self.state}" if self.state else self.name


def ordered(choices: Sequence[ModelChoice], first: Path | None) -> list[ModelChoice]:
    """Untested models last; the one that is shown first, then those of the same data, the best
    first, then the others as they came."""
    data = next((choice.data for choice in choices if choice.path == first), None)

    def place(choice: ModelChoice) -> tuple[bool, bool, bool, str, float]:
        same = choice.data == data and bool(data)
        key, worth = choice.figure.order if choice.figure and same else ("", 0.0)
        untested = choice.figure is None and bool(choice.state)
        return untested, choice.path != first, not same, key, -worth

    return sorted(choices, key=place)


class ModelChooser(QComboBox):
    """As wide as there is room for; of long names both ends are seen, which tell them apart.

    Attributes:
        gone: the model that was chosen until the list was replaced, which lacks it; else empty.
    """

    def __init__(self) -> None:
        super().__init__()
        self._followed: Path | None = None
        self.gone = ""
        self.setMinimumContentsLength(NAME)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.currentIndexChanged.connect(self._tell)

    def follow(self) -> None:
        """Take the run that is shown again, whatever the user chose before."""
        self._followed = self.currentData()

    def fill(self, choices: Sequence[ModelChoice], first: Path | None) -> bool:
        """Replace the list: tested models first, on one data set the best first.

        Args:
            first: the run that is shown: where it was tested, it stands first, and is taken until
                the user chooses another.

        Returns:
            Whether another one is chosen now.
        """
        before, called = self.currentData(), self.currentText()
        follows = before is None or before == self._followed
        self.blockSignals(True)
        self.clear()
        for choice in ordered(choices, first):
            self._add(choice)
        self.setCurrentIndex(0 if follows else max(0, self.place_of(before)))
        self._followed = self.currentData() if follows else None
        self.blockSignals(False)
        self._tell()
        self.gone = called if before and self.place_of(before) < 0 else ""
        return self.currentData() != before

    def said_gone(self) -> str:
        """That the model that was chosen is not there any more; empty where it is."""
        text = _("“{name}” was deleted or moved. The selected model is now “{other}”.")
        return text.format(name=self.gone, other=self.currentText()) if self.gone else ""

    def choose(self, choice: ModelChoice) -> None:
        """Take this one, adding it to the list where it is not there; it stays chosen."""
        if self.place_of(choice.path) < 0:
            self._add(choice)
        self._followed = None
        self.setCurrentIndex(self.place_of(choice.path))

    def take_over(self, former: ModelChooser) -> None:
        """Have the list of another chooser, and its choice."""
        self.blockSignals(True)
        self.clear()
        for at in range(former.count()):
            self.addItem(former.itemText(at), former.itemData(at))
            tip = former.itemData(at, Qt.ItemDataRole.ToolTipRole)
            self.setItemData(at, tip, Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(former.currentIndex())
        self._followed = former._followed
        self.blockSignals(False)
        self._tell()

    def place_of(self, path: Path | None) -> int:
        """Where a model is in the list, -1 where it is not; Qt itself would compare objects."""
        known = [self.itemData(i) for i in range(self.count())]
        return known.index(path) if path in known else -1

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        box = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        elided, middle = self.fontMetrics().elidedText, Qt.TextElideMode.ElideMiddle
        option.currentText = elided(option.currentText, middle, box.width() - style.INSIDE)

    def _add(self, choice: ModelChoice) -> None:
        self.addItem(shown(choice.title), choice.path)
        tip = style.tip(shown(str(choice.path)))
        self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def _tell(self, *_index: object) -> None:
        """The whole name, and which folder or file it is."""
        path = self.currentData()
        lines = [self.currentText(), shown(str(path))] if path else []
        self.setToolTip("<br>".join(map(style.tip, lines)))
