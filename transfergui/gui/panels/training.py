"""The third card: how to learn. A strategy, the few options that matter, the rest on demand."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QIcon
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import plans, registry, small_data_defaults
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list, duration, ngettext, paragraph
from transfergui.core.base.options import describe
from transfergui.core.base.paths import shown
from transfergui.core.data.targets import Targets
from transfergui.core.evaluation import chosen
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import for_strategy
from transfergui.core.runs import events as ev
from transfergui.core.search_options import SearchOptions
from transfergui.gui.base import style, words
from transfergui.gui.base.run_names import strategy_title
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.forms.strategy_cards import StrategyCards
from transfergui.gui.networks.missing_weights import MissingWeights
from transfergui.gui.panels.recipe_forms import (
    AdvancedOptions,
    EssentialOptions,
    objective_of,
    useless,
)
from transfergui.gui.panels.time_left import Countdown
from transfergui.gui.parts import dialogs
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.places.run_on import RunOn
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State

if TYPE_CHECKING:
    from transfergui.core.training.estimate import Estimate

ESTIMATE_AFTER = 400
"""Milliseconds without an edit before the time is estimated anew."""
SOONER = 0.7
"""Where early stopping may leave less than this share of the time, that is said beside it."""
MOST_CHANGED = 5
"""Changed settings that are named at most, of those that are not seen."""
GUARD = 800
"""Milliseconds for which the button ignores clicks after a training has ended."""
LINES = 2
"""Lines of the outlook for which room is kept, so that nothing moves when they change."""


class TrainingPanel(QWidget):
    """Chooses how to train, says how long it will take, and starts it.

    Attributes:
        foot: what is always seen: the time it will take, and the one button. It stands below the
            rest, until the window takes it out of what scrolls.
        advanced_shown: True when the user opened all options, False when closed.
    """

    advanced_shown = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.strategies = StrategyCards(registry.STRATEGIES)
        self.essentials = EssentialOptions(session)
        self.advanced = AdvancedOptions(session)
        self.needed = MissingWeights(session)
        self.reasons = WrappedLabel(role="caption")
        self.reasons.hide()
        self.more = QPushButton(_("Advanced settings"))
        self.more.setProperty("role", "link")
        self.more.setCheckable(True)
        self.changed = WrappedLabel(role="caption")
        self.whose = WrappedLabel(role="caption")
        self.whose.hide()
        self._begun: Recipe | None = None
        self.outlook = WrappedLabel(role="caption")
        self.outlook.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self.run_on = RunOn(session)
        self.button = QPushButton()
        self.button.clicked.connect(self._press)
        self._told = ""
        self._left = Countdown(self)
        self._left.said.connect(self._show_left)
        self._estimate = Task(self, _estimate, self._show_estimate, self._show_no_estimate)
        self._pause = QTimer(self, singleShot=True, interval=ESTIMATE_AFTER)
        self._pause.timeout.connect(self._begin_estimate)
        self._guard = QTimer(self, singleShot=True, interval=GUARD)
        self._trained = self._waited = False
        self._lay_out()
        self._connect()
        self._show_recipe(session.recipe)
        self._show_state(session.state)
        self._show_plan(session.plan)

    def train(self) -> None:
        """Start; what was typed counts, whether or not its field was left."""
        for box in self.findChildren(QAbstractSpinBox):
            box.interpretText()
        typing = self.window().focusWidget()
        if isinstance(typing, QLineEdit):
            typing.clearFocus()
        self._session.start_training()

    def show_setting(self, path: str) -> QWidget | None:
        """Open all options, and put the keyboard into the field of one; None where there is none.

        Args:
            path: in the recipe: ``input.size``.
        """
        self.more.setChecked(True)
        part, _dot, name = path.partition(".")
        form = self.advanced.forms.get(part)
        field = None if form is None else form.fields.get(name)
        if field is None:
            return None
        field.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        return field.widget

    def summary(self) -> str:
        """``Fine-tuning · 12 epochs``, ``Automatic search · About a minute``."""
        recipe, plan = self._session.recipe, self._session.plan
        epochs = plans.epochs(plan) if plan else recipe.run.epochs
        parts = [strategy_title(recipe)]
        if epochs:
            parts.append(ngettext("{n} epoch", "{n} epochs", epochs).format(n=epochs))
        if plan and isinstance(plan.options, SearchOptions):
            parts.append(_time_limit(plan.options))
        return " · ".join(parts)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.strategies)
        layout.addWidget(self.essentials)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.changed)
        layout.addWidget(self.advanced)
        layout.addWidget(self.reasons)
        layout.addWidget(self._make_foot())
        self.advanced.hide()

    def _make_foot(self) -> QWidget:
        self.foot = QWidget()
        layout = QVBoxLayout(self.foot)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        for part in (self.needed, self.run_on, self.whose, self.outlook, self.button):
            layout.addWidget(part)
        return self.foot

    def _connect(self) -> None:
        session = self._session
        session.recipe_changed.connect(self._show_recipe)
        session.dataset_changed.connect(self._show_current)  # a method: it goes with the panel
        session.state_changed.connect(self._show_state)
        style.theme.changed.connect(self._dress)
        session.plan_changed.connect(self._show_plan)
        session.run_changed.connect(self._show_whose)  # it is known then who trains it
        session.event_arrived.connect(self._show_event)
        session.waiting_changed.connect(self._show_waiting)
        session.companions.changed.connect(self._show_waiting)
        self.run_on.changed.connect(self._show_place)
        self.strategies.chosen.connect(self._choose_strategy)
        self.more.toggled.connect(self._show_advanced)

    # -- what the user does

    def _press(self) -> None:
        if self._session.state is State.TRAINING:
            runner = self._session.runner
            dialogs.ask_to_stop(self, self._session.stop, ending=runner.ending, leave=runner.leave)
        elif self._session.waits_to_train:
            self._session.stop_waiting()
        elif not self._guard.isActive():
            self.train()

    def _choose_strategy(self, strategy: Strategy) -> None:
        recipe = for_strategy(self._session.wanted, strategy.key)
        self._session.change(recipe, _("Choose {title}").format(title=_(strategy.title)))

    def _show_advanced(self, shown: bool) -> None:
        self.strategies.setVisible(not shown)
        self.essentials.setVisible(not shown)
        self.advanced.setVisible(shown)
        self.changed.setVisible(bool(self.changed.text()) and not shown)
        self.more.setText(_("Back to basic settings") if shown else _("Advanced settings"))
        self.advanced_shown.emit(shown)

    # -- what the session says

    def _show_current(self) -> None:
        self._show_recipe(self._session.recipe)

    def _show_recipe(self, recipe: Recipe) -> None:
        roles = {role for role, _path in recipe.others()}
        dataset = self._session.dataset
        targets = Targets() if dataset is None else dataset.targets
        objective = registry.objective(targets.objective)
        self.strategies.show_fitting(roles, recipe.modality, objective)
        self.strategies.check(recipe.strategy)
        self.essentials.show_recipe(recipe)
        self._show_whose()

    def _show_whose(self, *_run: object) -> None:
        """While a training runs that has other settings than are shown, that is said."""
        watch, text = self._session.runner.watch, ""
        if not self._session.training:
            pass
        elif watch is not None:
            text = _(
                "“{name}” has settings of its own. Those shown here are for your next training."
            )
            text = text.format(name=shown(watch.run.path.name))
        elif self._session.recipe != self._begun:
            text = _("The training keeps the settings it began with. Changes are for the next one.")
        self.whose.setText(text)
        self.whose.setVisible(bool(text))

    def _show_plan(self, plan: Plan | None) -> None:
        self._estimate.cancel()
        self._told = ""
        self._say_why()
        self._show_changed(plan)
        if plan is not None:
            self.essentials.show_plan(plan)
            self._pause.start()
        self._show_reasons(plan)

    def _show_changed(self, plan: Plan | None) -> None:
        """What was changed among the settings that are not seen: it counts all the same."""
        recipe, predicted = self._session.recipe, objective_of(self._session)
        idle = useless(recipe, plan, predicted)
        automatic = plan.automatic if plan else chosen.NOTHING
        rows = chosen.changed(recipe, predicted.key, automatic).items()
        said = [
            _("{title}: {value}").format(title=title, value=shown(value))
            for path, (title, value) in rows
            if path not in idle
        ]
        more = len(said) - MOST_CHANGED
        if more > 1:
            others = ngettext("{n} more", "{n} more", more).format(n=more)
            said = [*said[:MOST_CHANGED], others]
        text = _("Not the defaults in the advanced settings: {names}.")
        self.changed.setText(text.format(names=comma_list(said)) if said else "")
        self.changed.setVisible(bool(said) and not self.more.isChecked())

    def _show_reasons(self, plan: Plan | None) -> None:
        """What is to be known before it begins, and why some settings are not the usual ones."""
        found = (
            [*plans.notes(plan), *small_data_defaults.notes(plan.resolved_defaults)] if plan else []
        )
        self.reasons.setText(paragraph(dict.fromkeys(note.sentence() for note in found)))
        self.reasons.setVisible(bool(found))

    def _show_state(self, state: State) -> None:
        training = self._session.training
        if self._trained and not training:  # Train now is where Stop was: a click meant for Stop
            self._guard.start()  # would begin a second training
        if training and not self._trained:
            self._begun = self._session.recipe
        self._trained = training
        self._show_whose()
        for part in (self.strategies, self.essentials, self.advanced, self.run_on):
            part.setEnabled(not training)
        texts = {State.TRAINING: _("Stop"), State.STOPPING: _("Stopping…")}
        self.button.setText(texts.get(state, _("Train")))
        self._dress()
        self.button.setProperty("role", "" if training else "primary")
        self.button.style().unpolish(self.button)
        self.button.style().polish(self.button)
        self._say_why()
        if state is not State.TRAINING:
            self._left.follow(None)
        if state is State.READY:
            self._pause.start()
        else:  # a training and an estimate would each measure the other
            self._pause.stop()
            self._estimate.cancel()

    def _dress(self, *_args: object) -> None:
        metrics = QFontMetrics(style.font(style.SMALL))
        self.outlook.setMinimumHeight(LINES * metrics.lineSpacing())
        self.button.setIcon(style.icon("stop") if self._session.training else QIcon())

    def _show_waiting(self) -> None:
        """What a training waits for; its button cancels it."""
        waits = self._session.waits_to_train
        if not (waits or self._waited):
            return
        self._waited = waits
        if self._session.training:
            return
        self.button.setText(_("Cancel") if waits else _("Train"))
        self._say_why()
        if not waits and not self.outlook.text():
            self.outlook.setText(self._told)

    def _say_why(self) -> None:
        """Why the button is disabled, on hover, to a screen reader, and in the line above it."""
        if self._session.waits_to_train:
            self.button.setEnabled(True)
            self.button.setToolTip(_("Do not start the training."))
            self.button.setAccessibleDescription(_waiting_for(self._session))
            self.outlook.setText(_waiting_for(self._session))
            return
        obstacle = "" if self._session.state is State.TRAINING else self._session.obstacle
        self.button.setEnabled(not obstacle)
        self.button.setToolTip(style.tip(obstacle or self.button.text()))
        self.button.setAccessibleDescription(obstacle)
        self.outlook.setText(obstacle)

    def _show_event(self, event: ev.Event) -> None:
        if self._session.history.lost is not None:
            self._left.follow(None)
            self.outlook.setText("")
        elif isinstance(event, ev.Progress):
            self._left.follow(event)

    def _show_left(self, text: str) -> None:
        """While the training itself tells it; what stands there otherwise is not about it."""
        if self._session.state is State.TRAINING and self._session.history.lost is None:
            started = self._session.history.started
            told = "" if started is not None and started.resumed else self._told
            self.outlook.setText(text or told)

    # -- the estimate

    def _show_place(self) -> None:
        """How long it takes is measured here, and not known of another computer."""
        self._estimate.cancel()
        self._told = ""
        self._say_why()
        self._pause.start()

    def _begin_estimate(self) -> None:
        place, plan = self._session.runner.place, self._session.plan
        if place is not None and not self._session.obstacle:
            self.outlook.setText(_outlook_there(shown(place.name), plan))
        elif self._session.plan is not None and not self._session.obstacle:
            self.outlook.setText(_("Estimating the time…"))
            self._estimate.start(self._session.plan)

    def _show_estimate(self, found: Estimate) -> None:
        plan = self._session.plan
        if self._session.obstacle or plan is None:
            return
        self._told = _outlook(plan, found)
        if self._session.training and self._session.history.progress is not None:
            return  # the training itself tells what is left
        self.outlook.setText(self._told)

    def _show_no_estimate(self, error: UserError) -> None:
        self.outlook.setText(str(error))


def _waiting_for(session: Session) -> str:
    """What must be done before the training that is wanted can begin."""
    reader = session.companions
    if not reader.running:
        return _("Training starts as soon as your data are ready.")
    for (_role, path), count in reversed(reader.counts.items()):
        text = _("Training starts as soon as “{name}” has been read: {count} files so far.")
        return text.format(name=shown(Path(path).name), count=words.number(count))
    return _("Training starts as soon as the other data have been read.")


def _time_limit(options: SearchOptions) -> str:
    """``About a minute``."""
    if options.minutes is not None:
        return duration(60 * options.minutes)
    labels = next(o.choices for o in describe(SearchOptions) if o.name == "time")
    return _(dict(labels)[options.time])


def _outlook(plan: Plan, found: Estimate) -> str:
    """How long the training will take, in words."""
    if found.seconds == math.inf:
        return _("No time limit: the search ends when every promising candidate has been tried.")
    text = _("About {time}")
    if isinstance(plan.options, SearchOptions):  # it ends when all was tried
        text = _("At most {time}")
    elif found.earlier:
        text = _("About {time}, as in an earlier run with as many processes")
    elif plan.recipe.run.processes != 1:
        text = _("About {time} with one process; with several, known after a first run")
    elif found.least < SOONER * found.seconds:
        text = _("At most about {time}; less with early stopping")
    return text.format(time=duration(_rounded(found.seconds)))


def _outlook_there(name: str, plan: Plan | None) -> str:
    """The same on another computer, where nothing can be measured before it begins."""
    if plan is None or not isinstance(plan.options, SearchOptions):
        text = _("Runs on {name}; how long it takes is not known before it begins.")
        return text.format(name=name)
    if math.isinf(plan.options.budget):
        text = _("Runs on {name}, until every promising candidate has been tried.")
        return text.format(name=name)
    text = _("Runs on {name}. Time limit: {limit}; sending your files comes before that.")
    return text.format(name=name, limit=_time_limit(plan.options))


def _rounded(seconds: float) -> float:
    """No more exact than an estimate is."""
    step = 5 if seconds < 60 else 30 if seconds < 600 else 60
    return max(step, step * round(seconds / step))


def _estimate(plan: Plan, report: Callable[[None], None]) -> Estimate:
    """What the training will take, from a short probe; it ends where nobody waits any more."""
    warm_up()
    from transfergui.core.training import earlier, estimate

    several = plan.recipe.run.processes != 1 and not isinstance(plan.options, SearchOptions)
    if several and (seconds := earlier.seconds(plan)) is not None:
        return estimate.Estimate(seconds=seconds, features=0.0, epoch=0.0, earlier=True)
    return estimate.estimate(plan, lambda: report(None))
