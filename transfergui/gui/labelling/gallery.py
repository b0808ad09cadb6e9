"""The examples that are labelled, as far as they are to be seen: which ones, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import N_, _
from transfergui.core.data.captions import short_caption
from transfergui.gui.base import style, words
from transfergui.gui.labelling import listing
from transfergui.gui.labelling.labelling import Labelling
from transfergui.gui.labelling.listing import Order, Shown, Which
from transfergui.gui.labelling.tiles import LabelTiles, Said

SIMILAR = 12
"""So many similar examples are selected at once; once more, the next ones are as well."""
ALL = 10**9
FEW, MOST_OF_FEW, MOST = 40, 0.95, 0.99
"""With fewer labels than the first, no confidence above the second is shown: it rests on too
little. None above the third is shown ever: no suggestion is certain."""
NARROW = 100
"""Pixels of a choice above the examples at least; names of classes stand in it."""

ORDERS: tuple[tuple[Order, str], ...] = (
    ("useful", N_("Most useful next")),
    ("confident", N_("Most confident first")),
    ("similar", N_("Most similar first")),
    ("name", N_("By name")),
)


class Gallery(QWidget):
    """See the module.

    Args:
        labelling: what is labelled.

    Attributes:
        tiles: the examples.
        which, order: what is shown, and in which order.
        row: what stands above the examples; there is room at its end.
        empty: why nothing is shown.
    """

    def __init__(self, labelling: Labelling) -> None:
        super().__init__()
        self._labelling = labelling
        self._similar: Sequence[str] = ()
        self._labels = labelling.table.labels
        self._places: dict[str, int] = {}  # the rows of those that left the list
        self._views: list[tuple[Which, str]] = [("unlabelled", "")]
        self.tiles = LabelTiles(self._say)
        self.tiles.cache.reset(labelling.opened.decode, self.devicePixelRatio())
        self.which, self.order = QComboBox(), QComboBox()
        self.row = QHBoxLayout()
        self.empty = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._build()
        labelling.changed.connect(self._on_changed)
        labelling.suggestions_changed.connect(self._on_suggested)
        labelling.similar_found.connect(self._show_similar)
        self.which.currentIndexChanged.connect(self._choose_view)
        self.order.currentIndexChanged.connect(self._choose_view)
        self._fill_which()
        self._list(fixed=0)

    def show_view(self, which: Which, name: str = "") -> None:
        """Show all, or those without or with a label, of a class or suggested for it."""
        if (which, name) in self._views:
            self.which.setCurrentIndex(self._views.index((which, name)))

    def go_on(self, change: Callable[[], object]) -> None:
        """Change labels of the selected examples, and go on to the one that follows them."""
        rows, before = self.tiles.selected_rows(), list(self.tiles.paths)
        change()
        left = set(self.tiles.paths)
        after = [path for path in before[rows[-1] + 1 :] if path in left]
        earlier = [path for path in before[: rows[0]] if path in left]
        self.tiles.go_to(after[:1] or earlier[-1:])
        self.tiles.setFocus()

    # -- showing

    def _say(self, path: str) -> Said:
        """What stands below an example."""
        labelling, called = self._labelling, short_caption(path, self._labelling.opened.root)
        if (name := labelling.table.labels.get(path)) is not None:
            return Said(labelling.called(name), "", "check", "success", called)
        if (guess := labelling.suggested.guesses.get(path)) is not None:
            most = MOST_OF_FEW if len(labelling.table.labels) < FEW else MOST
            share = percent(min(guess.confidence, most), 0)
            return Said(labelling.called(guess.name), share, "sparkle", "accent", called)
        return Said("", name=called)

    def _list(self, fixed: int, keep: bool = True) -> None:
        """List what is shown anew; the first ``fixed`` stay where they are."""
        labelling, order = self._labelling, self.order.currentData()
        which, name = self._views[max(0, self.which.currentIndex())]
        useful = self._similar if order == "similar" else labelling.suggested.useful
        wanted = listing.listed(
            labelling.opened.paths,
            labelling.table,
            labelling.suggested.guesses,
            useful,
            Shown(which, name, order),
        )
        paths = listing.kept_in_place(self.tiles.paths, wanted, fixed)
        self._put(paths, keep)

    def _put(self, paths: Sequence[str], keep: bool) -> None:
        """Show these, or why there are none; the keyboard stays here."""
        labelling = self._labelling
        focused = self.tiles.hasFocus() or self.empty.hasFocus()
        if list(paths) != list(self.tiles.paths):
            self.tiles.show_paths(labelling.opened.root, paths, keep)
        self.tiles.viewport().update()
        self.empty.setVisible(not paths)
        if focused and not paths:
            self.empty.setFocus()
        self.tiles.setVisible(bool(paths))
        if focused and paths:
            self.tiles.setFocus()
        everything = labelling.labelled == len(labelling.opened.paths)
        self.empty.setText(
            _("Everything is labelled. Train with these labels, or look through them under “Show”.")
            if everything
            else _("No examples here. Choose something else under “Show”.")
        )

    def _on_changed(self) -> None:
        """After an edit, what is seen stays in its order; what an undo brings back is selected."""
        before, after = self._labels, self._labelling.table.labels
        self._labels = after
        rows = {path: row for row, path in enumerate(self.tiles.paths)}
        self._list(fixed=ALL)
        self._places |= {path: rows[path] for path in rows.keys() - set(self.tiles.paths)}
        back = [path for path in self.tiles.paths if path not in rows]
        if back:
            self._put_back(back)
            self.tiles.go_to(back)
        elif not self.tiles.selected_rows():
            self.tiles.go_to([p for p in self.tiles.paths if before.get(p) != after.get(p)][:1])
        self._fill_which()

    def _put_back(self, back: Sequence[str]) -> None:
        """What left the list comes back where it was; all in order where that is not known."""
        if not self._places.keys() >= set(back):
            self._list(fixed=0)
            return
        came = set(back)
        paths = [path for path in self.tiles.paths if path not in came]
        for path in sorted(back, key=self._places.__getitem__):
            paths.insert(self._places[path], path)
        self._put(paths, keep=True)

    def _on_suggested(self) -> None:
        """What is in sight stays where it is; what follows is in the new order."""
        begun = bool(self._labelling.table.labels or self.tiles.selected_rows())
        self._list(fixed=self.tiles.last_seen if begun else 0)
        self._fill_which()

    def _show_similar(self, paths: Sequence[str]) -> None:
        """Show similar examples beside the selected ones, and select the first of them, too."""
        chosen, labels = self.tiles.selected(), self._labelling.table.labels
        there = set(self.tiles.paths) - set(chosen)
        if any(path not in labels for path in chosen):  # what is labelled is not labelled anew
            there -= labels.keys()
        found = [path for path in paths if path in there]
        self._similar = [*chosen, *found]
        self.order.blockSignals(True)
        self.order.setCurrentIndex(self.order.findData("similar"))
        self.order.blockSignals(False)
        self._list(fixed=0, keep=False)
        self.tiles.go_to([*chosen, *found[:SIMILAR]])
        self.tiles.setFocus()

    def _choose_view(self) -> None:
        self._places.clear()
        self._list(fixed=0, keep=False)
        self.tiles.scrollToTop()

    def _fill_which(self) -> None:
        """What can be shown, with how many there are of each."""
        entries = self._entries()
        current = self._views[max(0, self.which.currentIndex())]
        self._views = [view for view, _text, _count in entries]
        there = current in self._views
        self.which.blockSignals(True)
        self.which.clear()
        for _view, text, count in entries:
            self.which.addItem(words.bracketed(text, words.number(count)))
        self.which.setCurrentIndex(self._views.index(current) if there else 0)
        self.which.blockSignals(False)
        if not there:
            self._choose_view()

    def _entries(self) -> list[tuple[tuple[Which, str], str, int]]:
        labelling = self._labelling
        labelled, total = labelling.labelled, len(labelling.opened.paths)
        found: list[tuple[tuple[Which, str], str, int]] = [
            (("unlabelled", ""), _("Without a label"), total - labelled),
            (("labelled", ""), _("Labelled"), labelled),
            (("all", ""), _("All"), total),
        ]
        of_class: tuple[tuple[Which, str, dict[str, int]], ...] = (
            ("suggested", _("Suggested as “{name}”"), labelling.guessed()),
            ("class", _("Labelled “{name}”"), labelling.counts()),
        )
        for which, text, counts in of_class:
            for name in labelling.names:
                if counts.get(name):
                    said = text.format(name=labelling.called(name))
                    found.append(((which, name), said, counts[name]))
        return found

    def _build(self) -> None:
        for order, title in ORDERS:
            self.order.addItem(_(title), order)
        self.empty.setProperty("role", "title")
        self.empty.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.row.setSpacing(style.INSIDE)
        name = QLabel(_("Show"))
        name.setBuddy(self.which)
        self.row.addWidget(name)
        for text, box in ((_("Show"), self.which), (_("Order"), self.order)):
            box.setAccessibleName(text)
            box.setToolTip(text)
            box.setMinimumWidth(NARROW)
            self.row.addWidget(box)
        self.row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(self.row)
        layout.addWidget(self.tiles, 1)
        layout.addWidget(self.empty, 1)
