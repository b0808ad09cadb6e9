"""Every objective with every strategy that trains it, in every modality, through the engine.

Tiny data and networks. What the report says is computed again here from ``predictions.csv``.
"""

import csv
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests import tiny_networks
from tests.conftest import TINY
from tests.core.made_objectives import MEANINGS, meaning
from tests.core.strategies.test_contract import SMALL, _few_vectors
from transfergui.core import registry
from transfergui.core import resolve as planning
from transfergui.core.base.errors import UserError
from transfergui.core.data import split as splitting
from transfergui.core.data import targets as meant
from transfergui.core.data.targets import NUMBER, ONE_CLASS, SEVERAL_LABELS, SEVERAL_QUESTIONS
from transfergui.core.evaluation import report as reports
from transfergui.core.figures import multilabel
from transfergui.core.interfaces import Plan
from transfergui.core.networks.choice import AUTO
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import auto, start

NETWORKS = {"image": "vit_b_32", "audio": "wav2vec2_base", "text": "word_vectors"}
"""With attention, which LoRA needs; not so for texts."""
NOT_OF_VECTORS = {"lora": "strategy.no_attention", "norm_and_bias": "strategy.no_screws"}
"""Strategies that refuse word vectors, whatever is predicted."""
HEARD = ("wav2vec2_base",)


class Lab:
    """Data, weights and runs to begin with, made once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.weights = folder / "weights"
        self.weights.mkdir()
        self.data = {key: make(folder / key) for key, make in TINY.items()}
        self.splits: dict[str, splitting.Split] = {}
        self.runs: dict[tuple[str, str, int], Run] = {}
        self.count = 0

    def split(self, modality: str, objective: str) -> splitting.Split:
        if modality not in self.splits:
            recipe = Recipe().replace(modality=modality, data__path=str(self.data[modality]))
            dataset = registry.modality(modality).scan(recipe.data)
            self.splits[modality] = splitting.split(dataset, recipe.split, 0)
        return meaning(self.splits[modality], objective)

    def plan(self, objective: str, modality: str = "image", **settings: Any) -> Plan:
        network = settings.get("backbone", NETWORKS[modality])
        settings = {
            "modality": modality,
            "data__path": str(self.data[modality]),
            "weights_dir": str(self.weights),
            "backbone": network,
            "input": {} if network in HEARD else SMALL[modality],
            "optim__batch_size": 8,
            "run__epochs": 2,
            "run__device": "cpu",
            **settings,
        }
        return planning.resolve(Recipe().replace(**settings), self.split(modality, objective))

    def run(self, plan: Plan) -> Run:
        self.count += 1
        return Run.create(plan.recipe, plan.split, self.folder / f"run{self.count}")

    def train(self, objective: str, modality: str = "image", **settings: Any) -> Run:
        plan = self.plan(objective, modality, **settings)
        run = self.run(plan)
        last = list(start.train(plan, run))[-1]
        assert isinstance(last, ev.Finished), last
        return run

    def run_of(self, objective: str, modality: str, seed: int = 0) -> Run:
        known = objective, modality, seed
        if known not in self.runs:
            settings = {"strategy": "feature_extraction", "run__seed": seed}
            self.runs[known] = self.train(objective, modality, **settings)
        return self.runs[known]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("objectives")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSFERGUI_HOME", str(folder / "home"))
        lab = Lab(folder)
        tiny_networks.put_in_place(patch, lab.weights)
        _few_vectors(lab.weights / "word_vectors")
        patch.setattr(auto, "MOVING", ())
        yield lab
    torch.set_num_threads(threads)


TOLD: dict[str, Callable[[Lab, str, str], dict[str, Any]]] = {
    AUTO: lambda lab, objective, modality: {"minutes": 0.1},
    "distillation": lambda lab, o, m: {"teacher": str(lab.run_of(o, m).path)},
    "fusion": lambda lab, o, m: {"partners": [str(lab.run_of(o, m).path)]},
    "soup": lambda lab, o, m: {"runs": [str(lab.run_of(o, m, seed).path) for seed in (0, 1)]},
}


# -- the primary figure, from predictions.csv alone


def rows_of(run: Run) -> list[dict[str, str]]:
    with (run.path / reports.PREDICTIONS).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _accuracy(rows: list[dict[str, str]], targets: meant.Targets) -> float:
    return float(np.mean([row["truth"] == row["label"] for row in rows]))


def _precision(rows: list[dict[str, str]], targets: meant.Targets) -> float | None:
    truth = [[name in meant.parsed_labels(r["truth"]) for name in targets.names] for r in rows]
    scores = [[float(row[name]) for name in targets.names] for row in rows]
    return multilabel.mean_average_precision(np.array(truth), np.array(scores))


def _answers(rows: list[dict[str, str]], targets: meant.Targets) -> float:
    shares = []
    for place, name in enumerate(targets.names):
        pairs = [(meant.parsed_answers(row["truth"])[place], row[name]) for row in rows]
        shares.append(np.mean([true == said for true, said in pairs if true is not None]))
    return float(np.mean(shares))


def _error(rows: list[dict[str, str]], targets: meant.Targets) -> float:
    return float(np.mean([abs(float(row["truth"]) - float(row["value"])) for row in rows]))


PRIMARY: dict[str, tuple[str, Callable[[list[dict[str, str]], meant.Targets], float | None]]] = {
    ONE_CLASS: ("accuracy", _accuracy),
    SEVERAL_LABELS: ("mean_average_precision", _precision),
    SEVERAL_QUESTIONS: ("mean_accuracy", _answers),
    NUMBER: ("mean_absolute_error", _error),
}


@pytest.mark.parametrize("modality", NETWORKS)
@pytest.mark.parametrize("strategy", [each.key for each in registry.STRATEGIES])
@pytest.mark.parametrize("objective", MEANINGS)
def test_it_trains_reports_and_predicts(
    lab: Lab, objective: str, strategy: str, modality: str
) -> None:
    options = TOLD[strategy](lab, objective, modality) if strategy in TOLD else {}
    if modality == "text" and strategy in NOT_OF_VECTORS:
        with pytest.raises(UserError) as caught:
            lab.plan(objective, modality, strategy=strategy)
        assert caught.value.code == NOT_OF_VECTORS[strategy]
        return
    run = lab.train(objective, modality, strategy=strategy, options=options, run__epochs=1)
    made = reports.load(run.path)
    name, computed = PRIMARY[objective]
    assert made.objective == run.report()["objective"] == objective
    assert made.primary is not None
    assert made.primary.name == name
    assert made.primary.higher_is_better == (objective != NUMBER)
    assert made.primary.value == pytest.approx(computed(rows_of(run), run.split.targets), rel=1e-4)
    assert made.n == len(run.split.test)
    for epoch in run.history().epochs:
        assert epoch.val_loss is not None
        assert math.isfinite(epoch.val_loss)
    model = TrainedModel.load(run.path)
    known = {row.path: row for row in reports.load_predictions(run.path)}
    for sample in run.split.test:
        (said,) = model.predict([Path(run.split.root) / sample.path])
        assert said.label(model.classes) == known[sample.path].label
