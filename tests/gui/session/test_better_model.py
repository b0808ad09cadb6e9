"""A search for a better model: one step of undo, and it begins."""

from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeTrainer, rest
from transfergui.gui.session.better_model import search_better
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State


def test_a_search_is_one_step_of_undo_and_begins(
    qtbot: QtBot, ready: Session, trainer: FakeTrainer
) -> None:
    ready.change(ready.recipe.replace(strategy="fine_tuning", backbone="tgnet"), "Fine-tuning")
    before = ready.recipe
    search_better(ready, "one")
    assert (ready.recipe.strategy, ready.recipe.backbone) == ("auto", "auto")
    assert ready.recipe.options == {"time": "one"}
    qtbot.waitUntil(lambda: ready.state is State.TRAINING)
    search_better(ready, "all")  # does nothing while a training runs
    assert ready.recipe.options == {"time": "one"}
    trainer.hold.set()
    rest(qtbot, ready)
    ready.undo_stack.undo()
    assert ready.recipe == before
