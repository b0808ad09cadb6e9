"""How long the checks will take: by the size of the backbone, less what is in the cache."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from tests.core.conftest import Run
from transfergui.core.checks import cost
from transfergui.core.resolve import resolve
from transfergui.core.training import ranking


def test_what_is_in_the_cache_costs_little(
    objective_run: Callable[[str, str], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = objective_run("one_class", "image")
    plan = resolve(run.recipe, run.split)
    count = sum(plan.split.sizes().values())
    looked: list[int] = []

    def missing(plan: object, samples: tuple[object, ...], tell: object) -> int:
        looked.append(len(samples))
        return 0

    monkeypatch.setattr(ranking, "missing", missing)
    slow = msgspec.structs.replace(plan.backbone, flops=100.0)
    large = replace(plan, backbone=slow)
    assert cost.expected_seconds(plan, quick=60) < 60 and not looked
    assert cost.expected_seconds(large, quick=1) < 1 and looked == [count]
    monkeypatch.setattr(cost, "FEW_BYTES", 0)
    assert cost.expected_seconds(large, quick=1) > 5 * count and looked == [count]
