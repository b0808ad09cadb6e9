"""Changes of the recipe, with undo: a recipe is immutable, so what is kept is a list of recipes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QObject, Signal

from transfergui.core.data.dataset import DataOptions
from transfergui.core.recipe import Recipe


class Edit(msgspec.Struct, frozen=True):
    """One step of undo: the recipe on the other side of it, and what it is called."""

    recipe: Recipe
    text: str


@dataclass(frozen=True)
class UndoStep:
    """What was undone or done again.

    Attributes:
        text: what the change is called.
        old, new: the recipes before and after.
        again: whether it was done again.
    """

    text: str
    old: Recipe
    new: Recipe
    again: bool = False


@dataclass(frozen=True)
class Edits:
    """What can be undone and what can be done again, each with the next one at its end."""

    past: tuple[Edit, ...] = ()
    future: tuple[Edit, ...] = ()


class UndoStack(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        recipe: returns the recipe that the next change starts from: the one in force, or the one
            for which data are read at this moment.
        adopt: makes a recipe the one in force, with these edits; returns whether that was done, or
            has begun.

    Attributes:
        edits: set by ``adopt``, at once; those before come back where data cannot be read.
    """

    stepped = Signal(object)  # Step, undone or done again

    def __init__(
        self,
        parent: QObject,
        recipe: Callable[[], Recipe],
        adopt: Callable[[Recipe, Edits], bool],
    ) -> None:
        super().__init__(parent)
        self.recipe, self._adopt = recipe, adopt
        self.edits = Edits()

    @property
    def undo_text(self) -> str:
        """What :meth:`undo` would undo; empty when there is nothing."""
        return self.edits.past[-1].text if self.edits.past else ""

    @property
    def redo_text(self) -> str:
        """What :meth:`redo` would do again; empty when there is nothing."""
        return self.edits.future[-1].text if self.edits.future else ""

    @property
    def data_so_far(self) -> Iterator[DataOptions]:
        """The data options in force, and those that :meth:`undo` leads back to."""
        yield self.recipe().data
        yield from (edit.recipe.data for edit in self.edits.past)

    def past_with(self, text: str) -> tuple[Edit, ...]:
        """What can be undone after one more change, which is called ``text``."""
        return (*self.edits.past, Edit(self.recipe(), text))

    def change(self, recipe: Recipe, text: str, merge: bool = False) -> None:
        """Replace the recipe, with undo.

        Args:
            recipe: the new one.
            text: what was done, as the Edit menu says it: "Exclude 3 pictures".
            merge: one step of undo together with the change before, if it has the same
                text: for sliders and typing.
        """
        if recipe == self.recipe():
            return
        merged = merge and self.undo_text == text and not self.edits.future
        self._adopt(recipe, Edits(self.edits.past if merged else self.past_with(text)))

    def undo(self) -> None:
        """Back to the recipe before the last change."""
        if self.edits.past:
            *past, edit = self.edits.past
            old = self.recipe()
            edits = Edits(tuple(past), (*self.edits.future, Edit(old, edit.text)))
            if self._adopt(edit.recipe, edits):
                self.stepped.emit(UndoStep(edit.text, old, edit.recipe))

    def redo(self) -> None:
        """Forward again after :meth:`undo`."""
        if self.edits.future:
            *future, edit = self.edits.future
            old = self.recipe()
            if self._adopt(edit.recipe, Edits(self.past_with(edit.text), tuple(future))):
                self.stepped.emit(UndoStep(edit.text, old, edit.recipe, again=True))
