"""The training card: strategies, essentials, every option, the estimate, the one button."""

import dataclasses
import math

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeTrainer, estimated, rest
from transfergui.core import plans, registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.interfaces.choices import SettingChoice
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.gui.base import tasks
from transfergui.gui.panels import training
from transfergui.gui.panels.recipe_forms import automatic_values
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.session import edits
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State

COSTS = {1: "quick", 2: "slower", 3: "slowest"}
SEARCH = "you set the time"


@pytest.fixture
def panel(qtbot: QtBot, ready: Session, monkeypatch: pytest.MonkeyPatch) -> TrainingPanel:
    monkeypatch.setattr(training, "_estimate", lambda plan: estimated(42.0))
    monkeypatch.setattr(training, "ESTIMATE_AFTER", 1)
    panel = TrainingPanel(ready)
    qtbot.addWidget(panel)
    panel.resize(340, 700)
    panel.show()
    return panel


def answer(panel: TrainingPanel, text: str) -> None:
    """Press the button of the open question that begins with ``text``."""
    box = panel.window().findChild(QMessageBox)
    assert box is not None
    next(b for b in box.buttons() if b.text().startswith(text)).click()


def test_every_strategy_has_a_card_and_the_chosen_one_its_sentence(panel: TrainingPanel) -> None:
    cards = panel.strategies.cards
    assert list(cards) == [s.key for s in registry.STRATEGIES]
    assert list(cards)[:3] == ["feature_extraction", "fine_tuning", "auto"]  # seen at first
    assert [key for key, card in cards.items() if card.isChecked()] == ["feature_extraction"]
    seen = [key for key, card in cards.items() if card._sentence.isVisible()]
    assert seen == ["feature_extraction"]


def test_no_card_promises_a_time(panel: TrainingPanel) -> None:
    """Which data and network make wrong: distillation was called long, and took 35 s."""
    for strategy in registry.STRATEGIES:
        card = panel.strategies.cards[strategy.key]
        name, cost, _sentence = (label.text() for label in card.findChildren(QLabel))
        wanted = SEARCH if strategy.procedure == "search" else COSTS[strategy.cost]
        assert (name, cost) == (strategy.title, wanted)
        assert "seconds" not in strategy.summary


def test_choosing_a_strategy_changes_the_recipe_with_undo(
    panel: TrainingPanel, ready: Session
) -> None:
    panel.more.click()
    panel.strategies.cards["fine_tuning"].click()
    assert ready.recipe.strategy == "fine_tuning"
    assert "groups" in panel.advanced.forms["options"].fields
    ready.undo_stack.undo()
    assert panel.strategies.cards["feature_extraction"].isChecked()
    assert "passes" in panel.advanced.forms["options"].fields


def test_epochs_say_what_automatic_means(panel: TrainingPanel, ready: Session) -> None:
    assert ready.plan is not None
    box = panel.essentials.epochs.fields["epochs"].widget
    assert box.text() == f"Automatic ({plans.epochs(ready.plan)})"  # type: ignore[attr-defined]
    box.setValue(5)  # type: ignore[attr-defined]
    assert ready.recipe.run.epochs == 5
    assert plans.epochs(ready.plan) == 5
    panel.more.click()
    assert panel.advanced.forms["run"].fields["epochs"].get() == 5
    assert "5 epochs" in panel.summary()


def test_presets_of_the_augmentation(panel: TrainingPanel, ready: Session) -> None:
    presets = panel.essentials.presets
    assert presets.currentText().startswith("Automatic")
    presets.setCurrentIndex(presets.findText("Strong"))
    presets.activated.emit(presets.currentIndex())
    assert ready.plan is not None
    assert ready.plan.augment == registry.modality("image").augment_presets["Strong"]
    panel.more.click()
    panel.advanced.forms["augment"].fields["flip"].widget.click()  # type: ignore[attr-defined]
    assert presets.currentText() == "Custom"
    assert ready.recipe.augment is not None
    assert ready.recipe.augment["flip"] is False
    presets.setCurrentIndex(0)
    presets.activated.emit(0)
    assert ready.recipe.augment is None


def test_every_part_of_the_recipe_is_edited_in_its_place(
    panel: TrainingPanel, ready: Session
) -> None:
    panel.more.click()
    for part, name, value in (
        ("optim", "momentum", 0.5),
        ("head", "units", 64),
        ("options", "passes", 7),
        ("input", "size", 96),
        ("augment", "rotation", 30),
    ):
        panel.advanced.forms[part].fields[name].put(value)
        panel.advanced.forms[part].edited.emit(name, value)
        held = getattr(ready.recipe, part)
        assert (held[name] if isinstance(held, dict) else getattr(held, name)) == value
    assert ready.plan is not None
    assert ready.plan.input.size == 96  # type: ignore[attr-defined]


def test_advanced_replaces_the_essentials(qtbot: QtBot, panel: TrainingPanel) -> None:
    panel.more.click()
    assert panel.advanced.isVisible()
    assert not panel.essentials.isVisible()
    assert panel.button.isVisible()
    panel.advanced.explain.click()
    qtbot.waitUntil(next(iter(panel.advanced.forms["optim"]._helps.values())).isVisible)
    panel.more.click()
    assert panel.essentials.isVisible()


def test_what_was_changed_among_settings_that_are_not_seen_is_said(
    panel: TrainingPanel, ready: Session
) -> None:
    assert not panel.changed.isVisible()
    ready.change(ready.recipe.replace(run__epochs=7), "x")
    assert not panel.changed.isVisible()  # it is seen
    ready.change(ready.recipe.replace(run__processes=2, run__patience=3), "x")
    assert panel.changed.isVisible()
    said = panel.changed.text()
    assert said.startswith("Not the defaults in the advanced settings: ")
    assert "Processes: 2" in said and "Patience: 3" in said and "Epochs" not in said
    panel.more.click()
    assert not panel.changed.isVisible()  # all are seen
    assert ready.plan is not None
    usual = ready.plan.automatic["optim.lr"]  # as the recipe of a run has it
    ready.change(ready.recipe.replace(run__processes=1, run__patience=None, optim__lr=usual), "x")
    panel.more.click()
    assert not panel.changed.isVisible()


def test_the_time_is_estimated_before_start(qtbot: QtBot, panel: TrainingPanel) -> None:
    qtbot.waitUntil(lambda: panel.outlook.text() == "About 40 s")


@pytest.mark.parametrize(("seconds", "shown"), [(1, 5), (42, 40), (100, 90), (1234, 1260)])
def test_an_estimate_is_no_more_exact_than_it_is(seconds: float, shown: float) -> None:
    assert training._rounded(seconds) == shown


def test_the_button_says_why_it_is_disabled(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_estimate", lambda plan: estimated(42.0))
    panel = TrainingPanel(session)
    qtbot.addWidget(panel)
    assert not panel.button.isEnabled()
    assert "Open a folder" in panel.button.toolTip()
    assert panel.button.accessibleDescription() == panel.outlook.text() == session.obstacle


def test_a_setting_that_does_not_fit_disables_the_button(
    panel: TrainingPanel, ready: Session
) -> None:
    ready.change(Recipe().replace(data=ready.recipe.data, backbone="resnet9000"), "Break it")
    assert not panel.button.isEnabled()
    assert "resnet9000" in panel.outlook.text()
    ready.undo_stack.undo()
    assert panel.button.isEnabled()


def test_train_and_stop_with_one_button(
    qtbot: QtBot, panel: TrainingPanel, ready: Session, trainer: FakeTrainer
) -> None:
    trainer.hold.clear()
    panel.button.click()
    assert ready.state is State.TRAINING
    assert panel.button.text() == "Stop"
    assert not panel.strategies.isEnabled()
    panel.button.click()
    panel.button.click()
    assert len(panel.findChildren(QMessageBox)) == 1
    answer(panel, "Keep training")
    assert ready.state is State.TRAINING
    qtbot.waitUntil(lambda: panel.findChild(QMessageBox) is None)
    panel.button.click()
    answer(panel, "Stop and keep")
    assert panel.button.text() == "Stopping…"
    assert not panel.button.isEnabled()
    rest(qtbot, ready)
    assert panel.button.text() == "Train"
    assert panel.strategies.isEnabled()
    panel._guard.start(10**6)
    panel.button.click()  # it was meant for Stop, which was here a moment ago
    assert ready.state is State.READY
    panel._guard.stop()
    trainer.hold.set()
    panel.button.click()
    assert ready.training
    rest(qtbot, ready)


def test_the_wheel_over_the_presets_scrolls_the_column(panel: TrainingPanel) -> None:
    presets = panel.essentials.presets
    place, turned = QPointF(9, 9), QPoint(0, -120)
    before, keys = presets.currentIndex(), Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place, place, QPoint(), turned, Qt.MouseButton.NoButton, keys, Qt.ScrollPhase(), False
    )
    presets.wheelEvent(event)
    assert presets.currentIndex() == before
    assert not event.isAccepted()


def test_the_keyboard_chooses_a_strategy(qtbot: QtBot, panel: TrainingPanel) -> None:
    panel.activateWindow()
    panel.strategies.cards["feature_extraction"].setFocus()
    qtbot.keyClick(panel.strategies.cards["feature_extraction"], Qt.Key.Key_Down)
    assert panel.strategies.cards["fine_tuning"].isChecked()


def test_it_is_said_why_a_setting_is_not_the_usual_one(
    panel: TrainingPanel, ready: Session
) -> None:
    assert ready.plan is not None
    few = SettingChoice("head.dropout", 0.2, Note("restraint.few_frozen", {"count": 4}))
    panel._show_plan(dataclasses.replace(ready.plan, resolved_defaults=(few,)))
    assert panel.reasons.isVisible()
    assert "Only 4 training examples" in panel.reasons.text()
    panel._show_plan(
        dataclasses.replace(ready.plan, resolved_defaults=(SettingChoice("head.dropout", 0.5),))
    )
    assert not panel.reasons.isVisible()


def test_what_is_to_be_known_before_it_begins_is_said(panel: TrainingPanel, ready: Session) -> None:
    recipe = ready.recipe.replace(strategy="auto", backbone="tgnet")
    ready.change(recipe, "Choose automatic search")
    assert "Only TGNet is tried" in panel.reasons.text()
    ready.change(recipe.replace(backbone="auto"), "Leave it to the program")
    assert not panel.reasons.isVisible()


def test_the_time_of_a_search_is_the_most_it_takes(panel: TrainingPanel, ready: Session) -> None:
    """It ends sooner when everything was tried."""
    ready.change(ready.recipe.replace(strategy="auto"), "Choose automatic search")
    panel._show_estimate(estimated(60.0))
    assert panel.outlook.text() == "At most 1 min"
    ready.change(ready.recipe.replace(strategy="fine_tuning"), "Choose fine-tuning")
    panel._show_estimate(estimated(60.0))
    assert panel.outlook.text() == "About 1 min"


def test_a_number_that_is_being_typed_counts(
    qtbot: QtBot, panel: TrainingPanel, ready: Session, trainer: FakeTrainer
) -> None:
    """Ctrl+R trained twelve epochs under a field that said three."""
    box = panel.essentials.epochs.fields["epochs"].widget
    box.lineEdit().setText("3")
    assert ready.recipe.run.epochs is None
    panel.train()
    rest(qtbot, ready)
    assert trainer.started == 1
    assert ready.run is not None
    assert ready.run.recipe.run.epochs == 3
    before = ready.recipe
    panel.train()  # and what nobody typed stays as it is
    rest(qtbot, ready)
    assert ready.recipe == before


def test_train_cancels_the_estimate(
    qtbot: QtBot, panel: TrainingPanel, ready: Session, trainer: FakeTrainer
) -> None:
    """One that has begun, and one that is about to."""
    rest(qtbot, ready)
    panel._estimate._function = lambda plan: estimated(1.0)  # type: ignore[assignment]
    trainer.hold.clear()
    panel._pause.setInterval(600_000)
    panel._pause.start()
    panel._begin_estimate()
    assert panel._estimate.running
    panel.train()
    assert not panel._estimate.running
    assert not panel._pause.isActive()


@pytest.mark.parametrize("strategy", [strategy.key for strategy in registry.STRATEGIES])
@pytest.mark.parametrize("backbone", ["tgnet", "resnet18"])
def test_typing_what_automatic_says_changes_nothing(
    ready: Session, strategy: str, backbone: str
) -> None:
    """Epochs and learning rate: two-phase strategies showed those of another phase."""
    assert ready.split is not None
    recipe = ready.recipe.replace(strategy=strategy, backbone=backbone, options={})
    if strategy == "distillation":
        recipe = recipe.replace(options={"teacher": "resnet50"})
    try:
        plan = resolve(recipe, ready.split)
    except UserError:
        pytest.skip("needs other networks")
    said = automatic_values(plan, "run") | automatic_values(plan, "optim")
    if not plan.phases:
        assert said["epochs"] is None
        return
    typed = recipe.replace(run__epochs=said["epochs"], optim__lr=said["lr"])
    pairs = zip(plan.phases, resolve(typed, ready.split).phases, strict=True)
    for phase, again in pairs:
        assert (again.epochs, again.lr) == (phase.epochs, pytest.approx(phase.lr))


def test_automatic_choices_say_what_they_come_to(panel: TrainingPanel, ready: Session) -> None:
    ready.change(ready.recipe.replace(strategy="fine_tuning", backbone="tgnet"), "Fine-tune")
    panel.more.click()
    assert ready.plan is not None
    blocks = panel.advanced.forms["options"].fields["groups"].widget
    assert blocks.text() == f"Automatic ({len(ready.plan.backbone.groups)})"  # type: ignore[attr-defined]
    balance = panel.advanced.forms["optim"].fields["balance"].widget
    assert balance.currentText() == (  # type: ignore[attr-defined]
        "Weight rare classes more where needed (No correction)"
    )


def test_what_a_run_stored_is_shown_as_its_preset(panel: TrainingPanel, ready: Session) -> None:
    """It holds every value of the augmentation, also those that are off."""
    ready.change(ready.recipe.replace(strategy="fine_tuning"), "Fine-tune")
    assert ready.plan is not None
    ready.change(ready.plan.recipe, "As it was stored")
    assert panel.essentials.presets.currentText() == "Light"
    panel.strategies.cards["feature_extraction"].click()
    assert ready.recipe.augment is None


def test_that_early_stopping_may_end_it_sooner_is_said(panel: TrainingPanel) -> None:
    panel._show_estimate(estimated(60.0, least=50.0))
    assert panel.outlook.text() == "About 1 min"
    panel._show_estimate(estimated(60.0, least=20.0))
    assert panel.outlook.text().startswith("At most about 1 min; less with early")


def test_what_was_told_stays_while_the_time_left_is_unknown(
    panel: TrainingPanel, ready: Session
) -> None:
    panel._show_estimate(estimated(60.0))
    ready._states.enter(State.TRAINING)
    panel._show_event(ev.Progress(stage="features", epoch=0.0, step=1, steps=9))
    assert panel.outlook.text() == "About 1 min"
    panel._show_event(ev.Progress(stage="train", epoch=0.5, step=1, steps=9, eta=50.0))
    assert panel.outlook.text() == "About 50 s left"
    ready.history.add(ev.Progress(stage="train", epoch=0.5, step=1, steps=9, eta=50.0))
    panel._show_estimate(estimated(90.0))  # it came late, as after Resume
    assert panel.outlook.text() == "About 50 s left"
    ready._states.enter(State.READY)


def test_what_takes_as_long_as_it_needs_has_no_time(panel: TrainingPanel) -> None:
    panel._show_estimate(estimated(math.inf))
    assert panel.outlook.text().startswith("No time limit")


def test_automatic_settings_say_what_they_are(panel: TrainingPanel, ready: Session) -> None:
    panel.more.click()
    box = panel.advanced.forms["head"].fields["dropout"].widget
    assert ready.plan is not None
    assert ready.recipe.head.dropout is None
    assert box.text() == f"Automatic ({ready.plan.recipe.head.dropout:g})"  # type: ignore[attr-defined]


def test_a_class_with_one_example_is_said_before_training(
    panel: TrainingPanel, ready: Session
) -> None:
    assert ready.dataset is not None
    assert not panel.reasons.isVisible() or "only one example" not in panel.reasons.text()
    others = [s.path for s in ready.dataset.samples if s.label == 1]
    edits.relabel(ready, others[:1], "lonely")
    assert tasks.wait_all(60)
    said = panel.reasons.text()
    assert panel.reasons.isVisible()
    assert said.startswith(
        "One class has only one example (“lonely”), which is used for training. Nothing is known "
        "about how well this class is recognised. Add more pictures"
    )
    assert [p.path for p in ready.dataset.problems if p.code == "data.single"] == ["lonely"]
    ready.undo_stack.undo()
    assert tasks.wait_all(60)
    assert "only one example" not in panel.reasons.text()
    assert not [p for p in ready.dataset.problems if p.code == "data.single"]


def test_settings_that_are_not_those_of_the_training_are_said_to_be_for_the_next(
    qtbot: QtBot, panel: TrainingPanel, ready: Session, trainer: FakeTrainer
) -> None:
    trainer.hold.clear()
    before = ready.recipe
    ready.start_training()
    qtbot.waitUntil(lambda: ready.state is State.TRAINING)
    assert panel.whose.isHidden()
    ready.change(before.replace(optim__lr=0.5), "x")
    assert panel.whose.isVisible() and "the next one" in panel.whose.text()
    ready.undo_stack.undo()
    assert panel.whose.isHidden()
    ready.undo_stack.redo()
    trainer.hold.set()
    rest(qtbot, ready)
    assert panel.whose.isHidden()  # nothing else is trained any more
