"""The third card: how to learn. A strategy, the few options that matter, the rest on demand."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import events as ev
from transfergui.core import registry, restraint
from transfergui.core.errors import UserError
from transfergui.core.i18n import N_, _, duration, ngettext
from transfergui.core.messages import sentence
from transfergui.core.options import Options, describe
from transfergui.core.plan import Plan
from transfergui.core.recipe import HeadOptions, OptimOptions, Recipe, RunOptions
from transfergui.core.strategies import Strategy
from transfergui.gui import dialogs, style
from transfergui.gui.session import Session, State
from transfergui.gui.tasks import Task
from transfergui.gui.warm_up import warm_up
from transfergui.gui.widgets.explained import Explained
from transfergui.gui.widgets.needed_weights import NeededWeights
from transfergui.gui.widgets.options_form import OptionsForm

ESTIMATE_AFTER = 400
"""Milliseconds without an edit before the time is estimated anew."""


class TrainingPanel(QWidget):
    """Chooses how to train, says how long it will take, and starts it.

    Attributes:
        advanced_shown: True when the user opened all options, False when closed.
    """

    advanced_shown = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.strategies = StrategyCards(registry.STRATEGIES)
        self.essentials = Essentials(session)
        self.advanced = Advanced(session)
        self.needed = NeededWeights(session)
        self.reasons = QLabel(wordWrap=True)
        self.reasons.setProperty("role", "caption")
        self.reasons.hide()
        self.more = _link(_("Advanced"))
        self.more.setCheckable(True)
        self.outlook = QLabel(wordWrap=True)
        self.outlook.setProperty("role", "caption")
        self.button = QPushButton()
        self.button.clicked.connect(self._press)
        self._estimate = Task(self, _estimate, self._show_estimate, self._show_no_estimate)
        self._pause = QTimer(self, singleShot=True, interval=ESTIMATE_AFTER)
        self._pause.timeout.connect(self._begin_estimate)
        self._lay_out()
        self._connect()
        self._show_recipe(session.recipe)
        self._show_state(session.state)
        self._show_plan(session.plan)

    def summary(self) -> str:
        """``Fine-tuning, 12 epochs, light augmentation, about 3 min``."""
        recipe, plan = self._session.recipe, self._session.plan
        title = next((s.title for s in registry.STRATEGIES if s.key == recipe.strategy), "")
        epochs = plan.epochs if plan else recipe.run.epochs
        parts = [_(title)]
        if epochs:
            parts.append(ngettext("{n} epoch", "{n} epochs", epochs).format(n=epochs))
        return ", ".join(parts)

    def _lay_out(self) -> None:
        footer = QHBoxLayout()
        footer.addWidget(self.outlook, 1)
        footer.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.strategies)
        layout.addWidget(self.essentials)
        layout.addWidget(self.advanced, 1)
        layout.addWidget(self.reasons)
        layout.addStretch()
        layout.addWidget(self.needed)
        layout.addLayout(footer)
        layout.addWidget(self.button)
        self.advanced.hide()

    def _connect(self) -> None:
        session = self._session
        session.recipe_changed.connect(self._show_recipe)
        session.state_changed.connect(self._show_state)
        style.theme.changed.connect(self._dress)
        session.plan_changed.connect(self._show_plan)
        session.event_arrived.connect(self._show_event)
        self.strategies.chosen.connect(self._choose_strategy)
        self.more.toggled.connect(self._show_advanced)

    # -- what the user does

    def _press(self) -> None:
        if self._session.state is State.TRAINING:
            dialogs.ask_to_stop(self, self._session.stop)
        else:
            self._session.start_training()

    def _choose_strategy(self, strategy: Strategy) -> None:
        recipe = msgspec.structs.replace(self._session.recipe, strategy=strategy.key, options={})
        self._session.change(recipe, _("Choose {title}").format(title=_(strategy.title)))

    def _show_advanced(self, shown: bool) -> None:
        self.strategies.setVisible(not shown)
        self.essentials.setVisible(not shown)
        self.advanced.setVisible(shown)
        self.more.setText(_("Back to the essentials") if shown else _("Advanced"))
        self.advanced_shown.emit(shown)

    # -- what the session says

    def _show_recipe(self, recipe: Recipe) -> None:
        self.strategies.check(recipe.strategy)
        self.essentials.show_recipe(recipe)

    def _show_plan(self, plan: Plan | None) -> None:
        self._estimate.cancel()
        self._say_why()
        if plan is not None:
            self.essentials.set_automatic(_automatic(plan))
            self._pause.start()
        self._show_reasons(plan)

    def _show_reasons(self, plan: Plan | None) -> None:
        """Why some automatic settings are not the usual ones."""
        found = restraint.reasons(plan.settled) if plan else {}
        self.reasons.setText(" ".join(sentence(code, values) for code, values in found.items()))
        self.reasons.setVisible(bool(found))

    def _show_state(self, state: State) -> None:
        training = self._session.training
        for part in (self.strategies, self.essentials, self.advanced):
            part.setEnabled(not training)
        texts = {State.TRAINING: _("Stop"), State.STOPPING: _("Stopping…")}
        self.button.setText(texts.get(state, _("Train")))
        self._dress()
        self.button.setProperty("role", "" if training else "primary")
        self.button.style().unpolish(self.button)
        self.button.style().polish(self.button)
        self._say_why()
        if state is State.READY:
            self._pause.start()

    def _dress(self, *_args: object) -> None:
        self.button.setIcon(style.icon("stop") if self._session.training else QIcon())

    def _say_why(self) -> None:
        """Why the button is disabled, on hover, to a screen reader, and in the line above it."""
        obstacle = "" if self._session.state is State.TRAINING else self._session.obstacle
        self.button.setEnabled(not obstacle)
        self.button.setToolTip(obstacle or self.button.text())
        self.button.setAccessibleDescription(obstacle)
        self.outlook.setText(obstacle)

    def _show_event(self, event: ev.Event) -> None:
        if isinstance(event, ev.Progress) and self._session.state is State.TRAINING:
            left = None if event.eta is None else duration(event.eta)
            self.outlook.setText(_("{time} left").format(time=left) if left else "")

    # -- the estimate

    def _begin_estimate(self) -> None:
        if self._session.state is State.READY and self._session.plan is not None:
            self.outlook.setText(_("Estimating the time…"))
            self._estimate.start(self._session.plan)

    def _show_estimate(self, seconds: float) -> None:
        if not self._session.obstacle:
            self.outlook.setText(_("About {time}").format(time=duration(_rounded(seconds))))

    def _show_no_estimate(self, error: UserError) -> None:
        self.outlook.setText(str(error))


FEW = 3
"""Strategies that are seen without asking for more; they stand first in the registry."""


class StrategyCards(QWidget):
    """One card for each strategy; the chosen one says when it is the right one.

    Attributes:
        chosen: the strategy that the user chose.
    """

    chosen = Signal(object)

    def __init__(self, strategies: tuple[Strategy, ...]) -> None:
        super().__init__()
        self.setAccessibleName(_("Strategy"))
        self.cards = {s.key: _ChoiceCard(_(s.title), _(s.summary), _cost(s)) for s in strategies}
        self.more = _link("")
        self.more.setCheckable(True)
        self.more.toggled.connect(self._fold)
        self._checked = ""
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        for strategy, card in zip(strategies, self.cards.values(), strict=True):
            self._group.addButton(card)
            card.clicked.connect(functools.partial(self.chosen.emit, strategy))
            layout.addWidget(card)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._fold()

    def check(self, key: str) -> None:
        if key in self.cards:
            self._checked = key
            self.cards[key].setChecked(True)
            self._fold()

    def _fold(self) -> None:
        """Show the first few, the chosen one, and the others when asked for."""
        shown = self.more.isChecked()
        for place, (key, card) in enumerate(self.cards.items()):
            card.setVisible(shown or place < FEW or key == self._checked)
        others = len(self.cards) - FEW
        self.more.setText(
            _("Fewer strategies") if shown else _("{n} more strategies").format(n=others)
        )
        self.more.setVisible(others > 0)


class _ChoiceCard(QPushButton):
    """A title, a word beside it, and a sentence below it when chosen."""

    def __init__(self, title: str, sentence: str, cost: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setProperty("role", "choice")
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setToolTip(f"<qt>{html.escape(sentence)}</qt>")
        name, aside = QLabel(title), QLabel(cost)
        name.setProperty("role", "title")
        aside.setProperty("role", "caption")
        self._sentence = QLabel(sentence, wordWrap=True)
        self._sentence.setProperty("role", "caption")
        self._sentence.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(style.INSIDE + 2, style.GAP, style.INSIDE + 2, style.GAP)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(name, 0, 0)
        grid.addWidget(aside, 0, 1)
        grid.addWidget(self._sentence, 1, 0, 1, 2)
        for label in (name, aside, self._sentence):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.toggled.connect(self._sentence.setVisible)

    def sizeHint(self) -> QSize:
        return self._lay().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._lay().minimumSize()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay().totalHeightForWidth(width)

    def _lay(self) -> QLayout:
        layout = self.layout()
        assert layout is not None
        return layout


class Essentials(QWidget):
    """The few options that matter to everybody: how long, which changes, which head.

    Attributes:
        own: by strategy, the options of it that matter to everybody: its teacher, its time.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._augments: list[dict[str, Any] | None] = []
        self.own = _essential_forms()
        self.epochs = OptionsForm(RunOptions, ["epochs"])
        self.head = OptionsForm(HeadOptions, ["kind"])
        self.presets = QComboBox()
        self.presets.setAccessibleName(_("Augmentation"))
        self.presets.activated.connect(self._choose_preset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        for form in (*self.own.values(), self.epochs):
            layout.addWidget(form)
        self.augmentation = self._preset_row()
        layout.addWidget(self.augmentation)
        layout.addWidget(self.head)
        own = [("options", form) for form in self.own.values()]
        for part, form in (*own, ("run", self.epochs), ("head", self.head)):
            form.edited.connect(functools.partial(edit_option, session, part, form))

    def show_recipe(self, recipe: Recipe) -> None:
        modality = registry.modality(recipe.modality)
        for key, form in self.own.items():
            form.setVisible(key == recipe.strategy)
            form.set_modality(modality, recipe.weights_dir)
            form.set_values(recipe.options if key == recipe.strategy else {})
        self.epochs.set_values(recipe.run)
        self.head.set_values(recipe.head)
        self._show_presets(recipe)
        learns = not _puts_together(registry.strategy(recipe.strategy))
        for part in (self.epochs, self.augmentation, self.head):
            part.setVisible(learns)

    def set_automatic(self, values: Mapping[str, Any]) -> None:
        for form in (*self.own.values(), self.epochs):
            form.set_automatic(values)

    def _preset_row(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.INSIDE)
        row.addWidget(Explained.term("augmentation"), 2)
        row.addWidget(self.presets, 3)
        return box

    def _show_presets(self, recipe: Recipe) -> None:
        presets = registry.modality(recipe.modality).augment_presets
        automatic = _("Automatic ({name})")
        rows: dict[str, dict[str, Any] | None]
        rows = {automatic.format(name=_(registry.strategy(recipe.strategy).preset)): None}
        rows |= {_(name): _changes(preset) for name, preset in presets.items()}
        if recipe.augment not in rows.values():
            rows[_("Your own")] = recipe.augment
        self._augments = list(rows.values())
        self.presets.clear()
        self.presets.addItems(list(rows))
        self.presets.setCurrentIndex(self._augments.index(recipe.augment))

    def _choose_preset(self, index: int) -> None:
        recipe = msgspec.structs.replace(self._session.recipe, augment=self._augments[index])
        self._session.change(recipe, _("Change the augmentation"))


def _puts_together(strategy: Strategy) -> bool:
    """Whether it makes its model of finished trainings, and learns nothing new."""
    return any(option.kind == "runs" for option in describe(strategy.options))


def _essential_forms() -> dict[str, OptionsForm]:
    """A form for each strategy that has options which matter to everybody, by its key."""
    forms = {}
    for strategy in registry.STRATEGIES:
        names = [o.name for o in describe(strategy.options) if o.essential]
        if names:
            forms[strategy.key] = OptionsForm(strategy.options, names)
    return forms


@dataclass(frozen=True)
class Section:
    """A part of the recipe, as a form: its attribute, its title, and where its struct is found."""

    part: str
    title: str
    struct: Callable[[Recipe], type[msgspec.Struct]]


SECTIONS = (
    Section("options", N_("This strategy"), lambda r: registry.strategy(r.strategy).options),
    Section("head", N_("Head"), lambda r: HeadOptions),
    Section("run", N_("Length and machine"), lambda r: RunOptions),
    Section("optim", N_("Learning"), lambda r: OptimOptions),
    Section("augment", N_("Augmentation"), lambda r: registry.modality(r.modality).augment_options),
    Section("input", N_("Preparation"), lambda r: registry.modality(r.modality).input_options),
)


class Advanced(QWidget):
    """Every option there is, in sections that scroll; made and kept up to date while shown."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.forms: dict[str, OptionsForm] = {}
        self.explain = QCheckBox(_("Explain everything"))
        self.explain.toggled.connect(self._show_help)
        self._page = QWidget()
        self._sections = QVBoxLayout(self._page)
        self._sections.setContentsMargins(0, 0, style.INSIDE, 0)
        self._sections.setSpacing(style.INSIDE)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.explain)
        layout.addWidget(scroll, 1)
        session.recipe_changed.connect(self._refresh)
        session.plan_changed.connect(self._refresh)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        recipe, plan = self._session.recipe, self._session.plan
        for index, section in enumerate(SECTIONS):
            form = self._form(index, section, section.struct(recipe))
            form.set_modality(registry.modality(recipe.modality), recipe.weights_dir)
            form.set_values(values_of(recipe, section.part))
        if plan is not None:
            self.forms["input"].set_values(plan.input)
            for form in self.forms.values():
                form.set_automatic(_automatic(plan))

    def _form(self, index: int, section: Section, struct: type[msgspec.Struct]) -> OptionsForm:
        """The form of a section, made anew where its struct is another one."""
        form = self.forms.get(section.part)
        if form is None or form.struct is not struct:
            old = self._sections.takeAt(index)
            if old is not None and (widget := old.widget()) is not None:
                widget.deleteLater()
            form = self.forms[section.part] = OptionsForm(struct)
            form.edited.connect(functools.partial(edit_option, self._session, section.part, form))
            form.show_help(self.explain.isChecked())
            self._sections.insertWidget(index, _titled(_(section.title), form))
        return form

    def _show_help(self, shown: bool) -> None:
        for form in self.forms.values():
            form.show_help(shown)


def _titled(title: str, form: OptionsForm) -> QWidget:
    """A form below its title; nothing at all where it has no fields."""
    box = QWidget()
    heading = QLabel(title)
    heading.setProperty("role", "title")
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(style.GAP)
    layout.addWidget(heading)
    layout.addWidget(form)
    if not form.fields:
        box.hide()
    return box


def values_of(recipe: Recipe, part: str) -> Any:
    """A part of the recipe, with the preset that the strategy chooses for an automatic one."""
    if part == "augment" and recipe.augment is None:
        name = registry.strategy(recipe.strategy).preset
        return _changes(registry.modality(recipe.modality).augment_presets[name])
    return getattr(recipe, part)


def edit_option(session: Session, part: str, form: OptionsForm, name: str, value: Any) -> None:
    """Change one option of a part of the recipe: of a struct (``optim``) or a dict (``input``)."""
    old = values_of(session.recipe, part)
    if isinstance(old, dict):
        new: Any = {**old, name: value}
    else:
        new = msgspec.structs.replace(old, **{name: value})
    text = _("Change “{title}”").format(title=_(form.options[name].title))
    session.change(msgspec.structs.replace(session.recipe, **{part: new}), text, merge=True)


def _changes(options: Options) -> dict[str, Any]:
    """What differs from the defaults, as a recipe holds it."""
    plain = type(options)()
    values = msgspec.structs.asdict(options)
    return {name: value for name, value in values.items() if value != getattr(plain, name)}


def _automatic(plan: Plan) -> dict[str, Any]:
    """What the strategy chooses where the user leaves it to the program; None: later."""
    recipe = plan.recipe
    free = msgspec.structs.replace(
        recipe,
        run=msgspec.structs.replace(recipe.run, epochs=None),
        optim=msgspec.structs.replace(recipe.optim, lr=None),
    )
    phases = replace(plan, recipe=free).phases
    partners = ", ".join(source.backbone.title for source in plan.members[1:])
    if not phases:
        later = dict.fromkeys(setting.partition(".")[2] for setting in restraint.USUAL)
        return {"epochs": None, "lr": None, **later, "partners": partners}
    usual = {"epochs": sum(phase.epochs for phase in phases), "lr": phases[0].lr}
    restraints = {choice.setting.partition(".")[2]: choice.value for choice in plan.restraints}
    return {**usual, **restraints, "partners": partners}


def _rounded(seconds: float) -> float:
    """No more exact than an estimate is."""
    step = 5 if seconds < 60 else 30 if seconds < 600 else 60
    return max(step, step * round(seconds / step))


def _cost(strategy: Strategy) -> str:
    return {1: _("seconds"), 2: _("minutes"), 3: _("long")}[strategy.cost]


def _link(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "link")
    return button


def _estimate(plan: Plan) -> float:
    """Seconds that the training will take, from a short probe."""
    warm_up()
    from transfergui.core.training import estimate

    return estimate.estimate(plan).seconds
