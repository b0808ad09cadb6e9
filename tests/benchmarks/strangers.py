"""Whether what is unlike the training data is noticed: ``python -m tests.benchmarks.strangers``.

Each data set as the model's own, on features of the frozen backbone, once with all and once with
20 samples per class; limits set as a training sets them. Prints, over several splits, how many of
the own test samples are refused, and how many are noticed of other data sets, of what is made up,
and of a class that was left out.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from tests.places import DATA
from transfergui.core import registry
from transfergui.core.data import split as splitting
from transfergui.core.figures import strangers
from transfergui.core.figures.intervals import wilson
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.training import ranking
from transfergui.core.views import strangers_tried

SETS: Mapping[str, Mapping[str, str]] = {
    "image": {
        "clothing": "images/clothing",
        "hand-signs": "images/hand-signs",
        "brain-mri": "images/brain-mri",
    },
    "audio": {"spoken-digits": "audio/spoken-digits"},
    "text": {
        "movies": "text/movie-reviews/dev.tsv",
        "books": "text/shop-reviews/books.tsv",
        "kitchen": "text/shop-reviews/kitchen.tsv",
        "takeaway": "text/takeaway-reviews-zh.csv",
    },
}
BACKBONES = {
    "image": ("mobilenet_v2", "tgnet"),
    "audio": ("mobilenet_v2", "tgnet"),
    "text": ("word_vectors",),
}
MOST, ASKED = 700, 100
"""Samples of the own data, and of each kind of strangers."""
SMALL = 20
"""Of a class."""


def planned(modality: str, path: str | Path, backbone: str, like: Plan | None = None) -> Plan:
    """Data as the program reads them; brought to the network as those of ``like``."""
    recipe = Recipe(modality=modality).replace(
        data__path=str(DATA / path), backbone=backbone, weights_dir=str(DATA / "weights")
    )
    if like is not None:
        recipe = recipe.replace(input=like.recipe.input)
    dataset = registry.modality(modality).scan(recipe.data)
    return resolve(recipe, splitting.split(dataset, recipe.split, 0))


def features(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Of all samples [N, F], and their classes [N]; from the cache where they are known."""
    split = plan.split
    rng = np.random.default_rng(0)
    samples = [*split.train, *split.val, *split.test]
    drawn = [samples[at] for at in rng.permutation(len(samples))[:MOST]]
    source = ranking.source_of(plan, drawn)
    return source.versions[0].numpy(), np.array(source.labels)


def made_up(modality: str, backbone: str, own: Plan, folder: Path) -> Iterator[tuple[str, np.ndarray]]:  # fmt: skip  # noqa: E501
    """What the view of unrelated examples tries, with its name."""
    for kind in strangers_tried.KINDS[modality]:
        place = folder / kind.title
        place.mkdir()
        kind.write(place, np.random.default_rng(0))
        for at, path in enumerate(sorted(place.iterdir())):  # data need two classes
            (place / "ab"[at % 2]).mkdir(exist_ok=True)
            path.rename(place / "ab"[at % 2] / path.name)
        yield kind.title, features(planned(modality, folder / kind.title, backbone, own))[0]


def divided(labels: np.ndarray, few: bool, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Rows to train, validate and test with, 70, 15 and 15 % of a class; of few, the rest tests."""
    parts: tuple[list[int], ...] = ([], [], [])
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        used = rows[:SMALL] if few else rows
        first, second = round(0.7 * len(used)), round(0.85 * len(used))
        spare = rows[len(used) :]
        for part, some in zip(parts, (used[:first], used[first:second], [*used[second:], *spare])):  # fmt: skip  # noqa: B905,E501
            part += list(some)
    return tuple(np.array(part) for part in parts)


def noticed(x: np.ndarray, train: np.ndarray, val: np.ndarray, others: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:  # fmt: skip  # noqa: E501
    """Which of the others are beyond the limits that these rows of the features ``x`` set."""
    kept = strangers.reference(x[train])
    names = [str(row) for row in train]
    held_out = strangers.signs(x[val], kept)
    most = strangers.passing(held_out, strangers.among(kept, names))
    return {
        name: strangers.stranger(strangers.signs(rows, kept), most) for name, rows in others.items()
    }


def tried(x: np.ndarray, labels: np.ndarray, others: Mapping[str, np.ndarray], few: bool, seed: int) -> dict[str, np.ndarray]:  # fmt: skip  # noqa: E501
    """As :func:`noticed`, of one split; with what was left out."""
    rng = np.random.default_rng(seed)
    train, val, test = divided(labels, few, rng)
    found = noticed(x, train, val, {"own": x[test], **others})
    if len(np.unique(labels)) > 2:
        label = rng.choice(np.unique(labels))
        rest = [part[labels[part] != label] for part in (train, val)]
        found |= noticed(x, *rest, {"class left out": x[labels == label]})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--only", default="", help="image, audio or text")
    arguments = parser.parse_args()
    for modality, sets in SETS.items():
        for backbone in BACKBONES[modality] if arguments.only in modality else ():
            plans = {name: planned(modality, path, backbone) for name, path in sets.items()}
            known = {name: features(plan) for name, plan in plans.items()}
            for name, plan in plans.items():
                with tempfile.TemporaryDirectory() as folder:
                    others = {each: rows[0][:ASKED] for each, rows in known.items() if each != name}
                    others |= dict(made_up(modality, backbone, plan, Path(folder)))
                for few in (False, True):
                    every = [
                        tried(*known[name], others, few, seed) for seed in range(arguments.splits)
                    ]
                    _print(f"{name}, {backbone}{', 20 each' if few else ''}", every)


def _print(title: str, every: list[dict[str, np.ndarray]]) -> None:
    together = {name: np.concatenate([each[name] for each in every]) for name in every[0]}
    own = together.pop("own")
    between = wilson(int(own.sum()), len(own))
    assert between is not None
    print(f"{title}: refused {own.mean():.1%} ({between.low:.1%} to {between.high:.1%}); noticed:")
    print("  " + ", ".join(f"{name} {told.mean():.0%}" for name, told in together.items()), flush=True)  # fmt: skip  # noqa: E501


if __name__ == "__main__":
    main()
