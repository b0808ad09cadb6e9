"""The examples on which two models differ, as tiles that are filtered by who is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from transfergui.core.app.comparing import Comparison
from transfergui.core.base.figure_texts import hundredths
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.data import tars
from transfergui.core.data.targets import BOXES
from transfergui.core.evaluation import box_marks, disagreements
from transfergui.core.evaluation.disagreements import Differing
from transfergui.core.figures import box_answers
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.interfaces.samples import Preview
from transfergui.gui.base import file_dialogs, style, words
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.samples.sample_grid import SampleGrid
from transfergui.gui.session.session import Session
from transfergui.gui.tables.save_table import KINDS, save_csv

FILE = "examples that differ.csv"
"""What is proposed for the file."""


class DifferingExamples(QWidget):
    """See the module.

    Args:
        say: told a sentence about a file that was written, or could not be.

    Attributes:
        buttons: of the filter, by kind; ``all`` shows every example.
    """

    def __init__(self, session: Session, say: Callable[[str], object]) -> None:
        super().__init__()
        self._say = say
        self._found: Comparison | None = None
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        self.grid = SampleGrid(session, lines=3)
        self.nothing = WrappedLabel(role="caption")
        self.save = tool_button(_("Save as CSV…"), _("Save the examples shown as a table."))
        self.save.clicked.connect(lambda _checked=False: self._ask())
        self._filter = QHBoxLayout()
        self._filter.setSpacing(style.GAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, style.INSIDE, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(self._filter)
        layout.addWidget(self.nothing)
        layout.addWidget(self.grid, 1)

    def show_comparison(self, found: Comparison) -> None:
        """Show the examples of a comparison, all of them first."""
        self._found = found
        modality, input = found.modality, found.input

        def decode(path: Path, large: bool = False, /) -> Preview:
            tars.require_own(path, found.split.places if found.split is not None else ())
            return modality.preview(path, input, large)

        self.grid.use(found.root, decode, found.split)
        self._make_filter()
        self._list()

    @property
    def shown(self) -> list[Differing]:
        """The examples that the filter lets through."""
        known = self._found.differing if self._found else None
        if known is None:
            return []
        chosen = next((key for key, b in self.buttons.items() if b.isChecked()), "all")
        return [each for each in known.examples if chosen in ("all", each.which)]

    def write(self, path: Path) -> None:
        """Save the examples that are shown."""
        if self._found is not None:
            rows = disagreements.table(self.shown, self._found.root)
            save_csv(self, path, rows, self._say)

    def _ask(self) -> None:
        title = _("Save the examples that differ")
        path, _kind = file_dialogs.ask_target(self, title, "answers", FILE, KINDS)
        if path is not None:
            self.write(path if path.suffix else path.with_suffix(".csv"))

    def _make_filter(self) -> None:
        while (item := self._filter.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self.save:
                widget.deleteLater()
        self.buttons.clear()
        known = self._found.differing if self._found else None
        counts = known.counts() if known else {}
        total = len(known.examples) if known else 0
        self._add("all", _("All"), total)
        if known is not None and len(counts) > 1:
            for which, count in counts.items():
                self._add(which, known.title(which), count)
        self._filter.addStretch(1)
        self._filter.addWidget(self.save)
        self.buttons["all"].setChecked(True)
        for button in self.buttons.values():
            button.setVisible(total > 0)
        self.save.setVisible(total > 0)

    def _add(self, key: str, text: str, count: int) -> None:
        title = _("{name} ({count})").format(name=text, count=words.number(count))
        button = tool_button(title, _("Show only these examples."))
        button.setCheckable(True)
        button.setEnabled(count > 0)
        button.clicked.connect(lambda _checked=False: self._list())
        self._group.addButton(button)
        self.buttons[key] = button
        self._filter.addWidget(button)

    def _list(self) -> None:
        found, examples = self._found, self.shown
        self.nothing.setText(self._why_nothing())
        self.nothing.setVisible(not examples)
        self.grid.setVisible(bool(examples))
        if found is None:
            return
        of_boxes = found.differing is not None and found.differing.objective == BOXES
        told = [_counted(each) if of_boxes else each for each in examples]
        captions = {each.path: caption(each) for each in told}
        said = {each.path: sentence(each) for each in told}
        noun = _(found.modality.many)
        text = _("{count} {noun}, most confident first")
        if of_boxes:
            text = _("{count} {noun}, most different first")
        heading = text.format(count=words.number(len(examples)), noun=noun)
        self.grid.fill(heading, [each.path for each in examples], captions, said)

    def _why_nothing(self) -> str:
        known = self._found.differing if self._found else None
        if known is None:
            return _("There are no examples that both predicted.")
        text = _("Both predict the same for all {count} {noun}.")
        assert self._found is not None
        return text.format(count=words.number(known.shared), noun=_(self._found.modality.many))


def _counted(each: Differing) -> Differing:
    """With how many errors each model makes, or without labels how many boxes of each class it
    finds, instead of where they are."""
    said = (each.first, each.second)
    if not each.truth:
        first, second = map(box_marks.summary, said)
        return replace(each, first=first, second=second)
    first, second = (_errors(PredictionRow("", each.truth, text, None)) for text in said)
    return replace(each, truth=box_marks.summary(each.truth), first=first, second=second)


def _errors(row: PredictionRow) -> str:
    count = round(box_answers.row_error(row))
    return ngettext("{count} error", "{count} errors", count).format(count=count)


def caption(each: Differing) -> str:
    """Three lines: what it is, and what each model says; of unlabelled examples two."""
    lines = [shown(each.truth)] if each.truth else []
    told = (
        (_("A: {label}"), _("A: {percent} % {label}"), each.first, each.first_confidence),
        (_("B: {label}"), _("B: {percent} % {label}"), each.second, each.second_confidence),
    )
    for plain, surely, label, sure in told:  # of a long name the end is left out, not the figure
        values = {"label": shown(label)}
        if sure is not None:
            values["percent"] = hundredths(sure)
        lines.append((plain if sure is None else surely).format(**values))
    return "\n".join(lines)


def sentence(each: Differing) -> str:
    """The same as a sentence."""
    values = {
        "truth": shown(each.truth),
        "first": _surely(each.first, each.first_confidence),
        "second": _surely(each.second, each.second_confidence),
    }
    if each.truth:
        return _("Labelled “{truth}”. A predicts {first}, B predicts {second}.").format(**values)
    return _("A predicts {first}, B predicts {second}.").format(**values)


def _surely(label: str, confidence: float | None) -> str:
    if confidence is None:
        return shown(label)
    text = _("{label} · {percent} %")
    return text.format(label=shown(label), percent=hundredths(confidence))
