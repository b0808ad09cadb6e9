"""How many wrong labels the check finds: ``python -m tests.benchmarks.label_errors``.

Copies of real data in which 5 % of the labels are flipped at random, three seeds; and the data as
they are, in which nothing should be named. Prints a Markdown table: of the flipped labels, the
share in the first tenth of the list, and how many are named as likely wrong; of those named, how
many were flipped; of the suggestions for these, how many are right.
"""

import argparse
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tests.places import DATA
from transfergui.core import registry
from transfergui.core.checks import label_errors
from transfergui.core.checks.check import Finding
from transfergui.core.checks.material import material_of
from transfergui.core.data import split
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.split import SplitOptions
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve

SHARE = 0.05
SEEDS = 3
CASES = (
    ("images/clothing", "image", "mobilenet_v2"),
    ("images/clothing", "image", "tgnet"),
    ("images/hand-signs", "image", "mobilenet_v2"),
    ("images/hand-signs", "image", "tgnet"),
    ("audio/spoken-digits", "audio", "mobilenet_v2"),
    ("text/shop-reviews/books.tsv", "text", "word_vectors"),
    ("text/shop-reviews/kitchen.tsv", "text", "word_vectors"),
)


def flipped(source: Path, target: Path, seed: int | None) -> dict[str, str]:
    """A copy with some labels flipped; what was flipped, by its place in the copy: its own label.

    Args:
        seed: None flips nothing.
    """
    rng = np.random.default_rng(seed)
    if source.is_file():
        head, *lines = source.read_text("utf-8").splitlines()
        rows = [line.rsplit("\t", 1) for line in lines]
        labels = [row[1] for row in rows]
    else:
        files = sorted(path for path in source.rglob("*") if path.is_file())
        labels = [path.parent.name for path in files]
    classes = sorted(set(labels))
    count = 0 if seed is None else round(SHARE * len(labels))
    new = dict[int, str]()
    for at in rng.choice(len(labels), count, replace=False).tolist():
        new[at] = str(rng.choice([name for name in classes if name != labels[at]]))
    if source.is_file():
        lines = [f"{row[0]}\t{new.get(at, row[1])}" for at, row in enumerate(rows)]
        target.write_text("\n".join((head, *lines)) + "\n", "utf-8")
        return {f"{target.name}#{at + 2}": labels[at] for at in new}
    for at, path in enumerate(files):
        place = target / new.get(at, labels[at]) / f"{labels[at]}_{path.name}"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    return {f"{name}/{labels[at]}_{files[at].name}": labels[at] for at, name in new.items()}


def examined(path: Path, modality: str, backbone: str, seed: int) -> tuple[Finding, int]:
    """What the check finds, and in how many samples."""
    options = DataOptions(path=str(path))
    dataset = registry.modality(modality).scan(options)
    recipe = Recipe(modality=modality, data=options, backbone=backbone).replace(
        weights_dir=str(DATA / "weights")
    )
    material = material_of(resolve(recipe, split.split(dataset, SplitOptions(), seed)))
    found = label_errors.find(material, lambda done, total: None)
    return found, len(material.samples)


def row(name: str, backbone: str, seed: int | None, own: Mapping[str, str], found: Finding, n: int) -> str:  # fmt: skip  # noqa: E501
    first = {each.path for each in found.flagged[: round(n / 10)]}
    named = [each for each in found.flagged if each.score >= label_errors.LIKELY]
    hits = [each for each in named if each.path in own]
    right = sum(each.suggested == own[each.path] for each in hits)
    share = f"{sum(path in first for path in own) / len(own):.0%}" if own else ""
    cells = (name, backbone, "as it is" if seed is None else seed, share, len(named), len(hits))
    return "| " + " | ".join(map(str, (*cells, f"{right} of {len(hits)}"))) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="a part of the name of the data")
    only = parser.parse_args().only
    print("| data | backbone | seed | in the first tenth | named | of these flipped | suggestion |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, modality, backbone in CASES:
        if only in name:
            for seed in (None, *range(SEEDS)):
                with tempfile.TemporaryDirectory() as folder:
                    target = Path(folder) / Path(name).name
                    own = flipped(DATA / name, target, seed)
                    found, n = examined(target, modality, backbone, seed or 0)
                    print(row(name, backbone, seed, own, found, n), flush=True)


if __name__ == "__main__":
    main()
