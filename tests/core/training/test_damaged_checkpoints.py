"""A checkpoint that was cut, edited or replaced: one sentence with its name, and what is kept."""

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.core.training.comparing import FINE, best_of
from tests.core.training.conftest import Lab
from transfergui.core import resolve as plan
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import checkpoint, checkpointer, trainer

PARTS = ("position", "model", "task", "optimizer", "average")
SETTINGS: dict[str, Any] = {**FINE, "optim__average": 0.9, "run__epochs": 3}


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


@pytest.fixture
def cancelled(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A training that stands after its first epoch, with a best model."""
    monkeypatch.setattr(checkpointer, "SAVE_EVERY", 0.0)
    made = lab.plan(**SETTINGS)
    run = lab.run(made)
    for event in trainer.train(made, run):
        if isinstance(event, ev.EpochEnded):
            run.request_stop("cancel")
    assert run.best.is_file()
    return run


def resumed(run: Run) -> list[ev.Event]:
    return list(trainer.train(plan.resume_plan(run), run))


def first_of(tree: dict[str, Any], part: str) -> str:
    return next(name for name, value in tree[part].items() if value.ndim > 1)


def with_nan(tree: dict[str, Any]) -> None:
    tree["model"][first_of(tree, "model")].fill_(math.nan)


def with_other_shape(tree: dict[str, Any], part: str) -> None:
    tree[part][first_of(tree, part)] = torch.zeros(3, 3, 3)


def with_other_optimizer(tree: dict[str, Any]) -> None:
    state = next(iter(tree["optimizer"]["state"].values()))
    state["exp_avg"] = torch.zeros(2, 2)


def put(part: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda tree: tree.__setitem__(part, value)


def without(part: str) -> Callable[[dict[str, Any]], None]:
    return lambda tree: tree.pop(part)


def at(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda tree: tree["position"].update(values)


ODD: dict[str, Callable[[dict[str, Any]], object]] = {
    **{f"no {part}": without(part) for part in PARTS},
    **{f"{part} is a list": put(part, [1, 2]) for part in PARTS},
    "nothing in it": dict.clear,
    "an empty optimizer": put("optimizer", {}),
    "an optimizer without groups": put("optimizer", {"state": {}, "param_groups": []}),
    "NaN": with_nan,
    "another shape": lambda tree: with_other_shape(tree, "model"),
    "another shape of the average": lambda tree: with_other_shape(tree, "average"),
    "another shape of the optimizer": with_other_optimizer,
    "a tensor too many": lambda tree: tree["model"].update(more=torch.ones(2)),
    "phase 7": at(phase=7),
    "phase -1": at(phase=-1),
    "epoch 10**9": at(epoch=10**9),
    "epoch beyond the last": at(epoch=4000, phase_epoch=4000),
    "epoch is text": at(epoch="two"),
    "step is NaN": at(step=math.nan),
    "loss is infinite": at(loss_sum=math.inf),
    "a batch of no samples": at(limit=0),
    "seconds are negative": at(seconds=-5.0),
    "odd best": at(best=[1.0]),
}  # fmt: skip


def refused(run: Run, code: str, file: str = checkpoint.LAST) -> ev.Failed:
    last = resumed(run)[-1]
    assert isinstance(last, ev.Failed), last
    assert last.code == code, last
    assert str(run.checkpoints / file) in str(last.values["path"])
    assert last.values["reason"]
    return last


def test_odd_parts_are_one_sentence(cancelled: Run) -> None:
    """Of what was edited, or belongs to another program: the best model is kept as it was."""
    path = cancelled.checkpoints / checkpoint.LAST
    whole, best = path.read_bytes(), cancelled.best.read_bytes()
    for name, change in ODD.items():
        tree = torch.load(path, weights_only=True)
        change(tree)
        torch.save(tree, path)
        try:
            refused(cancelled, "run.last_damaged_kept")
        except BaseException as error:
            raise AssertionError(name) from error
        assert cancelled.best.read_bytes() == best
        path.write_bytes(whole)
    assert isinstance(resumed(cancelled)[-1], ev.Finished)


FILES: dict[str, Callable[[Path, bytes], object]] = {
    "nothing": lambda path, data: path.write_bytes(b""),
    "half": lambda path, data: path.write_bytes(data[: len(data) // 2]),
    "garbage": lambda path, data: path.write_bytes(bytes(range(256)) * 40),
    "json": lambda path, data: path.write_text("[" * 100_000),
    "folder": lambda path, data: path.mkdir(),
    "fifo": lambda path, data: os.mkfifo(path),
}


@pytest.mark.parametrize("kind", FILES)
def test_another_file_in_place_of_the_last(cancelled: Run, kind: str) -> None:
    path = cancelled.checkpoints / checkpoint.LAST
    data = path.read_bytes()
    path.unlink()
    FILES[kind](path, data)
    refused(cancelled, "run.last_damaged_kept")
    cancelled.best.unlink()
    refused(cancelled, "run.last_damaged")


@pytest.mark.parametrize("kind", ["gone", *FILES, "cut tensors"])
def test_a_lost_best_is_said_and_the_training_goes_on(cancelled: Run, kind: str) -> None:
    data = cancelled.best.read_bytes()
    cancelled.best.unlink()
    if kind == "cut tensors":
        cancelled.best.write_bytes(data[:-100])
    elif kind != "gone":
        FILES[kind](cancelled.best, data)
    if kind in ("folder", "fifo"):  # no file takes the place of these
        refused(cancelled, "disk.in_the_way", checkpoint.BEST)
        files.remove(cancelled.best)
    events = resumed(cancelled)
    said = [e for e in events if isinstance(e, ev.Notice) and e.code == "training.best_lost"]
    assert len(said) == 1
    assert str(cancelled.best) in said[0].values["path"]
    assert isinstance(events[-1], ev.Finished)
    assert all(torch.isfinite(tensor).all() for tensor in best_of(cancelled).values())
    assert cancelled.report()["n"] == len(cancelled.split.test)


def test_the_advice_of_torch_to_run_what_a_file_holds_is_not_passed_on(tmp_path: Path) -> None:
    (tmp_path / checkpoint.LAST).parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": Path("x")}, tmp_path / checkpoint.LAST)
    with pytest.raises(UserError) as refused:
        checkpoint.load_last(tmp_path)
    assert refused.value.note.values["reason"] == "not a checkpoint of a training"
