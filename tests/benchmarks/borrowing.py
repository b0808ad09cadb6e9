"""Whether borrowing somebody else's labelled examples helps, and what it costs where it should not.

``python -m tests.benchmarks.borrowing [--sets NAME ...] [--ways NAME ...] [--seeds N]``.

Each figure is the accuracy on the test samples of one's own, of a head trained by the program on
features of a frozen network: on one's own few samples alone; on these and the source's as if they
were one data set; and by the strategies that borrow.

``signs``: hand signs, 5 of each class, and rotated, noisy copies of others; ``shuffled``: clothing,
5 of each class, and others under labels drawn at random, ``half``: half of them; ``voices``: spoken
digits, 3 of each by one speaker, and those of the five others; ``reviews``: 20 of books, and those
of kitchens. Needs the real data (``TRANSFERGUI_TEST_DATA``).
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from PIL import Image

from tests.places import DATA
from transfergui.core import registry
from transfergui.core.data.companions import Companion
from transfergui.core.data.dataset import DataOptions, Dataset, Sample
from transfergui.core.data.split import Split
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import start

WAYS: dict[str, dict[str, Any]] = {
    "own": {"strategy": "feature_extraction"},
    "concatenated": {"strategy": "feature_extraction"},
    "alike": {"strategy": "weighted_source", "options": {"weigh": "alike"}},
    "weighted": {"strategy": "weighted_source"},
    "tradaboost": {"strategy": "tradaboost"},
}
ANGLE, NOISE = 15, 10
"""Of the copies: degrees, and the standard deviation of what is added to levels of 0 to 255."""


class Case(NamedTuple):
    """One's own data, and others'.

    Attributes:
        dataset: of one's own.
        parts: training, validation and test samples.
        sources: root and samples of each.
    """

    network: str
    dataset: Dataset
    parts: tuple[list[Sample], list[Sample], list[Sample]]
    sources: tuple[tuple[str, list[Sample]], ...]


def scanned(modality: str, path: Path) -> Dataset:
    return registry.modality(modality).scan(DataOptions(path=str(path)))


def drawn(
    samples: Sequence[Sample], counts: Sequence[int], rng: np.random.Generator
) -> list[list[Sample]]:
    """So many of each class for each part; the last one is the rest."""
    found: list[list[Sample]] = [[] for _part in range(len(counts) + 1)]
    for label in sorted({sample.label for sample in samples}):
        own = [sample for sample in samples if sample.label == label]
        own = [own[row] for row in rng.permutation(len(own))]
        ends = np.cumsum([0, *counts, len(own)])
        for part, (a, b) in enumerate(itertools.pairwise(ends)):
            found[part] += own[a:b]
    return found


def signs(folder: Path, rng: np.random.Generator) -> Case:
    whole = scanned("image", DATA / "images" / "hand-signs")
    train, val, test, rest = drawn(whole.samples, (5, 5, 15), rng)
    copies = folder / "copies"
    for number, sample in enumerate(whole.samples):
        path = copies / f"{sample.path}.png"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _copied(Path(whole.root) / sample.path, number).save(path)
    lent = [msgspec.structs.replace(sample, path=f"{sample.path}.png") for sample in rest]
    return Case("mobilenet_v2", whole, (train, val, test), ((str(copies), lent),))


def _copied(path: Path, seed: int) -> Image.Image:
    """Rotated and noisy."""
    rng = np.random.default_rng(seed)
    picture = Image.open(path).convert("RGB").resize((100, 100))
    turned = picture.rotate(float(rng.choice((-ANGLE, ANGLE))), fillcolor=(128, 128, 128))
    levels = np.asarray(turned, np.float64) + rng.normal(0, NOISE, (100, 100, 3))
    return Image.fromarray(levels.clip(0, 255).astype(np.uint8))


def _clothing(rng: np.random.Generator, share: float) -> Case:
    whole = scanned("image", DATA / "images" / "clothing")
    train, val, test, rest = drawn(whole.samples, (5, 5, 20), rng)
    wrong = rng.random(len(rest)) < share
    labels = rng.integers(0, len(whole.classes), len(rest))
    lent = [
        msgspec.structs.replace(sample, label=int(label)) if changed else sample
        for sample, label, changed in zip(rest, labels, wrong, strict=True)
    ]
    return Case("mobilenet_v2", whole, (train, val, test), ((str(whole.root), lent),))


def shuffled(_folder: Path, rng: np.random.Generator) -> Case:
    return _clothing(rng, 1.0)


def half(_folder: Path, rng: np.random.Generator) -> Case:
    return _clothing(rng, 0.5)


def voices(_folder: Path, rng: np.random.Generator) -> Case:
    whole = scanned("audio", DATA / "audio" / "spoken-digits")
    by = defaultdict(list)
    for sample in whole.samples:
        by[sample.path.split("_")[1]].append(sample)
    own = str(rng.choice(sorted(by)))
    train, val, test = drawn(by.pop(own), (3, 3), rng)
    root = str(whole.root)
    return Case("tgnet", whole, (train, val, test), tuple((root, by[name]) for name in sorted(by)))


def reviews(_folder: Path, rng: np.random.Generator) -> Case:
    books, kitchen = (
        scanned("text", DATA / "text" / "shop-reviews" / f"{name}.tsv")
        for name in ("books", "kitchen")
    )
    train, val, test, _rest = drawn(books.samples, (10, 25, 400), rng)
    lent = [list(kitchen.samples)]
    return Case("word_vectors", books, (train, val, test), ((str(kitchen.root), lent[0]),))


SETS: dict[str, Callable[[Path, np.random.Generator], Case]] = {
    "signs": signs,
    "shuffled": shuffled,
    "half": half,
    "voices": voices,
    "reviews": reviews,
}


def trained(case: Case, way: str, seed: int, folder: Path) -> float:
    """The accuracy on the test samples."""
    train, val, test = (tuple(part) for part in case.parts)
    borrows = way not in {"own", "concatenated"}
    if way == "concatenated":
        train += tuple(
            msgspec.structs.replace(sample, path=os.path.join(root, sample.path))  # noqa: PTH118
            for root, samples in case.sources
            for sample in samples
        )
    recipe = Recipe(modality=case.dataset.modality).replace(
        data__path=str(case.dataset.source),
        backbone=case.network,
        run__seed=seed,
        companions__source=[f"/source{n}" for n in range(len(case.sources))] if borrows else [],
        **WAYS[way],
    )
    companions = tuple(
        Companion("source", f"/source{n}", root, tuple(samples))
        for n, (root, samples) in enumerate(case.sources)
    )
    split = Split(
        root=str(case.dataset.root),
        modality=case.dataset.modality,
        classes=case.dataset.classes,
        train=train,
        val=val,
        test=test,
        companions=companions if borrows else (),
        seed=seed,
        method="split.folders",
        input=case.dataset.input,
        languages=case.dataset.languages,
        targets=case.dataset.targets,
    )
    plan = resolve(recipe, split)
    run = Run.create(plan.recipe, plan.split, folder)
    events = list(start.train(plan, run))
    if not isinstance(events[-1], ev.Finished):
        raise SystemExit(f"{folder}: {events[-1]}")
    for event in events:
        if isinstance(event, ev.Notice) and event.code.startswith("borrow."):
            print(f"<!-- {way}: {event.code} {event.values} -->", flush=True)
    return float(run.report()["accuracy"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    print(f"| set | {' | '.join(arguments.ways)} | seconds |")
    print("|" + (2 + len(arguments.ways)) * " --- |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.sets:
            began, found = time.monotonic(), defaultdict(list)
            for seed in range(arguments.seeds):
                case = SETS[name](Path(folder), np.random.default_rng(seed))
                for way in arguments.ways:
                    place = Path(folder) / f"{name}-{way}-{seed}"
                    found[way].append(trained(case, way, seed, place))
            figures = [f"{np.mean(each):.3f} ({np.std(each):.3f})" for each in found.values()]
            seconds = f"{time.monotonic() - began:.0f}"
            print(f"| {name} | {' | '.join(figures)} | {seconds} |", flush=True)


if __name__ == "__main__":
    main()
