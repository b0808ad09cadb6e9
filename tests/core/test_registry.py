"""Registries: unique keys, and a hint for what was misspelt."""

from dataclasses import dataclass

import pytest

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Modality


@dataclass(frozen=True)
class Row:
    key: str


def test_a_duplicate_key_raises() -> None:
    with pytest.raises(ValueError, match="duplicate"):
        registry.unique((Row("a"), Row("a")))


@pytest.mark.parametrize("rows", [registry.MODALITIES, registry.STRATEGIES], ids=["m", "s"])
def test_every_row_says_what_it_is(rows: tuple) -> None:
    assert rows
    for row in rows:
        assert row.key.isidentifier()
        assert row.title
        assert registry.find("row", rows, row.key) is row


def test_a_misspelt_key_gets_a_hint() -> None:
    with pytest.raises(UserError) as caught:
        registry.strategy("fine_tunning")
    assert caught.value.code == "registry.unknown"
    assert "Did you mean fine_tuning?" in str(caught.value)


def test_nonsense_gets_no_hint() -> None:
    with pytest.raises(UserError) as caught:
        registry.find("thing", (Row("apple"),), "\n\udcffzz")
    assert caught.value.note.values["hint"] == ""
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("modality", registry.MODALITIES, ids=lambda modality: modality.key)
def test_backbones_are_looked_up_in_their_modality(modality: Modality) -> None:
    rows = modality.backbones()
    assert len({row.key for row in rows}) == len(rows)
    for row in rows:
        assert registry.backbone(modality, row.key) is row
    with pytest.raises(UserError) as caught:
        registry.backbone(modality, f"{rows[0].key}x")
    assert f"Did you mean {rows[0].key}" in str(caught.value)


def test_a_network_for_something_else_is_called_so() -> None:
    text = registry.modality("text")
    with pytest.raises(UserError) as caught:
        registry.backbone(text, "tgnet")
    assert caught.value.code == "backbone.for_others"
    assert "is for pictures, not for texts" in str(caught.value)
