"""What a strategy cannot do with what is predicted is said above Train, before it is pressed."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from tests.gui import finished
from tests.gui.conftest import estimated, rest
from tests.gui.objective_data import TABLES
from transfergui.core import registry
from transfergui.core.base import options as opt
from transfergui.gui.panels import training
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.session.session import Session

OBJECTIVES = ("one_class", *(table.objective for table in TABLES.values()))
SETTINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "weights": {"optim__balance": "weights"},
    "smoothing": {"optim__label_smoothing": 0.1},
}
"""Settings of every strategy that some objectives refuse."""
OWN: dict[str, dict[str, Any]] = {"distillation": {"output_weight": 1.0}}
"""Options of single strategies that some objectives refuse."""
REFUSED = {
    *((key, "weights") for key in OBJECTIVES if not registry.objective(key).balances),
    *((key, "smoothing") for key in OBJECTIVES if not registry.objective(key).smooths),
}


def test_every_objective_is_tried() -> None:
    """Boxes are in no table, and refuse more."""
    known = {each.key for each in registry.OBJECTIVES if not each.places}
    assert set(OBJECTIVES) == known


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_what_is_refused_is_said_before_it_is_trained(
    qtbot: QtBot, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, objective: str
) -> None:
    monkeypatch.setattr(training, "_estimate", lambda plan: estimated(42.0))
    panel = TrainingPanel(session)
    qtbot.addWidget(panel)
    panel.resize(340, 900)
    panel.show()
    session.open_again(finished.data_of(objective, tmp_path / "data"))
    rest(qtbot, session)
    recipe = session.recipe
    for strategy in (row for row in registry.STRATEGIES if row.fits(recipe.modality)):
        names = {option.name for option in opt.describe(strategy.options)}
        for title, changes in (*SETTINGS.items(), ("own", None)):
            options = OWN.get(strategy.key, {}) if changes is None else {}
            assert set(options) <= names
            changed = msgspec.structs.replace(recipe, strategy=strategy.key, options=options)
            session.change(changed.replace(**(changes or {})), "Try it")
            rest(qtbot, session)
            told = f"{strategy.key}, {title}: {session.plan_error}"
            if (objective, title) in REFUSED or (options and objective != "one_class"):
                assert session.plan_error is not None, told
                assert session.plan_error.code.startswith(("objective.", "teacher.")), told
            said = session.obstacle
            assert panel.button.isEnabled() is (said == ""), told
            assert (session.plan is None) is (session.plan_error is not None), told
            if said:
                assert panel.outlook.text() == said
                assert panel.outlook.isVisible()
                assert panel.outlook.height() >= panel.outlook.heightForWidth(panel.outlook.width())
