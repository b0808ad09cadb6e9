"""The pretrained networks as a tree: families with their networks, or all in one list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QWidget

from transfergui.core.app import suitability_texts
from transfergui.core.base import figure_texts
from transfergui.core.base.i18n import N_, _, paragraph
from transfergui.core.interfaces.networks import Backbone, WeightState
from transfergui.core.networks import weights
from transfergui.gui.base import style, words

if TYPE_CHECKING:
    from transfergui.core.app.suitability import Suitability
    from transfergui.core.interfaces.objective import Score

LAST = 1e9
"""Sorts what is not known behind all else."""
OWN = N_("Your own models")
"""As a family: what the user has trained (untranslated)."""
KEY = Qt.ItemDataRole.UserRole + 1
SORT = Qt.ItemDataRole.UserRole + 2
WORDS = Qt.ItemDataRole.UserRole + 3
HERE = Qt.ItemDataRole.UserRole + 4

SPEEDS = {
    "fast": N_("fast"),
    "medium": N_("medium"),
    "slow": N_("slow"),
    "very slow": N_("very slow"),
}

STATES: dict[WeightState, str] = {
    "built-in": N_("built in"),
    "on disk": N_("available"),
    "download": N_("to download"),
    "missing": N_("missing"),
}
"""Where the weights are, in a word (untranslated)."""
WHERE: tuple[WeightState, ...] = (*weights.HERE, "download", "missing")
"""The states, the nearest first."""


@dataclass(frozen=True)
class BackboneColumn:
    """One column: what it is called, what it means, what it shows and sorts by.

    Attributes:
        best: which member of a family its row is sorted by.
        own: whether it tells trainings of the user's own apart.
    """

    title: str
    help: str
    text: Callable[[Backbone, WeightState], str]
    value: Callable[[Backbone, WeightState], Any]
    best: Callable[[Sequence[Any]], Any] = min
    right: bool = True
    own: bool = True


def per_cent(accuracy: float | None) -> str:
    """As a figure that no line break splits."""
    if accuracy is None:
        return "–"
    return figure_texts.per_cent(QLocale().toString(accuracy, "f", 1)).replace(" ", "\u00a0")


def is_own(backbone: Backbone) -> bool:
    """Whether the user has trained it."""
    return backbone.family == _(OWN)


def summary(backbone: Backbone) -> str:
    """The summary of a backbone, sentence by sentence: the list joins those of its family with
    one on its speed."""
    whole = _(backbone.summary)
    if whole != backbone.summary:
        return whole
    return paragraph(_(sentence) for sentence in _sentences(whole))


def _sentences(text: str) -> list[str]:
    parts = text.split(". ")
    return [f"{part}." for part in parts[:-1]] + parts[-1:]


def _accuracy(backbone: Backbone) -> str:
    """With a word on what it was measured on, where that is not what the others were."""
    told = per_cent(backbone.accuracy)
    return _("{accuracy}\non your data").format(accuracy=told) if is_own(backbone) else told


COLUMNS = (
    BackboneColumn(
        N_("Backbone"),
        N_("The name in the literature. Backbones of one family have the same architecture."),
        lambda backbone, state: _(backbone.title),
        lambda backbone, state: _(backbone.title).casefold(),
        right=False,
    ),
    BackboneColumn(
        N_("Family"),
        N_("Backbones of one family have the same architecture and differ in size."),
        lambda backbone, state: backbone.family,
        lambda backbone, state: backbone.family.casefold(),
        right=False,
        own=False,
    ),
    BackboneColumn(
        N_("Parameters"),
        N_(
            "How many numbers the backbone has learned. Larger backbones can distinguish finer "
            "details, but need more time and memory."
        ),
        lambda backbone, state: words.large(backbone.params) if backbone.params else "–",
        lambda backbone, state: backbone.params,
    ),
    BackboneColumn(
        N_("Speed"),
        N_("How fast one example is processed, compared with the other backbones."),
        lambda backbone, state: _(SPEEDS[backbone.speed]),
        lambda backbone, state: backbone.flops,
        right=False,
    ),
    BackboneColumn(
        N_("ImageNet accuracy"),
        N_(
            "The share of the test photos of ImageNet (1000 kinds of things) that the pretrained "
            "backbone classifies correctly, as published. On your data the order may differ. For "
            "your own models: the accuracy on the test set of your data."
        ),
        lambda backbone, state: _accuracy(backbone),
        lambda backbone, state: backbone.accuracy or 0.0,
        best=max,
    ),
    BackboneColumn(
        N_("Download"),
        N_("The size of the file with the pretrained weights."),
        lambda backbone, state: (
            words.size(backbone.download_bytes) if backbone.weights_url else "–"
        ),
        lambda backbone, state: backbone.download_bytes,
        own=False,
    ),
    BackboneColumn(
        N_("Weights"),
        N_(
            "The weights are the numbers that the backbone has learned. Those marked "
            "“available” or “built in” can be used at once; those marked “to download” are "
            "downloaded once, when you ask for them."
        ),
        lambda backbone, state: _(STATES[state]),
        lambda backbone, state: WHERE.index(state),
        right=False,
        own=False,
    ),
    BackboneColumn(
        N_("Licence"),
        N_("What the authors of the weights allow."),
        lambda backbone, state: backbone.licence,
        lambda backbone, state: backbone.licence.casefold(),
        right=False,
        own=False,
    ),
)
FAMILY, ACCURACY, DOWNLOAD, LICENCE = 1, 4, 5, 7


@dataclass(frozen=True)
class Suited:
    """How well a row suits the data at hand.

    Attributes:
        place: among all, the nearest data first.
        score: of its linear probe.
    """

    found: Suitability
    place: int
    score: Score


@dataclass(frozen=True)
class SuitedColumn:
    """One column of what was found out about the data at hand."""

    title: str
    help: str
    text: Callable[[Suitability, Score], str]


def _probed(found: Suitability, score: Score) -> str:
    network = found.network
    return "–" if network is None or network.score is None else score.text(network.score)


SUITED = (
    SuitedColumn(
        N_("Data"),
        suitability_texts.EXPLAINED,
        lambda found, score: suitability_texts.word(found.closeness) if found.closeness else "–",
    ),
    SuitedColumn(
        N_("Linear probe"),
        N_(
            "How well a linear model on the features of this backbone predicts your training "
            "examples, cross-validated. The backbone itself is not trained, so the order after "
            "fine-tuning may differ."
        ),
        _probed,
    ),
)
"""Hidden until it was asked for; behind :data:`COLUMNS`."""
NEAR, PROBED = len(COLUMNS), len(COLUMNS) + 1


class BackboneModel(QStandardItemModel):
    """All networks; ``fill`` again when weights have arrived."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suited: dict[str, Suited] = {}
        self.setColumnCount(len(COLUMNS) + len(SUITED))
        heads = [(each.title, each.help, each.right) for each in COLUMNS]
        heads += [(each.title, each.help, False) for each in SUITED]
        for section, (title, told, right) in enumerate(heads):
            header = QStandardItem(_(title))
            header.setToolTip(style.tip(_(told)))
            header.setTextAlignment(_side(right))
            self.setHorizontalHeaderItem(section, header)

    def suit(self, found: Sequence[Suitability], score: Score) -> None:
        """What :meth:`fill` shows of how well each row suits the data at hand.

        Args:
            found: the nearest first.
            score: of its linear probes.
        """
        self._suited = {
            each.candidate.named: Suited(each, place, score) for place, each in enumerate(found)
        }

    def fill(
        self,
        rows: Sequence[Backbone],
        states: Mapping[str, WeightState],
        grouped: bool,
        unfit: Mapping[str, str],
    ) -> None:
        """Show ``rows``.

        Args:
            states: where the weights are, by key.
            grouped: below a row for each family, or all in one list.
            unfit: why some will not do, as sentences by their keys: these are grey.
        """
        self.removeRows(0, self.rowCount())
        for family, members in _families(rows, grouped):
            parent = self.invisibleRootItem()
            if grouped:
                heads = _family_row(family, members, states)
                parent.appendRow(heads)
                parent = heads[0]
            for backbone in members:
                suited = self._suited.get(backbone.key)
                items = _row(backbone, states[backbone.key], suited)
                if reason := unfit.get(backbone.key):
                    _grey(items, reason)
                parent.appendRow(items)


def _families(rows: Sequence[Backbone], grouped: bool) -> list[tuple[str, list[Backbone]]]:
    if not grouped:
        return [("", list(rows))]
    names = dict.fromkeys(backbone.family for backbone in rows)
    return [(name, [b for b in rows if b.family == name]) for name in names]


def _row(backbone: Backbone, state: WeightState, suited: Suited | None) -> list[QStandardItem]:
    searched = " ".join(
        (backbone.key, backbone.title, _(backbone.title), backbone.family, summary(backbone))
    )
    items = []
    for column in COLUMNS:
        item = _item(column.text(backbone, state), column.right)
        item.setData(column.value(backbone, state), SORT)
        items.append(item)
    items += _suited_items(suited)
    items[0].setData(backbone.key, KEY)
    items[0].setData(searched.casefold(), WORDS)
    items[0].setData(state in weights.HERE, HERE)
    items[0].setToolTip(style.tip(summary(backbone)))
    return items


def _grey(items: Sequence[QStandardItem], reason: str) -> None:
    for item in items:
        item.setForeground(style.colour("muted"))
        item.setToolTip(style.tip(reason))
        item.setAccessibleDescription(reason)


def _family_row(
    family: str, members: Sequence[Backbone], states: Mapping[str, WeightState]
) -> list[QStandardItem]:
    """The head of a family; it sorts as its best member does, the user's own before all names."""
    items = []
    for column in COLUMNS:
        item = _item("", column.right)
        item.setData(column.best([column.value(b, states[b.key]) for b in members]), SORT)
        items.append(item)
    items[0].setText(family)
    items[0].setData("" if family == _(OWN) else family.casefold(), SORT)
    return items


def _suited_items(suited: Suited | None) -> list[QStandardItem]:
    """How well a row suits the data at hand, as far as it was found out."""
    if suited is None:
        items = [_item("–", right=False) for _column in SUITED]
        for item in items:
            item.setData(LAST, SORT)
        return items
    found = suited.found
    items = [_item(column.text(found, suited.score), right=False) for column in SUITED]
    near, probed = items
    near.setData(suited.place, SORT)
    score = found.network.score if found.network else None
    probed.setData(LAST if score is None else -score, SORT)
    near.setToolTip(style.tip(_told_of_data(found)))
    probed.setToolTip(style.tip(_told_of_network(found)))
    return items


def _told_of_data(found: Suitability) -> str:
    if found.closeness is not None:
        return suitability_texts.figures(found.closeness, found.under)
    return found.not_compared.sentence() if found.not_compared else ""


def _told_of_network(found: Suitability) -> str:
    network = found.network
    if network is None or network.skipped is not None:
        return network.skipped.sentence() if network and network.skipped else ""
    return suitability_texts.scores(network)


def _item(text: str, right: bool) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    item.setTextAlignment(_side(right))
    return item


def _side(right: bool) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class BackboneFilter(QSortFilterProxyModel):
    """Networks that contain every word typed and, if asked for, are on this computer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSortRole(SORT)
        self.setRecursiveFilteringEnabled(True)
        self._words: list[str] = []
        self._only_here = False

    def keep(self, text: str, only_here: bool) -> None:
        self._words, self._only_here = text.casefold().split(), only_here
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Any) -> bool:
        index = self.sourceModel().index(row, 0, parent)
        searched = index.data(WORDS)
        if searched is None:  # the head of a family is shown when a member is
            return False
        return all(word in searched for word in self._words) and (
            index.data(HERE) or not self._only_here
        )

    def count(self) -> int:
        """How many networks are shown."""
        return len(self.keys())

    def keys(self) -> list[str]:
        """Keys of the networks shown, from top to bottom."""
        found: list[str] = []
        self._collect(QModelIndex(), found)
        return found

    def _collect(self, parent: QModelIndex, found: list[str]) -> None:
        for row in range(self.rowCount(parent)):
            index = self.index(row, 0, parent)
            if index.data(KEY) is not None:
                found.append(index.data(KEY))
            self._collect(index, found)
