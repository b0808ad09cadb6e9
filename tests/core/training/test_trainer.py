"""The loop: what is trained, what is told, and that nothing is lost when it ends early."""

import functools
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from tests.core.training.comparing import (
    EVERY_WAY,
    FINE,
    FROZEN,
    SCRATCH,
    TAUGHT,
    assert_same,
    best_of,
    figures,
    moved,
    pretrained,
)
from tests.core.training.conftest import BACKBONE, SIZE, Lab
from transfergui.core import plans, registry
from transfergui.core import resolve as plan
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.exporters.export import export
from transfergui.core.labelling import shards
from transfergui.core.runs import events as ev
from transfergui.core.trained import TrainedModel
from transfergui.core.training import (
    checkpoint,
    checkpointer,
    data_pipeline,
    features,
    phase,
    progress_reporter,
    start,
    step,
    trainer,
)
from transfergui.core.training.loaders import Batch


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


# -- what is told


@EVERY_WAY
def test_events_tell_the_whole_story(lab: Lab, settings: dict[str, Any]) -> None:
    run, events = lab.train(**settings)
    first, second = [e for e in events if not isinstance(e, ev.Notice)][:2]
    assert isinstance(first, ev.Started)
    assert isinstance(second, ev.PhaseStarted)
    finished = events[-1]
    assert isinstance(finished, ev.Finished)
    assert finished.outcome == "done"
    epochs = [e for e in events if isinstance(e, ev.EpochEnded)]
    assert [e.epoch for e in epochs] == list(range(1, finished.epochs + 1))
    assert 3 <= finished.epochs <= plans.epochs(lab.plan(**settings))
    assert finished.best_epoch == max(e.epoch for e in epochs if e.best)
    assert finished.report["n"] == len(run.split.test)
    assert finished.report == run.report()
    assert [type(e) for e in run.events()] == [type(e) for e in events]


def test_started_names_sizes_and_baseline(lab: Lab) -> None:
    run, events = lab.train()
    started = events[0]
    assert isinstance(started, ev.Started)
    assert started.sizes == run.split.sizes()
    assert started.baseline == pytest.approx(1 / 3, abs=0.1)


def test_real_weights_learn_real_photos(tmp_path: Path, lab: Lab, shared_data: Path) -> None:
    """MobileNetV2's features tell four kinds of clothing apart."""
    clothes = shared_data / "images" / "clothing"
    names = ("hat", "pants", "shoes", "dress")
    run, _events = lab.train(
        data__path=str(copied(clothes, tmp_path / "clothes", names, 20)),
        weights_dir=str(shared_data / "weights"),
        backbone="mobilenet_v2",
        input={"size": 128, "resize": 140},
        run__epochs=30,
    )
    assert run.report()["accuracy"] >= 0.7


def copied(photos: Path, target: Path, names: Sequence[str], count: int) -> Path:
    """The first ``count`` photos of some classes."""
    for name in names:
        (target / name).mkdir(parents=True)
        for path in sorted((photos / name).iterdir())[:count]:
            shutil.copy(path, target / name)
    return target


def test_a_small_network_learns_real_photos_from_a_large_one(
    tmp_path: Path, lab: Lab, shared_data: Path
) -> None:
    """A run of MobileNetV2 on hand signs teaches TGNet features and answers."""
    signs = shared_data / "images" / "hand-signs"
    names = sorted(path.name for path in signs.iterdir() if path.is_dir())[:5]
    common = {
        "data__path": str(copied(signs, tmp_path / "signs", names, 20)),
        "weights_dir": str(shared_data / "weights"),
        "input": {"size": 64, "resize": 64},
    }
    teacher, _events = lab.train(**common, backbone="mobilenet_v2", run__epochs=20)
    student, events = lab.train(
        **common,
        backbone="tgnet",
        strategy="distillation",
        options={"teacher": str(teacher.path)},
        run__epochs=2,
    )
    assert isinstance(events[-1], ev.Finished)
    losses = [e.train_loss for e in events if isinstance(e, ev.EpochEnded)]
    assert losses[1] < losses[0]
    assert TrainedModel.load(student.path).classes == TrainedModel.load(teacher.path).classes


# -- what moves and what does not


def test_feature_extraction_leaves_the_backbone_alone(lab: Lab) -> None:
    run, _events = lab.train(**FROZEN)
    assert not moved(run, lab)
    assert best_of(run)["head.2.weight"].abs().sum() > 0


def test_fine_tuning_moves_only_the_groups_asked_for(lab: Lab) -> None:
    made = lab.plan(**FINE, options={"groups": 1})
    (top,) = made.backbone.groups[-1]
    run, _events = lab.train(**FINE, options={"groups": 1})
    assert set(moved(run, lab)) == {top.split(".")[-1]}


def test_frozen_batchnorm_keeps_its_statistics(lab: Lab) -> None:
    def statistics_moved(freeze: bool) -> int:
        run, _events = lab.train(**FINE, options={"freeze_norm": freeze}, run__epochs=1)
        source, state = pretrained(lab), best_of(run)
        means = [name for name in state if name.endswith("running_mean")]
        return sum(
            not any(torch.equal(state[n], v) for k, v in source.items() if n.endswith(k))
            for n in means
        )

    assert statistics_moved(True) == 0
    assert statistics_moved(False) > 0


def test_from_scratch_needs_no_weights(lab: Lab) -> None:
    run, events = lab.train(**SCRATCH, weights_dir=None)
    assert isinstance(events[-1], ev.Finished)
    assert sum(moved(run, lab).values()) > 0


def test_missing_weights_are_named(lab: Lab) -> None:
    _run, events = lab.train(weights_dir=None)
    assert isinstance(events[-1], ev.Failed)
    assert events[-1].code == "weights.missing"


OPTIMIZERS, SCHEDULES = ("adamw", "adam", "sgd"), ("cosine", "one_cycle", "plateau", "constant")


@pytest.mark.parametrize(
    ("optimizer", "schedule"),
    [
        # each schedule once and each optimizer at least once; every pair where there is time
        pytest.param(one, other, marks=() if (column - row) % 3 == 0 else pytest.mark.slow)
        for row, one in enumerate(OPTIMIZERS)
        for column, other in enumerate(SCHEDULES)
    ],
)
def test_every_optimizer_and_schedule_learns(lab: Lab, optimizer: str, schedule: str) -> None:
    _run, events = lab.train(
        **SCRATCH | {"augment": {}},
        optim__optimizer=optimizer,
        optim__schedule=schedule,
        optim__lr=2e-3 if optimizer != "sgd" else 5e-3,
        run__epochs=6,
    )
    losses = [e.train_loss for e in events if isinstance(e, ev.EpochEnded)]
    assert min(losses[1:]) < losses[0]


BRIEF = {"run__epochs": 4, "optim__lr": 1e-2}


@pytest.fixture(scope="module")
def plain(
    tmp_path_factory: pytest.TempPathFactory, pictures: Path, weights_dir: Path
) -> Callable[[str], dict[str, torch.Tensor]]:
    """What is learnt with this optimizer and else the usual options; trained once for each."""
    lab = Lab(tmp_path_factory.mktemp("plain"), pictures, weights_dir)

    @functools.cache
    def make(optimizer: str) -> dict[str, torch.Tensor]:
        return best_of(lab.train(**BRIEF, optim__optimizer=optimizer)[0])

    return make


@pytest.mark.parametrize(
    "settings",
    [
        {"head": {"kind": "hidden", "units": 16, "dropout": 0.2}},
        {"optim__label_smoothing": 0.1},
        {"optim__balance": "sampling"},
        {"optim__weight_decay": 0.9},
        {"optim__warmup_percent": 50},
        {"optim__clip_norm": 1e-4, "optim__optimizer": "sgd"},
        {"run__seed": 1},
    ],
    ids=str,
)
def test_options_change_the_result(
    lab: Lab, plain: Callable[[str], dict[str, torch.Tensor]], settings: dict[str, Any]
) -> None:
    changed, events = lab.train(**BRIEF, **settings)
    assert isinstance(events[-1], ev.Finished)
    one, other = plain(settings.get("optim__optimizer", "adamw")), best_of(changed)
    assert one.keys() != other.keys() or any(not torch.equal(one[k], other[k]) for k in one)


@pytest.mark.parametrize("measure", ["loss", "accuracy"])
def test_best_is_chosen_by_the_measure(lab: Lab, measure: str) -> None:
    _run, events = lab.train(
        run__epochs=12, optim__lr=3e-2, run__early_stopping=measure, run__patience=100
    )
    epochs = [e for e in events if isinstance(e, ev.EpochEnded)]
    if measure == "loss":
        best = min(epochs, key=lambda e: (e.val_loss, -(e.val_score or 0)))
    else:
        best = min(epochs, key=lambda e: (-(e.val_score or 0), e.val_loss))
    assert isinstance(events[-1], ev.Finished)
    assert events[-1].best_epoch == best.epoch


def test_uneven_classes_are_weighed(lab: Lab) -> None:
    made = lab.plan(optim__balance="weights")
    assert made.class_weights == pytest.approx((1.0, 1.0, 1.0))
    few = tuple(s for s in made.split.train if s.label > 0 or s.path.endswith(("0.png", "1.png")))
    uneven = msgspec.structs.replace(made.split, train=few)
    left_open = made.recipe.replace(optim__balance="auto")  # a resolved recipe says which
    weights = plan.resolve(left_open, uneven).class_weights
    assert weights is not None
    assert weights[0] > 2 * weights[1]


def test_accumulated_small_batches_equal_one_large_batch(lab: Lab) -> None:
    settings = {**FINE, "augment": {}, "head__dropout": 0.0, "run__epochs": 1}
    large, _events = lab.train(**settings, optim__batch_size=16)
    small, _events = lab.train(**settings, optim__batch_size=4, optim__accumulate=4)
    for name, tensor in best_of(large).items():
        torch.testing.assert_close(tensor, best_of(small)[name], rtol=1e-2, atol=1e-4)


def test_early_stopping_ends_by_itself(lab: Lab) -> None:
    _run, events = lab.train(
        run__epochs=500, run__patience=2, run__early_stopping="accuracy", optim__lr=1e-2
    )
    finished = events[-1]
    assert isinstance(finished, ev.Finished)
    assert finished.best_epoch is not None
    assert finished.epochs == finished.best_epoch + 2 < 500


def test_a_batch_of_one_with_batchnorm(lab: Lab) -> None:
    _run, events = lab.train(**SCRATCH, optim__batch_size=1, run__epochs=1)
    assert isinstance(events[-1], ev.Finished)


# -- a teacher


def test_what_the_teacher_saw_is_mixed_as_the_labels_are(lab: Lab) -> None:
    """Where it saw the labels themselves, it still does in a mixed batch."""
    made = lab.plan(**TAUGHT)
    (only,) = made.phases
    labels = torch.tensor([0, 1, 2, 1])
    teacher_features = torch.nn.functional.one_hot(labels, 3).float()
    batch = Batch(torch.rand(4, 3, SIZE, SIZE), labels, [0, 1, 2, 3], (teacher_features,))
    inputs, mixed, seen = phase.mixed(made, only, batch, epoch=0, step=0)
    assert not torch.equal(inputs, batch.inputs)
    assert not torch.equal(mixed, teacher_features)
    assert torch.equal(mixed, seen)


def test_the_likeness_to_the_teacher_is_learnt(lab: Lab) -> None:
    """Without labels: what falls is the distance to the teacher, what is right comes by itself."""
    options = {**TAUGHT["options"], "label_weight": 0.0, "feature_weight": 1.0}
    _run, events = lab.train(
        **TAUGHT | {"options": options, "augment": {}}, run__epochs=6, optim__lr=3e-3
    )
    losses = [e.train_loss for e in events if isinstance(e, ev.EpochEnded)]
    assert losses[-1] < 0.5 * losses[0]


def test_the_student_moves_and_the_teacher_does_not_come_along(lab: Lab) -> None:
    run, _events = lab.train(**TAUGHT, run__epochs=1)
    assert sum(moved(run, lab).values()) > 0
    assert {name.split(".")[0] for name in best_of(run)} == {"encoder", "head"}


# -- a run as backbone


@pytest.mark.usefixtures("untraced")
def test_a_run_is_trained_on_and_may_then_be_deleted(lab: Lab) -> None:
    """The second run has its picture size from the first, and holds all that it needs."""
    first, _events = lab.train(**FINE, run__epochs=1)
    plain = {"backbone": str(first.path), "weights_dir": None, "input": {}, "run__epochs": 1}
    second, events = lab.train(**plain, augment={})
    assert isinstance(events[-1], ev.Finished)
    taken_over = {"size": SIZE, "resize": SIZE}
    assert second.recipe.input.items() >= taken_over.items()
    before, after = best_of(first), best_of(second)
    encoder = [name for name in before if name.startswith("encoder.")]
    assert all(torch.equal(before[name], after[name]) for name in encoder)
    shutil.rmtree(first.path)
    model = TrainedModel.load(second.path)
    assert model.card.backbone == BACKBONE
    photo = lab.pictures / second.split.test[0].path
    (answer,) = model.predict([photo])
    assert answer.problem is None
    out = lab.folder / "second.zip"
    assert export(model, "package", out).same
    (again,) = TrainedModel.load(out).predict([photo])
    assert answer.label(model.classes) == again.label(model.classes)


def test_test_samples_that_the_source_learnt_from_are_counted(lab: Lab) -> None:
    first, _events = lab.train(**FINE, run__epochs=1)
    same, _events = lab.train(**FINE, backbone=str(first.path), run__epochs=1)
    assert figures(same)["seen_before"] == 0
    other, _events = lab.train(**FINE, backbone=str(first.path), run__epochs=1, run__seed=1)
    known = {s.path for s in first.split.train + first.split.val}
    wanted = len(known & {s.path for s in other.split.test})
    assert figures(other)["seen_before"] == wanted > 0


def test_going_on_from_a_run_that_was_deleted_is_explained(lab: Lab) -> None:
    first, _events = lab.train(**FINE, run__epochs=1)
    made = lab.plan(**FINE, backbone=str(first.path))
    run = lab.run(made)
    list(lab.interrupted(run, made, "cancel", 2))
    shutil.rmtree(first.path)
    with pytest.raises(UserError) as caught:
        plan.resume_plan(run)
    assert str(first.path) in str(caught.value)


# -- stopping, resuming


@EVERY_WAY
def test_cancelled_and_resumed_equals_uninterrupted(lab: Lab, settings: dict[str, Any]) -> None:
    whole, events = lab.train(**settings)
    for after in range(0, len(events) - 1, max(1, len(events) // 3)):
        made = lab.plan(**settings)
        run = lab.run(made)
        seen = list(lab.interrupted(run, made, "cancel", after))
        assert isinstance(seen[-1], ev.Finished)
        if seen[-1].outcome == "cancelled":
            resumed = list(trainer.train(plan.resume_plan(run), run))
            assert isinstance(resumed[-1], ev.Finished)
        assert_same(whole, run)


def test_a_network_with_a_format_version_is_resumed(lab: Lab) -> None:
    """torchvision's MNASNet refuses state dicts that do not say their version."""
    settings = {**SCRATCH, "backbone": "mnasnet0_5", "run__epochs": 2}
    made = lab.plan(**settings)
    run = lab.run(made)
    list(lab.interrupted(run, made, "cancel", 2))
    resumed = list(trainer.train(plan.resume_plan(run), run))
    assert isinstance(resumed[-1], ev.Finished)


def test_amid_an_epoch_too(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancelled after every single step, again and again, until only the test is left."""
    monkeypatch.setattr(checkpointer, "SAVE_WITHIN", 0.0)
    whole, _events = lab.train(**FINE, run__epochs=2)
    made = lab.plan(**FINE, run__epochs=2)
    run = lab.run(made)
    for _attempt in range(60):
        for event in trainer.train(made, run):
            if isinstance(event, ev.Saved) and event.kind == "last" and event.epoch < 2:
                run.request_stop("cancel")
        assert isinstance(event, ev.Finished)
        if event.outcome == "done":
            break
    assert event.outcome == "done"
    assert_same(whole, run)


def test_amid_an_epoch_of_tars(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped once within the only epoch: the order is counted, whatever the pictures are in."""
    before = lab.plan(**FINE)
    dataset = registry.modality("image").scan(before.recipe.data)
    shards.write(dataset, {}, lab.folder / "tars", shard_bytes=40_000)
    settings = {**FINE, "data__path": str(lab.folder / "tars"), "run__epochs": 1}
    whole, _events = lab.train(**settings)
    monkeypatch.setattr(checkpointer, "SAVE_WITHIN", 0.0)
    made = lab.plan(**settings)
    run = lab.run(made)
    stopped = list(lab.interrupted(run, made, "cancel", 4))[-1]
    assert isinstance(stopped, ev.Finished)
    assert stopped.outcome == "cancelled"
    assert not any(isinstance(event, ev.EpochEnded) for event in run.events())
    list(trainer.train(plan.resume_plan(run), run))
    assert_same(whole, run)


def test_closing_the_generator_leaves_a_run_to_resume(lab: Lab) -> None:
    whole, _events = lab.train(**FINE)
    made = lab.plan(**FINE)
    run = lab.run(made)
    events = trainer.train(made, run)
    while not isinstance(next(events), ev.EpochEnded):
        pass
    events.close()
    assert not run.active()
    list(trainer.train(plan.resume_plan(run), run))
    assert_same(whole, run)


def test_stop_and_keep_reports(lab: Lab) -> None:
    made = lab.plan(**FINE, run__epochs=50, run__early_stopping="none")
    run = lab.run(made)
    finished = list(lab.interrupted(run, made, "finish", 4))[-1]
    assert isinstance(finished, ev.Finished)
    assert finished.outcome == "stopped"
    assert 0 < finished.epochs < 50
    assert run.report()["n"] == len(run.split.test)
    with pytest.raises(UserError, match="finished"):
        plan.resume_plan(run)


def test_stop_before_anything_was_learnt(lab: Lab) -> None:
    made = lab.plan()
    run = lab.run(made)
    events = list(lab.interrupted(run, made, "finish", 0))
    assert any(isinstance(e, ev.Notice) and e.code == "training.nothing_learnt" for e in events)
    assert isinstance(events[-1], ev.Finished)
    assert events[-1].outcome == "cancelled"


KILLED = """
import sys
from pathlib import Path
import pytest
from tests import tiny_networks
from transfergui.core import resolve
from transfergui.core.runs.run import Run
from transfergui.core.training import checkpointer, trainer
checkpointer.SAVE_EVERY = checkpointer.SAVE_WITHIN = 0.0
tiny_networks.put_shufflenet_in_place(pytest.MonkeyPatch())
run = Run.open(Path(sys.argv[1]))
print("ready", flush=True)
for event in trainer.train(resolve.resume_plan(run), run):
    print(type(event).__name__, flush=True)
"""


def test_killed_and_resumed_equals_uninterrupted(lab: Lab) -> None:
    """kill -9 in the middle; again and again, it is killed in tests/faults/test_kills.py."""
    settings = {**FINE, "run__epochs": 4}
    whole, _events = lab.train(**settings)
    made = lab.plan(**settings)
    run = lab.run(made)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(run.path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for _line in range(9):
        process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    list(trainer.train(plan.resume_plan(run), run))
    assert_same(whole, run)


# -- what goes wrong


def test_infinite_loss_stops_and_suggests(lab: Lab) -> None:
    _run, events = lab.train(**SCRATCH, optim__lr=1e8, optim__clip_norm=0.0, run__epochs=20)
    failed = events[-1]
    assert isinstance(failed, ev.Failed)
    assert failed.code.startswith("training.diverged")
    assert failed.values["smaller"] == "1e+07"


@pytest.mark.parametrize("strategy", ["feature_extraction", "fine_tuning"])
@pytest.mark.parametrize("part", ["train", "val"])
def test_a_divergence_names_the_sample_that_caused_it(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, strategy: str, part: str
) -> None:
    """Not the learning rate: the values of one sample are absurd."""
    made = lab.plan(strategy=strategy, augment={})
    absurd = getattr(made.split, part)[3].path
    kind = type(made.modality)
    load, prepare, augment = kind.load, kind.prepare, kind.augment
    marked = 3  # no pixel of the others alone is all of this

    def loaded(self: Any, path: Path, input: Any) -> torch.Tensor:
        found = load(self, path, input)
        return torch.full_like(found, marked) if str(path).endswith(absurd) else found

    def spoilt(loaded: torch.Tensor, made: torch.Tensor) -> torch.Tensor:
        return torch.full_like(made, 3e38) if bool((loaded == marked).all()) else made

    def prepared(self: Any, one: torch.Tensor, input: Any) -> torch.Tensor:
        return spoilt(one, prepare(self, one, input).float())

    def changed(self: Any, many: Any, *rest: Any) -> torch.Tensor:
        made = augment(self, many, *rest).float()
        return torch.stack([spoilt(*pair) for pair in zip(many, made, strict=True)])

    monkeypatch.setattr(kind, "load", loaded)
    monkeypatch.setattr(kind, "prepare", prepared)
    monkeypatch.setattr(kind, "augment", changed)
    failed = list(trainer.train(made, lab.run(made)))[-1]
    assert isinstance(failed, ev.Failed)
    assert failed.code == "training.diverged_sample"
    assert failed.values["path"] == absurd


def test_nan_never_reaches_a_checkpoint(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = Counter[str]()
    plain = step.TrainStep._backward

    def poisoned(self: Any, piece: tuple[torch.Tensor, ...], size: int) -> Any:
        inputs, targets = piece
        calls["steps"] += 1
        bad = inputs * float("nan") if calls["steps"] > 9 else inputs
        return plain(self, (bad, targets), size)

    monkeypatch.setattr(checkpointer, "SAVE_EVERY", 0.0)
    monkeypatch.setattr(step.TrainStep, "_backward", poisoned)
    run, events = lab.train(**FINE)
    assert isinstance(events[-1], ev.Failed)
    assert events[-1].code == "training.diverged_kept"
    assert all(bool(torch.isfinite(t).all()) for t in best_of(run).values())


def test_out_of_memory_halves_and_goes_on(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = step.TrainStep._backward

    def small_memory(self: Any, piece: tuple[torch.Tensor, ...], size: int) -> Any:
        if len(piece[0]) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return plain(self, piece, size)

    settings = {**FINE, "augment": {}, "head__dropout": 0.0, "run__epochs": 1}
    roomy, _events = lab.train(**settings)
    monkeypatch.setattr(step.TrainStep, "_backward", small_memory)
    cramped, events = lab.train(**settings)
    halved = [e.values for e in events if isinstance(e, ev.Notice) and e.code == "memory.halved"]
    assert halved == [{"size": 8, "pieces": 4}, {"size": 4, "pieces": 2}]
    assert isinstance(events[-1], ev.Finished)
    for name, tensor in best_of(roomy).items():
        torch.testing.assert_close(tensor, best_of(cramped)[name], rtol=1e-2, atol=1e-4)


def test_no_memory_at_all_is_said(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(*args: object) -> None:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(step.TrainStep, "_backward", no_memory)
    _run, events = lab.train(**FINE)
    assert isinstance(events[-1], ev.Failed)
    assert events[-1].code == "memory.exhausted"


def test_full_disk_keeps_what_was_saved(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _events = lab.train(**FINE)
    monkeypatch.setattr(checkpointer, "SAVE_EVERY", 0.0)
    plain = files.write_atomic_with
    written = Counter[str]()

    def small_disk(path: Path, write: Callable[..., object]) -> None:
        written[path.name] += 1
        if written[checkpoint.LAST] > 2:
            raise OSError(28, "No space left on device")
        plain(path, write)

    made = lab.plan(**FINE)
    run = lab.run(made)
    with monkeypatch.context() as patch:
        patch.setattr(files, "write_atomic_with", small_disk)
        events = list(trainer.train(made, run))
    assert isinstance(events[-1], ev.Failed)
    assert events[-1].code == "disk.full"
    list(trainer.train(plan.resume_plan(run), run))
    assert_same(whole, run)


def test_the_best_is_kept_before_it_diverged_however_soon(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No checkpoint was due yet, but the first epoch's weights were good."""
    plain = step.TrainStep._backward

    def poisoned(self: Any, piece: tuple[torch.Tensor, ...], size: int) -> Any:
        inputs, targets = piece
        learnt = (lab.folder / "learnt").exists()
        return plain(self, (inputs * float("nan") if learnt else inputs, targets), size)

    monkeypatch.setattr(step.TrainStep, "_backward", poisoned)
    made = lab.plan(**FINE)
    run = lab.run(made)
    events = []
    for event in trainer.train(made, run):
        events.append(event)
        if isinstance(event, ev.EpochEnded):
            (lab.folder / "learnt").touch()
    assert [type(e).__name__ for e in events[-3:]] == ["EpochEnded", "Saved", "Failed"]
    assert events[-1].code == "training.diverged_kept"
    assert all(bool(torch.isfinite(t).all()) for t in best_of(run).values())
    assert not (run.checkpoints / checkpoint.LAST).exists()


class _Forgetful:
    """Every sample is read again in every epoch."""

    def leave(self, needed: int) -> None:
        return None

    def get(self, path: str) -> None:
        return None

    def keep(self, path: str, tensor: torch.Tensor) -> None:
        return None


@pytest.mark.parametrize("damage", ["deleted", "replaced", "growing"])
def test_one_lost_file_is_left_out_and_counted(
    own: Lab, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr(data_pipeline, "SampleCache", _Forgetful)
    made = own.plan(**FINE)
    run = own.run(made)
    victim = own.pictures / made.split.train[0].path
    events = []
    for event in trainer.train(made, run):
        events.append(event)
        if isinstance(event, ev.EpochEnded) and event.epoch == 1:
            if damage == "deleted":
                victim.unlink()
            else:
                whole = victim.read_bytes()
                victim.write_bytes(b"<html>" if damage == "replaced" else whole[: len(whole) // 2])
    assert isinstance(events[-1], ev.Finished)
    notices = [e for e in events if isinstance(e, ev.Notice) and e.code == "data.skipped"]
    assert [n.values["count"] for n in notices] == [1]


@EVERY_WAY
def test_a_vanished_disk_keeps_what_was_learnt(
    own: Lab, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]
) -> None:
    whole, _events = own.train(**settings)
    monkeypatch.setattr(data_pipeline, "SampleCache", _Forgetful)
    shutil.rmtree(features.paths.cache_dir(), ignore_errors=True)
    made = own.plan(**settings)
    run = own.run(made)
    unplugged = own.pictures.with_name("unplugged")
    events = []
    for event in trainer.train(made, run):
        events.append(event)
        gone = ev.PhaseStarted if settings is FROZEN else ev.EpochEnded
        if isinstance(event, gone) and own.pictures.exists():
            own.pictures.rename(unplugged)
    failed = events[-1]
    assert isinstance(failed, ev.Failed)
    assert failed.code == "data.vanished"
    learnt = any(isinstance(event, ev.EpochEnded) for event in events)
    assert learnt == (run.checkpoints / checkpoint.BEST).exists()
    assert not learnt or TrainedModel.load(run.path).classes == run.split.classes
    unplugged.rename(own.pictures)
    list(trainer.train(plan.resume_plan(run), run))
    assert_same(whole, run)


@pytest.mark.parametrize("part", ["val", "test"])
@EVERY_WAY
def test_a_set_that_is_gone_is_said_before_the_first_epoch(
    own: Lab, settings: dict[str, Any], part: str
) -> None:
    """A disk with nothing but the test set, say: few of all files."""
    made = own.plan(**settings)
    few = msgspec.structs.replace(made.split, **{part: getattr(made.split, part)[:1]})
    made = plan.resolve(made.recipe, few)
    run = own.run(made)
    (gone,) = getattr(few, part)
    (own.pictures / gone.path).rename(own.pictures / "away")
    (failed,) = start.train(made, run)
    assert isinstance(failed, ev.Failed)
    assert failed.code == f"data.vanished_{part}"
    assert failed.values == {"lost": 1, "total": 1, "path": gone.path}
    (own.pictures / "away").rename(own.pictures / gone.path)
    assert isinstance(list(start.train(plan.resume_plan(run), run))[-1], ev.Finished)


@pytest.mark.parametrize("part", ["val", "test"])
def test_a_set_that_goes_during_the_training_is_said_and_the_model_is_kept(
    own: Lab, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(data_pipeline, "SampleCache", _Forgetful)
    made = own.plan(**FINE)
    few = msgspec.structs.replace(made.split, **{part: getattr(made.split, part)[:1]})
    made = plan.resolve(made.recipe, few)
    run = own.run(made)
    events = []
    for event in start.train(made, run):
        events.append(event)
        if isinstance(event, ev.EpochEnded) and event.epoch == 1:
            (own.pictures / getattr(few, part)[0].path).unlink()
    assert isinstance(events[-1], ev.Failed)
    assert events[-1].code == f"data.vanished_{part}"
    epochs = sum(isinstance(event, ev.EpochEnded) for event in events)
    assert epochs == (1 if part == "val" else 3)
    assert TrainedModel.load(run.path).classes == few.classes


def test_a_run_is_not_resumed_without_anything_to_measure_on(own: Lab) -> None:
    made = own.plan(**FINE)
    run = own.run(made)
    list(own.interrupted(run, made, "cancel", 2))
    for sample in (*made.split.val, *made.split.test):
        (own.pictures / sample.path).unlink()
    with pytest.raises(UserError) as caught:
        plan.resume_plan(run, accept_changes=True)
    assert caught.value.code == "run.data_gone"
    assert run.split.val == made.split.val


def test_changed_data_are_resumed_only_after_consent(own: Lab) -> None:
    made = own.plan(**FINE)
    run = own.run(made)
    list(own.interrupted(run, made, "cancel", 2))
    gone = made.split.train[0].path
    (own.pictures / gone).unlink()
    with pytest.raises(UserError) as caught:
        plan.resume_plan(run)
    assert caught.value.code == "run.data_changed"
    assert caught.value.note.values["path"] == gone
    resumed = list(trainer.train(plan.resume_plan(run, accept_changes=True), run))
    assert isinstance(resumed[-1], ev.Finished)
    assert gone not in {s.path for s in run.split.train}


def test_unavailable_devices_are_named(lab: Lab) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    _run, events = lab.train(run__device="cuda")
    assert isinstance(events[-1], ev.Failed)
    assert events[-1].code == "device.missing"


def test_bfloat16_trains(lab: Lab) -> None:
    _run, events = lab.train(**FINE, run__precision="bfloat16", run__epochs=1)
    assert isinstance(events[-1], ev.Finished)


def test_progress_tells_rate_eta_and_memory(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_reporter, "EVERY", 0.0)
    _run, events = lab.train(**FINE)
    steps = [e for e in events if isinstance(e, ev.Progress) and e.stage == "train"]
    assert [e.epoch for e in steps] == sorted(e.epoch for e in steps)
    assert steps[-1].epoch == pytest.approx(3.0)
    assert all(e.rate > 0 and e.memory > 0 and e.loss is not None for e in steps)
    assert steps[-1].eta == pytest.approx(0.0)
    assert {e.stage for e in events if isinstance(e, ev.Progress)} >= {"train", "validate"}
