"""Low-rank updates (LoRA) as a training: what moved, by how much, and what is kept of it."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from tests import tiny_networks
from tests.core.training.conftest import Lab
from tests.core.training.test_ways import best_of, distances, last_epoch_wins, start_of
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks import planned
from transfergui.core.networks.choice import AUTO
from transfergui.core.nn import lora
from transfergui.core.nn.classifier import Classifier, classifier_of
from transfergui.core.resolve import resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.training import checkpoint, trainer
from transfergui.core.training.estimate import estimate

RANK = 2
LORA: dict[str, Any] = {"strategy": "lora", "options": {"rank": RANK}, "augment": {}}


@pytest.fixture(params=["vit_b_32", "swin_t"])
def settings(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> dict[str, Any]:
    """A small transformer in the place of a published one."""
    weights = tmp_path / "weights"
    weights.mkdir()
    tiny_networks.put_in_place(monkeypatch, weights)
    return last_epoch_wins(**LORA, backbone=request.param, weights_dir=str(weights))


def fresh(made: Plan) -> Classifier:
    return classifier_of(made, planned.require_weights(made))


def test_only_what_attends_and_the_head_move_by_no_more_than_the_rank(
    lab: Lab, settings: dict[str, Any]
) -> None:
    start = start_of(lab, **settings)
    run, _events = lab.train(**settings)
    end = best_of(run)
    moved = {name for name, far in distances(run, start).items() if far > 0}
    assert moved
    assert all("att" in name and end[name].ndim == 2 for name in moved)
    for name in moved:
        assert 1 <= torch.linalg.matrix_rank(end[name] - start[name], rtol=1e-4) <= RANK
    attending = fresh(lab.plan(**settings))
    assert len(moved) == sum(1 for _found in lora.attention_layers(attending))
    assert not torch.equal(end["head.2.weight"], start["head.2.weight"])


def test_the_numbers_shown_are_those_of_the_updates(lab: Lab, settings: dict[str, Any]) -> None:
    made = lab.plan(**settings)
    model = fresh(made)
    head = sum(parameter.numel() for parameter in model.head.parameters())
    whole = sum(parameter.numel() for parameter in model.encoder.parameters())
    shapes = [getattr(module, name).shape for module, name in lora.attention_layers(model)]
    _run, events = lab.train(**settings)
    (phase,) = (event for event in events if isinstance(event, ev.PhaseStarted))
    assert phase.trainable == head + sum(RANK * sum(shape) for shape in shapes)
    assert phase.frozen == whole
    assert phase.trainable < 0.15 * whole  # of a network this narrow; 0.3 % of ViT-B/16


def test_what_is_kept_is_a_plain_network_that_answers_as_the_updated_one(
    lab: Lab, settings: dict[str, Any]
) -> None:
    """One epoch, so that ``last`` and ``best`` are of the same moment."""
    made = lab.plan(**settings, run__epochs=1)
    run = lab.run(made)
    list(trainer.train(made, run))
    last = checkpoint.load_last(run.checkpoints)
    assert last is not None
    updated, plain = fresh(made), fresh(made)
    names = plain.state_dict().keys()
    (phase,) = made.phases
    updated.set_trainable(phase.groups, phase.only, phase.low_rank)
    updated.load_state_dict(last["model"])
    checkpoint.load_best(run.checkpoints, plain)
    inputs = made.modality.example(made.input)
    with torch.no_grad():
        one, other = updated.eval()(inputs), plain.eval()(inputs)
    torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)
    assert load_file(run.best).keys() == names != last["model"].keys()


def test_resumed_is_uninterrupted(lab: Lab, settings: dict[str, Any]) -> None:
    settings = {**settings, "optim__average": 0.9, "augment": {"flip": True}}
    whole, _events = lab.train(**settings)
    made = lab.plan(**settings)
    run = lab.run(made)
    list(lab.interrupted(run, made, "cancel", 2))  # in the first epoch, or right after it
    outcome = run.history().outcome
    assert isinstance(outcome, ev.Finished)
    assert outcome.outcome == "cancelled"
    list(trainer.train(resume_plan(run), run))
    one, other = best_of(whole), best_of(run)
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_the_next_training_begins_with_what_was_learnt(lab: Lab, settings: dict[str, Any]) -> None:
    first, _events = lab.train(**settings)
    second, events = lab.train(
        **{**settings, "backbone": str(first.path), "weights_dir": None}, run__epochs=1
    )
    assert isinstance(events[-1], ev.Finished)
    start, end = best_of(first), best_of(second)
    assert end.keys() == start.keys()
    same = [n for n in end if n.startswith("encoder.") and torch.equal(end[n], start[n])]
    assert 0 < len(same) < len(end)


def test_its_time_can_be_estimated(lab: Lab, settings: dict[str, Any]) -> None:
    assert estimate(lab.plan(**settings)).epoch > 0


def test_a_network_that_does_not_attend_is_refused(lab: Lab) -> None:
    with pytest.raises(UserError) as caught:
        lab.plan(**LORA)
    assert caught.value.code == "strategy.no_attention"
    assert lab.plan(**LORA, backbone=AUTO).backbone.attention  # none is here, but could be had


def test_the_one_that_attends_is_taken_where_the_choice_is_free(
    lab: Lab, settings: dict[str, Any]
) -> None:
    made = lab.plan(**{**settings, "backbone": AUTO})
    assert made.backbone.attention
