"""Undo as a list of recipes, without a session."""

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from transfergui.core.recipe import Recipe
from transfergui.gui.session.undo_stack import Edits, UndoStack, UndoStep


class Owner(QObject):
    """Adopts at once, unless it is busy."""

    def __init__(self) -> None:
        super().__init__()
        self.recipe, self.busy = Recipe(), False
        self.stack = UndoStack(self, lambda: self.recipe, self.adopt)
        self.steps: list[UndoStep] = []
        self.stack.stepped.connect(self.steps.append)

    def adopt(self, recipe: Recipe, edits: Edits) -> bool:
        if not self.busy:
            self.recipe, self.stack.edits = recipe, edits
        return not self.busy


@pytest.fixture
def owner(qtbot: QtBot) -> Owner:
    return Owner()


def test_a_change_is_undone_and_done_again(owner: Owner) -> None:
    first, second = owner.recipe, Recipe().replace(name="other")
    owner.stack.change(second, "Rename")
    assert (owner.stack.undo_text, owner.stack.redo_text) == ("Rename", "")
    owner.stack.undo()
    assert owner.recipe == first
    assert (owner.stack.undo_text, owner.stack.redo_text) == ("", "Rename")
    owner.stack.redo()
    assert owner.recipe == second
    assert [step.again for step in owner.steps] == [False, True]


def test_the_data_so_far_are_those_in_force_and_those_before(owner: Owner) -> None:
    owner.stack.change(Recipe().replace(data__path="a"), "Open")
    assert [data.path for data in owner.stack.data_so_far] == ["a", ""]


def test_what_is_refused_is_not_told(owner: Owner) -> None:
    owner.stack.change(Recipe().replace(name="other"), "Rename")
    owner.busy = True
    owner.stack.undo()
    assert owner.steps == []
    assert owner.stack.undo_text == "Rename"
