"""The columns of answers beside a prediction: as the objective says, whatever else it does."""

from types import SimpleNamespace

import pytest

from transfergui.core import registry
from transfergui.core.data.targets import Targets
from transfergui.core.interfaces.objective import Found, Objective
from transfergui.gui.tables.answer_columns import answer_columns


def test_the_objectives_say_whether_an_answer_has_several_parts() -> None:
    assert {each.key for each in registry.OBJECTIVES if each.several} == {
        "several_labels",
        "several_questions",
        "boxes",
    }


@pytest.mark.parametrize("several", [True, False])
@pytest.mark.parametrize("balances", [True, False])
def test_columns_do_not_depend_on_how_classes_are_balanced(several: bool, balances: bool) -> None:
    objective: Objective = SimpleNamespace(  # type: ignore[assignment]
        confident=True, balances=balances, several=several, columns=lambda found: ("a", "b")
    )
    found = Found(Targets(), ("a", "b"))
    assert len(answer_columns(objective, found)) == 2 * several
