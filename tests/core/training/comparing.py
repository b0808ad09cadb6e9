"""Settings for each way to train, and what a run has learnt, to compare it with another's."""

from collections import Counter
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core.runs.run import Run
from transfergui.core.training import checkpoint

FINE = {"strategy": "fine_tuning", "augment": {"flip": True, "rotation": 10.0}}
SCRATCH = {"strategy": "from_scratch", "augment": {"mixup": 0.4}}
FROZEN = {"strategy": "feature_extraction", "augment": {"flip": True, "crop": 20.0}}
TAUGHT = {
    "strategy": "distillation",
    "options": {"teacher": BACKBONE, "teacher_input": {"size": 40, "resize": 40}},
    "augment": {"flip": True, "mixup": 0.4},
}
WOKEN = {"strategy": "progressive_unfreezing", "options": {"stages": 2}}
EVERY_WAY = pytest.mark.parametrize(
    "settings", [FROZEN, FINE, SCRATCH, TAUGHT, WOKEN], ids=lambda s: s["strategy"]
)


def best_of(run: Run) -> dict[str, torch.Tensor]:
    return load_file(run.checkpoints / checkpoint.BEST)


def figures(run: Run) -> dict[str, Any]:
    """The report without how long it took."""
    return {k: v for k, v in run.report().items() if k != "seconds"}


def assert_same(one: Run, other: Run, *apart: str) -> None:
    """Args:
    apart: figures of the report that may differ.
    """
    first, second = best_of(one), best_of(other)
    assert first.keys() == second.keys()
    differing = [name for name in first if not torch.equal(first[name], second[name])]
    assert not differing
    ignored = dict.fromkeys(apart)
    assert figures(one) | ignored == figures(other) | ignored


def pretrained(lab: Lab) -> dict[str, torch.Tensor]:
    return torch.load(lab.weights / f"{BACKBONE}.pth", weights_only=True)


def moved(run: Run, lab: Lab) -> Counter[str]:
    """How many of the backbone's tensors differ from the pretrained ones, by top-level module."""
    state, source = best_of(run), pretrained(lab)
    inner = {name: name.split("encoder.", 1)[1] for name in state if name.startswith("encoder.")}
    pairs = {
        name: next(k for k in source if inner[name].endswith(k))
        for name in inner
        if any(inner[name].endswith(k) for k in source)
    }
    assert pairs
    changed = [k for name, k in pairs.items() if not torch.equal(state[name], source[k])]
    return Counter(name.split(".")[0] for name in changed)
