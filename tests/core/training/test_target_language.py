"""A target in another language."""

import dataclasses
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tests.conftest import TINY
from transfergui.core import registry
from transfergui.core.app.companions import with_companions
from transfergui.core.data import split as splitting
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.training.target_language import is_foreign

CHINESE = "味道很好，送餐也很快，下次还会再来"
ENGLISH = 2 * "The food was good and the service was quick, so we will come back when we can. "


@pytest.mark.parametrize(
    ("texts", "knows", "foreign"),
    [
        ([CHINESE] * 3 + [ENGLISH], (), True),
        ([CHINESE] * 3 + [ENGLISH], ("en", "Hani"), False),  # a backbone of many languages
        ([CHINESE] + [ENGLISH] * 3, (), False),
        (["ok"] * 4, (), False),  # too short to tell
    ],
)
def test_a_target_in_another_language(
    tmp_path: Path, texts: list[str], knows: tuple[str, ...], foreign: bool
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    for number, text in enumerate(texts):
        (target / f"{number}.txt").write_text(f"{number} {text}", encoding="utf-8")
    recipe = Recipe(modality="text").replace(
        data__path=str(TINY["text"](tmp_path / "own")), companions__target=str(target)
    )
    dataset = registry.modality("text").scan(recipe.data)
    plan = with_companions(resolve(recipe, splitting.split(dataset, recipe.split, 0)))
    backbone: Any = SimpleNamespace(languages=knows)
    english = msgspec.structs.replace(plan.split, languages=("en",))
    assert is_foreign(dataclasses.replace(plan, split=english, backbone=backbone)) is foreign
    unknown = msgspec.structs.replace(plan.split, languages=())
    assert not is_foreign(dataclasses.replace(plan, split=unknown, backbone=backbone))
