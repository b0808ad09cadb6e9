"""How many labels a model needs, given in the program's order or at random.

``python -m tests.benchmarks.labelling [--data FOLDER] [--networks KEY ...] [--seeds N ...]
[--labels 150] [--heads-only] [--validation 5] [--settings JSON]``.

Of the 600 photos of ``images/clothing``, 400 drawn at random lie unsorted, their labels hidden; 200
test. A script answers as a person would: it labels the photos that the program offers, ten at a
time, in its order (every fourth drawn at random), or all at random. The curve is that of the head
that suggests, on the test photos. Then the program trains (feature extraction) on the labels given
so far, and on all 400, unless heads are asked for alone. The last columns are what the program
itself says of its suggestions with the labels in its order: correct and counted, and the share in
the whole folder that is correct in truth, which the interval should hold.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from tests.places import DATA
from transfergui.core import registry
from transfergui.core.app.detection import detect
from transfergui.core.data import split as splitting
from transfergui.core.data.companions import UNLABELLED, Companion
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.split import SplitOptions
from transfergui.core.evaluation import report
from transfergui.core.figures.intervals import wilson
from transfergui.core.labelling import head
from transfergui.core.labelling.estimate import Estimate, estimated
from transfergui.core.labelling.examples import Examples, examples
from transfergui.core.labelling.features import features_of, plan_of
from transfergui.core.labelling.suggestions import Suggestions, suggested
from transfergui.core.labelling.table import LabelTable
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import start

UNSORTED, AT_ONCE = 2 / 3, 10
SHOWN = (20, 40, 60, 80, 100, 120, 150)


class Photos(NamedTuple):
    """Features [600, F] of all photos, their paths and classes; rows that lie unsorted, and rows
    that test.

    Attributes:
        names: what they are called while they are labelled: others for each seed, so that others
            are drawn at random.
    """

    found: Examples
    names: tuple[str, ...]
    rows: np.ndarray
    paths: tuple[str, ...]
    truth: tuple[str, ...]
    unsorted: np.ndarray
    test: np.ndarray


def photos(found: Examples, network: str, seed: int) -> Photos:
    recipe = Recipe(modality=found.modality).replace(backbone=network)
    features = features_of(plan_of(found, recipe))
    order = np.random.default_rng(100 + seed).permutation(len(features.paths))
    truth = tuple(path.partition("/")[0] for path in features.paths)
    count = round(UNSORTED * len(order))
    names = tuple(f"{seed}-{path}" for path in features.paths)
    return Photos(found, names, features.rows, features.paths, truth, order[:count], order[count:])


def labelled(given: Photos, count: int, chosen: bool, seed: int) -> Iterator[LabelTable]:
    """The labels so far, after every :data:`AT_ONCE`; the names of photos tell nothing."""
    rng = np.random.default_rng(seed)
    paths = [given.names[row] for row in given.unsorted]
    truth = {given.names[row]: given.truth[row] for row in given.unsorted}
    table = LabelTable(given.found.root, given.found.modality)
    at_random = [paths[row] for row in rng.permutation(len(paths))]
    while len(table.labels) < count:
        order = at_random[len(table.labels) :]
        if chosen:
            order = [paths[row] for row in suggestions(given, table).order]
        for path in order[: min(AT_ONCE, count - len(table.labels))]:
            table = table.assigned([path], truth[path])
        yield table


def suggestions(given: Photos, table: LabelTable) -> Suggestions:
    paths = [given.names[row] for row in given.unsorted]
    return suggested(given.rows[given.unsorted], paths, table)


def of_head(given: Photos, table: LabelTable) -> float:
    """The accuracy of the head that suggests, on the test photos."""
    rows = [row for row in given.unsorted if given.names[row] in table.labels]
    classes = sorted({given.truth[row] for row in rows})
    labels = np.array([classes.index(given.truth[row]) for row in rows])
    found = head.fitted(head.scaled(given.rows), np.array(rows), labels, len(classes))
    said = found.probabilities[given.test].argmax(1)
    truth = [given.truth[row] for row in given.test]
    return float(np.mean([classes[at] == name for at, name in zip(said, truth, strict=True)]))


def of_model(
    given: Photos,
    network: str,
    names: Collection[str],
    seed: int,
    validation: int,
    settings: Mapping[str, Any],
    with_rest: bool = False,
) -> float:
    """The accuracy of a model that the program trains on ``names``, on the test photos.

    Args:
        validation: per cent of ``names`` that validate.
        settings: others of the recipe, as of :meth:`Recipe.replace`.
        with_rest: the others that lie unsorted are used without labels, by minimum class confusion
            (strategy ``mcc``, the head alone).
    """
    modality = registry.modality(given.found.modality)
    whole: Dataset = modality.scan(DataOptions(path=given.found.source))
    called = dict(zip(given.names, given.paths, strict=True))
    kept, test = {called[name] for name in names}, {given.paths[row] for row in given.test}
    samples = tuple(
        msgspec.structs.replace(each, split="test" if each.path in test else None)
        for each in whole.samples
        if each.path in kept or each.path in test
    )
    recipe = Recipe(modality=modality.key).replace(
        backbone=network,
        strategy="feature_extraction",
        run__seed=seed,
        split__val_percent=validation,
        **settings,
    )
    if with_rest:
        recipe = recipe.replace(
            strategy="mcc", options={"train": "head"}, companions__target=given.found.source
        )
    found = splitting.split(msgspec.structs.replace(whole, samples=samples), recipe.split, seed)
    if with_rest:
        rest = tuple(
            msgspec.structs.replace(each, label=UNLABELLED)
            for each in whole.samples
            if each.path not in kept and each.path not in test
        )
        beside = Companion("target", given.found.source, str(whole.root), rest)
        found = msgspec.structs.replace(found, companions=(beside,))
    with tempfile.TemporaryDirectory() as folder:
        plan = resolve(recipe, found)
        run = Run.create(plan.recipe, plan.split, Path(folder) / "run")
        last = list(start.train(plan, run))[-1]
        if not isinstance(last, ev.Finished):
            raise SystemExit(f"{network}, seed {seed}: {last}")
        return report.load(run.path).accuracy


def folder_share(given: Photos, found: Suggestions, table: LabelTable) -> float:
    """The share of the unsorted photos for which the suggestion is correct; of those with a label,
    the one made without it."""
    truth = [given.truth[row] for row in given.unsorted]
    both = np.where(
        np.array([[path in table.labels] for path in found.paths]),
        found.left_out,
        found.probabilities,
    )
    said = [found.classes[at] for at in both.argmax(1)]
    return float(np.mean([one == name for one, name in zip(said, truth, strict=True)]))


def told(told: Estimate, true: float) -> str:
    return f"{told.right} of {told.n} ({told.low:.2f} to {told.high:.2f}), in truth {true:.3f}"


def measured(
    found: Examples,
    network: str,
    seed: int,
    count: int,
    heads_only: bool,
    validation: int,
    settings: Mapping[str, Any],
) -> dict[str, float]:
    """One seed, printed; the figures that are averaged."""
    given = photos(found, network, seed)
    other = validation, settings
    figures = {}
    for way in ("order", "random"):
        for table in labelled(given, count, way == "order", seed):
            if len(table.labels) in SHOWN:
                figures[f"{way} {len(table.labels)}"] = of_head(given, table)
        if not heads_only:
            figures[f"model {way}"] = of_model(given, network, table.labels, seed, *other)
        if way == "order":
            if not heads_only:
                figures["model order, rest"] = of_model(
                    given, network, table.labels, seed, *other, with_rest=True
                )
            made = suggestions(given, table)
            estimate, true = estimated(made, table), folder_share(given, made, table)
            figures["held"] = float(estimate.low <= true <= estimate.high)
            said = told(estimate, true)
    for row in given.unsorted:
        table = table.assigned([given.names[row]], given.truth[row])
    figures["all"] = of_head(given, table)
    if not heads_only:
        figures["model all"] = of_model(given, network, table.labels, seed, *other)
        interval = wilson(round(figures["model all"] * len(given.test)), len(given.test))
        assert interval is not None
        figures["low end of all"] = interval.low
    print(network, seed, {key: round(value, 3) for key, value in figures.items()}, said, flush=True)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", default="images/clothing")
    parser.add_argument("--networks", nargs="+", default=["tgnet", "mobilenet_v2"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--labels", type=int, default=150)
    parser.add_argument("--heads-only", action="store_true")
    parser.add_argument("--validation", type=int, default=SplitOptions().val_percent)
    parser.add_argument("--settings", type=json.loads, default={})
    arguments = parser.parse_args()
    folder = DATA / arguments.data
    found = examples(registry.modality(detect(folder)), str(folder))
    for network in arguments.networks:
        settings = arguments.labels, arguments.heads_only, arguments.validation, arguments.settings
        each = [measured(found, network, seed, *settings) for seed in arguments.seeds]
        mean = {key: float(np.mean([one[key] for one in each])) for key in each[0]}
        print(network, "mean", {key: round(value, 3) for key, value in mean.items()}, flush=True)


if __name__ == "__main__":
    main()
