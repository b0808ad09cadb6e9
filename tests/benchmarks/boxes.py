"""How well and how quickly boxes are found: ``python -m tests.benchmarks.boxes``.

``boxes/blood-cells`` with the split that is given with it (205 pictures to train on, 87 to choose
the epoch, 72 to measure), each row one training by the program with what it chooses by itself.
Seconds are those of the whole training, features and test among them, in a home of its own where
nothing is cached. The interval is that of AP50, over pictures.

Needs the real data and the weights of MobileNetV2 (``TRANSFERGUI_TEST_DATA``).
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
import time
from pathlib import Path

from tests.places import DATA
from transfergui.core import registry
from transfergui.core.data import split as splitting
from transfergui.core.data.split import Split
from transfergui.core.evaluation import report as reports
from transfergui.core.figures.metrics import Report
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import trainer

PLACE = DATA / "boxes" / "blood-cells"
HEAD = "| strategy | network | head | s | epochs | AP50 | 95 % | AP | found | false alarms | load |"


def recipe_of(
    strategy: str, network: str, epochs: int | None, seed: int, head: str = "fcos"
) -> Recipe:
    return Recipe().replace(
        data__path=str(PLACE),
        data__objective="boxes",
        objective={"head": head},
        strategy=strategy,
        backbone=network,
        run__epochs=epochs,
        run__seed=seed,
    )


def divided(recipe: Recipe) -> Split:
    dataset = registry.modality(recipe.modality).scan(recipe.data)
    return splitting.split(dataset, recipe.split, recipe.run.seed)


def trained(recipe: Recipe, split: Split) -> tuple[Report, float, int]:
    """What it comes to, in how many seconds and epochs."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRANSFERGUI_HOME"] = folder  # nothing is cached
        began = time.monotonic()
        plan = resolve(recipe, split)
        run = Run.create(plan.recipe, split, Path(folder) / "run")
        *_others, last = trainer.train(plan, run)
        assert isinstance(last, ev.Finished), last
        return reports.load(run.path), time.monotonic() - began, last.epochs


def row(strategy: str, network: str, head: str, found: tuple[Report, float, int]) -> str:
    report, seconds, epochs = found
    primary = report.primary
    assert primary is not None
    cells = (
        strategy,
        network,
        head,
        f"{seconds:.0f}",
        epochs,
        f"{primary.value:.3f}",
        f"{primary.low:.3f} to {primary.high:.3f}",
        f"{report.ap:.3f}",
        f"{report.found} of {report.boxes}",
        report.false_alarms,
        f"{os.getloadavg()[0]:.1f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--strategies", nargs="+", default=["feature_extraction", "fine_tuning"])
    parser.add_argument("--networks", nargs="+", default=["mobilenet_v2", "tgnet"])
    parser.add_argument("--heads", nargs="+", default=["fcos"])
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print(f"{HEAD}\n|{' --- |' * (HEAD.count('|') - 1)}", flush=True)
    for network in arguments.networks:
        for strategy, head in itertools.product(arguments.strategies, arguments.heads):
            recipe = recipe_of(strategy, network, arguments.epochs, arguments.seed, head)
            print(row(strategy, network, head, trained(recipe, divided(recipe))), flush=True)


if __name__ == "__main__":
    main()
