"""The options of what is predicted, on the card of the training."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.conftest import estimated
from tests.gui.objective_data import LABELS, NUMBERS, QUESTIONS, MadeTable
from tests.gui.panels.test_data_objectives import open_table, settle
from transfergui.gui.panels import training
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.session.session import Session


@pytest.fixture
def panel(qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch) -> TrainingPanel:
    monkeypatch.setattr(training, "_estimate", lambda plan: estimated(42.0))
    panel = TrainingPanel(session)
    qtbot.addWidget(panel)
    panel.resize(340, 700)
    panel.show()
    return panel


@pytest.mark.parametrize(
    ("table", "names"),
    [
        pytest.param(LABELS, ["loss"], id="labels"),
        pytest.param(QUESTIONS, ["balance", "compare"], id="questions"),
        pytest.param(NUMBERS, [], id="numbers"),
    ],
)
def test_each_has_its_own_options(
    qtbot: QtBot,
    panel: TrainingPanel,
    session: Session,
    tmp_path: Path,
    table: MadeTable,
    names: list[str],
) -> None:
    open_table(qtbot, session, table, tmp_path)
    panel.more.click()
    form = panel.advanced.forms["objective"]
    assert list(form.fields) == names
    qtbot.wait(20)  # Qt shows what was added to a layout later
    assert form.isVisible() is bool(names)


def test_they_change_the_recipe_and_the_plan_with_undo(
    qtbot: QtBot, panel: TrainingPanel, session: Session, tmp_path: Path
) -> None:
    open_table(qtbot, session, QUESTIONS, tmp_path)
    panel.more.click()
    panel.advanced.forms["objective"].edited.emit("balance", "uncertainty")
    settle(qtbot, session)
    assert session.recipe.objective == {"balance": "uncertainty"}
    assert session.plan is not None
    assert session.plan.objective_options.balance == "uncertainty"  # type: ignore[attr-defined]
    assert session.undo_stack.undo_text == "Change “Loss weights of the questions”"
    session.undo_stack.undo()
    assert session.recipe.objective == {}


def test_options_of_something_else_are_not_kept(
    qtbot: QtBot, panel: TrainingPanel, session: Session, tmp_path: Path
) -> None:
    """They were refused with other data, which could not be trained on any more."""
    open_table(qtbot, session, QUESTIONS, tmp_path)
    panel.more.click()
    panel.advanced.forms["objective"].edited.emit("balance", "uncertainty")
    settle(qtbot, session)
    folder = LABELS.write(tmp_path / "labels")
    session.open_data(folder)
    settle(qtbot, session)
    assert session.dataset is not None
    assert session.dataset.root == folder
    assert session.recipe.objective == {}
    assert session.obstacle == ""
    assert list(panel.advanced.forms["objective"].fields) == ["loss"]


def test_a_setting_that_means_nothing_says_why(
    qtbot: QtBot, panel: TrainingPanel, session: Session, tmp_path: Path
) -> None:
    open_table(qtbot, session, NUMBERS, tmp_path)
    session.change(session.recipe.replace(optim__label_smoothing=0.1), "Change it")
    settle(qtbot, session)
    assert not panel.button.isEnabled()
    assert "number" in panel.outlook.text()
    panel.more.click()
    form = panel.advanced.forms["optim"]
    assert form.fields["label_smoothing"].widget.isVisibleTo(panel)  # to be set to 0
    session.undo_stack.undo()
    settle(qtbot, session)
    assert not form.fields["label_smoothing"].widget.isVisibleTo(panel)
    assert form.fields["lr"].widget.isVisibleTo(panel)
    assert "Label smoothing" in panel.advanced.hidden.text()
