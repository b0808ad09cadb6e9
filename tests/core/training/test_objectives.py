"""Every objective with every strategy that trains it, in every modality, through the engine.

Tiny data and networks. What the report says is computed again here from ``predictions.csv``.
"""

import csv
import math
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests import tiny_networks
from tests.conftest import TINY
from tests.core.made_companions import of_one_class, settings_of, with_others
from tests.core.made_objectives import MEANINGS, meaning
from tests.core.modalities.text.conftest import make_network
from tests.core.strategies.test_contract import SMALL, _few_vectors
from tests.core.training.comparing import assert_same
from transfergui.core import plans, registry, small_data_defaults
from transfergui.core import resolve as planning
from transfergui.core.base.errors import UserError
from transfergui.core.data import split as splitting
from transfergui.core.data import targets as meant
from transfergui.core.data.targets import NUMBER, ONE_CLASS, SEVERAL_LABELS, SEVERAL_QUESTIONS
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation import words
from transfergui.core.figures import metrics, multilabel, one_class
from transfergui.core.interfaces.objective import Found, LossSettings, Said, Score
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks import planned
from transfergui.core.networks.choice import AUTO
from transfergui.core.nn.classifier import classifier_of
from transfergui.core.objectives.one_class import OneClass
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import (
    candidates,
    checkpoint,
    checkpointer,
    optim,
    ranking,
    start,
    step,
)

NETWORKS = {"image": "vit_b_32", "audio": "wav2vec2_base", "text": "word_vectors"}
"""With attention, which LoRA needs; not so for texts."""
ATTENDING = ("lora", "norm_and_bias", "masked_tokens")
"""Strategies that refuse word vectors, whatever is predicted; a BERT is taken."""
HEARD = ("wav2vec2_base",)


class Lab:
    """Data, weights and runs to begin with, made once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.weights = folder / "weights"
        self.weights.mkdir()
        self.data = {key: make(folder / key) for key, make in TINY.items()}
        self.attending = str(make_network(folder / "tiny-bert"))
        self.splits: dict[str, splitting.Split] = {}
        self.runs: dict[tuple[str, str, int], Run] = {}
        self.count = 0

    def split(self, modality: str, objective: str) -> splitting.Split:
        if modality not in self.splits:
            recipe = Recipe().replace(modality=modality, data__path=str(self.data[modality]))
            dataset = registry.modality(modality).scan(recipe.data)
            self.splits[modality] = splitting.split(dataset, recipe.split, 0)
        return meaning(self.splits[modality], objective)

    def plan(self, objective: str, modality: str = "image", /, **settings: Any) -> Plan:
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
        recipe, split = Recipe().replace(**settings), self.split(modality, objective)
        return planning.resolve(*with_others(recipe, split))

    def run(self, plan: Plan) -> Run:
        self.count += 1
        return Run.create(plan.recipe, plan.split, self.folder / f"run{self.count}")

    def train(self, objective: str, modality: str = "image", /, **settings: Any) -> Run:
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
        patch.setattr(candidates, "MOVING", ())
        yield lab
    torch.set_num_threads(threads)


TOLD: dict[str, Callable[[Lab, str, str], dict[str, Any]]] = {
    AUTO: lambda lab, objective, modality: {"minutes": 0.1},
    "distillation": lambda lab, o, m: {"teacher": str(lab.run_of(o, m).path)},
    "fusion": lambda lab, o, m: {"partners": [str(lab.run_of(o, m).path)]},
    "simsiam": lambda lab, o, m: {"first_epochs": 1},
    "autoencoder": lambda lab, o, m: {"first_epochs": 1},
    "masked_tokens": lambda lab, o, m: {"first_epochs": 1},
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


def _cases() -> Iterator[Any]:
    """Every pair of objective, strategy and modality once; all three together with ``-m slow``."""
    for row, objective in enumerate(MEANINGS):
        for column, strategy in enumerate(registry.STRATEGIES):
            if of_one_class(strategy.key):
                continue
            for place, modality in enumerate(NETWORKS):
                if not strategy.fits(modality):
                    continue
                marks = () if (row + column + place) % len(NETWORKS) == 0 else pytest.mark.slow
                yield pytest.param(objective, strategy.key, modality, marks=marks)


@pytest.mark.parametrize(("objective", "strategy", "modality"), list(_cases()))
def test_it_trains_reports_and_predicts(
    lab: Lab, objective: str, strategy: str, modality: str
) -> None:
    options = TOLD[strategy](lab, objective, modality) if strategy in TOLD else {}
    settings = {"strategy": strategy, "options": options, "run__epochs": 1}
    if modality == "text" and strategy in ATTENDING:
        settings["backbone"] = lab.attending
    run = lab.train(objective, modality, **settings)
    made = reports.load(run.path)
    name, computed = PRIMARY[objective]
    assert made.objective == run.report()["objective"] == objective
    assert made.primary is not None
    assert made.primary.name == name
    assert made.primary.higher_is_better == (objective != NUMBER)
    assert made.primary.value == pytest.approx(computed(rows_of(run), run.split.targets), rel=1e-4)
    assert made.n == len(run.split.test)
    for epoch in run.history().epochs:
        if epoch.train_score is None:  # nobody looked at labels
            continue
        assert epoch.val_loss is not None
        assert math.isfinite(epoch.val_loss)
    model = TrainedModel.load(run.path)
    known = {row.path: row for row in reports.load_predictions(run.path)}
    for sample in run.split.test:
        (said,) = model.predict([Path(run.split.root) / sample.path])
        assert said.label(model.classes) == known[sample.path].label


def test_other_data_are_for_one_class_alone(lab: Lab) -> None:
    for objective in MEANINGS:
        for strategy in registry.STRATEGIES:
            if of_one_class(strategy.key):
                settings = settings_of(strategy.key) | {"backbone": "resnet18", "input": {}}
                with pytest.raises(UserError) as caught:
                    lab.plan(objective, strategy=strategy.key, **settings)
                assert caught.value.code == "strategy.one_class_only"


# -- the course of a training

EVERY = pytest.mark.parametrize("objective", [ONE_CLASS, *MEANINGS])
MOVING = {"strategy": "fine_tuning", "run__epochs": 3}
LEARNING = {"strategy": "feature_extraction", "run__epochs": 30, "optim__lr": 0.01}


def interrupted(plan: Plan, run: Run, patch: pytest.MonkeyPatch, after: int = 3) -> None:
    """Train, and leave after so many steps: amid the second epoch of two steps each."""
    patch.setattr(checkpointer, "SAVE_WITHIN", -1.0)
    saved, last = 0, None
    for last in start.train(plan, run):
        saved += isinstance(last, ev.Saved) and last.kind == "last"
        if saved == after:
            run.request_stop("cancel")
    assert isinstance(last, ev.Finished)
    assert last.outcome == "cancelled"


@EVERY
@pytest.mark.parametrize("strategy", ["fine_tuning", "feature_extraction"])
def test_interrupted_and_resumed_equals_uninterrupted(
    lab: Lab, objective: str, strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = MOVING | {"strategy": strategy}
    whole = lab.train(objective, **settings)
    plan = lab.plan(objective, **settings)
    run = lab.run(plan)
    interrupted(plan, run, monkeypatch)
    assert not run.best.exists() or run.history().epochs[-1].epoch < 3
    list(start.train(planning.resume_plan(run), run))
    assert_same(run, whole)


def test_learnt_weights_of_questions_are_kept_and_not_decayed(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = MOVING | {"objective": {"balance": "uncertainty"}, "optim__weight_decay": 0.3}
    whole = lab.train(SEVERAL_QUESTIONS, **settings)
    plan = lab.plan(SEVERAL_QUESTIONS, **settings)
    run = lab.run(plan)
    interrupted(plan, run, monkeypatch)
    last = checkpoint.load_last(run.checkpoints)
    assert last is not None
    (learnt,) = (t for name, t in last["task"].items() if name.endswith("log_variances"))
    assert learnt.shape == (2,)
    assert learnt.abs().min() > 0
    model = classifier_of(plan)
    task = step.make_task(plan, model)
    made = optim.make_optimizer(model, plan.phases[0], plan.recipe.optim, task)
    (own,) = (p for name, p in task.named_parameters() if name.endswith("log_variances"))
    (group,) = (g for g in made.param_groups if any(p is own for p in g["params"]))
    assert group["weight_decay"] == 0
    list(start.train(planning.resume_plan(run), run))
    assert_same(run, whole)


@EVERY
def test_the_loss_falls_and_the_score_gets_better(lab: Lab, objective: str) -> None:
    epochs = lab.train(objective, **LEARNING, run__early_stopping="none").history().epochs
    score = registry.objective(objective).curve
    assert epochs[-1].train_loss < 0.8 * epochs[0].train_loss
    assert score.worth(epochs[-1].train_score) > score.worth(epochs[0].train_score)


@EVERY
@pytest.mark.parametrize("by", ["loss", "accuracy"])
def test_the_best_epoch_is_the_best_by_what_was_chosen(lab: Lab, objective: str, by: str) -> None:
    run = lab.train(objective, **LEARNING | {"optim__lr": 0.3}, run__early_stopping=by)
    history, score = run.history(), registry.objective(objective).curve
    assert history.best is not None
    if by == "loss":
        assert history.best.val_loss == min(epoch.val_loss or 0.0 for epoch in history.epochs)
    else:
        best = max(score.worth(epoch.val_score) for epoch in history.epochs)
        assert score.worth(history.best.val_score) == best


@EVERY
@pytest.mark.parametrize(
    "settings",
    [
        {"augment": {"mixup": 0.4, "cutmix": 0.4}},
        {"optim__schedule": "plateau", "run__patience": 1},
        {"optim__average": 0.9},
        {"optim__accumulate": 2, "optim__batch_size": 3},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_each_way_to_train_goes_with_it(
    lab: Lab, objective: str, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = lab.train(objective, **MOVING | settings)
    assert all(math.isfinite(epoch.train_loss) for epoch in whole.history().epochs)
    plan = lab.plan(objective, **MOVING | settings)
    run = lab.run(plan)
    interrupted(plan, run, monkeypatch)
    list(start.train(planning.resume_plan(run), run))
    assert_same(run, whole)


# -- settings that mean nothing


def code_of(wish: Callable[[], object]) -> str:
    with pytest.raises(UserError) as caught:
        wish()
    assert str(caught.value)
    return caught.value.code


@pytest.mark.parametrize("balance", ["weights", "sampling"])
@pytest.mark.parametrize("objective", MEANINGS)
def test_balancing_classes_is_refused_where_they_are_none(
    lab: Lab, objective: str, balance: str
) -> None:
    assert code_of(lambda: lab.plan(objective, optim__balance=balance)) == "objective.no_balance"
    assert lab.plan(objective).class_weights is None


def test_label_smoothing_is_refused_for_numbers(lab: Lab) -> None:
    wish = lambda: lab.plan(NUMBER, optim__label_smoothing=0.1)  # noqa: E731
    assert code_of(wish) == "objective.no_smoothing"
    plan = lab.plan(NUMBER, strategy="feature_extraction")
    assert plan.recipe.optim.label_smoothing == 0
    assert planning.resolve(plan.recipe, plan.split).recipe == plan.recipe


def test_few_examples_are_few_for_each_output(lab: Lab) -> None:
    """Not for each combination, or each number, most of which are there once."""
    for objective, per_output in {SEVERAL_LABELS: 16 / 3, NUMBER: 16}.items():
        plan = lab.plan(objective, strategy="feature_extraction", run__epochs=None)
        assert len(plan.split.train) == 16
        few = per_output < small_data_defaults.FEW
        assert (plan.recipe.run.epochs == 100) is few


# -- thresholds


@pytest.mark.parametrize("strategy", ["feature_extraction", "soup"])
def test_thresholds_are_chosen_on_validation(
    lab: Lab, strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [str(lab.run_of(SEVERAL_LABELS, "image", seed).path) for seed in (0, 1)]
    monkeypatch.setattr(multilabel, "FEWEST_POSITIVES", 1)
    monkeypatch.setattr(multilabel.choose_thresholds, "__defaults__", (1,))
    options = {"runs": runs} if strategy == "soup" else {}
    run = lab.train(SEVERAL_LABELS, strategy=strategy, options=options)
    fitted = reports.load(run.path).fitted
    assert len(fitted) == 3
    assert set(fitted) != {0.5}
    assert TrainedModel.load(run.path).found.fitted == fitted


# -- own runs as sources


@pytest.mark.parametrize("begun", [ONE_CLASS, *MEANINGS])
@EVERY
def test_a_run_of_any_objective_is_the_backbone_of_any_other(
    lab: Lab, begun: str, objective: str
) -> None:
    source = lab.run_of(begun, "image")
    plan = lab.plan(objective, backbone=str(source.path))
    assert plan.run == source.path
    model = classifier_of(plan, planned.require_weights(plan))
    known = load_file(source.best)
    for name, tensor in model.encoder.state_dict().items():
        assert torch.equal(tensor, known[f"encoder.{name}"])
    assert model(plan.modality.example(plan.input)).shape[1] == plans.outputs(plan)
    said = [note.sentence() for note in plans.notes(plan)]
    names = plan.split.targets.names
    told = "“" + "”, “".join(sorted(names)) + "”" if names else "your 2 classes"
    assert any(f"trained for {told}." in line for line in said)


@pytest.mark.parametrize("begun", [ONE_CLASS, *MEANINGS])
@EVERY
def test_trainings_are_put_together_only_where_they_predict_the_same(
    lab: Lab, begun: str, objective: str
) -> None:
    runs = [str(lab.run_of(begun, "image", seed).path) for seed in (0, 1)]

    def wish() -> object:
        return lab.plan(objective, strategy="soup", options={"runs": runs})

    if begun == objective:
        wish()
    else:
        assert code_of(wish) == "soup.other_objective"


def changed(split: splitting.Split, run: Run, folder: Path, **targets: Any) -> Run:
    """A copy of a run whose targets differ."""
    shutil.copytree(run.path, folder)
    other = msgspec.structs.replace(split.targets, **targets)
    msgspec.structs.replace(split, targets=other).save(folder / "split.json")
    return Run(folder)


@pytest.mark.parametrize(
    ("objective", "targets", "code"),
    [
        (SEVERAL_LABELS, {"names": ("high", "odd", "fourth")}, "soup.other_classes"),
        (SEVERAL_QUESTIONS, {"names": ("size", "evenness")}, "soup.other_classes"),
        (NUMBER, {"unit": "g"}, "soup.other_classes"),
        (NUMBER, {"mean": 31.0}, "soup.other_scale"),
    ],
)
def test_trainings_whose_outputs_mean_something_else_are_not_averaged(
    lab: Lab, tmp_path: Path, objective: str, targets: dict[str, Any], code: str
) -> None:
    run = lab.run_of(objective, "image")
    other = changed(run.split, lab.run_of(objective, "image", 1), tmp_path / "other", **targets)
    options = {"runs": [str(run.path), str(other.path)]}
    assert code_of(lambda: lab.plan(objective, strategy="soup", options=options)) == code


def test_other_combinations_of_the_same_labels_can_be_averaged(lab: Lab, tmp_path: Path) -> None:
    run = lab.run_of(SEVERAL_LABELS, "image")
    split = run.split
    more = (*split.classes, "third; high")  # nobody has it
    targets = meant.of_labels(more, split.targets.names)
    split = msgspec.structs.replace(split, classes=more)
    other = changed(
        split, lab.run_of(SEVERAL_LABELS, "image", 1), tmp_path / "other", values=targets.values
    )
    options = {"runs": [str(run.path), str(other.path)]}
    lab.plan(SEVERAL_LABELS, strategy="soup", options=options)


@pytest.mark.parametrize("objective", MEANINGS)
def test_outputs_of_a_teacher_are_learnt_only_for_one_class(lab: Lab, objective: str) -> None:
    options = {"teacher": str(lab.run_of(objective, "image").path), "output_weight": 1.0}

    def wish() -> object:
        return lab.plan(objective, strategy="distillation", options=options)

    assert code_of(wish) == "teacher.one_class_only"


# -- ranking


@EVERY
def test_networks_are_ranked_by_the_figure_of_what_is_predicted(lab: Lab, objective: str) -> None:
    plan = lab.plan(objective)
    rows = [row for row in ranking.ordered(list(ranking.rank(plan))) if not row.skipped]
    assert len(rows) > 1
    assert {row.scored_by for row in rows} == {plan.objective.probe.key}
    own = objective == ONE_CLASS  # nothing else is called accuracy
    assert all((row.accuracy == row.score) if own else row.accuracy is None for row in rows)
    scores = [row.score for row in rows]
    assert None not in scores
    assert scores == sorted(scores, reverse=True)
    assert all(row.logme is not None and math.isfinite(row.logme) for row in rows)


# -- one more objective


class Side(OneClass):
    """Which of two, by one logit: -1 or 1."""

    key = "side"
    title = "Side"
    curve = Score("agreement", "Agreement")
    primary = Score("mean_margin", "Mean margin", higher_is_better=True, share=False)
    balances = False
    smooths = False

    def outputs(self, targets: meant.Targets, classes: int) -> int:
        return 1

    def output_names(self, targets: meant.Targets, classes: Sequence[str]) -> tuple[str, ...]:
        return targets.names

    def table(self, targets: meant.Targets, classes: int) -> torch.Tensor:
        return torch.tensor([value for (value,) in targets.values])

    def loss(self, targets: meant.Targets, settings: LossSettings) -> torch.nn.Module:
        return _Margin()

    def validation_loss(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: meant.Targets
    ) -> float:
        return float(_Margin()(outputs, wanted))

    def soften(self, wanted: torch.Tensor, targets: meant.Targets, classes: int) -> torch.Tensor:
        return wanted[:, None]

    def tally(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: meant.Targets
    ) -> tuple[float, ...]:
        return (float((outputs.reshape(-1) * wanted.reshape(-1) > 0).sum()),)

    def answers(self, outputs: torch.Tensor, targets: meant.Targets) -> torch.Tensor:
        return outputs.tanh()

    def merged(self, outputs: Sequence[torch.Tensor], targets: meant.Targets) -> torch.Tensor:
        return torch.stack(list(outputs)).mean(0)

    def said(self, answers: np.ndarray, found: Found) -> list[Said]:
        return [Said("right" if x > 0 else "left", abs(float(x))) for x in answers[:, 0]]

    def columns(self, found: Found) -> tuple[str, ...]:
        return ("side",)

    def measure(
        self,
        answers: np.ndarray,
        labels: Sequence[int],
        found: Found,
        train_counts: Sequence[int] | None,
        circumstances: metrics.Circumstances,
    ) -> metrics.Report:
        truth = np.array([found.targets.values[label][0] for label in labels])
        plain = one_class.measure([], np.empty((0, 2)), found.classes, **circumstances)
        margin = float((truth * answers[:, 0]).mean())
        primary = metrics.primary(self.primary.key, margin, None)
        return msgspec.structs.replace(
            plain, objective=self.key, primary=primary, n=len(labels), per_class={}
        )


class _Margin(torch.nn.Module):
    def forward(self, outputs: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.soft_margin_loss(outputs.reshape(-1), wanted.reshape(-1))


@pytest.mark.parametrize("strategy", ["feature_extraction", "fine_tuning", AUTO])
def test_one_more_objective_is_one_class_and_one_line(
    lab: Lab, strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "OBJECTIVES", (*registry.OBJECTIVES, Side()))
    sides = meant.Targets("side", ("side",), values=((-1.0,), (1.0,)))
    split = msgspec.structs.replace(
        lab.split("image", ONE_CLASS), targets=sides, classes=("left", "right")
    )
    options = {"minutes": 0.1} if strategy == AUTO else {}
    recipe = lab.plan(ONE_CLASS, strategy=strategy, options=options, run__epochs=12).recipe
    plan = planning.resolve(recipe.replace(optim__lr=0.01, optim__label_smoothing=None), split)
    run = lab.run(plan)
    last = list(start.train(plan, run))[-1]
    assert isinstance(last, ev.Finished)
    made = reports.load(run.path)
    rows = rows_of(run)
    sign = {"left": -1, "right": 1}
    margin = np.mean([sign[row["truth"]] * float(row["side"]) for row in rows])
    assert made.primary is not None
    assert made.primary.value == pytest.approx(margin, rel=1e-4)
    said = [remark.sentence() for remark in words.notes(made, plan.modality)]
    assert said[0] == f"Mean margin {made.primary.value:.3g} on {made.n} test pictures."
    assert "Mean margin" in (run.path / reports.PAGE).read_text("utf-8")
    model = TrainedModel.load(run.path)
    (answered,) = model.predict([Path(run.split.root) / rows[0]["path"]])
    assert answered.label(model.classes) == rows[0]["label"]
