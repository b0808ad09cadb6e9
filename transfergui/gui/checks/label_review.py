"""Going through likely label errors: each beside examples of both classes, one key for each
decision."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import N_, _, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.checks.check import Finding, Flagged
from transfergui.core.checks.label_errors import LIKELY, shown_of
from transfergui.core.data.captions import caption, short_caption
from transfergui.core.data.split import Split
from transfergui.gui.base import style, words
from transfergui.gui.parts.column import column
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.samples.sample_info import OpenSamples
from transfergui.gui.samples.sample_pane import Decode, SamplePane
from transfergui.gui.samples.thumbnails import Thumbnails
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session

SIZE = (1180, 740)
"""Of the dialog, in pixels: it fits into a window of 1280x800."""
SUREST = 0.99
"""No label is said to be wrong with more probability: 100 % would be too much."""
LISTED, SEEN = 460, 700
"""Widths of the list and of what is beside it, in pixels."""


@dataclass(frozen=True)
class _Decision:
    """What can be done with the selected samples: ``method`` of the dialog."""

    method: str
    title: str
    key: str
    tip: str


DECISIONS = (
    _Decision(
        "keep",
        N_("Keep"),
        "K",
        N_("Confirm that the labels are correct. They are not listed again."),
    ),
    _Decision("relabel", N_("Relabel"), "R", N_("Give each selected example its suggested label.")),
    _Decision(
        "exclude",
        N_("Exclude"),
        "X",
        N_("Exclude the selected examples from training. No file is changed."),
    ),
    _Decision("choose", N_("Other label…"), "F2", N_("Choose another label from a list.")),
)


class Examples(QWidget):
    """Some samples of one class under its name."""

    def __init__(self, decode: Decode, ratio: float) -> None:
        super().__init__()
        self.title = ElidedLabel(role="caption")
        self.thumbnails = Thumbnails()
        self.thumbnails.setAccessibleName(_("Examples"))
        self.thumbnails.cache.reset(decode, ratio)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.title)
        layout.addWidget(self.thumbnails)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        height = self.thumbnails.sizeHintForRow(0)
        if height > 0:
            self.thumbnails.setFixedHeight(height + 2 * self.thumbnails.frameWidth())


class LabelReview(QDialog):
    """See the module.

    Args:
        session: whose data are corrected.
        finding: of the check.
        decode: makes previews.

    Attributes:
        list: the samples that are not decided yet, the most doubtful first.
        name: of the file of the current one.
        pane: the current one, large.
        given, suggested: examples of the class that it has, and of the one that it seems to be.
        buttons: what can be done, by the method.
    """

    def __init__(
        self, session: Session, finding: Finding, decode: Decode, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Likely label errors"))
        self._session = session
        assert session.dataset is not None
        self._root = session.dataset.root
        self._samples = OpenSamples(session, self._root)
        self._flagged = {each.path: each for each in finding.flagged}
        self._first = {*first(finding)}
        self._labels = _labels_by_path(session)
        self._made = 0
        self.count = WrappedLabel()
        self.more = QCheckBox()
        self.list = Thumbnails(lines=3)
        self.list.cache.reset(decode, self.devicePixelRatio())
        self.list.setSelectionRectVisible(True)
        self.list.setAccessibleName(_("Examples whose label looks wrong"))
        self.title = ElidedLabel(role="title")
        self.name = ElidedLabel(role="caption")
        self.pane = SamplePane(decode, self._root, None)
        self.pane.folder_button.hide()
        self.pane.place.hide()
        self.given, self.suggested = (
            Examples(decode, self.devicePixelRatio()) for _number in range(2)
        )
        self.buttons: dict[str, QPushButton] = {}
        self.changes = WrappedLabel(role="caption")
        self.train = QPushButton()
        self._done = WrappedLabel(role="title")
        self._pages = QStackedWidget()
        self._build()
        session.recipe_changed.connect(self._refresh)
        session.state_changed.connect(self._follow)
        self._refresh()
        self._choose(0)

    # -- what keys and buttons do

    def keep(self) -> None:
        """The labels of the selected samples are right."""
        labels = {path: self._flagged[path].label for path in self.list.selected()}
        self._decide(lambda: edits.confirm(self._session, labels), labels)

    def relabel(self) -> None:
        """Give each selected sample the label that is suggested for it."""
        labels = {path: self._flagged[path].suggested for path in self.list.selected()}
        self._decide(lambda: edits.relabel_each(self._session, labels), labels)

    def exclude(self) -> None:
        """Leave the selected samples out."""
        paths = self.list.selected()
        self._decide(lambda: edits.exclude(self._session, paths), paths)

    def choose(self) -> None:
        """Ask for another label."""
        row = min(self.list.selected_rows(), default=0)
        self._samples.relabel(self, self.list.selected(), lambda: self._count_one(row))

    def undo(self) -> None:
        """Undo the last decision that was made here."""
        if self._made:
            before = self._undecided()
            self._made -= 1
            self._session.undo_stack.undo()
            self._refresh()
            back = [path for path in self._undecided() if path not in before]
            if back:
                self.list.choose(back[0])

    def train_again(self) -> None:
        """Train with the same settings and the corrected data."""
        self.accept()
        self._session.start_training()

    def _decide(self, change: Callable[[], object], paths: Collection[str]) -> None:
        if not paths or self._obstacle():
            return
        row = min(self.list.selected_rows())
        change()
        self._count_one(row)

    def _count_one(self, row: int) -> None:
        """One more step can be undone here; go on with what stands at ``row`` now."""
        self._made += 1
        self._refresh()
        self._choose(row)

    # -- showing

    def _undecided(self) -> list[str]:
        data = self._session.wanted.data
        gone = {*data.exclude, *data.relabel, *data.confirmed}
        wanted = self._flagged if self.more.isChecked() else self._first
        return [path for path in self._flagged if path not in gone and path in wanted]

    def _refresh(self, *_what: object) -> None:
        """Show what is left, and how much was decided."""
        left = self._undecided()
        if left != list(self.list.paths):
            captions = {path: _caption(self._flagged[path], self._root) for path in left}
            self.list.fill(self._root, left, keep_place=True, captions=captions)
        data = self._session.wanted.data
        changed = sum(path in data.relabel for path in self._flagged)
        excluded = sum(path in data.exclude for path in self._flagged)
        kept = sum(path in data.confirmed for path in self._flagged)
        said = _("Relabelled: {changed}. Excluded: {excluded}. Kept: {kept}.")
        self.changes.setText(said.format(changed=changed, excluded=excluded, kept=kept))
        self.changes.setVisible(bool(changed or excluded or kept))
        done = _("All labels are reviewed.")
        if self._session.run is not None and (changed or excluded):
            done = _("All labels are reviewed. Train again to see the difference.")
        self._done.setText(done)
        self._pages.setCurrentIndex(0 if left else 1)
        self.train.setVisible(bool(changed or excluded))
        self._show_current()
        self._follow()

    def _say_count(self) -> None:
        """How many are left, and how many of them are selected."""
        left, chosen = len(self.list.paths), len(self.list.selected_rows())
        text = ngettext("{count} label left to review.", "{count} labels left to review.", left)
        said = text.format(count=words.number(left))
        if chosen > 1:
            several = ngettext("{n} selected", "{n} selected", chosen)
            said = words.bracketed(said, several.format(n=words.number(chosen)))
        self.count.setText(said)

    def _choose(self, row: int) -> None:
        paths = self.list.paths
        if paths:
            self.list.choose(paths[min(row, len(paths) - 1)])
            self.list.setFocus()

    def _current(self) -> Flagged | None:
        rows = self.list.selected_rows()
        return self._flagged[self.list.paths[rows[0]]] if rows else None

    def _show_current(self, *_what: object) -> None:
        current = self._current()
        for part in (self.given, self.suggested, self.pane):
            part.setVisible(current is not None)
        self.name.setText("" if current is None else caption(current.path, self._root))
        if current is None:
            self.title.setText(_("Select an example in the list."))
            return
        text = _("“{label}”, maybe “{suggested}”")
        if current.score >= LIKELY:  # the probabilities of others are those of a weak model
            text = _("“{label}”, maybe “{suggested}” · wrong with {share} probability")
        names = {"label": shown(current.label), "suggested": shown(current.suggested)}
        share = percent(min(current.score, SUREST), 0)
        self.title.setText(text.format(share=share, **names))
        if self.pane.path != current.path:
            self.pane.show_sample(current.path)
            label = self._labels.get(current.path, "")
            own = [p for p in current.others if self._labels.get(p, "") == label]
            others = [p for p in current.others if p not in own]
            self._show_examples(self.given, own, current.label)
            self._show_examples(self.suggested, others, current.suggested)

    def _show_examples(self, part: Examples, paths: Sequence[str], name: str) -> None:
        text = _("Similar examples labelled “{name}”")
        part.title.setText(text.format(name=shown(name)))
        part.thumbnails.fill(self._root, paths)
        part.setVisible(bool(paths))

    def _obstacle(self) -> str:
        """Why nothing can be decided now."""
        if self._session.training:
            return _("A training is running.")
        return "" if self.list.selected_rows() else _("Select an example in the list.")

    def _follow(self, *_what: object) -> None:
        """What can be done now."""
        self._say_count()
        current, several = self._current(), len(self.list.selected_rows()) > 1
        obstacle = self._obstacle()
        for each in DECISIONS:
            button = self.buttons[each.method]
            button.setEnabled(not obstacle)
            button.setToolTip(style.tip(obstacle or f"{_(each.tip)} ({each.key})"))
        relabel = _("Relabel")
        if current is not None and not several:
            relabel = _("Relabel to “{name}”").format(name=shown(current.suggested))
        elif several:
            relabel = _("Relabel as suggested")
        self.buttons["relabel"].setText(f"{relabel} (R)")
        self.undo_button.setEnabled(bool(self._made))
        self.undo_button.setToolTip(style.tip(self._session.undo_stack.undo_text))
        self.train.setText(_("Train") if self._session.run is None else _("Train again"))
        self.train.setEnabled(not self._session.obstacle)
        self.train.setToolTip(
            style.tip(
                self._session.obstacle or _("Train with the same settings on the new labels.")
            )
        )

    # -- building

    def _build(self) -> None:
        rest = len(self._flagged) - len(self._first)
        text = _("Also show the next {count}, which are probably correct")
        self.more.setText(text.format(count=words.number(rest)))
        self.more.setVisible(rest > 0)
        self.more.toggled.connect(self._refresh)
        self.list.selectionModel().selectionChanged.connect(self._show_current)
        self.list.selectionModel().selectionChanged.connect(self._follow)
        left = column(self.count, self.more, self.list)
        beside = column(self.title, self.name, self.pane, self.given, self.suggested)
        beside.layout().setStretchFactor(self.pane, 1)  # type: ignore[union-attr]
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(left)
        parts.addWidget(beside)
        parts.setStretchFactor(0, 1)
        parts.setStretchFactor(1, 1)
        parts.setSizes([LISTED, SEEN])
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(style.BETWEEN)
        self._done.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(parts)
        self._pages.addWidget(self._done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.changes)
        layout.addLayout(self._make_row())
        self.resize(*SIZE)

    def _make_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        for each in DECISIONS:
            button = self._button(f"{_(each.title)} ({each.key})", getattr(self, each.method))
            self.buttons[each.method] = button
            row.addWidget(button)
            self._add_key(each.key, getattr(self, each.method))
        self._add_key("Delete", self.exclude)
        self.undo_button = self._button(_("Undo"), self.undo)
        self._add_key("Ctrl+Z", self.undo)
        self.train.setProperty("role", "primary")
        self.train.setAutoDefault(False)
        self.train.clicked.connect(self.train_again)
        row.addWidget(self.undo_button)
        row.addStretch(1)
        row.addWidget(self.train)
        row.addWidget(self._button(_("Close"), self.accept))
        return row

    def _button(self, text: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)  # Enter would press it
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it to the list
        button.clicked.connect(lambda _checked: slot())
        return button

    def _add_key(self, key: str, slot: Callable[[], object]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _checked=False: slot())
        self.addAction(action)


def _labels_by_path(session: Session) -> dict[str, str]:
    dataset = session.dataset
    if dataset is None:
        return {}
    return {sample.path: dataset.classes[sample.label] for sample in dataset.samples}


def _caption(flagged: Flagged, root: Path | str) -> str:
    """Of a thumbnail: the name of the file, its label, and what that may be."""
    name = short_caption(flagged.path, root)
    return f"{name}\n{shown(flagged.label)}\n→ {shown(flagged.suggested)}"


def first(finding: Finding) -> list[str]:
    """The samples whose labels are likely wrong; where none is, the most doubtful."""
    return [each.path for each in shown_of(finding.flagged)]


def captions(finding: Finding, split: Split) -> dict[str, str]:
    """Of the thumbnails of the check."""
    return {each.path: _caption(each, split.root) for each in finding.flagged}
