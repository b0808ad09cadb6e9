"""Whether learning from unlabelled pictures first helps: ``python -m tests.benchmarks.unlabelled``.

10 labelled pictures of each class of the clothing, 30 without their labels, 5 to choose the epoch
and 15 to measure. Each row is one training by the program, in which a head is trained on the
features of the backbone: as it is (``plain``), or after it has gone through the unlabelled pictures
and the training set without labels. Distilled: the teacher is MobileNetV2; the student is trained
as a whole, with and without the unlabelled pictures.

Needs the real data (``TRANSFERGUI_TEST_DATA``).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from tests.places import DATA
from transfergui.core import registry
from transfergui.core.data.companions import UNLABELLED, Companion
from transfergui.core.data.dataset import DataOptions, Sample
from transfergui.core.data.split import Split
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import trainer

PARTS = {"train": 10, "val": 5, "test": 15}
"""Of each class; the rest is unlabelled."""
WAYS: dict[str, dict[str, Any]] = {
    "plain": {"strategy": "feature_extraction", "options": {"passes": 0}},
    "simsiam": {"strategy": "simsiam"},
    "autoencoder": {"strategy": "autoencoder"},
    "taught": {"strategy": "distillation"},
    "distilled": {"strategy": "distillation"},
}
FIRST = ("simsiam", "autoencoder", "distilled")
TEACHER = {"teacher": "mobilenet_v2", "teacher_input": {"size": 128, "resize": 144}}


def divided(seed: int) -> Split:
    """The clothing, so many of each class in each part."""
    dataset = registry.modality("image").scan(DataOptions(path=str(DATA / "images" / "clothing")))
    parts: dict[str, list[Sample]] = {name: [] for name in (*PARTS, "rest")}
    rng = np.random.default_rng(seed)
    for label in range(len(dataset.classes)):
        own = [sample for sample in dataset.samples if sample.label == label]
        own = [own[at] for at in rng.permutation(len(own))]
        for name, count in PARTS.items():
            parts[name] += own[:count]
            own = own[count:]
        parts["rest"] += [msgspec.structs.replace(each, label=UNLABELLED) for each in own]
    train, val, test, rest = map(tuple, parts.values())
    root = str(dataset.root)
    beside = (Companion("unlabelled", root, root, rest),)
    return Split(
        root, "image", dataset.classes, train, val, test, seed, "split.random", companions=beside
    )


def accuracy(
    network: str, way: str, seed: int, epochs: int, size: int, rate: float | None
) -> tuple[float, float]:
    """Of the test set, and the seconds that it took."""
    split, options = divided(seed), dict(WAYS[way].get("options", {}))
    if way in FIRST:
        options |= {"first_epochs": epochs}
    if way in ("taught", "distilled"):
        options |= TEACHER
    elif way in FIRST and rate:
        options |= {"first_lr": rate}
    recipe = Recipe().replace(
        data__path=split.root,
        backbone=network,
        strategy=WAYS[way]["strategy"],
        options=options,
        input={"size": size, "resize": round(1.1 * size)},
        companions__unlabelled=split.root if way in FIRST else None,
        run__seed=seed,
    )
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        plan = resolve(recipe, split)
        last = list(trainer.train(plan, Run.create(plan.recipe, split, Path(folder) / "run")))[-1]
    if not isinstance(last, ev.Finished):
        raise SystemExit(str(last))
    return float(last.report["accuracy"]), time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--networks", nargs="+", default=["tgnet", "mobilenet_v2"])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=10, help="without labels")
    parser.add_argument("--rate", type=float, default=None, help="the learning rate of these")
    parser.add_argument("--size", type=int, default=96)
    given = parser.parse_args()
    print("| backbone | way | accuracy, each seed | mean | seconds |", "|" + 5 * " --- |", sep="\n")
    for network in given.networks:
        for way in given.ways:
            rows = [
                accuracy(network, way, seed, given.epochs, given.size, given.rate)
                for seed in range(given.seeds)
            ]
            each = " ".join(f"{share:.3f}" for share, _seconds in rows)
            mean, seconds = np.mean(rows, 0)
            print(f"| {network} | {way} | {each} | {mean:.3f} | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
