"""Finished trainings as one: means of weights or of answers, and who is left out of them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.core.training.conftest import SIZE, Lab
from transfergui.core import plans
from transfergui.core.base.errors import UserError
from transfergui.core.exporters.export import export
from transfergui.core.interfaces.plan import Plan
from transfergui.core.nn import heads
from transfergui.core.resolve import resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import estimate, inference, start

FROZEN = {"strategy": "feature_extraction", "run__epochs": 8, "optim__lr": 0.01}
"""Answers of these are far from undecided."""


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


def put_together(lab: Lab, *members: Run, **more: Any) -> tuple[Run, list[ev.Event]]:
    made = planned(lab, *members, **more)
    run = lab.run(made)
    return run, list(start.train(made, run))


def planned(lab: Lab, *members: Run, **more: Any) -> Plan:
    options = {"runs": [str(run.path) for run in members], **more.pop("options", {})}
    return lab.plan(strategy="soup", backbone="auto", options=options, **more)


def weights_of(run: Run) -> dict[str, torch.Tensor]:
    return load_file(run.best)


def probabilities(run: Run, inputs: torch.Tensor) -> torch.Tensor:
    return TrainedModel.load(run.path).logits(inputs).double().softmax(1)


def code_of(wish: Callable[[], object]) -> str:
    with pytest.raises(UserError) as caught:
        wish()
    assert str(caught.value)
    return caught.value.code


def members(events: list[ev.Event]) -> list[ev.Tried]:
    """What is told of each member; the whole stands last."""
    return [event for event in events if isinstance(event, ev.Tried) and event.strategy != "soup"]


def spoilt(run: Run, folder: Path) -> Run:
    """A copy of a run that says the opposite of what it learnt, loudly."""
    copied = Run.open(shutil.copytree(run.path, folder))
    tensors = weights_of(copied)
    last = max(name for name in tensors if name.startswith("head.") and name.endswith(".weight"))
    save_file({**tensors, last: -100 * tensors[last]}, copied.best)
    return copied


@pytest.fixture(scope="module")
def first_lab(tmp_path_factory: pytest.TempPathFactory, pictures: Path, weights_dir: Path) -> Lab:
    """Where the members are trained, once for all tests: none changes them."""
    return Lab(tmp_path_factory.mktemp("members"), pictures, weights_dir)


@pytest.fixture(scope="module")
def alike(first_lab: Lab) -> list[Run]:
    """Two runs that began alike."""
    return [first_lab.train(**FROZEN | {"optim__lr": lr})[0] for lr in (0.01, 0.012)]


@pytest.fixture(scope="module")
def unlike(first_lab: Lab, alike: list[Run]) -> list[Run]:
    """Two runs with different networks and heads."""
    other = {"backbone": "tgnet", "head__kind": "hidden", "head__units": 12}
    return [alike[0], first_lab.train(**FROZEN | other)[0]]


# -- averaged weights


def test_the_weights_of_a_soup_are_the_mean_of_its_members(lab: Lab, alike: list[Run]) -> None:
    run, events = put_together(lab, *alike)
    kept = [Path(trial.backbone).name for trial in members(events) if not trial.dropped]
    assert set(kept) == {member.path.name for member in alike}
    one, other = map(weights_of, alike)
    made = weights_of(run)
    assert made.keys() == one.keys()
    assert any(not torch.equal(one[name], other[name]) for name in one)
    for name in made:
        if made[name].is_floating_point():
            torch.testing.assert_close(made[name], (one[name] + other[name]) / 2, atol=1e-6, rtol=0)


def test_whole_networks_are_averaged_too(lab: Lab) -> None:
    settings = {"strategy": "fine_tuning", "run__epochs": 1, "run__early_stopping": "accuracy"}
    runs = [lab.train(**settings, optim__lr=lr)[0] for lr in (1e-4, 1.1e-4)]
    run, events = put_together(lab, *runs)
    assert [trial.dropped for trial in members(events)] == ["", ""]
    one, other, made = map(weights_of, (*runs, run))
    moved = [n for n in made if n.startswith("encoder.") and not torch.equal(one[n], other[n])]
    assert moved
    for name in filter(lambda n: made[n].is_floating_point(), moved):
        torch.testing.assert_close(made[name], (one[name] + other[name]) / 2, atol=1e-6, rtol=0)


def test_a_member_that_makes_it_worse_is_left_out(lab: Lab, alike: list[Run]) -> None:
    bad = spoilt(alike[0], lab.folder / "bad")
    run, events = put_together(lab, bad, *alike)
    dropped = {Path(trial.backbone).name: trial.dropped for trial in members(events)}
    assert dropped == {alike[0].path.name: "", alike[1].path.name: "", bad.path.name: "soup.worse"}
    one, other, made = map(weights_of, (*alike, run))
    name = "head.2.weight"
    torch.testing.assert_close(made[name], (one[name] + other[name]) / 2, atol=1e-6, rtol=0)


def test_what_it_gained_on_validation_is_told(lab: Lab, alike: list[Run]) -> None:
    run, events = put_together(lab, *alike)
    own = [trial.accuracy for trial in members(events)]
    (whole,) = (e for e in events if isinstance(e, ev.Tried) and e.strategy == "soup")
    joined = run.report()["joined"]
    assert (joined["count"], joined["of"], joined["best"]) == (2, 2, max(own))
    assert joined["together"] == whole.accuracy >= joined["best"]
    told = {e.code for e in events if isinstance(e, ev.Notice)}
    assert told & {"soup.better", "soup.as_good", "soup.less_sure"}


def test_a_network_that_all_share_looks_once(
    lab: Lab, alike: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    forward = inference.forward

    def noted(network: Any, inputs: torch.Tensor, micro_batches: Any) -> Any:
        looked.extend([len(inputs)] * (inputs.ndim == 4))
        return forward(network, inputs, micro_batches)

    monkeypatch.setattr(inference, "forward", noted)
    run, _events = put_together(lab, *alike)
    at_the_end = len(run.split.val) + len(run.split.train)  # to know its own kind
    assert sum(looked) == len(run.split.val) + len(run.split.test) + at_the_end


def test_events_are_those_of_a_training(lab: Lab, alike: list[Run]) -> None:
    run, events = put_together(lab, *alike)
    assert list(run.events()) == events
    first, *_between, last = (e for e in events if not isinstance(e, ev.Progress))
    assert isinstance(first, ev.Started)
    assert first.epochs == 2
    assert isinstance(last, ev.Finished)
    assert last.report == run.report()
    assert last.report["n"] == len(run.split.test)
    epochs = [event for event in events if isinstance(event, ev.EpochEnded)]
    assert [epoch.epoch for epoch in epochs] == [1, 2]
    notices = [event.code for event in events if isinstance(event, ev.Notice)]
    assert "soup.weights" in notices
    assert run.recipe.options["runs"] == [str(member.path) for member in alike]
    *tried, whole = run.history().trials
    assert {trial.backbone for trial in tried} == set(run.recipe.options["runs"])
    assert (whole.backbone, whole.title) == (str(run.path), "2 runs combined")
    assert whole.accuracy == epochs[-1].val_score
    assert run.recipe.backbone == alike[0].recipe.backbone
    # that the test samples were kept away from the members is what makes the report true
    assert last.report["seen_before"] == 0
    assert estimate.estimate(planned(lab, *alike)).seconds > 0


# -- averaged answers


def test_an_ensemble_answers_with_the_mean_of_its_members(lab: Lab, unlike: list[Run]) -> None:
    run, events = put_together(lab, *unlike)
    assert [trial.dropped for trial in members(events)] == ["", ""]
    assert "soup.answers" in [e.code for e in events if isinstance(e, ev.Notice)]
    inputs = torch.rand(5, 3, SIZE, SIZE)
    mean = sum(probabilities(member, inputs) for member in unlike) / 2
    torch.testing.assert_close(probabilities(run, inputs), mean, atol=1e-6, rtol=1e-5)


def test_answers_are_averaged_where_that_is_asked_for(lab: Lab, alike: list[Run]) -> None:
    run, _events = put_together(lab, *alike, options={"how": "answers"})
    assert isinstance(TrainedModel.load(run.path).module.head, heads.Voting)
    inputs = torch.rand(4, 3, SIZE, SIZE)
    mean = sum(probabilities(member, inputs) for member in alike) / 2
    torch.testing.assert_close(probabilities(run, inputs), mean, atol=1e-6, rtol=1e-5)


def test_an_ensemble_of_one_is_that_one(lab: Lab, unlike: list[Run]) -> None:
    good, bad = unlike[0], spoilt(unlike[1], lab.folder / "bad")
    run, _events = put_together(lab, good, bad)
    inputs = torch.rand(4, 3, SIZE, SIZE)
    torch.testing.assert_close(probabilities(run, inputs), probabilities(good, inputs))
    assert not TrainedModel.load(run.path).backbone.parts
    assert not run.recipe.head.members


@pytest.mark.slow  # the command line exports one at every change
def test_an_ensemble_is_exported_like_every_model(
    lab: Lab, unlike: list[Run], tmp_path: Path
) -> None:
    run, _events = put_together(lab, *unlike)
    out = tmp_path / "model.onnx"
    assert export(run.path, "onnx", out).same
    inputs = torch.rand(3, 3, SIZE, SIZE)
    one, other = TrainedModel.load(run.path), TrainedModel.load(out)
    torch.testing.assert_close(one.logits(inputs), other.logits(inputs), atol=1e-3, rtol=1e-3)


def test_an_ensemble_begins_and_teaches_other_trainings(lab: Lab, unlike: list[Run]) -> None:
    run, _events = put_together(lab, *unlike)
    second, events = lab.train(backbone=str(run.path), strategy="feature_extraction")
    assert isinstance(events[-1], ev.Finished), events[-1]
    assert not second.recipe.head.members  # a new head, on what both networks see
    known = unlike[0].split.learnt_from()
    assert known <= plans.leaked(lab.plan(backbone=str(second.path)))
    taught = {"teacher": str(run.path), "output_weight": 1.0}
    *_, last = lab.train(backbone="tgnet", strategy="distillation", options=taught, run__epochs=1)[
        1
    ]
    assert isinstance(last, ev.Finished), last
    whole, events = put_together(lab, run, unlike[0])
    assert isinstance(events[-1], ev.Finished), events[-1]
    assert whole.report()


# -- what does not go together


def test_what_cannot_be_put_together_is_said(
    lab: Lab, alike: list[Run], unlike: list[Run], tiny_pictures: Callable[..., Path]
) -> None:
    assert code_of(lambda: planned(lab, alike[0])) == "soup.too_few"
    assert code_of(lambda: planned(lab, alike[0], alike[0])) == "soup.twice"
    weights = {"options": {"how": "weights"}}
    assert code_of(lambda: planned(lab, *unlike, **weights)) == "soup.not_alike"
    named = {"runs": [str(alike[0].path), "tgnet"]}
    assert code_of(lambda: planned(lab, options=named)) == "soup.not_a_run"
    others = str(tiny_pictures(lab.folder / "others", classes=2, per_class=8, size=SIZE))
    assert code_of(lambda: planned(lab, *alike, data__path=others)) == "soup.other_classes"


@pytest.mark.parametrize(
    "settings", [{"run__seed": 1, "head__kind": "hidden"}, {"strategy": "from_scratch"}]
)
def test_what_did_not_begin_alike_is_not_averaged(lab: Lab, settings: dict[str, Any]) -> None:
    kind = {k: v for k, v in settings.items() if k == "head__kind"}
    members = [
        lab.train(**FROZEN | kind)[0],
        lab.train(**FROZEN | {"run__epochs": 1} | settings)[0],
    ]
    assert planned(lab, *members).recipe.head.members


def test_who_learnt_from_what_measures_here_is_refused(lab: Lab, alike: list[Run]) -> None:
    run, events = put_together(lab, *alike, run__seed=5)
    (failed,) = events
    assert isinstance(failed, ev.Failed)
    assert failed.code == "soup.learnt"
    assert str(UserError(failed.code, **failed.values))
    assert not run.best.exists()


def test_one_that_was_stopped_can_be_made_again(lab: Lab, alike: list[Run]) -> None:
    made = planned(lab, *alike)
    run = lab.run(made)
    for event in start.train(made, run):
        if isinstance(event, ev.PhaseStarted):
            run.request_stop("cancel")
    assert isinstance(event, ev.Finished)
    assert event.outcome == "cancelled"
    *_, last = start.train(resume_plan(run), run)
    assert isinstance(last, ev.Finished)
    assert last.outcome == "done"
