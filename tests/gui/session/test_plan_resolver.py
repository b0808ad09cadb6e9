"""Recipes are resolved at once, or in a task where files that they name must be read."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from transfergui.core.base.errors import UserError
from transfergui.gui.base import tasks
from transfergui.gui.session import loading
from transfergui.gui.session.plan_resolver import PlanResolver
from transfergui.gui.session.session import Session


class Taker:
    def __init__(self, parent: Session) -> None:
        self.plans: list[Any] = []
        self.errors: list[UserError | None] = []
        self.settled = 0
        self.resolver = PlanResolver(
            parent,
            derived=lambda _derived: None,
            resolved=self.take,
            settled=self.settle,
            broken=lambda: None,
        )

    def take(self, plan: Any, error: UserError | None) -> None:
        self.plans.append(plan)
        self.errors.append(error)

    def settle(self) -> None:
        self.settled += 1


def test_without_a_split_there_is_nothing_to_resolve(ready: Session) -> None:
    taker = Taker(ready)
    taker.resolver.resolve(ready.recipe, None, ready.weights)
    assert taker.plans == []


def test_a_plain_recipe_is_resolved_at_once(ready: Session) -> None:
    taker = Taker(ready)
    taker.resolver.resolve(ready.recipe, ready.split, ready.weights)
    assert not taker.resolver.running
    assert [plan.recipe for plan in taker.plans] == [ready.plan.recipe if ready.plan else None]
    assert (taker.errors, taker.settled) == ([None], 0)


def test_files_are_read_in_a_task(
    qtbot: QtBot, ready: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "names_files", lambda recipe: True)
    taker = Taker(ready)
    taker.resolver.resolve(ready.recipe, ready.split, ready.weights)
    assert taker.resolver.running and taker.plans == []
    assert tasks.wait_all(20)
    assert (len(taker.plans), taker.errors, taker.settled) == (1, [None], 1)
    taker.resolver.resolve(ready.recipe, ready.split, ready.weights)
    taker.resolver.cancel()
    assert tasks.wait_all(20)
    assert len(taker.plans) == 1
