"""What makes each way of transferring that way: what moved, what did not, by how much."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from tests.core.made_companions import settings_of
from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core import plans, registry
from transfergui.core import resolve as plan
from transfergui.core.base import files
from transfergui.core.interfaces.phase import ALL
from transfergui.core.networks import planned
from transfergui.core.networks.choice import AUTO
from transfergui.core.nn.classifier import classifier_of
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import checkpoint, trainer

ROW = next(row for row in registry.modality("image").backbones() if row.key == BACKBONE)
WAYS = [
    s.key
    for s in registry.STRATEGIES
    if s.starts_pretrained(s.options())
    and not s.obstacle(ROW)
    and s.key != AUTO
    and s.procedure != "adapt"  # those begin with a finished run
    and "runs" not in s.options.__struct_fields__  # those take no steps of their own
]


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


def best_of(run: Run) -> dict[str, torch.Tensor]:
    return load_file(run.checkpoints / checkpoint.BEST)


def start_of(lab: Lab, **settings: Any) -> dict[str, torch.Tensor]:
    """The network as a training with these settings begins."""
    made = lab.plan(**settings)
    model = classifier_of(made, planned.require_weights(made))
    return model.state_dict()


def distances(run: Run, start: Mapping[str, torch.Tensor]) -> dict[str, float]:
    """How far each tensor of the encoder went."""
    end = best_of(run)
    names = [n for n in end if n.startswith("encoder.") and end[n].is_floating_point()]
    return {name: float((end[name] - start[name]).norm()) for name in names}


def last_epoch_wins(**more: Any) -> dict[str, Any]:
    """Without early stopping, and with rates at which something is seen to move."""
    return {"run__early_stopping": "none", "optim__lr": 0.01, **more}


@pytest.mark.parametrize("strategy", ["head_first", "progressive_unfreezing"])
def test_the_head_learns_first_on_features_computed_once(lab: Lab, strategy: str) -> None:
    _run, events = lab.train(strategy=strategy, run__epochs=2)
    phases = [event for event in events if isinstance(event, ev.PhaseStarted)]
    trainable = [phase.trainable for phase in phases]
    assert trainable == sorted(trainable)
    assert trainable[0] < trainable[-1]
    assert phases[-1].frozen == 0
    made = lab.plan(strategy=strategy, run__epochs=2)
    first, *others = made.phases
    assert first.cache_features
    assert not any(phase.cache_features for phase in others)
    assert sum(phase.epochs for phase in others) == 2


@pytest.mark.parametrize(
    ("strategy", "lr", "untouched"),
    [
        ("feature_extraction", 0.01, True),
        ("fine_tuning", 0.001, False),
        ("head_first", 0.3, True),  # steps that spoil what the head has learnt
    ],
)
def test_whether_what_was_kept_is_a_new_head_alone_is_told(
    lab: Lab, strategy: str, lr: float, untouched: bool
) -> None:
    settings = {"strategy": strategy, "optim__lr": lr, "run__epochs": 2}
    start = start_of(lab, **settings)
    run, _events = lab.train(**settings)
    assert (not any(distances(run, start).values())) is untouched
    assert run.report()["moment"]["untouched"] is untouched
    (note,) = plans.notes(lab.plan(backbone=str(run.path), strategy="fine_tuning"))
    assert note.code == ("source.as_it_was" if untouched else "source.taken_over")


def test_features_for_which_the_disk_has_no_room_are_told_before(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.cache_folder("features")
    plan = lab.plan(strategy="feature_extraction")
    assert "cache.no_room" not in [note.code for note in plans.notes(plan)]
    monkeypatch.setattr(plans, "CERTAINLY_ROOM", 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1))
    assert "cache.no_room" in [note.code for note in plans.notes(plan)]
    fine_tuned = lab.plan(strategy="fine_tuning")
    assert "cache.no_room" not in [note.code for note in plans.notes(fine_tuned)]


def held(run: Run) -> int:
    """How many parameters the trained network of a run has."""
    return sum(parameter.numel() for parameter in TrainedModel.load(run.path).module.parameters())


def test_a_student_knows_what_its_teacher_gets_right_of_the_same_samples(lab: Lab) -> None:
    """Only where the teacher was tested on them, and learnt from none."""
    teacher, _events = lab.train(strategy="feature_extraction", run__epochs=2)
    settings: dict[str, Any] = {"strategy": "distillation", "backbone": "tgnet", "run__epochs": 1}
    own = {"options": {"teacher": str(teacher.path)}}
    student, _events = lab.train(**settings, **own)
    told = student.report()["teacher"]
    assert told["answers"]
    assert told["accuracy"] == teacher.report()["accuracy"]
    assert told["params"] == held(teacher)
    assert told["own"] == held(student)
    elsewhere, _events = lab.train(**settings, **own, run__seed=7)
    assert elsewhere.report()["teacher"] == told | {"accuracy": None}
    silent, _events = lab.train(**settings, options={"teacher": BACKBONE})
    assert silent.report()["teacher"] == told | {
        "accuracy": None,
        "answers": False,
        "params": ROW.params,
    }
    plain, _events = lab.train(strategy="feature_extraction", run__epochs=1)
    assert plain.report()["teacher"] is None


@pytest.mark.parametrize("epochs", [1, 2, 7, 12])
@pytest.mark.parametrize("stages", [1, 3, 12])
def test_unfreezing_goes_from_the_end_to_everything(lab: Lab, stages: int, epochs: int) -> None:
    made = lab.plan(
        strategy="progressive_unfreezing", run__epochs=epochs, options={"stages": stages}
    )
    _head, *woken = made.phases
    groups = [phase.groups for phase in woken]
    assert groups == sorted(set(groups))
    assert groups[-1] == len(made.backbone.groups)
    assert sum(phase.epochs for phase in woken) == epochs
    assert all(phase.epochs >= 1 for phase in woken)


def test_only_norms_and_biases_move(lab: Lab) -> None:
    settings = last_epoch_wins(strategy="norm_and_bias")
    start = start_of(lab, **settings)
    run, _events = lab.train(**settings)
    went = distances(run, start)
    flat = {name for name in went if start[name].ndim <= 1}
    statistics = {name for name in flat if "running" in name or "mean" in name or "std" in name}
    assert all(went[name] == 0 for name in went if name not in flat)
    assert all(went[name] == 0 for name in statistics)
    assert all(went[name] > 0 for name in flat - statistics)


def test_the_leash_holds_the_network_where_it_started(lab: Lab) -> None:
    def travelled(pull: float) -> float:
        settings = last_epoch_wins(
            strategy="starting_point", options={"pull": pull}, optim__optimizer="sgd"
        )
        run, _events = lab.train(**settings)
        return sum(distances(run, start_of(lab, **settings)).values())

    loose, held, tight = (travelled(pull) for pull in (0.0, 1.0, 10.0))
    assert loose > held > tight > 0


def test_the_leash_is_fastened_where_it_was_before_the_interruption(lab: Lab) -> None:
    settings = last_epoch_wins(strategy="starting_point", options={"pull": 1.0})
    whole, _events = lab.train(**settings)
    made = lab.plan(**settings)
    run = lab.run(made)
    list(lab.interrupted(run, made, "cancel", 2))
    list(trainer.train(plan.resume_plan(run), run))
    one, other = best_of(whole), best_of(run)
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_weight_decay_is_for_the_head_alone_on_the_leash(lab: Lab) -> None:
    (phase,) = lab.plan(strategy="starting_point").phases
    assert not phase.decay_backbone
    (phase,) = lab.plan(strategy="fine_tuning").phases
    assert phase.decay_backbone


@pytest.mark.parametrize("strategy", WAYS)
def test_epochs_and_rate_are_those_chosen(lab: Lab, strategy: str) -> None:
    made = lab.plan(strategy=strategy, run__epochs=5, optim__lr=0.25, **settings_of(strategy))
    *_, last = made.phases
    assert last.lr == 0.25
    assert last.groups in (0, ALL, len(made.backbone.groups))
    free = [p for p in made.phases if not p.fixed and (p.name != "Train the head" or p is last)]
    assert sum(phase.epochs for phase in free) == 5
