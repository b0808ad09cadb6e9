"""Weight averaging: the average of what was, validated and kept in the model's place."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from tests.core.training.conftest import Lab
from transfergui.core.resolve import resume_plan
from transfergui.core.training import checkpoint, trainer
from transfergui.core.training.averaging import Average


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


def numbered(value: float) -> nn.Module:
    model = nn.Sequential(nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False))
    for parameter in model.parameters():
        nn.init.constant_(parameter, value)
    return model


def test_the_average_by_hand() -> None:
    model = numbered(0)
    average = Average(model, 0.5, "")
    expected = 0.0
    for step in range(1, 30):
        nn.init.constant_(model[0].weight, step)
        average.update()
        decay = min(0.5, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * step
        assert float(average.tensors["0.weight"]) == pytest.approx(expected)


def test_in_its_place_and_back() -> None:
    model = numbered(1)
    average = Average(model, 0.9, "0.")
    nn.init.constant_(model[0].weight, 7)
    with average.in_place():
        assert model[0].weight.item() == 1
    assert model[0].weight.item() == 7
    assert float(average.tensors["0.weight"]) == 1
    assert set(average.tensors) == {"0.weight"}  # the rest is not its business


SETTINGS = {"strategy": "fine_tuning", "optim__average": 0.9, "run__early_stopping": "none"}


def test_it_changes_what_is_kept_but_not_how_it_is_trained(lab: Lab) -> None:
    averaged, _events = lab.train(**SETTINGS)
    plain, _events = lab.train(**{**SETTINGS, "optim__average": 0.0})
    losses = [[e.train_loss for e in run.history().epochs] for run in (averaged, plain)]
    assert losses[0] == losses[1]
    best = [load_file(run.checkpoints / checkpoint.BEST) for run in (averaged, plain)]
    assert any(not torch.equal(best[0][name], best[1][name]) for name in best[0])


def test_interrupted_and_resumed_it_is_the_same(lab: Lab) -> None:
    whole, _events = lab.train(**SETTINGS)
    made = lab.plan(**SETTINGS)
    run = lab.run(made)
    list(lab.interrupted(run, made, "cancel", 2))
    list(trainer.train(resume_plan(run), run))
    one, other = (load_file(r.checkpoints / checkpoint.BEST) for r in (whole, run))
    assert all(torch.equal(one[name], other[name]) for name in one)
