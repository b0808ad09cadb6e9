"""The second card: with what. The chosen network in a few words, and where its weights are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from transfergui.core import registry
from transfergui.core.errors import UserError
from transfergui.core.i18n import N_, _
from transfergui.core.modalities import Backbone, weights
from transfergui.core.modalities.weights import State
from transfergui.core.paths import shown
from transfergui.core.plan import named_backbone
from transfergui.core.recipe import Recipe
from transfergui.gui import style, words
from transfergui.gui.session import Session
from transfergui.gui.tasks import Task
from transfergui.gui.widgets.backbone_chooser import BackboneChooser
from transfergui.gui.widgets.backbone_model import SPEEDS, STATES, per_cent
from transfergui.gui.widgets.explained import Explained
from transfergui.gui.widgets.weights_download import WeightsDownload


@dataclass(frozen=True)
class Chosen:
    """What a recipe's ``backbone`` means, looked up in a worker thread.

    Attributes:
        file: the weights file that was named instead of a key.
        state: where the weights are.
    """

    backbone: Backbone
    file: Path | None
    state: State

    @classmethod
    def by(cls, recipe: Recipe) -> Chosen:
        """
        Raises:
            UserError: as :func:`transfergui.core.plan.named_backbone`.
        """
        source = named_backbone(registry.modality(recipe.modality), recipe.backbone)
        file, backbone = source.weights, source.backbone
        state = "on disk" if file else weights.state(backbone, recipe.weights_dir)
        return cls(backbone, file, state)

    @property
    def title(self) -> str:
        if self.file is None:
            return self.backbone.title
        return _("{title} from {file}").format(
            title=self.backbone.title, file=shown(self.file.name)
        )


FACTS = N_(
    "Parameters are the numbers that a network has learnt: more of them tell finer differences and "
    "need more time. Accuracy is what it reached on what it was first trained on; on your data it "
    "will be another."
)


class BackbonePanel(QWidget):
    """Title, one sentence, figures, the state of the weights; the chooser behind one button."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = Task(self, Chosen.by, self._show, self._show_unknown)
        self._chosen: Chosen | None = None
        self.name = QLabel()
        self.summary_text = QLabel()
        self.facts = Explained("", _(FACTS))
        self.change = QPushButton(_("Change…"))
        self.weights = WeightsDownload()
        self.trouble = QLabel()
        self.by_hand = QPushButton(_("Copy it by hand…"))
        self._build()
        session.recipe_changed.connect(self.look_again)
        session.state_changed.connect(self._allow)
        self._allow()
        self.look_again()

    def summary(self) -> str:
        """Which network, and where its weights are, in one line."""
        if self._chosen is None:
            return shown(self._session.recipe.backbone)
        return f"{self._chosen.title} · {_(STATES[self._chosen.state])}"

    def look_again(self) -> None:
        """Look up what the recipe names, and whether its weights are there (now)."""
        self._look.start(self._session.recipe)

    def choose(self) -> BackboneChooser:
        """Open the chooser; what is chosen there becomes a change of the recipe."""
        recipe = self._session.recipe
        modality = registry.modality(recipe.modality)
        key = self._chosen.backbone.key if self._chosen else ""
        chooser = BackboneChooser(modality, key, recipe.weights_dir, self)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.accepted.connect(lambda: self._take(chooser.chosen))
        chooser.finished.connect(self.look_again)
        chooser.open()
        return chooser

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_again()

    # -- building

    def _build(self) -> None:
        self.name.setProperty("role", "title")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setProperty("role", "caption")
        self.summary_text.setWordWrap(True)
        self.change.setAccessibleName(_("Choose another network"))
        self.change.clicked.connect(self.choose)
        self.weights.arrived.connect(self.look_again)
        self.weights.failed.connect(self._show_failed)
        self.weights.busy_changed.connect(self._allow)
        self.trouble.setProperty("role", "danger")
        self.trouble.setWordWrap(True)
        self.by_hand.setProperty("role", "link")
        self.by_hand.clicked.connect(self.choose)
        head = QHBoxLayout()
        head.setSpacing(style.INSIDE)
        head.addWidget(self.name, 1)
        head.addWidget(self.change)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addLayout(head)
        for part in (self.summary_text, self.facts, self.weights, self.trouble, self.by_hand):
            layout.addWidget(part)

    # -- showing

    def _show(self, chosen: Chosen) -> None:
        self._chosen = chosen
        backbone = chosen.backbone
        self.name.setText(chosen.title)
        self.name.setToolTip(shown(chosen.file) if chosen.file else "")
        self.summary_text.setText(_(backbone.summary))
        self.facts.setText(
            _("{params} parameters · {speed} · {accuracy} accuracy").format(
                params=words.millions(backbone.params),
                speed=_(SPEEDS[backbone.speed]),
                accuracy=per_cent(backbone.accuracy),
            )
        )
        self.weights.show_weights(backbone, chosen.state, self._session.recipe.weights_dir)
        self._show_trouble("", known=True)

    def _show_unknown(self, error: UserError) -> None:
        """The recipe names what there is not."""
        self._chosen = None
        self.name.setText(shown(self._session.recipe.backbone))
        self._show_trouble(str(error), known=False)

    def _show_failed(self, error: UserError) -> None:
        self._show_trouble(str(error), known=True)

    def _show_trouble(self, text: str, known: bool) -> None:
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))
        self.by_hand.setVisible(bool(text) and known)
        for part in (self.summary_text, self.facts, self.weights):
            part.setVisible(known)

    def _allow(self) -> None:
        """The network can be changed unless a training or a download needs it."""
        reason = ""
        if self._session.training:
            reason = _("A training is running. Stop it first, or wait until it ends.")
        elif self.weights.busy:
            reason = _("Wait until the weights are here, or cancel the download.")
        self.change.setEnabled(not reason)
        self.change.setToolTip(reason or _("Compare all networks and choose another one."))

    # -- doing

    def _take(self, chosen: str) -> None:
        recipe = self._session.recipe
        self._session.change(
            msgspec.structs.replace(recipe, backbone=chosen), _("Choose another network")
        )
