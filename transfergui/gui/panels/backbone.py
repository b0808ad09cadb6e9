"""The second card: with what. The chosen network in a few words, and where its weights are."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from transfergui.core import plans, registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.data.targets import Targets
from transfergui.core.interfaces.choices import BackboneChoice
from transfergui.core.interfaces.networks import Backbone, WeightState
from transfergui.core.networks import weights
from transfergui.core.networks.choice import AUTO
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import automatic, for_backbone
from transfergui.core.sources import named_backbone
from transfergui.gui.base import style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.networks.backbone_chooser import BackboneChooser
from transfergui.gui.networks.backbone_model import SPEEDS, STATES, summary
from transfergui.gui.networks.own_models import own, use_by
from transfergui.gui.networks.pretraining import accuracy, pretrained, with_fitting_accuracy
from transfergui.gui.networks.purpose import Purpose
from transfergui.gui.networks.weights_download import WeightsDownload
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.parts.scroll_column import keep_seen
from transfergui.gui.parts.term_label import TermLabel
from transfergui.gui.session.session import Session


@dataclass(frozen=True)
class ChosenBackbone:
    """What a recipe's ``backbone`` means, looked up in a worker thread.

    Attributes:
        file: the weights file that was named instead of a key.
        state: where the weights are.
        choice: why this one, where the recipe leaves it to the program.
    """

    backbone: Backbone
    file: Path | None
    state: WeightState
    choice: BackboneChoice | None = None

    @classmethod
    def by(
        cls,
        recipe: Recipe,
        states: Mapping[str, WeightState],
        languages: Sequence[str] = (),
        objective: str = "",
    ) -> ChosenBackbone:
        """
        Args:
            states: where the weights of the modality's networks are, by key.
            languages: of the samples, as of :class:`transfergui.core.data.split.Split`.
            objective: what is predicted; empty for what the recipe says.

        Raises:
            UserError: as :func:`transfergui.core.sources.named_backbone`.
        """
        if recipe.backbone == AUTO:
            wanted = registry.objective(objective) if objective else None
            choice = automatic(recipe, states, languages, wanted)
            return cls(choice.backbone, None, states[choice.backbone.key], choice)
        source = named_backbone(registry.modality(recipe.modality), recipe.backbone)
        if row := own(recipe.backbone, source, use_by(recipe.strategy)):
            return cls(row, None, "on disk")
        listed = source.backbone.key in states
        state = "on disk" if source.weights else states[source.backbone.key]
        return cls(source.backbone, source.weights if listed else None, state)

    @property
    def why(self) -> str:
        """Why the program chose it, once its weights are there; else that is to be told first."""
        return self.choice.why.sentence() if self.choice and self.state in weights.HERE else ""

    @property
    def title(self) -> str:
        if self.file is None:
            return _(self.backbone.title)
        return _("{title} from {file}").format(
            title=_(self.backbone.title), file=shown(self.file.name)
        )


FACTS = N_(
    "Parameters are the numbers that a backbone has learned. With more of them, a backbone can "
    "distinguish finer details, but needs more time. The accuracy is the share of the test "
    "photos of ImageNet that the pretrained backbone classifies correctly; on your data the "
    "accuracy will differ."
)


class BackbonePanel(QWidget):
    """Title, figures, what it is good for, why the program chose it, and where its weights are.

    The chooser is behind one button; where a better network could be downloaded, that is a
    line of its own. Once its weights are there, the program chooses it by itself.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look = Task(self, ChosenBackbone.by, self._show, self._show_unknown)
        self._chosen: ChosenBackbone | None = None
        self._failed = ""
        self.name = ElidedLabel(role="title")
        self.pretrained = WrappedLabel()
        self.summary_text = WrappedLabel(role="caption")
        self.reason = WrappedLabel(role="caption")
        self.facts = TermLabel("", _(FACTS))
        self.change = QPushButton(_("Change…"))
        self.weights = WeightsDownload()
        self.offer = WeightsDownload()
        self.trouble = WrappedLabel(role="danger")
        self.by_hand = QPushButton(_("Download manually…"))
        self._build()
        session.recipe_changed.connect(self._find)
        session.weights_changed.connect(self._find)
        session.dataset_changed.connect(self._find)
        session.plan_changed.connect(self._follow_plan)
        session.state_changed.connect(self._allow)
        self._allow()
        self.look_again()

    def summary(self) -> str:
        """Which network, and where its weights are, in one line."""
        if self._chosen is None:
            return shown(self._named)
        return f"{self._chosen.title} · {_(STATES[self._chosen.state])}"

    def look_again(self) -> None:
        """Look whether weights, or the file that is named, have come or gone (now)."""
        self._session.look_for_weights()
        self._find()

    def choose(self, *, key: str = "") -> BackboneChooser:
        """Open the chooser; what is chosen there becomes a change of the recipe.

        Args:
            key: the network to begin with; the chosen one by default.
        """
        recipe = self._session.recipe
        modality = registry.modality(recipe.modality)
        key = key or (self._chosen.backbone.key if self._chosen else "")
        plan = self._session.plan
        plan = plan if plan is not None and plan.modality is modality else None
        use = use_by(recipe.strategy)
        purpose = Purpose.of(recipe.strategy, self._objective or Targets().objective)
        chooser = BackboneChooser(
            modality, key, recipe.weights_dir, self, use=use, plan=plan, purpose=purpose
        )
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
        self.facts.setProperty("role", "caption")
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setWordWrap(True)
        self.facts.setMinimumWidth(1)  # it may hold a name of the user's
        self.change.setAccessibleName(_("Choose another backbone"))
        self.change.clicked.connect(self.choose)
        for download in (self.weights, self.offer):
            download.arrived.connect(self.look_again)
            download.failed.connect(functools.partial(self._show_failed, download))
        self.weights.busy_changed.connect(self._allow)
        self.by_hand.setProperty("role", "link")
        self.by_hand.clicked.connect(lambda: self.choose(key=self._failed))
        head = QHBoxLayout()
        head.setSpacing(style.INSIDE)
        head.addWidget(self.name, 1)
        head.addWidget(self.change)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addLayout(head)
        for part in (*self._about, self.trouble, self.by_hand):
            layout.addWidget(part)

    @property
    def _about(self) -> tuple[QWidget, ...]:
        """What is said of a network that there is."""
        return (
            *(self.pretrained, self.facts, self.summary_text),
            *(self.reason, self.weights, self.offer),
        )

    # -- showing

    @property
    def _named(self) -> str:
        """What the recipe names, as long as (or because) nothing more is known of it."""
        named = self._session.recipe.backbone
        return "…" if named == AUTO else named

    @property
    def _objective(self) -> str:
        """The key of what the open data predict; empty without data."""
        dataset = self._session.dataset
        return dataset.targets.objective if dataset is not None else ""

    def _find(self) -> None:
        """Find what the recipe names, where it is known which weights there are."""
        session = self._session
        if session.weights:
            languages = session.split.languages if session.split else ()
            self._look.start(session.recipe, session.weights, languages, self._objective)

    def _show(self, chosen: ChosenBackbone) -> None:
        self._chosen = chosen
        backbone, place = chosen.backbone, self._session.recipe.weights_dir
        self.name.setText(chosen.title)
        told = shown(chosen.file) if chosen.file else summary(backbone)
        self.name.setToolTip(style.tip(told))
        self.pretrained.setText(pretrained(backbone))
        self.facts.setText(_facts(with_fitting_accuracy(backbone)))
        self.summary_text.setText(summary(backbone))
        why = _("Chosen automatically: {reason}").format(reason=chosen.why)
        self.reason.setText(why if chosen.why else "")
        self.weights.show_weights(backbone, chosen.state, place)
        if chosen.choice and chosen.choice.better:
            self.offer.offer(chosen.choice.better, place)
        self._show_trouble("", known=True)

    def _show_unknown(self, error: UserError) -> None:
        """The recipe names what there is not."""
        self._chosen = None
        self.name.setText(shown(self._named))
        self._show_trouble(str(error), known=False)

    def _show_failed(self, download: WeightsDownload, error: UserError) -> None:
        self._failed = download.key
        self._show_trouble(str(error), known=True)

    def _show_trouble(self, text: str, known: bool) -> None:
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))
        self.by_hand.setVisible(bool(text) and known)
        for part in self._about:
            part.setVisible(known)
        chosen = self._chosen
        if chosen:
            told = bool(chosen.why)  # which says where they are, too
            self.summary_text.setVisible(bool(self.summary_text.text()))
            self.reason.setVisible(told)
            asked = self.weights.busy or not self._asked_below(chosen.backbone)
            self.weights.setVisible(not told and bool(chosen.backbone.params) and asked)
            better = chosen.choice and chosen.choice.better
            self.offer.setVisible(bool(better) or self.offer.busy)
        if text:
            keep_seen(self.trouble)

    def _asked_below(self, backbone: Backbone) -> bool:
        """Whether its download is offered above the button Train, as it is needed first."""
        plan = self._session.plan
        missing = plans.missing(plan, self._session.weights) if plan is not None else None
        return missing is not None and missing.key == backbone.key

    def _follow_plan(self) -> None:
        if self._chosen is not None:
            self._show_trouble(self.trouble.text(), known=True)

    def _allow(self) -> None:
        """The network can be changed unless a training or a download needs it."""
        reason = ""
        if self._session.training:
            reason = _("A training is running. Stop the training first, or wait until it ends.")
        elif self.weights.busy:
            reason = _("Wait until the download is finished, or cancel it.")
        self.change.setEnabled(not reason)
        self.change.setToolTip(reason or _("Compare all backbones and choose another one."))

    # -- doing

    def _take(self, chosen: str) -> None:
        recipe = self._session.wanted
        self._session.change(for_backbone(recipe, chosen), _("Choose another backbone"))


def _facts(backbone: Backbone) -> str:
    """Size, speed and, where it was published, accuracy."""
    parts = [_(SPEEDS[backbone.speed]), accuracy(backbone)]
    if backbone.params:
        parts.insert(0, _("{params} parameters").format(params=words.large(backbone.params)))
    return " · ".join(filter(None, parts))
