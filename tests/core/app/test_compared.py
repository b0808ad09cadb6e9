"""An answer holds as long as nothing changes."""

from pathlib import Path

import msgspec
import pytest

from tests.core import made_plans
from tests.core.made_companions import companion
from transfergui.core.app import compared
from transfergui.core.app.compared import Compared
from transfergui.core.figures.closeness import Closeness, Word


def of(word: Word, energy: float) -> Compared:
    return Compared(closeness=Closeness(word=word, distance=1.0, energy=energy), under="TGNet")


def test_what_was_compared_is_remembered_until_a_label_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSFERGUI_CACHE", str(tmp_path))
    plan = made_plans.planned(9, 9)
    other = companion(plan.split, "source", plan.split.train[:5])
    assert compared.remembered(plan, other) is None
    compared.keep(plan, other, of("alike", 0.0))
    assert compared.remembered(plan, other) == of("alike", 0.0)
    first, *rest = other.samples
    changed = (msgspec.structs.replace(first, label=1 - first.label), *rest)
    assert compared.remembered(plan, msgspec.structs.replace(other, samples=changed)) is None


def test_the_nearer_one_is_named_only_where_it_is_clear() -> None:
    alike, near, far = of("alike", 0.0), of("somewhat", 0.03), of("somewhat", 0.1)
    assert compared.nearer_than(alike, near) and compared.nearer_than(near, far)
    assert not compared.nearer_than(far, near)
    assert not compared.nearer_than(alike, of("alike", 0.01))
    assert not compared.nearer_than(near, of("somewhat", 0.034))
    assert not compared.nearer_than(alike, of("unclear", 0.2))
