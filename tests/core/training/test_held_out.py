"""What validation samples tell at the end of a training, without one."""

from collections.abc import Generator, Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import torch

from transfergui.core import registry
from transfergui.core.data.dataset import Sample
from transfergui.core.data.targets import ONE_CLASS, Targets
from transfergui.core.training.data_pipeline import Sources
from transfergui.core.training.held_out import HeldOut, Looks, learnt

WIDTH, CLASSES = 8, 3


def found(samples: int, train: int = 60, widths: list[int] | None = None) -> HeldOut:
    """Of a network whose logits are three times too large; a third of them is wrong."""
    rng = np.random.default_rng(0)
    widths = [] if widths is None else widths

    def source(count: int) -> Any:
        labels = [at % CLASSES for at in range(count)]
        paths = [f"{at}.png" for at in range(count)]
        return SimpleNamespace(labels=labels, paths=paths, logits=rng.normal(0, 1, (count, 3)))

    def inside(
        of: Any, rows: Sequence[int], shrink: Any = lambda _rows, found: found
    ) -> Generator[Any, None, tuple[torch.Tensor, list[int]]]:
        logits = of.logits[list(rows)] + 1.0 * np.eye(CLASSES)[[of.labels[row] for row in rows]]
        features = rng.normal(1, 0.1, (len(rows), WIDTH))
        yield from ()
        found = torch.tensor(np.concatenate([features, 3 * logits], 1)).float()
        batches = zip(torch.tensor(list(rows)).split(7), found.split(7), strict=True)
        kept = torch.cat([shrink(part.tolist(), outputs) for part, outputs in batches])
        widths.append(kept.shape[1])
        return kept, list(rows)

    learnt_from = [Sample(f"{at}.png", at % CLASSES) for at in range(train)]
    split = SimpleNamespace(targets=Targets(), classes=("a", "b", "c"), train=learnt_from)
    objective = registry.objective(ONE_CLASS)
    modality = SimpleNamespace(tokens=lambda _input: None)
    backbone = SimpleNamespace(widths=(WIDTH,))
    plan = SimpleNamespace(
        objective=objective,
        split=split,
        members=(),
        modality=modality,
        input=None,
        backbone=backbone,
    )
    sources = Sources(source(train), source(samples), source(0))
    events = learnt(cast("Any", plan), Looks(cast("Any", None), inside), sources)
    with pytest.raises(StopIteration) as stopped:
        next(events)
    return stopped.value.value


def test_a_temperature_from_a_hundred_samples_on() -> None:
    assert found(99).temperatures == ()
    (temperature,) = found(600).temperatures
    assert temperature == pytest.approx(3.0, rel=0.3)


def test_what_is_kept_of_them() -> None:
    held = found(120)
    assert held.doubts is not None
    assert held.limits is not None
    assert held.doubts.kept is not None
    assert held.doubts.kept.shape == (60, WIDTH)
    assert held.limits.held_out == held.examples == len(held.doubts.confidence) == 120
    assert 0.4 < held.doubts.right.mean() < 0.8


def test_features_of_validation_samples_are_not_kept() -> None:
    """Of each, two distances and the logits: features of 150 000 samples are gigabytes."""
    widths: list[int] = []
    found(120, widths=widths)
    assert widths == [WIDTH + CLASSES, 2 + CLASSES]
    widths.clear()
    found(50, train=5, widths=widths)
    assert widths == [CLASSES]


def test_too_few_samples_tell_nothing() -> None:
    assert found(0) == HeldOut()
    assert found(15).limits is None
    few = found(50, train=5)
    assert few.limits is None
    assert few.doubts is not None
    assert few.doubts.kept is None
