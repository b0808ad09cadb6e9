"""Offers to adapt to one group of the open data, where they show several: speakers, cameras, sites.

The program does not know which of the groups is like where the model will be used, so it asks.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from transfergui.core import registry
from transfergui.core.base.i18n import _
from transfergui.core.base.options import describe
from transfergui.core.base.paths import shown
from transfergui.core.data import place_offers
from transfergui.core.data.dataset import COUNT, Dataset
from transfergui.core.data.place_offers import Grouping
from transfergui.gui.base import style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.words import Noun
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session

NAMES = 40
"""Letters of a group's name in the menu."""


@dataclass(frozen=True)
class Found:
    """What data show of where they come from.

    Attributes:
        groups: those that could be adapted to, with their numbers of samples.
        grouping: what they could be grouped by first; None where they are.
    """

    groups: Mapping[str, int]
    grouping: Grouping | None


class PlaceOffer(QFrame):
    """A sentence and two buttons; hidden where there is nothing to offer, or after “Not now”.

    Attributes:
        adapt: opens the menu of groups.
        group: groups the data, so that one group can be chosen.
        dismiss: hides the offer for these data.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._dismissed: set[str] = set()
        self._found = Found({}, None)
        self.text = WrappedLabel(role="caption")
        self.menu = QMenu(self)
        self.adapt = QPushButton(_("Adapt to"))
        self.adapt.setToolTip(
            style.tip(
                _(
                    "The group you choose leaves training, validation and test. The model is "
                    "adapted to it without its labels. Undo brings it back."
                )
            )
        )
        self.adapt.setMenu(self.menu)
        self.group = QPushButton(_("Group them"))
        self.group.clicked.connect(self._group)
        self.dismiss = QPushButton(_("Not now"))
        self.dismiss.setProperty("role", "link")
        self.dismiss.clicked.connect(self._dismiss)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        for button in (self.adapt, self.group, self.dismiss):
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.text)
        layout.addLayout(row)
        self._look = Task(self, _look, self._show, lambda _error: None)
        session.dataset_changed.connect(self._begin)
        session.recipe_changed.connect(self._refresh)
        session.state_changed.connect(self._refresh)
        self.hide()
        if session.dataset is not None:
            self._begin(session.dataset)

    def _begin(self, dataset: Dataset) -> None:
        """Look in the background: of a million samples, that takes a second."""
        self._show(Found({}, None))
        self._look.start(dataset)

    def _show(self, found: Found) -> None:
        self._found = found
        self.menu.clear()
        noun = self._noun()
        for name, count in found.groups.items():
            text = f"{shown(words.brief(name, NAMES))} · {noun.amount(count)}"
            choose = functools.partial(edits.adapt_to_group, self._session, name)
            self.menu.addAction(text.replace("&", "&&"), choose)
        self._refresh()

    def _refresh(self, *_what: object) -> None:
        session, found = self._session, self._found
        recipe, dataset = session.recipe, session.dataset
        wanted = bool(found.groups) or found.grouping is not None
        taken = "target" in dict(recipe.others())
        free = not (taken or session.training) and recipe.data.path not in self._dismissed
        if wanted and dataset is not None:
            self.text.setText(self._sentence(dataset))
        self.adapt.setVisible(bool(found.groups))
        self.group.setVisible(not found.groups)
        self.setVisible(wanted and free and dataset is not None)

    def _sentence(self, dataset: Dataset) -> str:
        noun = _(registry.modality(dataset.modality).many)
        grouping = self._found.grouping
        if grouping is not None:
            text = _(
                "The {noun} seem to come from different sources ({groups}). Group them to test on "
                "unknown sources, or to adapt to one of them."
            )
            return text.format(noun=noun, groups=shown(COUNT.sub("", grouping.said)))
        text = _(
            "The {noun} come from several groups ({by}). Is one of them like where the model will "
            "be used? The model can be adapted to it."
        )
        return text.format(noun=noun, by=shown(dataset.grouped_by or ""))

    def _group(self) -> None:
        found, session = self._found.grouping, self._session
        if found is None:
            return
        struct = registry.modality(session.recipe.modality).data_options
        title = next(each.title for each in describe(struct) if each.name == found.option)
        edits.read_as(session, found.option, found.value, _(title))

    def _dismiss(self) -> None:
        self._dismissed.add(self._session.recipe.data.path)
        self._refresh()

    def _noun(self) -> Noun:
        return Noun.of(registry.modality(self._session.recipe.modality))


def _look(dataset: Dataset) -> Found:
    return Found(place_offers.offered(dataset), place_offers.groupable(dataset))
