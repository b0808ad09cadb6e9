"""What the modality says of a setting that cannot be otherwise is not told."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest

from transfergui.core import registry
from transfergui.core.base.progress import untold
from transfergui.core.checks import framing, measured
from transfergui.core.checks.check import Material
from transfergui.core.interfaces.plan import Framing

SQUEEZED = Framing("check.framing_squeezed", {"count": 3, "total": 4}, (), "input.fit", "pad")


@pytest.mark.parametrize(("objective", "told"), [("one_class", 1), ("boxes", 0)])
def test_boxes_need_squeezed_pictures(
    objective: str, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = SimpleNamespace(columns={}, is_sample=False)
    of_material: Callable[..., object] = lambda _material, _tell: found  # noqa: E731
    monkeypatch.setattr(measured, "of_material", of_material)
    modality = SimpleNamespace(many="pictures", framing=lambda _columns, _input: [SQUEEZED])
    plan = SimpleNamespace(
        modality=modality, input=None, objective=registry.objective(objective), split=None
    )
    made = framing.find(cast(Material, SimpleNamespace(plan=plan)), untold)
    assert (len(made.notes), len(made.actions)) == (told, told)
