"""Runs whose network was filled at random instead of being trained: made in a moment."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.nn.classifier import classifier_of
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import checkpoint

SIZE = 40
"""Pixels: no network's own."""


def split_of(classes: Sequence[str], root: str = "/data") -> Split:
    """Three training samples of each class; nothing lies at their paths."""
    samples = [Sample(f"{name}/{i}.png", n) for n, name in enumerate(classes) for i in range(3)]
    return Split(root, "image", tuple(classes), tuple(samples), (), (), 0, "split.random")


def make_run(folder: Path, classes: Sequence[str], **settings: Any) -> Run:
    """A run in ``folder`` that tells ``classes`` apart, if at random."""
    settings = {
        "backbone": "shufflenet_v2_x0_5",
        "strategy": "from_scratch",
        "input": {"size": SIZE, "resize": SIZE},
        **settings,
    }
    plan = resolve(Recipe().replace(**settings), split_of(classes))
    run = Run.create(plan.recipe, plan.split, folder)
    run.record(started(run, plan.backbone.key, plan.split.classes))
    torch.manual_seed(len(classes))
    model = classifier_of(plan)
    for parameter in model.head.parameters():
        torch.nn.init.normal_(parameter)
    run.checkpoints.mkdir()
    checkpoint.save_best(run.checkpoints, model.state_dict())
    return run


def started(run: Run, backbone: str, classes: Sequence[str]) -> ev.Started:
    return ev.Started(
        run=str(run.path),
        resumed=False,
        modality="image",
        backbone=backbone,
        strategy="from_scratch",
        device="cpu",
        precision="float32",
        classes=tuple(classes),
        sizes={"train": 3 * len(classes), "val": 0, "test": 0},
        epochs=1,
        baseline=1 / len(classes),
    )
